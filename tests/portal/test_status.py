"""What comes after the submission: through real HTTP, with the office's own commands."""

import datetime
import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from mobility.applications import bags, drafts, journal, receipts, review, submissions
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible, Round
from mobility.catalogue import documents
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, decisions, dossier, outbox
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.commands import A_YEAR_ON, office
from tests.helpers.follow_ups import listed, written
from tests.helpers.mails import mails
from tests.helpers.portal_server import Portal
from tests.helpers.scans import Scans
from tests.helpers.student import AIGERIM, Answers, Student
from tests.helpers.told import tell

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


def test_earlier_keys_stand_beside_the_present_one(
    sent: Bag, kept: Instance, other: Student, portal: Portal
) -> None:
    named = re.search(r"by key ([0-9a-f]{16}):", (sent.folder / "RECEIPT.txt").read_text())
    assert named
    before = other.get("/apply/receipt-key.pem").text
    assert other.get(f"/apply/receipt-keys/{named[1]}.pem").text == before
    assert "receipt-keys" not in other.get("/apply/verify").text
    receipts.rotate(kept, portal.now)
    assert other.get("/apply/receipt-key.pem").text != before
    assert re.findall(r'href="(/apply/receipt-keys/[^"]+)"', other.get("/apply/verify").text) == [
        f"/apply/receipt-keys/{named[1]}.pem"
    ]
    assert other.get(f"/apply/receipt-keys/{named[1]}.pem").text == before
    for name in ("0" * 16, "..%2freceipt-key", "%2e%2e", "x" * 4000):
        answer = other.get(f"/apply/receipt-keys/{name}.pem")
        assert answer.status_code == 404 and "PRIVATE" not in answer.text


def test_a_mailbox_on_a_full_disk_loses_no_submission(
    student: Student, kept: Instance, scans: Scans, invented: Answers
) -> None:
    student.begin()
    student.answer(invented())
    student.upload_all(scans)
    written(kept)
    for path in kept.outbox.iterdir():
        path.unlink()
    kept.outbox.rmdir()
    kept.outbox.write_text("in the way of the outbox")
    page = student.post("/apply/submit")
    (bag,) = submissions.every(kept)
    assert bag.reference in page.text


def test_the_receipt_names_documents_in_the_readers_language(student: Student, sent: Bag) -> None:
    assert sent.version in student.get("/apply/receipt/v1?language=ru").text
    assert "Заявление с подписью" in student.get("/apply/receipt/v1").text


# Decision, place, additional documents


def test_two_requests_are_answered_one_after_the_other(
    student: Student, sent: Bag, desk_of: Callable[[], Desk]
) -> None:
    tell(desk_of(), sent.reference, "nominated")
    actions.ask_correction(desk_of(), sent.reference, ["contact"], [], "The phone is wrong.")
    student.post("/apply/rounds/correction-1")
    actions.open_additional(desk_of(), sent.reference, ["Visa"], "")
    page = student.post("/apply/rounds/additional-1")
    assert page.url.endswith("/apply/") and "This was begun before: send it first" in page.text
    student.post("/apply/questions/contact", {"phone": "+77001112233"})
    assert "/apply/receipt/v2" in student.post("/apply/submit").url
    assert 'id="slot-additional-visa"' in student.post("/apply/rounds/additional-1").text


def test_a_correction_of_what_our_disk_damaged_says_so_and_copies_nothing(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    actions.ask_correction(desk_of(), sent.reference, ["contact"], [], "The phone is wrong.")
    last = max((sent.folder / "data").rglob("*.pdf"))
    last.write_bytes(b"rot")
    page = student.post("/apply/rounds/correction-1")
    assert page.status_code == 500 and last.name in page.text and "write to the" in page.text
    (draft,) = drafts.every(kept)
    assert draft.round is None and not list(draft.folder.glob("*.pdf"))


def test_of_documents_none_of_which_must_come_one_must(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], scans: Scans
) -> None:
    tell(desk_of(), sent.reference, "nominated")
    wanted = tuple(replace(documents.additional_document(name), required=False) for name in ("Visa", "Photo"))
    asked = Round("", desk_of().at, documents=wanted)
    review.ask(kept, sent.call, sent.reference, "additional", asked)
    student.post("/apply/rounds/additional-1")
    assert "At least one of these documents" in student.get("/apply/documents").text
    assert student.post("/apply/submit").status_code == 422
    student.upload(wanted[1].id, scans.pdf("photo.pdf"))
    assert student.post("/apply/submit").ok
    assert [bag.version for bag in submissions.find(kept, sent.reference)] == ["v1", "additional-1"]


def test_a_nominated_student_takes_the_place_and_sends_additional_documents(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], scans: Scans, book: Rulebook
) -> None:
    with pytest.raises(NotPossible, match="not nominated"):
        actions.open_additional(desk_of(), sent.reference, ["Insurance"], "")
    tell(desk_of(), sent.reference, "nominated", answer_by=datetime.date(2027, 5, 1))
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
    slots = ["additional-health-insurance", documents.additional_document("Visa 100%").id]
    assert re.findall(r'id="slot-([^"]+)"', page) == slots
    assert "Done: send them" not in page
    student.post("/apply/submit")
    assert len(submissions.find(kept, sent.reference)) == 1, "two documents are missing"
    for slot in slots:
        student.upload(slot, scans.pdf(f"{slot}.pdf", text=slot))
    assert "Done: send them" in student.get("/apply/documents").text
    page = student.post("/apply/submit")
    assert "additional-1" in page.url and "Your documents are received" in page.text

    found = submissions.find(kept, sent.reference)
    assert [bag.version for bag in found] == ["v1", "additional-1"]
    assert all(bags.verify(bag) == [] for bag in found)
    assert [file["document"] for file in found[1].record()["files"]] == ["Health insurance", "Visa 100%"]
    made = dossier.write(bags.that_count(found), kept.dossiers / "x.pdf", book, restricted=True)
    assert [each.file["document"] for each in made][-2:] == ["Health insurance", "Visa 100%"]
    assert student.get("/apply/receipt").text.count("Health insurance") == 0
    assert "place taken" in listed(sent)


def test_after_its_date_a_place_is_not_taken_any_more(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], portal: Portal
) -> None:
    tell(desk_of(), sent.reference, "nominated", answer_by=datetime.date(2027, 4, 1))
    portal.now = datetime.datetime(2027, 4, 2, tzinfo=portal.now.tzinfo)
    student.post("/apply/place", {"place": "take"})
    assert review.standing(kept, sent.call, sent.reference).answer is None
    assert "The time to answer is over" in student.get("/apply/status").text


def test_a_hosts_refusal_is_told_and_takes_the_place_away(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    tell(desk_of(), sent.reference, "nominated", message="Welcome")
    actions.open_additional(desk_of(), sent.reference, ["Visa"], "")
    decisions.host_says(desk_of(), sent.reference, "refused", "No housing left")
    page = html.unescape(student.get("/apply/status").text)
    assert "The host has not accepted your nomination for Universiti Sains Malaysia" in page
    for gone in ("You are nominated", "Welcome", "Do you take the place?", "No housing left", "Visa"):
        assert gone not in page, gone
    student.post("/apply/place", {"place": "take"})
    assert review.standing(kept, sent.call, sent.reference).answer is None
    assert "принимающий вуз не принял" in student.get("/apply/status?language=ru").text.lower()
    assert (
        "қабылдаушы жоо номинацияңызды қабылдамады" in student.get("/apply/status?language=kk").text.lower()
    )
    assert any("has not accepted your nomination" in mail for mail in mails(kept))


def test_decisions_that_cannot_be_are_refused(sent: Bag, desk_of: Callable[[], Desk]) -> None:
    with pytest.raises(NotPossible, match="one of: usm/exchange"):
        tell(desk_of(), sent.reference, "nominated", "warsaw-tech/exchange")
    with pytest.raises(NotPossible, match="with a nomination only"):
        tell(desk_of(), sent.reference, "waiting list", answer_by=datetime.date(2027, 5, 1))
    with pytest.raises(NotPossible, match="nomination or the waiting list only"):
        tell(desk_of(), sent.reference, "not nominated", "usm/exchange")


# The officer's commands


def test_an_officer_does_all_this_by_commands(sent: Bag, kept: Instance, student: Student) -> None:
    asked = office(kept, "ask", sent.reference, "--document", "transcript", "--message", "Page 2")
    assert asked.returncode == 0 and "correction-1" in asked.stdout
    assert "a mail to the student is written; it has no link, as settings.address" in asked.stdout
    assert "correction asked for" in (sent.call_folder / "index.csv").read_text(), "the list is right at once"
    assert "Page 2" in student.get("/apply/status").text
    wrong = office(kept, "ask", sent.reference, "--document", "transkript", "--message", "x")
    assert wrong.returncode == 1 and "application-form" in wrong.stderr
    assert office(kept, "decide", sent.reference, "nominated").returncode == 0
    assert "decided, not told" in (sent.call_folder / "index.csv").read_text(), "after every command"
    preview = office(kept, "release", sent.reference, "--preview").stdout
    assert f"Subject: {sent.reference}: you are nominated" in preview and AIGERIM in preview
    assert "you are nominated" not in office(kept, "mail").stdout
    assert "1 told" in office(kept, "release", "--call", "2027-autumn").stdout
    assert office(kept, "host", sent.reference, "acknowledged").returncode == 0
    assert "waiting" not in office(kept, "places", "2027-autumn").stdout
    more = office(kept, "additional", sent.reference, "--document", "Insurance", "--until", A_YEAR_ON)
    assert more.returncode == 0 and "Insurance" in more.stdout
    late = office(
        kept, "late", "b@example.kz", "--call", "2027-autumn", "--until", A_YEAR_ON, "--reason", "x"
    )
    assert late.returncode == 0 and "back/" in late.stdout
    status = office(kept, "status", sent.reference).stdout
    assert "v1: received 2027-03-15 12:30" in status and "nominated" in status
    assert re.search(
        rf"correction-1: asked .*, not wanted any more\n.*, open until {A_YEAR_ON} 23:59\n", status
    )
    listed = office(kept, "mail").stdout
    assert AIGERIM in listed and f"{sent.reference}: you are nominated" in listed
    assert office(kept, "mail", "--send").returncode == 1
    assert office(kept, "withdraw", sent.reference).returncode == 0
    told = office(kept, "erase", sent.reference).stdout
    assert "add --yes" in told and sent.folder.exists()
    for gone in (
        sent.home,
        review.folder(kept, sent.call, sent.reference),
        *kept.outbox.glob("*2027A-*.eml"),
    ):
        assert f"would erase {gone}\n" in told
    nobody = office(kept, "erase", "2027A-9999")
    assert (nobody.returncode, nobody.stderr) == (1, "nothing is kept of 2027A-9999\n")
    assert office(kept, "erase", sent.reference, "--yes").returncode == 0 and not sent.folder.exists()


def test_what_the_office_does_stands_in_the_journal_without_a_name(
    sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "Dear Aigerim")
    tell(desk_of(), sent.reference, "nominated", message="Dear Aigerim")
    actions.withdraw(desk_of(), sent.reference, "office", "Aigerim asked")
    text = kept.journal.read_text()
    assert "Aigerim" not in text and "ampleova" not in text
    events = [entry["event"] for entry in journal.entries(kept)]
    assert events == ["begun", "sealed", "link opened", "asked", "decided", "released", "withdrawn"]
    assert journal.breaks(kept) == []


def test_the_notices_are_in_the_students_language(portal: Portal, book: Rulebook, kept: Instance) -> None:
    student = Student(portal, book)
    student.get("/apply/start?language=kk")
    page = student.post("/apply/start", {"email": AIGERIM})
    assert page.status_code == 200
    assert len(mails(kept)) == 1
    (mail,) = outbox.waiting(kept)
    written = outbox.message(kept, mail)
    assert written["To"] == AIGERIM
    assert next(drafts.every(kept)).language == "kk"
    assert "сілтеме" in mails(kept)[0]
