"""What comes after the submission: through real HTTP, with the office's own commands."""

import datetime
import html
import re
from collections.abc import Callable

import pytest
import requests

from mobility.applications import bags, drafts, journal, review, submissions
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, dossier, outbox
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.commands import office
from tests.helpers.mails import mails
from tests.helpers.portal_server import Portal
from tests.helpers.scans import Scans
from tests.helpers.student import AIGERIM, Answers, Student

# The receipt


def test_the_receipt_is_mailed_signed_and_verified_by_anyone(
    sent: Bag, kept: Instance, other: Student
) -> None:
    text = (sent.folder / "RECEIPT.txt").read_text()
    *_, waits = outbox.waiting(kept)
    mail = outbox.message(kept, waits)
    assert mail["Subject"] == f"Received: {sent.reference}"
    (attached,) = mail.iter_attachments()
    for shown, verdict in (
        (text, "matches"),
        (attached.get_content(), "matches"),
        (text.replace("bytes", "Bytes"), "differs"),
        ("nothing", "unknown"),
    ):
        page = other.post("/apply/verify", {"receipt": shown}).text
        assert f'data-verdict="{verdict}"' in page
    file = {"file": ("RECEIPT.txt", text.encode())}
    assert 'data-verdict="matches"' in other.post("/apply/verify", files=file).text
    assert "BEGIN PUBLIC KEY" in other.get("/apply/receipt-key.pem").text


def test_a_mailbox_on_a_full_disk_loses_no_submission(
    student: Student, kept: Instance, scans: Scans, invented: Answers
) -> None:
    student.begin()
    student.answer(invented())
    student.upload_all(scans)
    for path in kept.outbox.iterdir():
        path.unlink()
    kept.outbox.rmdir()
    kept.outbox.write_text("in the way of the outbox")
    page = student.post("/apply/submit")
    (bag,) = submissions.every(kept)
    assert bag.reference in page.text


# Corrections


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
    assert "v2" in (sent.call_folder / "index.csv").read_text()


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


def test_the_receipt_names_documents_in_the_readers_language(student: Student, sent: Bag) -> None:
    assert sent.version in student.get("/apply/receipt/v1?language=ru").text
    assert "Заявление с подписью" in student.get("/apply/receipt/v1").text


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


# Decision, place, additional documents


def test_a_nominated_student_takes_the_place_and_sends_additional_documents(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], scans: Scans
) -> None:
    with pytest.raises(NotPossible, match="not nominated"):
        actions.open_additional(desk_of(), sent.reference, ["Insurance"], "")
    actions.decide(desk_of(), sent.reference, "nominated", answer_by=datetime.date(2027, 5, 1))
    page = student.get("/apply/").text
    assert "You are nominated for Universiti Sains Malaysia" in html.unescape(page)
    assert "1 May 2027, 23:59" in page
    student.post("/apply/place", {"place": "both"})
    assert review.standing(kept, sent.call, sent.reference).answer is None
    student.post("/apply/place", {"place": "take"})
    student.post("/apply/place", {"place": "decline"})
    assert review.standing(kept, sent.call, sent.reference).answer.takes  # type: ignore[union-attr]

    actions.open_additional(desk_of(), sent.reference, ["Health insurance", "Visa 100%"], "Both, please.")
    student.post("/apply/rounds/additional-1")
    page = student.get("/apply/documents").text
    assert re.findall(r'id="slot-([^"]+)"', page) == ["health-insurance", "visa-100"]
    assert "Done: send them" not in page
    student.post("/apply/submit")
    assert len(submissions.find(kept, sent.reference)) == 1, "two documents are missing"
    for slot in ("health-insurance", "visa-100"):
        student.upload(slot, scans.pdf(f"{slot}.pdf", text=slot))
    assert "Done: send them" in student.get("/apply/documents").text
    page = student.post("/apply/submit")
    assert "additional-1" in page.url and "Your documents are received" in page.text

    found = submissions.find(kept, sent.reference)
    assert [bag.version for bag in found] == ["v1", "additional-1"]
    assert all(bags.verify(bag) == [] for bag in found)
    assert [file["document"] for file in found[1].record()["files"]] == ["Health insurance", "Visa 100%"]
    documents = dossier.write(bags.that_count(found), kept.dossiers / "x.pdf")
    assert [d.file["document"] for d in documents][-2:] == ["Health insurance", "Visa 100%"]
    assert student.get("/apply/receipt").text.count("Health insurance") == 0
    assert "place taken" in (sent.call_folder / "index.csv").read_text()


def test_after_its_date_a_place_is_not_taken_any_more(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], portal: Portal
) -> None:
    actions.decide(desk_of(), sent.reference, "nominated", answer_by=datetime.date(2027, 4, 1))
    portal.now = datetime.datetime(2027, 4, 2, tzinfo=portal.now.tzinfo)
    student.post("/apply/place", {"place": "take"})
    assert review.standing(kept, sent.call, sent.reference).answer is None
    assert "The time to answer is over" in student.get("/apply/status").text


def test_decisions_that_cannot_be_are_refused(sent: Bag, desk_of: Callable[[], Desk]) -> None:
    with pytest.raises(NotPossible, match="one of: usm/exchange"):
        actions.decide(desk_of(), sent.reference, "nominated", "warsaw-tech/exchange")
    with pytest.raises(NotPossible, match="with a nomination only"):
        actions.decide(desk_of(), sent.reference, "waiting list", "usm/exchange")


# Withdrawing, erasing


def test_a_withdrawn_application_stays_on_disk_and_takes_no_more(
    student: Student, sent: Bag, desk_of: Callable[[], Desk], scans: Scans
) -> None:
    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "x")
    student.post("/apply/rounds/correction-1")
    assert "cannot take this back" in student.get("/apply/withdraw").text
    student.post("/apply/withdraw")
    assert "It was withdrawn on" in student.get("/apply/status").text
    assert student.upload("transcript", scans.pdf()).url.endswith("/apply/status")
    student.post("/apply/rounds/correction-1")
    assert student.get("/apply/documents").url.endswith("/apply/status")
    assert bags.verify(sent) == []
    with pytest.raises(NotPossible, match="is withdrawn"):
        actions.decide(desk_of(), sent.reference, "nominated")
    assert "withdrawn" in (sent.call_folder / "index.csv").read_text()


def test_what_was_never_submitted_is_erased_at_once(
    student: Student, kept: Instance, scans: Scans, invented: Answers
) -> None:
    link = student.begin(email=AIGERIM)
    student.answer(invented())
    student.upload_all(scans)
    page = student.post("/apply/erase")
    assert "Everything is erased" in page.text
    assert list(drafts.every(kept)) == [] and mails(kept) == [] and list(kept.links.iterdir()) == []
    assert requests.get(link, timeout=20).status_code == 404


def test_erasing_a_submission_leaves_nobody_named_and_no_false_alarm(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    actions.decide(desk_of(), sent.reference, "waiting list", message="Dear Aigerim Sampleova")
    dossier.write([sent], kept.dossiers / sent.call / f"{sent.reference}.pdf")
    student.post("/apply/erase")
    assert "to be erased" in (sent.call_folder / "index.csv").read_text()
    assert bags.verify(sent) == [], "the office erases, not the page"
    actions.erase(desk_of(), sent.reference)
    for path in kept.root.rglob("*"):
        if path.is_file():
            assert b"ampleova" not in path.read_bytes().lower(), path
    assert submissions.lost(kept) == []
    assert student.get("/apply/status").url.endswith("/apply/")
    with pytest.raises(NotPossible, match="nothing is kept"):
        actions.erase(desk_of(), sent.reference)
    assert bags.next_reference(kept.submissions / sent.call, "2027A") == "2027A-0002"


# The officer's commands


def test_an_officer_does_all_this_by_commands(sent: Bag, kept: Instance, student: Student) -> None:
    asked = office(kept, "ask", sent.reference, "--document", "transcript", "--message", "Page 2")
    assert asked.returncode == 0 and "correction-1" in asked.stdout
    assert "Page 2" in student.get("/apply/status").text
    wrong = office(kept, "ask", sent.reference, "--document", "transkript", "--message", "x")
    assert wrong.returncode == 1 and "application-form" in wrong.stderr
    assert office(kept, "decide", sent.reference, "nominated").returncode == 0
    more = office(kept, "additional", sent.reference, "--document", "Insurance", "--until", "2099-05-01")
    assert more.returncode == 0 and "Insurance" in more.stdout
    late = office(
        kept, "late", "b@example.kz", "--call", "2027-autumn", "--until", "2099-04-05", "--reason", "x"
    )
    assert late.returncode == 0 and "back/" in late.stdout
    status = office(kept, "status", sent.reference).stdout
    assert "v1: received 2027-03-15 12:30" in status and "nominated" in status
    assert re.search(r"correction-1: asked .*, open\n.*, open until 2099-05-01 23:59\n", status)
    listed = office(kept, "mail").stdout
    assert AIGERIM in listed and f"{sent.reference}: the decision" in listed
    assert office(kept, "mail", "--send").returncode == 1
    assert office(kept, "withdraw", sent.reference).returncode == 0
    assert "add --yes" in office(kept, "erase", sent.reference).stdout and sent.folder.exists()
    assert office(kept, "erase", sent.reference, "--yes").returncode == 0 and not sent.folder.exists()


def test_what_the_office_does_stands_in_the_journal_without_a_name(
    sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "Dear Aigerim")
    actions.decide(desk_of(), sent.reference, "nominated", message="Dear Aigerim")
    actions.withdraw(desk_of(), sent.reference, "office", "Aigerim asked")
    text = kept.journal.read_text()
    assert "Aigerim" not in text and "ampleova" not in text
    events = [entry["event"] for entry in journal.entries(kept)]
    assert events == ["sealed", "link opened", "asked", "decided", "withdrawn"]
    assert journal.breaks(kept) == []


def test_the_notices_are_in_the_students_language(portal: Portal, book: Rulebook, kept: Instance) -> None:
    student = Student(portal, book)
    student.get("/apply/start?language=kk")
    page = student.post("/apply/start", {"email": AIGERIM})
    assert page.status_code == 200
    (mail,) = outbox.waiting(kept)
    written = outbox.message(kept, mail)
    assert written["To"] == AIGERIM
    assert next(drafts.every(kept)).language == "kk"
    assert "сілтеме" in mails(kept)[0]
