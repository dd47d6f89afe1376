"""A disk that is full, really: a small file system in memory."""

import errno
from collections.abc import Iterator

import pytest

from mobility import storage
from mobility.applications import bags, drafts, journal, submissions
from mobility.paths import Instance
from tests.helpers import full_disk
from tests.helpers.applications import Filled, Sealed
from tests.helpers.scans import Scans


@pytest.fixture
def small_disk(instance: Instance) -> Iterator[Instance]:
    """The instance on a disk of two megabytes."""
    with full_disk.small_disk(instance.root, megabytes=2):
        yield instance


def test_a_draft_on_a_full_disk_stays_whole_and_is_sent_when_there_is_room_again(
    small_disk: Instance, filled: Filled, seal: Sealed
) -> None:
    draft = filled()
    failures = 0
    for room in range(0, 400_000, 8192):
        ballast = full_disk.fill(small_disk.root, room)
        try:
            seal(draft)
        except OSError as error:
            assert error.errno == errno.ENOSPC
            failures += 1
        else:
            break
        finally:
            ballast.unlink()
        # The last that is written is the journal's line: without room for that the bag is there, and whole.
        assert [bags.verify(bag) for bag in submissions.every(small_disk)] in ([], [[]])
        kept = drafts.read(draft.folder)
        assert [storage.digest(kept.path(f)) for f in kept.files] == [f.sha256 for f in draft.files]
        assert journal.breaks(small_disk) == []
    assert failures > 3, "the disk was too full at first"
    (bag,) = submissions.every(small_disk)
    assert bags.verify(bag) == [] and submissions.lost(small_disk) == []
    assert drafts.read(draft.folder).sealed == bag.reference


@pytest.mark.usefixtures("small_disk")
def test_no_upload_takes_the_room_in_which_the_others_are_sealed(filled: Filled, scans: Scans) -> None:
    draft = filled()
    before = sorted(draft.folder.iterdir())
    with scans.pdf().open("rb") as stream, pytest.raises(storage.DiskFull):
        drafts.receive(draft, stream, "scan.pdf")
    assert sorted(draft.folder.iterdir()) == before
