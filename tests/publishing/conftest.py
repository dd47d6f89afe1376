"""The shipped site, built once for all tests of it."""

from pathlib import Path

import pytest

from mobility.i18n.languages import LANGUAGES
from tests.helpers.sites import build, copy_of_the_checkout


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped site, built on a day with no open call."""
    return build(copy_of_the_checkout(tmp_path_factory.mktemp("house")), languages=LANGUAGES)
