"""An HTTP client that does what a student does at the portal."""

import html
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin

import requests

from mobility.catalogue.rulebook import Rulebook
from tests.helpers.scans import Scans

AIGERIM = "aigerim.sampleova@example.kz"
Answers = Callable[..., dict[str, Any]]
"""Makes the answers of the invented student, some of them changed."""


def open_link(link: str) -> requests.Response:
    """Opens a private link in a browser of its own."""
    http = requests.Session()
    return press(http, http.get(link, timeout=20))


def press(http: requests.Session, page: requests.Response) -> requests.Response:
    """Presses the button that opens the application of a private link."""
    form = re.search(r'<form method="post" action="(/apply/open)">(.*?)</form>', page.text, re.DOTALL)
    if form is None:
        return page
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[2]))
    return http.post(urljoin(page.url, form[1]), data=fields, timeout=20)


def token_of(page: requests.Response) -> str:
    """What a form of a page must carry."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    return found[1]


class Served(Protocol):
    """Whatever serves pages."""

    @property
    def address(self) -> str:
        """Where they begin."""


class Student:
    """A browser session without JavaScript."""

    def __init__(self, portal: Served, book: Rulebook, http: requests.Session | None = None):
        self.portal, self.book, self.http = portal, book, http or requests.Session()

    def get(self, path: str) -> requests.Response:
        return self.http.get(self.portal.address + path, timeout=20)

    def post(self, path: str, data: dict[str, str] | None = None, **more: Any) -> requests.Response:
        fields = {"csrf_token": token_of(self.get("/apply/verify")), **(data or {})}
        return self.http.post(self.portal.address + path, data=fields, timeout=60, **more)

    def begin(self, programme: str = "", email: str = "") -> str:
        """Begins an application, with an address of its own where none is given; the private link."""
        email = email or f"sampleova-{secrets.token_hex(4)}@example.kz"
        page = self.post("/apply/start", {"programme": programme, "email": email}).text
        link = re.search(r'id="link"[^>]*>([^<]+)<', page)
        assert link
        return html.unescape(link[1])

    def open(self, link: str) -> requests.Response:
        """Follows a private link, and presses the button of its page if there is one."""
        return press(self.http, self.http.get(urljoin(self.portal.address, link), timeout=20))

    def answer(self, given: dict[str, Any]) -> None:
        """Sends the answers section by section; fails where one is refused."""
        for section in self.book.application.sections:
            typed = {}
            for field in section.fields:
                if isinstance(given.get(field.id), str):
                    typed[field.id] = given[field.id]
            page = self.post(f"/apply/questions/{section.id}", typed)
            assert page.status_code == 200, re.findall(r'class="fault"[^>]*>(.*?)</p>', page.text)

    def upload(self, slot: str, path: Path, **more: str) -> requests.Response:
        """Uploads one file into a slot."""
        with path.open("rb") as file:
            return self.post(f"/apply/documents/{slot}", more, files={"file": (path.name, file)})

    def upload_all(self, scans: Scans) -> None:
        """Uploads a file into every slot that is open."""
        slots = re.findall(r'id="slot-([^"]+)"', self.get("/apply/documents").text)
        assert "passport" in slots
        for slot in slots:
            assert self.upload(slot, scans.pdf(f"{slot}.pdf", text=slot)).status_code == 200
