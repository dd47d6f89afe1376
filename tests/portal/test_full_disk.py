"""A full disk: the desk and the commands say so, and erasing makes room."""

from collections.abc import Iterator

import pytest

from mobility.applications.bags import Bag
from mobility.paths import Instance
from tests.helpers import full_disk
from tests.helpers.commands import mobility
from tests.helpers.officer import signed_in
from tests.helpers.portal_server import Portal


@pytest.fixture
def small_disk(instance: Instance) -> Iterator[None]:
    """A disk of sixteen megabytes, on which the portal keeps its data."""
    with full_disk.small_disk(instance.root, megabytes=16):
        yield


def test_a_full_disk_is_named_at_the_desk_and_by_commands_and_erasing_makes_room(
    small_disk: None,  # noqa: ARG001  (mounted before the portal begins)
    portal: Portal,
    sent: Bag,
    kept: Instance,
) -> None:
    officer, where = signed_in(portal)[0], f"/office/applications/{sent.reference}"
    assert officer.get(where).status_code == 200
    for path in kept.root.glob("index.sqlite3*"):
        path.unlink()
    full_disk.fill(kept.root)
    for path in ("/office/", "/office/applications", where):
        page = officer.get(path)
        assert (page.status_code, "The disk is full" in page.text) == (507, True), path
        assert "whoever runs the server" in page.text
    data = ("--data", str(kept.root))
    for words in (
        ("submissions", *data, "list"),
        ("office", *data, "decide", sent.reference, "nominated"),
        ("receipt-key", *data, "--rotate"),
    ):
        run = mobility(*words)
        assert run.returncode == 1 and "Traceback" not in run.stderr, run.stderr
        assert "The disk is full" in run.stderr, words
    assert sent.folder.exists()
    with (kept.root / ".ballast").open("rb+") as ballast:  # as the last block of the journal has room
        ballast.truncate(ballast.seek(0, 2) - 8192)
    run = mobility("office", *data, "erase", sent.reference, "--yes")
    assert f"erased {sent.home}" in run.stdout and "Traceback" not in run.stderr, run.stderr
    assert not sent.folder.exists() and not list(kept.drafts.glob("[!.]*/draft.json"))
