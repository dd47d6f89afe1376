"""Coming back to an application, and until when it can be submitted: through real HTTP."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from mobility.applications import drafts, journal, private_links, submissions
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.catalogue import rulebook
from mobility.catalogue.calls import Call
from mobility.office import actions
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.commands import office
from tests.helpers.follow_ups import written
from tests.helpers.mails import links_in, mails
from tests.helpers.portal_server import Portal, running
from tests.helpers.scans import Scans
from tests.helpers.student import AIGERIM, Answers, Student, open_link
from tests.helpers.told import tell

# Coming back


def test_beginning_mails_a_link_that_opens_the_application_elsewhere(
    student: Student, other: Student, kept: Instance
) -> None:
    shown = student.begin(email=AIGERIM)
    (mail,) = mails(kept)
    (link,) = links_in(mail)
    assert link != shown
    assert "Your application" in other.open(link).text
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
    written(kept)
    portal.now += datetime.timedelta(minutes=6)
    for email in (AIGERIM.upper(), "stranger@example.kz"):
        page = other.post("/apply/link", {"email": email})
        assert page.status_code == 200 and "is on its way" in page.text
    first, again = mails(kept)
    assert links_in(first) != links_in(again)
    for link in links_in(first) + links_in(again):
        assert open_link(link).url.endswith("/apply/")


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


def test_who_opens_the_mail_elsewhere_is_told_once_that_the_browser_before_is_out(
    student: Student, other: Student, kept: Instance
) -> None:
    told = "that were not mailed are revoked"
    student.begin(email=AIGERIM)
    (link,) = links_in(mails(kept)[0])
    assert told in other.open(link).text
    assert told not in other.open(link).text
    out = "This browser is not in the application any more"
    assert out in student.get("/apply/").text
    assert out not in student.get("/apply/").text
    assert "Your application" in student.open(link).text, "the mailed link opens it in both"


def test_who_opens_the_mail_in_the_same_browser_is_told_nothing(student: Student, kept: Instance) -> None:
    student.begin(email=AIGERIM)
    (link,) = links_in(mails(kept)[0])
    assert "that were not mailed are revoked" not in student.open(link).text
    assert next(drafts.every(kept)).confirmed


def test_all_other_links_can_be_revoked(student: Student, other: Student, kept: Instance) -> None:
    shown = student.begin(email=AIGERIM)
    mailed = links_in(mails(kept)[0])[0]
    other.open(mailed)
    other.post("/apply/link/only")
    assert other.get("/apply/documents").url.endswith("/apply/documents")
    assert requests.get(shown, timeout=20).status_code == 404
    assert student.get("/apply/documents").url.endswith("/apply/"), "who was in by another link is out"
    assert private_links.find(kept, shown.rsplit("/", 1)[1]) is None


def test_a_mistyped_address_is_changed_and_its_links_stop(
    student: Student, kept: Instance, other: Student
) -> None:
    student.begin(email="stranger@example.kz")
    (to_stranger,) = links_in(mails(kept)[0])
    assert student.post("/apply/address", {"email": "no"}).status_code == 422
    student.post("/apply/address", {"email": AIGERIM})
    assert other.http.get(to_stranger, timeout=20).status_code == 404
    assert next(drafts.every(kept)).email == AIGERIM
    assert open_link(links_in(mails(kept)[1])[0]).status_code == 200


def test_a_domain_can_be_required(
    tmp_path: Path, in_march: datetime.datetime, own_checkout: Any, scans: Scans, invented: Answers
) -> None:
    text = own_checkout.partners.read_text(encoding="utf-8")
    own_checkout.partners.write_text(
        text.replace("  # mail_domains: [kbtu.kz]", "  mail_domains: [kbtu.kz]"), encoding="utf-8"
    )

    with running(tmp_path / "kept", in_march, checkout=own_checkout) as portal:
        student = Student(portal, rulebook.load(own_checkout))
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
    desk_of: Callable[[], Desk],
    scans: Scans,
    invented: Answers,
) -> None:
    student.begin(email=AIGERIM)
    other.begin(email="stranger@example.kz")
    portal.now = call.closes + datetime.timedelta(days=1)
    assert student.get("/apply/documents").status_code == 403
    _, secret = actions.let_late(desk_of(), AIGERIM, call.id, datetime.date(2027, 4, 5), "was in hospital")
    assert "You may still submit" in mails(kept)[-1]
    student.open(f"/apply/back/{secret}")
    assert "5 April 2027, 23:59" in student.get("/apply/").text
    assert other.get("/apply/documents").status_code == 403
    student.answer(invented())
    student.upload_all(scans)
    student.post("/apply/submit")
    (bag,) = submissions.every(kept)
    assert bag.record()["late"]["reason"] == "was in hospital"
    assert "late, by leave of the office" in bag.record()["marks"], "the reason is not for the committee"


def test_a_late_link_ends_on_its_date_and_begins_what_was_not_begun(
    portal: Portal, kept: Instance, call: Call, desk_of: Callable[[], Desk], student: Student
) -> None:
    portal.now = call.closes + datetime.timedelta(days=1)
    with pytest.raises(NotPossible):
        actions.let_late(desk_of(), AIGERIM, call.id, datetime.date(2027, 4, 1), "no day left")
    draft, secret = actions.let_late(desk_of(), AIGERIM, call.id, datetime.date(2027, 4, 5), "ill")
    student.open(f"/apply/back/{secret}")
    assert student.get("/apply/questions/contact").text.count(AIGERIM) >= 1
    assert not drafts.read(draft.folder).confirmed, "the officer's hand shows nothing of the mailbox"
    (mailed,) = links_in(mails(kept)[-1])
    assert "begun in another browser" not in open_link(mailed).text
    assert drafts.read(draft.folder).confirmed
    portal.now = datetime.datetime(2027, 4, 6, tzinfo=call.closes.tzinfo)
    assert student.get("/apply/documents").status_code == 403
    assert "mailed again" in student.get("/apply/documents").text
    about = [entry["event"] for entry in journal.entries(kept) if entry["reference"] == draft.short_hash]
    assert about == ["begun", "late link", "link opened", "link opened"]


@pytest.mark.parametrize("call_id", ["2027-autum", "autumn-2027", "2027", "1999-spring"])
def test_a_late_link_is_for_a_call_that_there_is(
    kept: Instance, desk_of: Callable[[], Desk], call_id: str
) -> None:
    with pytest.raises(NotPossible, match="there is no call"):
        actions.let_late(desk_of(), AIGERIM, call_id, datetime.date(2027, 4, 5), "mistyped")
    assert list(drafts.every(kept)) == [] and mails(kept) == []


def test_nothing_is_asked_until_a_day_that_is_over(
    sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    over = datetime.date(2027, 3, 14)
    before = len(mails(kept))
    with pytest.raises(NotPossible, match="14 March 2027 is over"):
        actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "Page 2", over)
    with pytest.raises(NotPossible, match="14 March 2027 is over"):
        tell(desk_of(), sent.reference, "nominated", answer_by=over)
    assert len(mails(kept)) == before
    unknown = office(kept, "status", "2027A-9999")
    assert unknown.returncode == 1 and "no application 2027A-9999" in unknown.stderr
