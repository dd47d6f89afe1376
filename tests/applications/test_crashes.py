"""A process that dies or fails while it submits: the application is sealed whole or not at all, and once."""

import datetime
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mobility import storage
from mobility.applications import bags, drafts, journal, submissions
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed
from tests.helpers.killed_submissions import killed_submissions


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where the machine has one: a kill loses nothing that the disk would have kept, so
    these tests need not wait for it."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else tmp_path) as folder:
        yield Path(folder)


def test_killed_after_any_disk_call_it_is_sealed_whole_or_not_at_all(
    filled: Filled,
    instance: Instance,
    book: Rulebook,
    call: Call,
    in_march: datetime.datetime,
    memory: Path,
) -> None:
    filled()
    left = killed_submissions(instance, memory, in_march)
    sealed = []
    for each in left:
        (draft,) = drafts.every(each)
        found = [bags.verify(bag) for bag in submissions.every(each)]
        assert found in ([], [[]])
        sealed.append(bool(found))
        if not found:
            assert [storage.digest(draft.path(file)) for file in draft.files] == [
                file.sha256 for file in draft.files
            ]
        bag = submissions.submit(each, book, call, draft, in_march)
        assert list(submissions.every(each)) == [bag]
        assert bags.verify(bag) == []
        assert submissions.lost(each) == []
        assert [entry["event"] for entry in journal.entries(each)] == ["begun", "sealed"]
    assert sealed == sorted(sealed), "no later moment loses what an earlier one had sealed"
    assert sealed.count(False) > 50 and sealed.count(True) > 10, "before the rename, and after it"


def test_a_crash_after_sealing_does_not_make_a_second_bag(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    draft = filled()
    begun = instance.journal.read_bytes()
    kept = {file: draft.path(file).read_bytes() for file in draft.files}
    bag = seal(draft)
    drafts.write(replace(draft, home=bag.home.name))  # as if the machine stopped just after the rename
    for file, content in kept.items():
        draft.path(file).write_bytes(content)
    instance.journal.write_bytes(begun)
    assert seal(draft) == bag
    assert [entry["reference"] for entry in journal.entries(instance)] == [draft.short_hash, bag.reference]


def test_what_a_crash_left_half_made_is_no_application(
    filled: Filled, seal: Sealed, instance: Instance, call: Call, in_march: datetime.datetime
) -> None:
    half = storage.folder(instance.submissions / call.id / ".sealing-0123" / "v1")
    (half / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    seal(filled())
    assert [bag.reference for bag in submissions.every(instance)] == ["2027A-0001"]
    os.utime(half.parent, (0, 0))
    bags.sweep(instance.submissions / call.id, in_march)
    assert not half.parent.exists()


def test_a_failure_while_sealing_leaves_the_draft_and_no_bag(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    draft = filled()
    gone = draft.path(draft.files[-1])
    content = gone.read_bytes()
    gone.unlink()
    with pytest.raises(FileNotFoundError):
        seal(draft)
    assert list(submissions.every(instance)) == []
    assert not list((instance.submissions / draft.call).glob(".sealing-*"))
    gone.write_bytes(content)
    assert seal(draft).folder.is_dir()


def test_a_file_that_the_disk_has_not_kept_is_never_sealed(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    draft = filled()
    with draft.path(draft.files[0]).open("ab") as file:
        file.write(b"rot")
    with pytest.raises(bags.Damaged):
        seal(draft)
    assert list(submissions.every(instance)) == []
