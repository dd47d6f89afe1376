"""The office's desk over real HTTP: who is let in, what is shown, and what each button does."""

import datetime
import html
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from mobility.applications import drafts, journal, private_links, review
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.office import actions, checks, decisions, outbox, staff
from mobility.office.desk import Desk
from mobility.office.outbox import Server
from mobility.paths import CHECKOUT, Checkout, Instance
from portal.office import access
from tests.helpers.commands import mobility
from tests.helpers.mails import mails
from tests.helpers.officer import Officer, signed_in
from tests.helpers.openid_provider import AIGERIM, University, fill_in
from tests.helpers.portal_server import Portal, running
from tests.helpers.sites import build
from tests.helpers.student import Student
from tests.helpers.told import tell
from tests.helpers.workbooks import first_sheet

PAGES = (
    "", "applications", "applications.csv", "applications.xlsx", "drafts", "places", "hosts/usm", "decisions",
    "keeping", "keeping/certificates/2027-autumn.txt", "mail", "catalogue",
)  # fmt: skip


@pytest.fixture
def officer(portal: Portal) -> Officer:
    return signed_in(portal)[0]


def events(kept: Instance) -> list[str]:
    return [entry["event"] for entry in journal.entries(kept)]


# Who is let in


def test_without_staff_there_is_no_desk(portal: Portal) -> None:
    for page in (*PAGES, "sign-in", "applications/2027A-0001"):
        assert Officer(portal).get(f"/office/{page}").status_code == 404


def test_a_stranger_sees_the_sign_in_and_nothing_else(portal: Portal, sent: Bag) -> None:
    signed_in(portal)
    stranger = Officer(portal)
    for page in (*PAGES, f"applications/{sent.reference}", f"applications/{sent.reference}/v1/0/1.jpg"):
        answer = stranger.get(f"/office/{page}")
        assert answer.url.endswith("/office/sign-in") and sent.reference not in answer.text
    before = review.standing(portal.settings.kept, sent.call, sent.reference)
    stranger.post(f"/office/applications/{sent.reference}/decide", {"outcome": "nominated"})
    assert review.standing(portal.settings.kept, sent.call, sent.reference) == before


def test_a_reader_looks_and_does_not_act(portal: Portal, sent: Bag) -> None:
    reader, _ = signed_in(portal, role="reader")
    page = reader.get(f"/office/applications/{sent.reference}")
    assert page.status_code == 200 and "Keep the decision" not in page.text
    for act in ("decide", "ask", "checks", "host"):
        answer = reader.post(
            f"/office/applications/{sent.reference}/{act}", {"outcome": "nominated"}, at="/office/"
        )
        assert answer.status_code == 403, act
    assert not review.standing(portal.settings.kept, sent.call, sent.reference).decisions


@pytest.mark.parametrize("why", ["idle", "a day's work", "signed out", "left"])
def test_sessions_end(portal: Portal, why: str) -> None:
    officer, member = signed_in(portal)
    assert officer.get("/office/").url.endswith("/office/")
    copied = dict(officer.http.cookies)
    if why == "idle":
        portal.now += datetime.timedelta(minutes=61)
    elif why == "a day's work":
        for _ in range(14):
            portal.now += datetime.timedelta(minutes=55)
            officer.get("/office/")
    elif why == "signed out":
        officer.post("/office/leave", at="/office/")
        officer.http.cookies.update(copied)
    else:
        staff.leave(portal.settings.kept, member, portal.now)
        staff.add(portal.settings.kept, "Another", "another@example.kz", "officer", portal.now)
    assert officer.get("/office/").url.endswith("/office/sign-in")


def test_the_desk_of_a_rehearsal_opens_by_its_address_and_a_button(
    tmp_path: Path, in_march: datetime.datetime
) -> None:
    with running(tmp_path / "instance", in_march, rehearsal=True) as portal:
        token = access.rehearsal_token(portal.settings.secret_key)
        visitor = Officer(portal)
        assert visitor.get(f"/office/rehearsal/{token[:-1]}x").status_code == 404
        visitor.get(f"/office/rehearsal/{token}")
        assert visitor.get("/office/").url.endswith("/office/sign-in"), "looking lets nobody in"
        entered = visitor.post(f"/office/rehearsal/{token}", at=f"/office/rehearsal/{token}")
        assert entered.url.endswith("/office/") and "Rehearsal (officer)" in entered.text


def test_the_token_of_a_rehearsal_opens_no_real_desk(portal: Portal) -> None:
    signed_in(portal)
    token = access.rehearsal_token(portal.settings.secret_key)
    assert Officer(portal).get(f"/office/rehearsal/{token}").status_code == 404


@pytest.mark.filterwarnings("ignore::idpyoidc.server.exception.OnlyForTestingWarning")
def test_the_universitys_account_lets_in_whose_address_is_of_the_staff(
    tmp_path: Path, in_march: datetime.datetime, university: University
) -> None:
    with running(tmp_path / "instance", in_march, sign_in=university.sign_in) as portal:
        university.knows(portal.address)
        staff.add(portal.settings.kept, "Another", "another@example.kz", "officer", in_march)
        stranger = Officer(portal)
        refused = fill_in(stranger.http, stranger.get("/office/sign-in/university"), "aigerim")
        assert refused.status_code == 403 and "You are not signed in" in refused.text
        assert stranger.get("/office/").url.endswith("/office/sign-in")
        staff.add(portal.settings.kept, "Aigerim Sampleova", AIGERIM, "reader", in_march)
        page = fill_in(stranger.http, stranger.get("/office/sign-in/university"), "aigerim")
        assert page.url == f"{portal.address}/office/" and "Aigerim Sampleova (reader)" in page.text


def test_staff_come_and_go_by_commands(portal: Portal) -> None:
    kept = portal.settings.kept

    def command(*words: str) -> tuple[int, str]:
        done = mobility("staff", "--data", str(kept.root), *words)
        return done.returncode, done.stdout + done.stderr

    code, said = command("add", "Invented Officer", "officer@example.kz")
    assert code == 1 and "settings.address" in said, "a link needs an address, which partners.yaml lacks"
    code, said = command("add", "Another", "officer@example.kz")
    assert code == 1 and "of the staff already" in said
    assert "Invented Officer" in command("list")[1]
    assert command("remove", "OFFICER@example.kz")[0] == 0
    assert "Invented Officer" not in command("list")[1]
    assert list(staff.every(kept)) == []


# What is shown


def test_the_list_is_filtered_searched_and_saved_as_a_table(officer: Officer, sent: Bag) -> None:
    shown = officer.get("/office/applications").text
    assert sent.reference in shown and "Sampleova" in shown
    for query, there in {
        "words=sampl": True, "words=nobody": False, "state=received": True, "state=nominated": False,
        "programme=usm/exchange": True, "programme=usm": True, "programme=upna/exchange": False,
        "words=%22%20OR%20*": False, "order=gpa": True, "order=nothing": True, "page=9": False,
        "words=Үлгі": True, "words=ӘЙГЕРІМ": True, "words=Маркова": False, "words=Университе+sains": True,
        "words=малайз+sampl": True, "words=наварр": False, "words=алайз": False,
        "choice=1": True, "choice=2": False, "programme=usm&choice=2": False, "asked=overdue": False,
    }.items():  # fmt: skip
        assert (f">{sent.reference}</a>" in officer.get(f"/office/applications?{query}").text) == there, query
    table = officer.get("/office/applications.csv?words=sampl")
    assert table.headers["Content-Type"].startswith("text/csv") and sent.reference in table.text
    book = officer.get("/office/applications.xlsx?call=2027-autumn").content
    assert "<v>3.4</v>" in first_sheet(book), "the GPA is a number"


def looks(kept: Instance) -> list[tuple[str, ...]]:
    found = [entry for entry in journal.entries(kept) if entry["event"] == "looked at"]
    return [(each["by"], each["reference"], each.get("document") or each["part"]) for each in found]


def test_documents_are_pictures_and_each_look_at_a_restricted_one_is_recorded(
    officer: Officer, portal: Portal, sent: Bag, kept: Instance
) -> None:
    files = sent.record()["files"]
    passport = next(n for n, file in enumerate(files) if file["slot"] == "passport")
    plain = next(n for n, file in enumerate(files) if file["slot"] == "transcript")
    where = f"/office/applications/{sent.reference}/v1"
    drawn = officer.get(f"{where}/{plain}/1.jpg")
    assert drawn.headers["Content-Type"] == "image/jpeg" and drawn.content[:3] == b"\xff\xd8\xff"
    assert drawn.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in drawn.headers, "an older session would take the place of a newer one"
    assert officer.get(f"{where}/{plain}/99.jpg").status_code == 404
    assert officer.get(f"{where}/{passport}/1.jpg").status_code == 403
    assert looks(kept) == []
    who = next(staff.every(kept)).id
    for times in (1, 2):
        page = officer.post(f"{where}/{passport}?state=received", at="/office/").text
        found = re.search(rf'src="({where}/{passport}/1.jpg\?[^"]+)"', page)
        assert found and "/office/applications?state=received" in page
        address = html.unescape(found[1])
        assert officer.get(address).content[:3] == b"\xff\xd8\xff"
        assert looks(kept) == [(who, sent.reference, "passport")] * times, "every look, not the first alone"
        again = officer.get(f"/office/applications/{sent.reference}").text
        assert f"{where}/{passport}/1.jpg" not in again, "the page is read again without it"
    assert "Invented Officer" in officer.get(f"/office/applications/{sent.reference}").text
    other = signed_in(portal, "Another Officer")[0]
    assert other.get(address).status_code == 403, "an address of a picture is of one session"
    assert officer.get(address.replace(f"/{passport}/1.jpg", f"/{passport + 1}/1.jpg")).status_code != 500
    portal.now += datetime.timedelta(minutes=11)
    assert officer.get(address).status_code == 403, "and ends soon"


def test_restricted_answers_are_read_by_officers_after_a_button_that_records_it(
    officer: Officer, portal: Portal, sent: Bag, kept: Instance
) -> None:
    given = sent.record()["answers"]
    secrets = [given[name] for name in ("iin", "passport-number", "address", "emergency-name")]
    where = f"/office/applications/{sent.reference}"
    reader, _ = signed_in(portal, "Invented Reader", role="reader")
    for who in (officer, reader):
        page = who.get(where).text
        assert given["email"] in page and not [each for each in secrets if each in page]
    passport = next(n for n, file in enumerate(sent.record()["files"]) if file["slot"] == "passport")
    for path in ("answers", f"v1/{passport}"):
        assert reader.post(f"{where}/{path}", at="/office/").status_code == 403
        assert officer.http.post(f"{portal.address}{where}/{path}").status_code == 400, "no token"
    assert looks(kept) == []
    page = officer.post(f"{where}/answers", at=where).text
    assert [each for each in secrets if each in page] == secrets
    officer.post(f"{where}/answers", at=where)
    by = [each.id for each in staff.every(kept) if each.acts]
    assert looks(kept) == [(by[0], sent.reference, "answers")] * 2
    assert secrets[0] not in officer.get(where).text
    assert not [each for each in secrets if each in kept.journal.read_text()]


# Which way the languages lead


def in_russian(page: requests.Response) -> str:
    """Where the page leads those who read Russian."""
    found = re.search(r'<a href="([^"]+)" hreflang="ru"', page.text)
    assert found, page.url
    return html.unescape(found[1])


def test_a_form_that_was_refused_leads_to_its_page_in_another_language(officer: Officer, sent: Bag) -> None:
    forms: list[tuple[str, dict[str, str], str]] = [
        ("applications/{0}/decide?state=received", {}, "applications/{0}?state=received&language=ru"),
        ("applications/{0}/ask", {"message": "x"}, "applications/{0}?language=ru"),
        ("applications/{0}/erase", {"typed": "x"}, "applications/{0}?language=ru"),
        ("hosts/usm/sheet", {"call": "2027-autumn"}, "hosts/usm?call=2027-autumn&language=ru"),
        ("keeping/erase", {"call": "2027-autumn"}, "keeping?call=2027-autumn&language=ru"),
        (
            "catalogue",
            {"file": "content/documents.yaml", "text": "x: ["},
            "catalogue?file=content%2Fdocuments.yaml&language=ru",
        ),
    ]
    for form, fields, leads in forms:
        page = officer.post(f"/office/{form.format(sent.reference)}", fields, at="/office/")
        assert page.status_code == 422, form
        assert in_russian(page) == f"/office/{leads.format(sent.reference)}"
        assert officer.get(in_russian(page)).status_code == 200


def test_another_language_keeps_what_the_address_says(officer: Officer, student: Student) -> None:
    assert in_russian(officer.get("/office/applications?state=received&language=kk&words=a%26b")) == (
        "/office/applications?state=received&words=a%26b&language=ru"
    )
    wished = in_russian(student.get("/apply/start?programme=usm/exchange"))
    assert wished == "/apply/start?programme=usm%2Fexchange&language=ru"
    assert in_russian(student.get("/apply/nowhere?_scheme=x")) == "/apply/?language=ru"


def test_every_form_that_stood_open_too_long_leads_back_to_its_page(
    officer: Officer, sent: Bag, student: Student, portal: Portal
) -> None:
    filled = {
        "reference": sent.reference, "version": "v1", "number": "0", "partner": "usm", "token": "x",
        "secret": "x", "slot_id": "transcript", "file_id": "x", "round_id": "x", "arrival_id": "x",
        "section_id": "choices",
    }  # fmt: skip
    for rule in portal.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.rule.startswith("/apply/documents/<slot_id>/t"):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda place: filled[place[1]], rule.rule)
        desk = path.startswith("/office/")
        page = (officer if desk else student).http.post(f"{portal.address}{path}?language=en", timeout=30)
        assert page.status_code == 400 and "open too long" in page.text, path
        assert ("Open the desk and repeat" if desk else "Open your application again") in page.text, path
        leads = in_russian(page)
        assert leads.startswith("/office/") == desk and "/x" not in leads, path
        assert (officer if desk else student).get(leads).status_code == 200, (path, leads)


# What the buttons do


def test_what_is_noted_of_documents_becomes_the_request(
    officer: Officer, sent: Bag, kept: Instance, student: Student
) -> None:
    where = f"/office/applications/{sent.reference}"
    noted = {"ok-v1/0": "yes", "ok-v1/3": "no", "note-v1/3": "Page two is missing"}
    page = officer.post(f"{where}/checks", noted, at=where)
    assert (
        "Page two is missing" in re.search(r'<textarea id="message".*?</textarea>', page.text, re.DOTALL)[0]
    )  # type: ignore[index]
    found = checks.of(kept, sent.call, sent.reference).values()
    assert sorted((each.ok, each.note) for each in found) == [(False, "Page two is missing"), (True, "")]
    slot = sent.record()["files"][3]["slot"]
    assert re.search(rf'value="{slot}" id="slot-{slot}" checked', page.text)
    asked = {"slot": [slot], "message": "Page two is missing"}
    preview = officer.post(f"{where}/ask", {**asked, "preview": "yes"}, at=where).text
    name = sent.record()["files"][3]["document"]
    assert f"- {name}" in preview and "please correct something" in preview
    assert not review.standing(kept, sent.call, sent.reference).rounds, "a preview asks nothing"
    officer.post(f"{where}/ask", asked, at=where)
    assert "Page two is missing" in student.get("/apply/status").text
    assert "Correction asked for" in officer.get("/office/applications").text


def test_what_two_officers_note_of_one_document_is_seen_by_both(
    officer: Officer, portal: Portal, sent: Bag, kept: Instance
) -> None:
    where = f"/office/applications/{sent.reference}"
    other = signed_in(portal, "Another Officer")[0]

    def noted() -> set[str]:
        return {each.said for each in checks.of(kept, sent.call, sent.reference).values()}

    other.post(f"{where}/checks", {"ok-v1/3": "no", "note-v1/3": "Page 2 is missing"}, at=where)
    # The officer's page is from before, and says nothing of this document: what stands stays.
    officer.post(f"{where}/checks", {"ok-v1/0": "yes", "seen-v1/0": "", "seen-v1/3": ""}, at=where)
    assert noted() == {"no Page 2 is missing", "yes"}
    page = officer.post(f"{where}/checks", {"ok-v1/3": "yes", "seen-v1/3": ""}, at=where)
    assert page.status_code == 409 and noted() == {"no Page 2 is missing", "yes"}
    shown = re.search(r'id="paper-v1-3".*?</article>', page.text, re.DOTALL)
    assert shown and "Another Officer noted meanwhile" in shown[0] and "Page 2 is missing" in shown[0]
    assert re.search(r'name="ok-v1/3" value="yes" checked', shown[0]), "what was typed is kept"
    seen = re.search(r'name="seen-v1/3" value="([^"]+)"', shown[0])
    assert seen
    officer.post(f"{where}/checks", {"ok-v1/3": "yes", "seen-v1/3": html.unescape(seen[1])}, at=where)
    assert noted() == {"yes"}, "knowing it, one may"


def test_a_note_alone_says_that_a_document_is_not_in_order(
    officer: Officer, sent: Bag, kept: Instance
) -> None:
    where = f"/office/applications/{sent.reference}"
    officer.post(f"{where}/checks", {"note-v1/3": "Not signed"}, at=where)
    (check,) = checks.of(kept, sent.call, sent.reference).values()
    assert check.said == "no Not signed"


def test_a_fault_keeps_the_page_and_says_what_is_wrong(officer: Officer, sent: Bag) -> None:
    where = f"/office/applications/{sent.reference}"
    for act, fields, says in (
        ("ask", {"message": "x"}, "nothing is asked for"),
        ("ask", {"message": " ", "slot": "transcript"}, "say in the message"),
        ("decide", {}, "Choose a decision"),
        ("decide", {"outcome": "waiting list", "rank": "abc"}, "a rank is a number from 1"),
        ("decide", {"outcome": "waiting list", "rank": "-3"}, "a rank is a number from 1"),
        ("decide", {"outcome": "nominated", "programme": "no/such"}, "name the programme"),
        (
            "decide",
            {"outcome": "nominated", "programme": "usm/exchange", "answer_by": "2020-01-01"},
            "is over",
        ),
        ("decide", {"outcome": "nominated", "programme": "usm/exchange", "answer_by": "soon"}, "is no day"),
        ("host", {"word": "accepted"}, "is not nominated"),
    ):
        page = officer.post(f"{where}/{act}", fields, at=where)
        assert page.status_code == 422 and says in page.text, act


def test_what_is_not_possible_is_said_in_the_officers_language(officer: Officer, sent: Bag) -> None:
    where = f"/office/applications/{sent.reference}"
    for act, fields, at, says in (
        ("applications/%s/host", {"word": "accepted"}, where, "студент не номинирован"),
        (
            "applications/%s/decide",
            {"outcome": "nominated", "programme": "no/such"},
            where,
            "укажите программу",
        ),
        ("applications/%s/ask", {"message": "x"}, where, "ничего не запрошено"),
        (
            "decisions/recall",
            {"decision": f"{sent.reference}/1"},
            "/office/decisions",
            "о решении не сообщалось",
        ),
        ("drafts/remind", {"draft": "0" * 64}, "/office/drafts", "нет черновика 000000000000"),
        ("drafts/late", {"until": "soon"}, "/office/drafts", "не дата"),
        ("hosts/usm/sheet", {"call": sent.call}, "/office/hosts/usm", "никому не сообщали о номинации"),
    ):
        path = f"/office/{act % sent.reference if '%' in act else act}?language=ru"
        assert says in officer.post(path, fields, at=at).text, act


def test_a_request_begins_with_documents_as_the_student_calls_them(
    officer: Officer, sent: Bag, kept: Instance
) -> None:
    (draft,) = drafts.every(kept)
    drafts.note(draft, lambda there: replace(there, language="ru"))
    where = f"/office/applications/{sent.reference}"
    number = next(n for n, file in enumerate(sent.record()["files"]) if file["slot"] == "transcript")
    page = officer.post(
        f"{where}/checks", {f"ok-v1/{number}": "no", f"note-v1/{number}": "Нет второй страницы"}, at=where
    )
    assert re.search(
        r'<textarea id="message"[^>]*>Официальный транскрипт КБТУ: Нет второй страницы</textarea>', page.text
    )


def test_a_decision_is_drafted_previewed_released_and_recalled(
    officer: Officer, sent: Bag, kept: Instance, student: Student
) -> None:
    where = f"/office/applications/{sent.reference}"
    decided = {
        "seen": "0",
        "outcome": "nominated",
        "programme": "usm/exchange",
        "message": "Welcome",
        "answer_by": "2027-05-01",
    }
    officer.post(f"{where}/decide", decided, at=where)
    assert "nominated" not in student.get("/apply/status").text
    page = officer.get("/office/decisions").text
    assert "you are nominated, answer by 1 May 2027" in page and "Welcome" in page
    assert "back/" not in page, "a preview makes no link"
    shown = {"decision": [f"{sent.reference}/1"]}
    page = officer.post("/office/decisions/release", shown, at="/office/decisions").text
    assert "1 told. The mails wait: no mail server is set." in page
    assert "You are nominated" in student.get("/apply/status").text
    assert any("you are nominated" in mail for mail in mails(kept))
    officer.post("/office/decisions/recall", shown, at="/office/decisions")
    assert "nominated" not in student.get("/apply/status").text
    assert not any("you are nominated" in mail for mail in mails(kept))
    by = {entry["event"]: entry.get("by") for entry in journal.entries(kept)}
    assert by["decided"] == by["released"] == by["recalled"] == next(staff.every(kept)).id


def test_several_are_decided_on_from_the_list(officer: Officer, sent: Bag, kept: Instance) -> None:
    chosen = {"decision": ["2027A-9999/0", f"{sent.reference}/0"], "outcome": "nominated"}
    page = officer.post("/office/applications/decide?state=received", chosen, at="/office/applications")
    assert "1 decided" in page.text and "no application 2027A-9999" in page.text
    there = review.standing(kept, sent.call, sent.reference)
    assert there.holds == ("usm/exchange",) and there.decision is None, "drafted, for the first choice"


def test_who_has_begun_is_reminded_of_what_is_missing(
    student: Student, kept: Instance, officer: Officer
) -> None:
    student.begin(email="begun@example.kz")
    page = officer.get("/office/drafts?call=2027-autumn").text
    assert "begun@example.kz" in page and "things" in page
    (draft,) = drafts.every(kept)
    before = len(mails(kept))
    officer.post("/office/drafts/remind", {"draft": [draft.hash], "call": "2027-autumn"}, at="/office/drafts")
    assert len(mails(kept)) == before + 1
    assert "is not sent yet" in mails(kept)[-1] and "passport" in mails(kept)[-1].lower()
    assert next(outbox.waiting(kept)).to == "begun@example.kz"


def test_additional_documents_are_asked_and_an_application_goes(
    officer: Officer, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    where = f"/office/applications/{sent.reference}"
    tell(desk_of(), sent.reference, "nominated")
    officer.post(f"{where}/additional", {"documents": "Health insurance\n\nVisa"}, at=where)
    (asked,) = review.standing(kept, sent.call, sent.reference).rounds
    assert [each.name for each in asked.documents] == ["Health insurance", "Visa"]
    assert any("- Health insurance" in mail and "- Visa" in mail for mail in mails(kept))
    assert officer.post(f"{where}/erase", {"typed": "2027A-9999"}, at=where).status_code == 422
    officer.post(f"{where}/withdraw", {"reason": "wrote to us"}, at=where)
    assert review.standing(kept, sent.call, sent.reference).withdrawn
    officer.post(f"{where}/erase", {"typed": sent.reference.lower()}, at=where)
    assert not sent.home.exists() and officer.get(where).status_code == 404
    by = {entry["event"]: entry.get("by") for entry in journal.entries(kept)}
    assert by["asked"] == by["erasure begun"] == next(staff.every(kept)).id


def test_one_student_is_let_in_late(officer: Officer, kept: Instance) -> None:
    late = {"call": "2027-autumn", "email": "late@example.kz", "reason": "was in hospital"}
    page = officer.post("/office/drafts/late", {**late, "until": "2027-03-01"}, at="/office/drafts")
    assert page.status_code == 422 and "is not after the closing" in page.text
    assert 'value="late@example.kz"' in page.text and 'value="was in hospital"' in page.text
    blank = {**late, "until": "2027-04-05", "reason": " "}
    assert "say why" in officer.post("/office/drafts/late", blank, at="/office/drafts").text
    assert list(drafts.every(kept)) == []
    officer.post("/office/drafts/late", {**late, "until": "2027-04-05"}, at="/office/drafts")
    (draft,) = drafts.every(kept)
    assert draft.late and draft.late.reason == "was in hospital"
    assert any("You may still submit" in mail for mail in mails(kept))


def test_what_is_overdue_stands_on_the_first_page(officer: Officer, sent: Bag, portal: Portal) -> None:
    where = f"/office/applications/{sent.reference}"
    officer.post(f"{where}/ask", {"slot": ["transcript"], "message": "x", "until": "2027-03-20"}, at=where)
    assert "Correction overdue" not in officer.get("/office/?call=2027-autumn").text
    portal.now = datetime.datetime(2027, 3, 21, tzinfo=portal.now.tzinfo)
    again, _ = signed_in(portal, "Another Officer", "reader")
    assert "Correction overdue" in again.get("/office/?call=2027-autumn").text
    assert sent.reference in again.get("/office/applications?call=2027-autumn&asked=overdue").text
    assert sent.reference not in again.get("/office/applications?call=2027-autumn&asked=additional").text


# The catalogue


@pytest.fixture
def editing(tmp_path: Path, in_march: datetime.datetime) -> Iterator[tuple[Officer, Portal]]:
    """An officer before a portal with files of its own to edit."""
    shutil.copytree(CHECKOUT.content, tmp_path / "checkout/content")
    shutil.copy(CHECKOUT.partners, tmp_path / "checkout")
    (tmp_path / "checkout/partners.yaml").chmod(0o644)
    with running(tmp_path / "instance", in_march, checkout=Checkout(tmp_path / "checkout")) as portal:
        yield signed_in(portal)[0], portal


def based_on(page: requests.Response) -> str:
    """By which the form on a page says which version of the file was edited."""
    found = re.search('name="based_on" value="([0-9a-f]{64})"', page.text)
    assert found
    return found[1]


def test_nobodys_edit_is_overwritten_unseen(editing: tuple[Officer, Portal]) -> None:
    one, portal = editing
    other, path = signed_in(portal, "Second Officer")[0], portal.settings.checkout.partners
    before, where = path.read_text(encoding="utf-8"), "/office/catalogue?file=partners.yaml"
    opened = based_on(one.get(where))
    put = {"file": "partners.yaml", "put": "yes", "based_on": opened}
    first = before.replace("min_gpa: 3.0 #", "min_gpa: 3.1 #", 1)
    one.post("/office/catalogue", {**put, "text": first}, at=where)
    second = before.replace("institution:", "# typed by the second\ninstitution:", 1)
    for button in ({"put": "yes"}, {"put": "yes"}, {}):
        asked = {"file": "partners.yaml", "based_on": opened, "text": second, **button}
        page = other.post("/office/catalogue", asked, at=where)
        assert "Somebody else has changed this file" in page.text, button
        assert "-  min_gpa: 3.1" in page.text and page.text.count("# typed by the second") == 2
        assert path.read_text(encoding="utf-8") == first
    both = second.replace("min_gpa: 3.0 #", "min_gpa: 3.1 #", 1)
    page = other.post("/office/catalogue", {**put, "text": both, "based_on": based_on(page)}, at=where)
    assert path.read_text(encoding="utf-8") == both and "is in place" in page.text


def test_a_file_is_checked_compared_and_put_in_place(editing: tuple[Officer, Portal]) -> None:
    officer, portal = editing
    path = portal.settings.checkout.partners
    before, where = path.read_text(encoding="utf-8"), "/office/catalogue?file=partners.yaml"
    wrong = before.replace("min_gpa: 3.0 #", "min_gpa: 5.2 #", 1)
    page = officer.post("/office/catalogue", {"file": "partners.yaml", "text": wrong, "put": "yes"}, at=where)
    assert page.status_code == 422 and "requirements.min_gpa is 5.2, must be 0 to 4.0" in page.text
    assert path.read_text(encoding="utf-8") == before and "min_gpa: 5.2" in page.text, (
        "what was typed is kept"
    )
    right = {"file": "partners.yaml", "text": before.replace("min_gpa: 3.0 #", "min_gpa: 3.1 #", 1)}
    page = officer.post("/office/catalogue", right, at=where)
    assert "-  min_gpa: 3.0" in page.text and "+  min_gpa: 3.1" in page.text
    assert "What readers would see differently" in page.text and "<td>Universiti Sains" in page.text
    assert path.read_text(encoding="utf-8") == before, "looking at it changes nothing"
    officer.post("/office/catalogue", {**right, "put": "yes", "based_on": based_on(page)}, at=where)
    assert path.read_text(encoding="utf-8") == right["text"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644, "the build of the site reads it, too"
    assert "3.1" in officer.get("/apply/start").text
    assert events(portal.settings.kept)[-1] == "rules edited"


def test_a_partners_page_is_shown_as_readers_would_see_it(editing: tuple[Officer, Portal]) -> None:
    officer, portal = editing
    checkout = portal.settings.checkout
    before, where = checkout.partners.read_text(encoding="utf-8"), "/office/catalogue?file=partners.yaml"
    more = "  - id: klaipeda\n    costs: {en: Rent about EUR 321 a month, ru: Аренда, kk: Жалдау}\n"
    given = {"file": "partners.yaml", "text": before.replace("  - id: klaipeda\n", more)}
    page = officer.post("/office/catalogue/page", {**given, "see": "klaipeda"}, at=where)
    assert page.status_code == 409 and "There is no built site yet" in page.text
    shutil.copytree(CHECKOUT.site_source, checkout.site_source)
    site = build(checkout)
    built = (site / "partners/klaipeda/index.html").read_text(encoding="utf-8")
    offered = officer.post("/office/catalogue", given, at=where).text
    assert re.findall(r'<option value="([^"]*)">', offered) == ["klaipeda"]
    page = officer.post("/office/catalogue/page", {**given, "see": "klaipeda"}, at=where)
    assert "Rent about EUR 321 a month" in page.text and "321" not in built
    assert 'href="/assets/stylesheets/site.css"' in page.text and 'href="/countries/lt/"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "sha256-" in page.headers["Content-Security-Policy"], "the site's own scripts run in it"
    new = before.replace("  - id: klaipeda\n", "  - id: new-one\n").replace("name: Klaipėda", "name: Newpėda")
    given = {"file": "partners.yaml", "text": new.replace("https://www.ku.lt\n", "https://www.new.lt\n")}
    page = officer.post("/office/catalogue/page", {**given, "see": "new-one"}, at=where)
    assert page.status_code == 200 and 'href="/partners/new-one/' not in built
    assert officer.post("/office/catalogue/page", {**given, "see": "nobody"}, at=where).status_code == 404
    assert checkout.partners.read_text(encoding="utf-8") == before, "looking at it changes nothing"


def test_no_other_file_is_read_or_written(editing: tuple[Officer, Portal]) -> None:
    officer, _ = editing
    for name in ("../instance/receipt-key.pem", "/etc/passwd", "content/pages/en/criteria.md", "", "%00"):
        assert officer.get(f"/office/catalogue?file={name}").status_code == 404
        assert officer.get(f"/office/catalogue/file?file={name}").status_code == 404
        answer = officer.post("/office/catalogue", {"file": name, "text": "x", "put": "yes"}, at="/office/")
        assert answer.status_code == 404


def test_an_application_with_one_choice_is_rejected_at_the_desk(
    officer: Officer, sent: Bag, kept: Instance
) -> None:
    where = f"/office/applications/{sent.reference}"
    assert len(sent.record()["choices"]) == 1
    form = officer.get(where).text
    assert re.search(r'<select id="decide-programme" name="programme"><option value=""></option>', form)
    decided = {"seen": "0", "outcome": "not nominated", "programme": "usm/exchange"}
    assert officer.post(f"{where}/decide", decided, at=where).status_code == 200
    drafted = review.standing(kept, sent.call, sent.reference).drafted
    assert drafted and drafted.decision.outcome == "not nominated" and drafted.decision.programme is None


def test_what_was_typed_stays_where_something_is_not_possible(
    officer: Officer, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    where = f"/office/applications/{sent.reference}"
    decided = {"outcome": "nominated", "programme": "usm/exchange", "message": "Bring a coat", "seen": "0"}
    decisions.decide(desk_of(), sent.reference, "waiting list")
    page = officer.post(f"{where}/decide", decided, at=where)
    assert page.status_code == 422 and "another decision has come" in page.text
    assert "Bring a coat</textarea>" in page.text and 'value="nominated" id="outcome-1" checked' in page.text
    assert 'value="usm/exchange" selected' in page.text and 'name="seen" value="1"' in page.text
    officer.post(f"{where}/decide", {**decided, "seen": "1"}, at=where)
    assert review.standing(kept, sent.call, sent.reference).holds == ("usm/exchange",)
    decisions.release(desk_of(), sent.reference)
    for act, fields, kept_in_page in (
        ("host", {"word": "accepted", "note": "by their mail", "seen": "1"}, 'value="by their mail"'),
        ("additional", {"documents": "Visa", "message": "Soon", "until": "2020-01-01"}, "Visa</textarea>"),
        ("erase", {"typed": "2027A-9999"}, 'value="2027A-9999"'),
    ):
        page = officer.post(f"{where}/{act}", fields, at=where)
        assert page.status_code == 422 and kept_in_page in page.text, act


def test_the_page_offers_what_can_be_done(officer: Officer, sent: Bag, desk_of: Callable[[], Desk]) -> None:
    where = f"/office/applications/{sent.reference}"

    def offered() -> set[str]:
        acts = re.findall(rf'action="{where}/([a-z-]+)', officer.get(where).text)
        return {act for act in acts if act in ("ask", "decide", "host", "additional", "withdraw")}

    assert offered() == {"ask", "decide", "withdraw"}
    tell(desk_of(), sent.reference, "nominated")
    assert offered() == {"ask", "decide", "host", "additional", "withdraw"}
    review.answer(desk_of().instance, sent.call, sent.reference, True, desk_of().now)
    assert offered() == {"ask", "host", "additional", "withdraw"}
    decisions.host_says(desk_of(), sent.reference, "refused")
    assert offered() == {"ask", "decide", "withdraw"}
    with pytest.raises(NotPossible, match="is not nominated"):
        actions.open_additional(desk_of(), sent.reference, ["Visa"], "")
    actions.withdraw(desk_of(), sent.reference, "applicant")
    assert offered() == set()


def test_of_several_those_that_can_be_are_told(officer: Officer, sent: Bag, kept: Instance) -> None:
    where = f"/office/applications/{sent.reference}"
    officer.post(f"{where}/decide", {"seen": "0", "outcome": "waiting list"}, at=where)
    shown = {"decision": ["2027A-9999/1", f"{sent.reference}/1", f"{sent.reference}/7"]}
    page = officer.post("/office/decisions/release", shown, at="/office/decisions")
    assert page.status_code == 422 and "1 told." in page.text and "2 not told:" in page.text
    assert "no application 2027A-9999" in page.text
    assert review.standing(kept, sent.call, sent.reference).told


def test_a_place_that_came_free_is_offered_by_one_button(
    officer: Officer, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    tell(desk_of(), sent.reference, "waiting list")
    page = officer.get("/office/places").text
    form = re.search(
        rf'action="(/office/applications/{sent.reference}/decide)">(.*?)</form>', page, re.DOTALL
    )
    assert form
    given = re.findall(r'name="([a-z]+)" value="([^"]*)"', form[2])
    officer.post(form[1], dict(given), at="/office/places")
    drafted = review.standing(kept, sent.call, sent.reference).drafted
    assert drafted and (drafted.decision.outcome, drafted.decision.programme) == ("nominated", "usm/exchange")
    assert f"{sent.reference}/decide" not in officer.get("/office/places").text


def test_no_mail_is_promised_that_no_server_sends(
    officer: Officer, sent: Bag, portal: Portal, desk_of: Callable[[], Desk]
) -> None:
    where = f"/office/applications/{sent.reference}"
    asked = {"slot": ["transcript"], "message": "Page 2"}
    waits = "No mail server is set: what is written waits."
    assert waits in officer.get("/office/drafts").text
    assert "A mail to the student is written, and waits" in officer.post(f"{where}/ask", asked, at=where).text
    context = portal.app.extensions["portal"]
    context.settings = replace(context.settings, mail=Server("127.0.0.1", 9, "icd@university.example"))
    assert waits not in officer.get("/office/drafts").text
    tell(desk_of(), sent.reference, "nominated")
    page = officer.post(f"{where}/additional", {"documents": "Visa"}, at=where).text
    assert "A mail to the student is written." in page
    decisions.decide(desk_of(), sent.reference, "not nominated")
    shown = {"decision": [f"{sent.reference}/2"]}
    page = officer.post("/office/decisions/release", shown, at="/office/decisions").text
    assert "1 told. The mails go in 10 minutes" in page
    draft = private_links.of_reference(portal.settings.kept, sent.reference)
    assert draft
    drafts.note(draft, lambda current: replace(current, email=""))
    page = officer.post(f"{where}/withdraw", {"reason": "wrote"}, at=where).text
    assert "tell the student yourself" in page
