"""Erasing beside whatever else a browser sends at that moment: no fault, and nothing is left."""

import re
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from mobility.applications import drafts, review
from mobility.applications.bags import Bag
from mobility.applications.review import Round
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.mails import written
from tests.helpers.portal_server import Portal
from tests.helpers.scans import Scans
from tests.helpers.student import Student

PIECE = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}


def left(kept: Instance) -> list[Path]:
    written(kept)
    return [path for folder in (kept.drafts, kept.links, kept.outbox) for path in folder.glob("[!.]*")]


class Browser:
    """A browser with several tabs: requests that go out at once, all with the same cookie and token."""

    def __init__(self, student: Student):
        page = student.get("/apply/verify").text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found
        self.address, self.token = student.portal.address, found[1]
        self.cookie = "; ".join(f"{each.name}={each.value}" for each in student.http.cookies)

    def send(
        self,
        method: str,
        path: str,
        data: dict[str, str] | bytes | None = None,
        file: Path | None = None,
        **headers: str,
    ) -> requests.Response:
        sent = {"Cookie": self.cookie, "X-CSRFToken": self.token, **headers}
        files = {"file": (file.name, file.read_bytes())} if file else None
        where = self.address + path
        return requests.request(
            method, where, data=data, files=files, headers=sent, timeout=30, allow_redirects=False
        )


def test_an_upload_that_is_still_coming_while_all_is_erased_is_said_not_to_be_kept(
    student: Student, portal: Portal, kept: Instance, scans: Scans
) -> None:
    student.begin()
    browser, content = Browser(student), scans.pdf("passport.pdf").read_bytes()
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        + content
        + b"\r\n--x--\r\n"
    )
    head = (
        f"POST /apply/documents/passport HTTP/1.1\r\nHost: {portal.address[7:]}\r\n"
        f"Cookie: {browser.cookie}\r\n"
        f"X-CSRFToken: {browser.token}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", int(portal.address.rsplit(":", 1)[1]))) as line:
        line.sendall(head.encode() + body[:200])
        assert browser.send("POST", "/apply/erase").status_code == 200
        line.sendall(body[200:])
        answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 403") and "Not uploaded: a.pdf" in answer
    assert left(kept) == []


def everything(scans: Scans) -> list[Callable[[Browser], requests.Response]]:
    """What a browser may be doing while it erases."""
    passport = scans.pdf("passport.pdf")
    create = {"Tus-Resumable": "1.0.0", "Upload-Length": str(passport.stat().st_size)}

    def in_pieces(browser: Browser) -> requests.Response:
        made = browser.send("POST", "/apply/documents/passport/tus", **create)
        if made.status_code != 201:
            return made
        return browser.send("PATCH", made.headers["Location"], passport.read_bytes(), **PIECE)

    return [
        lambda browser: browser.send("POST", "/apply/documents/passport", file=passport),
        in_pieces,
        lambda browser: browser.send("POST", "/apply/questions/contact", {"phone": "+77012345678"}),
        lambda browser: browser.send("POST", "/apply/check", {"remark-x": "x"}),
        lambda browser: browser.send("POST", "/apply/submit"),
        lambda browser: browser.send("POST", "/apply/address", {"email": "another@example.kz"}),
        lambda browser: browser.send("POST", "/apply/link/only"),
        lambda browser: browser.send("GET", "/apply/documents"),
        lambda browser: browser.send("GET", "/apply/"),
    ]


@pytest.mark.parametrize("number", range(9))
def test_nothing_that_is_sent_beside_erasing_fails_or_brings_the_draft_back(
    portal: Portal, book: Rulebook, kept: Instance, scans: Scans, number: int
) -> None:
    doing = everything(scans)[number]
    for _ in range(4):
        student = Student(portal, book)
        student.begin()
        browser, erased = Browser(student), threading.Event()

        def until_erased(browser: Browser = browser, erased: threading.Event = erased) -> list[int]:
            codes = []
            while not erased.is_set():
                codes.append(doing(browser).status_code)
            return [*codes, doing(browser).status_code]

        with ThreadPoolExecutor(3) as pool:
            others = [pool.submit(until_erased) for _ in range(2)]
            answer = browser.send("POST", "/apply/erase")
            erased.set()
            codes = [code for other in others for code in other.result()]
        assert answer.status_code == 200
        assert max(codes) < 500, codes
        assert left(kept) == []


def test_what_an_applicant_does_while_the_office_erases_leads_to_the_start_page(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], portal: Portal
) -> None:
    wanted = Round("", portal.now.isoformat(), sections=("contact",))
    review.ask(kept, sent.call, sent.reference, "correction", wanted)
    browser = Browser(student)
    paths = ("/apply/rounds/correction-1", "/apply/withdraw", "/apply/erase", "/apply/place")
    with ThreadPoolExecutor(len(paths)) as pool:
        doing = [
            pool.submit(lambda path=path: [browser.send("POST", path) for _ in range(8)]) for path in paths
        ]
        actions.erase(desk_of(), sent.reference)
        codes = [answer.status_code for each in doing for answer in each.result()]
    assert max(codes) < 500, codes
    assert list(drafts.every(kept)) == []
