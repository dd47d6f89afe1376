"""What is told of a file's pages after the answer to its upload."""

from mobility.applications import submissions
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
