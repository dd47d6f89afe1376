"""A correction that the office asks for: only that is open again, until its date, and sealed as version 2."""

import datetime
import re
from collections.abc import Callable

import pytest

from mobility.applications import bags, journal, review, submissions
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.office import actions
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.follow_ups import listed
from tests.helpers.mails import mails
from tests.helpers.portal_server import Portal
from tests.helpers.scans import Scans
from tests.helpers.student import Student


def test_only_what_was_asked_for_is_open_again_and_sealed_as_the_next_version(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], scans: Scans, portal: Portal
) -> None:
    before = {path: path.read_bytes() for path in sent.folder.rglob("*") if path.is_file()}
    portal.now += datetime.timedelta(days=30)
    actions.ask_correction(
        desk_of(),
        sent.reference,
        ["contact"],
        ["transcript"],
        "Page 2 is missing.",
        datetime.date(2027, 4, 20),
    )
    assert "please correct something" in mails(kept)[-1] and "Page 2 is missing." in mails(kept)[-1]
    page = student.get("/apply/").text
    assert "Page 2 is missing." in page and "20 April 2027, 23:59" in page
    student.post("/apply/rounds/correction-1")
    assert student.get("/apply/questions/studies").status_code == 404
    assert student.post("/apply/questions/studies", {"gpa": "4.0"}).status_code == 404
    assert student.upload("passport", scans.pdf("another.pdf")).status_code == 404
    assert student.post("/apply/choose", {"programme": "warsaw-tech/exchange"}).status_code == 404
    assert student.post("/apply/paper").status_code == 404
    open_slots = re.findall(r'id="slot-([^"]+)"', student.get("/apply/documents").text)
    assert open_slots == ["transcript"]
    assert student.upload("transcript", scans.pdf("both pages.pdf", pages=2)).status_code == 200
    assert student.post("/apply/questions/contact", {"phone": "nothing"}).status_code == 422
    student.post("/apply/questions/contact", {"phone": "+77001112233"})
    page = student.post("/apply/submit")
    assert "/apply/receipt/v2" in page.url

    first, second = submissions.find(kept, sent.reference)
    assert (first.version, second.version) == ("v1", "v2")
    assert {path: path.read_bytes() for path in sent.folder.rglob("*") if path.is_file()} == before
    assert bags.verify(first) == [] and bags.verify(second) == [] and submissions.lost(kept) == []
    corrected = second.record()
    assert corrected["answers"]["phone"] == "+77001112233"
    assert corrected["answers"]["gpa"] == sent.record()["answers"]["gpa"]
    assert corrected["answers_to"]["message"] == "Page 2 is missing."
    assert corrected["answers_to"]["first_submitted"] == sent.record()["submitted"]
    names = {file["slot"]: file["original_name"] for file in corrected["files"]}
    assert names["transcript"] == "both pages.pdf" and names["passport"] == "passport.pdf"
    assert "First sent:" in (second.folder / "RECEIPT.txt").read_text()
    (asked,) = review.standing(kept, second.call, sent.reference).rounds
    assert asked.done == "v2"
    assert "v2" in listed(sent)


def test_a_correction_is_submitted_once_and_survives_a_crash_in_between(
    student: Student,
    sent: Bag,
    kept: Instance,
    desk_of: Callable[[], Desk],
    monkeypatch: pytest.MonkeyPatch,
    scans: Scans,
) -> None:
    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "Again, please.")
    student.post("/apply/rounds/correction-1")
    student.post("/apply/rounds/correction-1")
    student.upload("transcript", scans.pdf("again.pdf"))
    with monkeypatch.context() as broken:

        def crash(*_: object) -> None:
            raise OSError("power cut")

        broken.setattr(review, "done", crash)
        assert student.post("/apply/submit").status_code == 500
    assert len(submissions.find(kept, sent.reference)) == 2
    student.post("/apply/submit")
    student.post("/apply/submit")
    assert [bag.version for bag in submissions.find(kept, sent.reference)] == ["v1", "v2"]
    assert [e["version"] for e in journal.entries(kept) if e["event"] == "sealed"] == ["v1", "v2"]


def test_what_is_to_correct_is_named_until_it_is_not_as_sent_any_more(
    student: Student, sent: Bag, desk_of: Callable[[], Desk], scans: Scans
) -> None:
    actions.ask_correction(desk_of(), sent.reference, ["contact"], ["transcript"], "Page 2, and the phone.")
    student.post("/apply/rounds/correction-1")
    assert student.get("/apply/").text.count("To correct") == 2
    assert student.get("/apply/documents").text.count("To correct") == 1
    check = student.get("/apply/check").text.split('id="as-sent"')[1].split("</div>")[0]
    assert re.findall(r">([^<]+)</a>", check) == ["How we reach you", "Official KBTU transcript"]
    student.upload("transcript", scans.pdf("again.pdf", pages=2, text="again"))
    assert student.get("/apply/").text.count("To correct") == 1
    assert "To correct" not in student.get("/apply/documents").text
    (contact,) = (each for each in student.book.application.sections if each.id == "contact")
    typed = {field.id: sent.record()["answers"].get(field.id, "") for field in contact.fields}
    student.post("/apply/questions/contact", {**typed, "phone": "+77001112233"})
    assert "To correct" not in student.get("/apply/").text
    assert 'id="as-sent"' not in student.get("/apply/check").text


def test_a_second_correction_goes_on_from_the_first(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], scans: Scans
) -> None:
    for number in (1, 2):
        actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], f"No. {number}")
        with pytest.raises(NotPossible, match="not answered yet"):
            actions.ask_correction(desk_of(), sent.reference, [], ["passport"], "at once")
        student.post(f"/apply/rounds/correction-{number}")
        student.upload("transcript", scans.pdf(f"transcript-{number}.pdf"))
        student.post("/apply/submit")
    found = submissions.find(kept, sent.reference)
    assert [bag.version for bag in found] == ["v1", "v2", "v3"]
    names = {file["slot"]: file["original_name"] for file in found[-1].record()["files"]}
    assert names["transcript"] == "transcript-2.pdf"


def test_after_its_date_a_correction_is_closed_and_what_was_sent_counts(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], portal: Portal
) -> None:
    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "Soon.", datetime.date(2027, 4, 2))
    student.post("/apply/rounds/correction-1")
    portal.now = datetime.datetime(2027, 4, 3, tzinfo=portal.now.tzinfo)
    assert student.get("/apply/documents").url.endswith("/apply/status")
    assert "nothing came" in student.get("/apply/status").text
    student.post("/apply/submit")
    assert len(submissions.find(kept, sent.reference)) == 1


@pytest.mark.parametrize(
    ("sections", "slots", "why"),
    [
        (["nowhere"], [], "no part of the form"),
        ([], ["nothing"], "no document"),
        ([], [], "nothing is asked"),
    ],
)
def test_the_officer_is_told_what_can_be_asked_for(
    sent: Bag, desk_of: Callable[[], Desk], sections: list[str], slots: list[str], why: str
) -> None:
    with pytest.raises(NotPossible, match=why):
        actions.ask_correction(desk_of(), sent.reference, sections, slots, "x")
    with pytest.raises(NotPossible, match="no application"):
        actions.ask_correction(desk_of(), "2027A-9999", ["contact"], [], "x")
