"""What an attacker did, done again over real HTTP: none of it works any more."""

import dataclasses
import datetime
import re
import socket
import statistics
import time

import pytest
import requests

from mobility.applications import drafts, journal, private_links, sessions
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import outbox
from mobility.office.outbox import Server
from mobility.paths import Instance
from portal import create_app
from portal.settings import BadSettings, own_address, own_hosts
from tests.helpers.follow_ups import written
from tests.helpers.mails import links_in, mails
from tests.helpers.portal_server import Portal
from tests.helpers.scans import Scans
from tests.helpers.student import AIGERIM, Student

VICTIM = "victim@example.kz"


def to_whom(kept: Instance) -> list[str]:
    written(kept)
    return [mail.to for mail in outbox.waiting(kept)]


def events(kept: Instance) -> list[str]:
    return [entry["event"] for entry in journal.entries(kept)]


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "Forwarded"])
def test_a_mailed_link_begins_with_our_own_address_whatever_the_request_says(
    student: Student, portal: Portal, kept: Instance, name: str
) -> None:
    student.begin(email=VICTIM)
    portal.now += datetime.timedelta(minutes=10)
    evil = "host=evil.example" if name == "Forwarded" else "evil.example"
    answer = student.post("/apply/link", {"email": VICTIM}, headers={name: evil})
    assert answer.status_code == (400 if name == "Host" else 200)
    for mail in mails(kept):
        assert "evil.example" not in mail
        assert all(link.startswith(f"{portal.address}/apply/back/") for link in links_in(mail))


@pytest.mark.parametrize("path", ["/apply/", "/apply/link", "/apply/static/portal.css", "/", "/nowhere"])
def test_another_host_gets_400_everywhere(portal: Portal, path: str) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:80", "127.0.0.1@evil.example"):
        answer = requests.get(portal.address + path, headers={"Host": host}, timeout=10)
        assert answer.status_code == 400
        assert "evil" not in answer.text


@pytest.mark.parametrize("path", ["//evil.example/", "//evil.example/../apply/x", "/\\evil.example/"])
def test_no_address_makes_a_page_that_leads_to_another_host(portal: Portal, path: str) -> None:
    with socket.create_connection(("127.0.0.1", int(portal.address.rsplit(":", 1)[1]))) as line:
        line.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.0 404") or answer.startswith("HTTP/1.1 404")
    assert "evil" not in answer


def test_a_real_portal_needs_its_own_address_in_the_settings(book: Rulebook) -> None:
    def with_address(address: str | None) -> Rulebook:
        settings = book.catalogue.settings.model_copy(update={"address": address})
        catalogue = book.catalogue.model_copy(update={"settings": settings})
        return Rulebook(catalogue, book.forms, book.documents, book.news, book.version)

    for missing in (None, "http://mobility.example.kz/"):
        with pytest.raises(BadSettings, match=r"settings\.address"):
            own_address(with_address(missing))
    real = with_address("https://mobility.example.kz/")
    assert own_address(real) == "https://mobility.example.kz/apply/"
    assert own_hosts(real, own_address(real)) == ("mobility.example.kz",)


def test_an_address_is_changed_a_few_times_and_the_old_one_is_told(student: Student, kept: Instance) -> None:
    student.begin(email=AIGERIM)
    written(kept)
    answers = []
    for number in range(60):
        answers.append(student.post("/apply/address", {"email": f"{number}@example.kz"}).status_code)
        written(kept)  # an address that is left before gets no link
    assert answers[:6] == [200] * 6 and set(answers[6:]) == {429}
    told = to_whom(kept)
    assert len(told) == 1 + 2 * 6
    assert told.count(AIGERIM) == 2, "the first link, and that mail goes elsewhere now"
    assert "limit reached" in events(kept)
    page = student.post("/apply/address", {"email": "typed@example.kz"})
    assert "typed@example.kz" in page.text and "too often" in page.text


def test_one_mailbox_gets_so_many_mails_whoever_asks(
    portal: Portal, book: Rulebook, kept: Instance, call: Call
) -> None:
    for _ in range(5):
        Student(portal, book).begin(email=VICTIM)
    for _ in range(40):
        portal.now += private_links.AGAIN_AFTER
        Student(portal, book).post("/apply/link", {"email": "VICTIM@example.kz"})
        written(kept)
    assert to_whom(kept).count(VICTIM) <= 12
    assert portal.now < call.closes


def test_a_mailbox_is_not_flooded_by_the_many_ways_to_write_its_address(
    portal: Portal, book: Rulebook, kept: Instance
) -> None:
    for number in range(20):
        Student(portal, book).begin(email=f"v.ictim+{number}@example.kz")
    assert len(to_whom(kept)) == 12


def test_whose_address_was_used_too_often_is_mailed_the_links(
    portal: Portal, book: Rulebook, kept: Instance
) -> None:
    for number in range(10):
        drafts.start(kept, "2027-autumn", portal.now, {"email": VICTIM, "x": str(number)}, VICTIM)
    owner = Student(portal, book)
    page = owner.post("/apply/start", {"email": VICTIM})
    assert page.status_code == 429 and "on the way to it by mail" in page.text
    assert f'value="{VICTIM}"' in page.text, "what was typed stays"
    (mail,) = mails(kept)
    assert len(links_in(mail)) == 10
    assert "Your application" in owner.open(links_in(mail)[0]).text


def test_who_asks_for_anothers_links_on_and_on_uses_up_none_of_the_owners_mails(
    portal: Portal, book: Rulebook, kept: Instance
) -> None:
    stranger = Student(portal, book)
    Student(portal, book).begin(email=VICTIM)
    for _ in range(40):
        assert stranger.post("/apply/link", {"email": VICTIM}).ok
    before = len(to_whom(kept))
    Student(portal, book).begin(email=VICTIM)
    assert len(to_whom(kept)) == before + 1


def test_a_client_begins_and_mails_only_so_often(portal: Portal, book: Rulebook) -> None:
    student = Student(portal, book)
    token = re.search(r'name="csrf_token" value="([^"]+)"', student.get("/apply/verify").text)
    assert token
    for path in ("/apply/start", "/apply/link"):
        codes = []
        for number in range(130):
            fields = {"csrf_token": token[1], "email": f"{number}@example.kz"}
            answer = student.http.post(portal.address + path, data=fields, allow_redirects=False, timeout=20)
            codes.append(answer.status_code)
            if path == "/apply/start":
                student.http.cookies.clear()
                page = student.get("/apply/verify").text
                token = re.search(r'name="csrf_token" value="([^"]+)"', page)
                assert token
        assert codes[:120] == [303] * 120 and set(codes[120:]) == {429}


@pytest.mark.parametrize(
    "email", ["=?utf-8?q?attacker=40evil.com=2C?=x@kbtu.kz", "a;b@x.kz", "a,b@x.kz", "a%evil.com@kbtu.kz"]
)
def test_an_address_that_reaches_several_or_another_is_refused(
    student: Student, kept: Instance, email: str
) -> None:
    for path in ("/apply/start", "/apply/link"):
        page = student.post(path, {"email": email})
        assert page.status_code == 422 and re.search("(Enter|in) an e-mail address", page.text)
    assert to_whom(kept) == [] and list(drafts.every(kept)) == []


def test_a_copied_cookie_opens_nothing_once_its_browser_has_left(student: Student, portal: Portal) -> None:
    student.begin()
    copied = requests.Session()
    copied.cookies.update(student.http.cookies)
    assert copied.get(f"{portal.address}/apply/documents", timeout=10).url.endswith("/apply/documents")
    student.post("/apply/leave")
    assert copied.get(f"{portal.address}/apply/documents", timeout=10).url.endswith("/apply/")


def test_a_session_ends_after_its_longest_time(student: Student, portal: Portal, call: Call) -> None:
    student.begin()
    portal.now = min(
        portal.now + sessions.LONGEST + datetime.timedelta(hours=1), call.closes.replace(year=2028)
    )
    assert "not in the application any more" in student.get("/apply/").text


def test_the_cookie_says_when_it_was_used_and_holds_no_link(student: Student, portal: Portal) -> None:
    link = student.begin()
    cookie = student.http.cookies.get("application", domain="127.0.0.1")
    signer = portal.app.session_interface.get_signing_serializer(portal.app)  # type: ignore[attr-defined]
    held, used = signer.loads(cookie, return_timestamp=True)
    assert link.rsplit("/", 1)[1] not in str(held)
    assert abs(used.timestamp() - time.time()) < 60
    assert portal.app.permanent_session_lifetime == sessions.IDLE


def test_over_https_the_cookie_is_bound_to_our_host_alone(portal: Portal) -> None:
    app = create_app(dataclasses.replace(portal.settings, https=True))
    answer = app.test_client().get("/apply/link?language=ru", base_url="https://localhost")
    cookies = answer.headers.getlist("Set-Cookie")
    assert sorted(cookie.split("=")[0] for cookie in cookies) == ["__Host-application", "__Host-language"]
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie and "SameSite=Lax" in cookie


def test_a_draft_of_an_address_nobody_confirmed_takes_little_room(
    student: Student, portal: Portal, kept: Instance, scans: Scans
) -> None:
    mail = Server("127.0.0.1", 9, "icd@example.kz")
    portal.app.extensions["portal"].settings = dataclasses.replace(portal.settings, mail=mail)
    student.begin(email=AIGERIM)
    answers = [
        student.upload(slot, scans.pdf_of(19_900_000, f"{slot}.pdf"))
        for slot in ("passport", "transcript", "application-form")
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert "Confirm your e-mail address first" in answers[-1].text
    (link,) = links_in(mails(kept)[0])
    student.open(link)
    assert student.upload("application-form", scans.pdf_of(19_900_000, "again.pdf")).status_code == 200


def test_known_and_unknown_addresses_take_the_same_time(student: Student, portal: Portal) -> None:
    for number in range(30):
        drafts.start(portal.settings.kept, "2027-autumn", portal.now, {}, f"{number}@example.kz")
    token = re.search(r'name="csrf_token" value="([^"]+)"', student.get("/apply/verify").text)
    assert token

    def seconds(email: str) -> float:
        fields = {"csrf_token": token[1], "email": email}
        began = time.perf_counter()
        student.http.post(f"{portal.address}/apply/link", data=fields, allow_redirects=False, timeout=20)
        return time.perf_counter() - began

    both = [(seconds(f"{n}@example.kz"), seconds(f"x{n}@example.kz")) for n in range(30)]
    known, unknown = (statistics.median(each) for each in zip(*both, strict=True))
    assert max(known, unknown) < 1.5 * min(known, unknown) + 0.002


def test_refused_forms_are_journalled_and_a_flood_of_them_does_not_fill_the_disk(
    portal: Portal, kept: Instance
) -> None:
    for _ in range(100):
        answer = requests.post(f"{portal.address}/apply/link", data={"email": VICTIM}, timeout=10)
        assert answer.status_code == 400
    assert events(kept) == ["form refused"] * 30
    told = kept.journal.read_text()
    assert VICTIM not in told and "127.0.0.1" not in told
    assert journal.breaks(kept) == []
