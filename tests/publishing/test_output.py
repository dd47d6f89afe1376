"""Writing the files of a site."""

import resource
from pathlib import Path

import pytest

from mobility.publishing import output


def test_a_file_for_which_there_is_no_room_stops_the_build(tmp_path: Path) -> None:
    """The system takes what fits and says so; only the next piece is refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            output.Target(tmp_path, None).put("partners/x/index.html", b"x" * 20_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
