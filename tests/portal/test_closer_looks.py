"""What is told of a file's pages after the answer to its upload."""

import datetime
from dataclasses import replace

from mobility.applications import completeness, drafts, submissions
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from tests.helpers import follow_ups
from tests.helpers.scans import Scans
from tests.helpers.student import Answers, Student


def test_an_empty_file_is_told_once_it_was_looked_at(student: Student, kept: Instance, scans: Scans) -> None:
    student.begin()
    student.upload("transcript", scans.pdf("blank.pdf", pages=2))
    follow_ups.looked(kept)
    page = student.get("/apply/documents").text
    assert "blank.pdf looks empty" in page
    assert "still being looked at" not in page


def test_who_submits_at_once_loses_no_warning(
    student: Student, kept: Instance, scans: Scans, invented: Answers
) -> None:
    student.begin()
    student.answer(invented())
    student.upload_all(scans)
    student.upload("transcript", scans.pdf("blank.pdf", pages=2))
    assert student.post("/apply/submit").status_code == 200
    (bag,) = list(submissions.every(kept))
    assert "transcript-blank" in [each["id"] for each in bag.record()["warnings"]]
    assert not any("not looked at" in mark for mark in bag.record()["marks"])


def test_our_own_look_takes_none_of_the_last_seconds(
    student: Student, book: Rulebook, call: Call, kept: Instance, scans: Scans, invented: Answers
) -> None:
    student.begin()
    student.answer(invented())
    student.upload_all(scans)
    follow_ups.looked(kept)
    (draft,) = drafts.every(kept)
    slot = next(each for each in completeness.slots(book, call, draft.answers) if each.id == "transcript")
    with scans.pdf("newer.pdf").open("rb") as file:
        newer = drafts.keep(draft, slot, file, "newer.pdf", student.portal.now, draft.in_slot(slot.id)[0].id)
    assert any(file.unseen for file in newer.files)
    last = call.closes + datetime.timedelta(minutes=book.catalogue.calls.grace_minutes)

    def clock() -> datetime.datetime:
        """One second before the end until the look is done, and then after it."""
        looking = any(file.unseen for file in drafts.read(draft.folder).files)
        return last + datetime.timedelta(seconds=-1 if looking else 5)

    portal = student.portal.app.extensions["portal"]
    portal.settings = replace(portal.settings, clock=clock)
    student.post("/apply/submit")
    (bag,) = submissions.every(kept)
    assert datetime.datetime.fromisoformat(bag.record()["submitted"]) < last
