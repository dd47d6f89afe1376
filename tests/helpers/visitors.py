"""Visitors of the whole portal, each with an application in another state, put back to it at any time."""

import datetime
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import Client, TestResponse

from mobility.applications import drafts, resumable
from mobility.applications.drafts import Draft
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions
from mobility.office.desk import Desk
from mobility.paths import CHECKOUT, Instance
from portal import create_app
from portal.limits import Limits
from portal.settings import Settings, SignIn
from tests.helpers.scans import Scans

HOST = "http://127.0.0.1"
FILLING_EMAIL = "filling@example.kz"
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True)
class Visitor:
    """A browser at a moment: its cookie and token, what fills the places of addresses of its own, and the
    words by which its application would be known."""

    cookie: str = ""
    token: str = ""
    places: tuple[tuple[str, str], ...] = ()
    known_by: tuple[str, ...] = ()


class Everybody:
    """The portal with every address it can have, and its visitors: one who has no application, one who fills
    one, one who has sent one and is asked to correct it, and one who is at that."""

    def __init__(self, folder: Path, now: datetime.datetime, book: Rulebook, sign_in: SignIn):
        self.folder, self.kept = folder, Instance(folder / "instance")
        site = folder / "site"
        site.mkdir()
        (site / "index.html").write_text("The site")
        settings = Settings(
            checkout=CHECKOUT,
            instance=self.kept,
            secret_key="only-for-this-test-" + "0123456789abcdef",
            address=f"{HOST}/apply/",
            hosts=("127.0.0.1",),
            clock=lambda: now,
            https=False,
            site=site,
            sign_in=sign_in,
        )
        self.now, self.book, self.app = now, book, create_app(settings)
        self.visitors: dict[str, Visitor] = {}
        self.state: tuple[str, set[tuple[str, int, int]]] = "", set()

    def prepare(self, sent: Path, secret: str, scans: Scans) -> None:
        """Makes the visitors, one of them from a sent application and its secret."""
        shutil.copytree(sent, self.kept.root)
        (theirs,) = drafts.every(self.kept)
        assert theirs.sealed
        desk = Desk(self.kept, self.book, "", False, self.now)
        actions.ask_correction(desk, theirs.sealed, ["contact"], ["transcript"], "Page 2 is missing.")
        filling = self._filling(scans)
        (mine,) = (draft for draft in drafts.every(self.kept) if draft.email == FILLING_EMAIL)
        arrival = resumable.create(mine, "passport", "half.pdf", 5000, self.now)
        visitor = Visitor(
            *filling,
            self._places(mine, slot_id="passport", arrival_id=arrival.id),
            (FILLING_EMAIL, mine.hash[:12], "MYPASSPORT"),
        )
        opened = self.tab()
        opened.send("POST", "/apply/open", data={"secret": secret})
        self._keep("nobody", Visitor(*self.tab().state()))
        self._keep("filling", visitor)
        known_by = (theirs.email, theirs.hash[:12], theirs.sealed, "SAMPLEOVA")
        there = {"round_id": "correction-1", "version": "v1", "slot_id": "transcript"}
        self._keep("sent", Visitor(*opened.state(), self._places(theirs, **there), known_by))
        opened.send("POST", "/apply/rounds/correction-1")
        theirs = drafts.read(theirs.folder)
        assert theirs.round
        self._keep("correcting", Visitor(*opened.state(), self._places(theirs, **there), known_by))

    def put_back(self, who: str) -> "Tab":
        """The data folder and the browser of a visitor, as they were; no limit is reached."""
        if self.state != (who, stamps(self.kept.root)):
            shutil.rmtree(self.kept.root)
            shutil.copytree(self.folder / who, self.kept.root)
            self.state = who, stamps(self.kept.root)
        self.app.extensions["limits"] = Limits(None, self.kept.limit_counts, "secret")
        return self.tab(self.visitors[who])

    def ways(self) -> Iterator[tuple[Rule, str]]:
        """Every rule of the app with every method that a view of it answers."""
        for rule in self.app.url_map.iter_rules():
            methods = rule.methods or set()
            for method in sorted(methods - {"OPTIONS"} or methods):
                yield rule, method

    def _filling(self, scans: Scans) -> tuple[str, str]:
        tab = self.tab()
        tab.send("POST", "/apply/start", data={"email": FILLING_EMAIL})
        tab.state()  # a new session, with a token of its own
        with scans.pdf("MYPASSPORT.pdf").open("rb") as stream:
            sent = {"file": (stream, "MYPASSPORT.pdf")}
            assert tab.send("POST", "/apply/documents/passport", data=sent).status_code == 303
        return tab.state()

    def _places(self, draft: Draft, **more: str) -> tuple[tuple[str, str], ...]:
        files = {"file_id": draft.files[0].id} if draft.files else {}
        return tuple({"secret": draft.hash, **files, **more}.items())

    def _keep(self, who: str, visitor: Visitor) -> None:
        shutil.copytree(self.kept.root, self.folder / who)
        self.visitors[who] = visitor

    def tab(self, visitor: Visitor = Visitor()) -> "Tab":
        """A browser of a visitor, or of somebody new."""
        return Tab(self.app, visitor)


class Tab:
    """A browser without JavaScript that sends whatever it is told to, with its token."""

    def __init__(self, app: Flask, visitor: Visitor):
        self.client: Client = app.test_client()
        if visitor.cookie:
            self.client.set_cookie("application", visitor.cookie, domain="127.0.0.1")
        self.token = visitor.token or self.state()[1]

    def state(self) -> tuple[str, str]:
        """Its cookie and its token now."""
        page = self.client.get("/apply/verify", base_url=HOST).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        cookie = self.client.get_cookie("application", domain="127.0.0.1")
        assert token and cookie
        self.token = token[1]
        return cookie.value, token[1]

    def send(self, method: str, path: str, token: str | None = None, **more: Any) -> TestResponse:
        """Sends a request; with its own token where none is given, and without any where it is empty."""
        wanted = self.token if token is None else token
        headers = [*more.pop("headers", ()), *([("X-CSRFToken", wanted)] if wanted else [])]
        return self.client.open(path, method=method, base_url=HOST, headers=headers, **more)


def stamps(folder: Path) -> set[tuple[str, int, int]]:
    """By which a change of a file is seen."""
    found = {path: path.lstat() for path in folder.rglob("*")}
    return {(str(path), stat.st_mtime_ns, stat.st_ino) for path, stat in found.items()}


def address(rule: Rule, fill: Callable[[str], str]) -> str:
    """A path of a rule, its places filled, whatever is in them."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda place: quote(fill(place[1]), safe=""), rule.rule)
