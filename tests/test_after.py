"""Coming back, and what comes after the submission: through real HTTP, with the office's own commands."""

import datetime
import html
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from mobility import (
    access,
    bags,
    desk,
    dossier,
    drafts,
    index,
    journal,
    outbox,
    review,
    rulebook,
    submissions,
)
from mobility.bags import Bag
from mobility.calls import Call
from mobility.notices import Post
from mobility.places import CHECKOUT, Instance
from mobility.review import NotPossible
from mobility.rulebook import Rulebook
from tests.portal_server import Portal, running
from tests.scans import Scans
from tests.student import AIGERIM, Student

Answers = Callable[..., dict[str, Any]]


@pytest.fixture
def desk_of(portal: Portal, book: Rulebook) -> Callable[[], Post]:
    """The office, at the portal's present moment."""
    return lambda: Post(portal.settings.kept, book, f"{portal.address}/apply/", False, portal.now)


def mails(kept: Instance) -> list[str]:
    """What waits to go, the oldest first."""
    return [
        "\n".join([str(mail["Subject"]), mail.get_body(("plain",)).get_content()])  # type: ignore[union-attr]
        for mail in (outbox.message(kept, waits) for waits in outbox.waiting(kept))
    ]


def links_in(text: str) -> list[str]:
    return re.findall(r"http://\S+/apply/back/\S+", text)


def office(kept: Instance, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mobility", "office", "--data", str(kept.root), *words]
    return subprocess.run(command, cwd=CHECKOUT.root, capture_output=True, text=True, check=False)


# Coming back


def test_beginning_mails_a_link_that_opens_the_application_elsewhere(
    student: Student, other: Student, kept: Instance
) -> None:
    shown = student.begin(email=AIGERIM)
    (mail,) = mails(kept)
    (link,) = links_in(mail)
    assert link != shown
    assert "Your application" in other.http.get(link, timeout=20).text
    (draft,) = drafts.every(kept)
    assert draft.confirmed


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "two words@example.kz", "x" * 190 + "@example.kz" * 3]
)
def test_an_address_that_cannot_be_is_told_beside_the_field_and_on_top(
    student: Student, kept: Instance, email: str
) -> None:
    page = student.post("/apply/start", {"email": email, "programme": "usm/exchange"})
    assert page.status_code == 422
    assert 'id="email-fault"' in page.text and 'href="#email"' in page.text
    assert "Universiti Sains Malaysia" in page.text
    assert list(drafts.every(kept)) == [] and mails(kept) == []


def test_a_link_is_mailed_again_to_its_own_address_and_to_no_other(
    student: Student, other: Student, portal: Portal, kept: Instance
) -> None:
    student.begin(email=AIGERIM)
    portal.now += datetime.timedelta(minutes=6)
    for email in (AIGERIM.upper(), "stranger@example.kz"):
        page = other.post("/apply/link", {"email": email})
        assert page.status_code == 200 and "is on its way" in page.text
    first, again = mails(kept)
    assert links_in(first) != links_in(again)
    for link in links_in(first) + links_in(again):
        assert requests.get(link, timeout=20).url.endswith("/apply/")


def test_asking_again_and_again_floods_no_mailbox(student: Student, other: Student, kept: Instance) -> None:
    student.begin(email=AIGERIM)
    for _ in range(5):
        other.post("/apply/link", {"email": AIGERIM})
    assert len(mails(kept)) == 1
    for _ in range(12):
        other.post("/apply/start", {"email": "many@example.kz"})
    assert sum(draft.email == "many@example.kz" for draft in drafts.every(kept)) == 10


def test_links_are_kept_as_hashes_only(student: Student, kept: Instance) -> None:
    secret = student.begin(email=AIGERIM).rsplit("/", 1)[1]
    mailed = links_in(mails(kept)[0])[0].rsplit("/", 1)[1]
    for path in kept.root.rglob("*"):
        if path.is_file() and path.parent != kept.outbox:
            assert secret not in path.read_text(errors="replace")
            assert mailed not in path.read_text(errors="replace")


def test_who_opens_the_mail_elsewhere_is_told_once_that_another_browser_is_in(
    student: Student, other: Student, kept: Instance
) -> None:
    told = "was begun in another browser"
    student.begin(email=AIGERIM)
    (link,) = links_in(mails(kept)[0])
    assert told in other.http.get(link, timeout=20).text
    assert told not in other.http.get(link, timeout=20).text


def test_who_opens_the_mail_in_the_same_browser_is_told_nothing(student: Student, kept: Instance) -> None:
    student.begin(email=AIGERIM)
    (link,) = links_in(mails(kept)[0])
    assert "was begun in another browser" not in student.http.get(link, timeout=20).text
    assert next(drafts.every(kept)).confirmed


def test_all_other_links_can_be_revoked(student: Student, other: Student, kept: Instance) -> None:
    shown = student.begin(email=AIGERIM)
    mailed = links_in(mails(kept)[0])[0]
    other.http.get(mailed, timeout=20)
    other.post("/apply/link/only")
    assert other.get("/apply/documents").url.endswith("/apply/documents")
    assert requests.get(shown, timeout=20).status_code == 404
    assert student.get("/apply/documents").url.endswith("/apply/"), "who was in by another link is out"
    assert access.find(kept, shown.rsplit("/", 1)[1]) is None


def test_a_mistyped_address_is_changed_and_its_links_stop(
    student: Student, kept: Instance, other: Student
) -> None:
    student.begin(email="stranger@example.kz")
    (to_stranger,) = links_in(mails(kept)[0])
    assert student.post("/apply/address", {"email": "no"}).status_code == 422
    student.post("/apply/address", {"email": AIGERIM})
    assert other.http.get(to_stranger, timeout=20).status_code == 404
    assert next(drafts.every(kept)).email == AIGERIM
    assert requests.get(links_in(mails(kept)[1])[0], timeout=20).status_code == 200


def test_a_domain_can_be_required(
    tmp_path: Path, in_march: datetime.datetime, own_places: Any, scans: Scans, invented: Answers
) -> None:
    text = own_places.partners.read_text(encoding="utf-8")
    own_places.partners.write_text(
        text.replace("  # mail_domains: [kbtu.kz]", "  mail_domains: [kbtu.kz]"), encoding="utf-8"
    )

    with running(tmp_path / "kept", in_march, places=own_places) as portal:
        student = Student(portal, rulebook.load(own_places))
        page = student.post("/apply/start", {"email": AIGERIM})
        assert page.status_code == 422 and "must end with @kbtu.kz" in page.text
        student.begin(email="a_sampleova@kbtu.kz")
        student.answer(invented())
        student.upload_all(scans)
        student.post("/apply/submit")
        (bag,) = submissions.every(portal.settings.kept)
        assert any("not confirmed" in mark for mark in bag.record()["marks"])


# Deadlines


def test_who_began_before_the_closing_has_the_stated_grace(
    student: Student, other: Student, portal: Portal, call: Call
) -> None:
    student.begin()
    portal.now = call.closes + datetime.timedelta(minutes=29)
    page = student.get("/apply/").text
    assert "you can still submit to" in page and "1 April 2027, 00:29 Almaty time" in page
    assert "opens on" in other.get("/apply/start").text, "nobody begins after the closing"
    portal.now = call.closes + datetime.timedelta(minutes=30)
    assert student.get("/apply/documents").status_code == 403


def test_a_late_link_works_for_one_student_until_its_date(
    student: Student,
    other: Student,
    portal: Portal,
    kept: Instance,
    call: Call,
    desk_of: Callable[[], Post],
    scans: Scans,
    invented: Answers,
) -> None:
    student.begin(email=AIGERIM)
    other.begin(email="stranger@example.kz")
    portal.now = call.closes + datetime.timedelta(days=1)
    assert student.get("/apply/documents").status_code == 403
    _, secret = desk.let_late(desk_of(), AIGERIM, call.id, datetime.date(2027, 4, 5), "was in hospital")
    assert "You may still submit" in mails(kept)[-1]
    student.get(f"/apply/back/{secret}")
    assert "5 April 2027, 23:59" in student.get("/apply/").text
    assert other.get("/apply/documents").status_code == 403
    student.answer(invented())
    student.upload_all(scans)
    student.post("/apply/submit")
    (bag,) = submissions.every(kept)
    assert bag.record()["late"]["reason"] == "was in hospital"
    assert "late, by leave of the office: was in hospital" in bag.record()["marks"]


def test_a_late_link_ends_on_its_date_and_begins_what_was_not_begun(
    portal: Portal, kept: Instance, call: Call, desk_of: Callable[[], Post], student: Student
) -> None:
    portal.now = call.closes + datetime.timedelta(days=1)
    with pytest.raises(NotPossible):
        desk.let_late(desk_of(), AIGERIM, call.id, datetime.date(2027, 4, 1), "no day left")
    draft, secret = desk.let_late(desk_of(), AIGERIM, call.id, datetime.date(2027, 4, 5), "ill")
    student.get(f"/apply/back/{secret}")
    assert student.get("/apply/questions/contact").text.count(AIGERIM) >= 1
    assert not drafts.read(draft.folder).confirmed, "the officer's hand shows nothing of the mailbox"
    (mailed,) = links_in(mails(kept)[-1])
    assert "begun in another browser" not in requests.get(mailed, timeout=20).text
    assert drafts.read(draft.folder).confirmed
    portal.now = datetime.datetime(2027, 4, 6, tzinfo=call.closes.tzinfo)
    assert student.get("/apply/documents").status_code == 403
    assert "mailed again" in student.get("/apply/documents").text
    assert [e["event"] for e in journal.entries(kept) if e["reference"] == draft.hash[:12]] == ["late link"]


@pytest.mark.parametrize("call_id", ["2027-autum", "autumn-2027", "2027", "1999-spring"])
def test_a_late_link_is_for_a_call_that_there_is(
    kept: Instance, desk_of: Callable[[], Post], call_id: str
) -> None:
    with pytest.raises(NotPossible, match="there is no call"):
        desk.let_late(desk_of(), AIGERIM, call_id, datetime.date(2027, 4, 5), "mistyped")
    assert list(drafts.every(kept)) == [] and mails(kept) == []


def test_nothing_is_asked_until_a_day_that_is_over(
    sent: Bag, kept: Instance, desk_of: Callable[[], Post]
) -> None:
    over = datetime.date(2027, 3, 14)
    before = len(mails(kept))
    with pytest.raises(NotPossible, match="2027-03-14 is over"):
        desk.ask_correction(desk_of(), sent.reference, [], ["transcript"], "Page 2", over)
    with pytest.raises(NotPossible, match="2027-03-14 is over"):
        desk.decide(desk_of(), sent.reference, "nominated", answer_by=over)
    assert len(mails(kept)) == before
    unknown = office(kept, "status", "2027A-9999")
    assert unknown.returncode == 1 and "no application 2027A-9999" in unknown.stderr


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
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Post], scans: Scans, portal: Portal
) -> None:
    before = {path: path.read_bytes() for path in sent.folder.rglob("*") if path.is_file()}
    portal.now += datetime.timedelta(days=30)
    desk.ask_correction(
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
    assert "v2" in (sent.folder.parents[1] / "index.csv").read_text()


def test_a_correction_is_submitted_once_and_survives_a_crash_in_between(
    student: Student,
    sent: Bag,
    kept: Instance,
    desk_of: Callable[[], Post],
    monkeypatch: pytest.MonkeyPatch,
    scans: Scans,
) -> None:
    desk.ask_correction(desk_of(), sent.reference, [], ["transcript"], "Again, please.")
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


def test_a_second_correction_goes_on_from_the_first(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Post], scans: Scans
) -> None:
    for number in (1, 2):
        desk.ask_correction(desk_of(), sent.reference, [], ["transcript"], f"No. {number}")
        with pytest.raises(NotPossible, match="not answered yet"):
            desk.ask_correction(desk_of(), sent.reference, [], ["passport"], "at once")
        student.post(f"/apply/rounds/correction-{number}")
        student.upload("transcript", scans.pdf(f"transcript-{number}.pdf"))
        student.post("/apply/submit")
    found = submissions.find(kept, sent.reference)
    assert [bag.version for bag in found] == ["v1", "v2", "v3"]
    names = {file["slot"]: file["original_name"] for file in found[-1].record()["files"]}
    assert names["transcript"] == "transcript-2.pdf"


def test_after_its_date_a_correction_is_closed_and_what_was_sent_counts(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Post], portal: Portal
) -> None:
    desk.ask_correction(desk_of(), sent.reference, [], ["transcript"], "Soon.", datetime.date(2027, 4, 2))
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
    sent: Bag, desk_of: Callable[[], Post], sections: list[str], slots: list[str], why: str
) -> None:
    with pytest.raises(NotPossible, match=why):
        desk.ask_correction(desk_of(), sent.reference, sections, slots, "x")
    with pytest.raises(NotPossible, match="no application"):
        desk.ask_correction(desk_of(), "2027A-9999", ["contact"], [], "x")


# Decision, place, additional documents


def test_a_nominated_student_takes_the_place_and_sends_additional_documents(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Post], scans: Scans
) -> None:
    with pytest.raises(NotPossible, match="not nominated"):
        desk.open_additional(desk_of(), sent.reference, ["Insurance"], "")
    desk.decide(desk_of(), sent.reference, "nominated", answer_by=datetime.date(2027, 5, 1))
    page = student.get("/apply/").text
    assert "You are nominated for Universiti Sains Malaysia" in html.unescape(page)
    assert "1 May 2027, 23:59" in page
    student.post("/apply/place", {"place": "both"})
    assert review.standing(kept, sent.call, sent.reference).answer is None
    student.post("/apply/place", {"place": "take"})
    student.post("/apply/place", {"place": "decline"})
    assert review.standing(kept, sent.call, sent.reference).answer.takes  # type: ignore[union-attr]

    desk.open_additional(desk_of(), sent.reference, ["Health insurance", "Visa 100%"], "Both, please.")
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
    assert "place taken" in (sent.folder.parents[1] / "index.csv").read_text()


def test_after_its_date_a_place_is_not_taken_any_more(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Post], portal: Portal
) -> None:
    desk.decide(desk_of(), sent.reference, "nominated", answer_by=datetime.date(2027, 4, 1))
    portal.now = datetime.datetime(2027, 4, 2, tzinfo=portal.now.tzinfo)
    student.post("/apply/place", {"place": "take"})
    assert review.standing(kept, sent.call, sent.reference).answer is None
    assert "The time to answer is over" in student.get("/apply/status").text


def test_decisions_that_cannot_be_are_refused(sent: Bag, desk_of: Callable[[], Post]) -> None:
    with pytest.raises(NotPossible, match="one of: usm/exchange"):
        desk.decide(desk_of(), sent.reference, "nominated", "warsaw-tech/exchange")
    with pytest.raises(NotPossible, match="with a nomination only"):
        desk.decide(desk_of(), sent.reference, "waiting list", "usm/exchange")


# Withdrawing, erasing


def test_a_withdrawn_application_stays_on_disk_and_takes_no_more(
    student: Student, sent: Bag, desk_of: Callable[[], Post], scans: Scans
) -> None:
    desk.ask_correction(desk_of(), sent.reference, [], ["transcript"], "x")
    student.post("/apply/rounds/correction-1")
    assert "cannot take this back" in student.get("/apply/withdraw").text
    student.post("/apply/withdraw")
    assert "It was withdrawn on" in student.get("/apply/status").text
    assert student.upload("transcript", scans.pdf()).url.endswith("/apply/status")
    student.post("/apply/rounds/correction-1")
    assert student.get("/apply/documents").url.endswith("/apply/status")
    assert bags.verify(sent) == []
    with pytest.raises(NotPossible, match="is withdrawn"):
        desk.decide(desk_of(), sent.reference, "nominated")
    assert "withdrawn" in (sent.folder.parents[1] / "index.csv").read_text()


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
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Post]
) -> None:
    desk.decide(desk_of(), sent.reference, "waiting list", message="Dear Aigerim Sampleova")
    dossier.write([sent], kept.dossiers / sent.call / f"{sent.reference}.pdf")
    student.post("/apply/erase")
    assert "to be erased" in (sent.folder.parents[1] / "index.csv").read_text()
    assert bags.verify(sent) == [], "the office erases, not the page"
    desk.erase(desk_of(), sent.reference)
    for path in kept.root.rglob("*"):
        if path.is_file():
            assert b"ampleova" not in path.read_bytes().lower(), path
    assert submissions.lost(kept) == []
    assert student.get("/apply/status").url.endswith("/apply/")
    with pytest.raises(NotPossible, match="nothing is kept"):
        desk.erase(desk_of(), sent.reference)
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
    sent: Bag, kept: Instance, desk_of: Callable[[], Post]
) -> None:
    desk.ask_correction(desk_of(), sent.reference, [], ["transcript"], "Dear Aigerim")
    desk.decide(desk_of(), sent.reference, "nominated", message="Dear Aigerim")
    desk.withdraw(desk_of(), sent.reference, "office", "Aigerim asked")
    text = kept.journal.read_text()
    assert "Aigerim" not in text and "ampleova" not in text
    events = [entry["event"] for entry in journal.entries(kept)]
    assert events == ["sealed", "asked", "decided", "withdrawn"]
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


def test_an_index_can_be_written_again_from_what_is_there(sent: Bag) -> None:
    place = sent.folder.parents[1]
    before = (place / "index.csv").read_text()
    (place / "index.csv").unlink()
    index.write(place, datetime.datetime.now(datetime.UTC))
    assert (place / "index.csv").read_text() == before
