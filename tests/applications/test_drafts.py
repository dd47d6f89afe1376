"""A draft: files are replaced safely and kept side by side, and none stays once it is submitted."""

import datetime
import threading
from pathlib import Path

import pytest

from mobility.applications import completeness, drafts, submissions
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from mobility.uploads import inspection
from tests.helpers.applications import Filled, Sealed
from tests.helpers.scans import Scans


def test_a_file_takes_the_place_of_the_one_before_only_when_it_is_safe(
    filled: Filled, book: Rulebook, call: Call, in_march: datetime.datetime, scans: Scans
) -> None:
    draft = filled()
    slot = next(slot for slot in completeness.slots(book, call, draft.answers) if slot.id == "transcript")
    before = draft.in_slot("transcript")[0]
    with scans.cut_pdf().open("rb") as stream, pytest.raises(inspection.Refused):
        drafts.keep(draft, slot, stream, "cut.pdf", in_march)
    assert drafts.read(draft.folder).in_slot("transcript") == (before,)
    assert draft.path(before).exists()
    with scans.pdf("new.pdf", text="new").open("rb") as stream:
        draft = drafts.keep(draft, slot, stream, "new.pdf", in_march)
    assert [file.name for file in draft.in_slot("transcript")] == ["new.pdf"]
    assert not draft.path(before).exists()
    assert not list(draft.folder.glob(".arriving-*"))


def test_uploads_at_the_same_time_are_all_kept(
    filled: Filled, book: Rulebook, call: Call, in_march: datetime.datetime, scans: Scans
) -> None:
    draft = filled()
    slot = next(slot for slot in completeness.slots(book, call, draft.answers) if slot.id == "certificates")
    files = [scans.pdf(f"c{n}.pdf", text=str(n)) for n in range(8)]

    def upload(path: Path) -> None:
        with path.open("rb") as stream:
            drafts.keep(draft, slot, stream, path.name, in_march)

    threads = [threading.Thread(target=upload, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drafts.read(draft.folder).in_slot("certificates")) == 9


def test_after_submission_the_draft_holds_nothing_personal(filled: Filled, seal: Sealed) -> None:
    draft = filled(family_name="Sampleova")
    seal(draft)
    assert sorted(path.name for path in draft.folder.iterdir()) == [".lock", "draft.json"]
    assert "Sampleova" not in (draft.folder / "draft.json").read_text()


def test_drafts_that_were_never_submitted_are_purged_after_their_call(
    filled: Filled, seal: Sealed, instance: Instance, book: Rulebook, call: Call
) -> None:
    forgotten = filled()
    seal(filled())
    rules = book.catalogue.calls
    early = call.closes + datetime.timedelta(days=29)
    late = call.closes + datetime.timedelta(days=31)
    assert list(submissions.left_over(instance, rules, early, 30)) == []
    open_still = call.closes - datetime.timedelta(days=1)
    assert list(submissions.left_over(instance, rules, open_still, -400)) == []
    assert [draft.folder for draft, _ in submissions.left_over(instance, rules, late, 30)] == [
        forgotten.folder
    ]
