"""What only looks changes nothing: GET, HEAD and OPTIONS of every address, over real HTTP."""

import datetime
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from mobility.applications import drafts
from mobility.office import actions, progress
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.follow_ups import written
from tests.helpers.openid_provider import University
from tests.helpers.portal_server import Portal, running
from tests.helpers.scans import Scans
from tests.helpers.student import AIGERIM, Student

pytestmark = pytest.mark.filterwarnings("ignore::idpyoidc.server.exception.OnlyForTestingWarning")

SAFE = {"GET", "HEAD", "OPTIONS"}
BY_PROTOCOL = {"sign_in.callback", "office.back_from_university"}
"""OpenID Connect sends the reader back by GET, and that signs in. It is proven by a state that only the
browser knows in which the way began; HEAD does nothing there."""


@pytest.fixture
def portal(tmp_path: Path, in_march: datetime.datetime, university: University) -> Iterator[Portal]:
    """With every address that a portal can have."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("The site")
    with running(tmp_path / "instance", in_march, sign_in=university.sign_in, site=site) as found:
        university.knows(found.address)
        yield found


def on_disk(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Each file and folder: its size, when it was changed, and the hash of what is in it."""
    found = {}
    for path in folder.rglob("*"):
        about = path.stat()
        content = path.read_bytes() if path.is_file() else b""
        found[str(path)] = (about.st_size, about.st_mtime_ns, hashlib.sha256(content).hexdigest())
    return found


def at_rest(portal: Portal) -> dict[str, tuple[int, int, str]]:
    """What is on the disk once nothing follows any answer, and nothing is to be counted again."""
    written(portal.settings.kept)
    progress.update(portal.app.extensions["background"].ctx.desk())
    return on_disk(portal.settings.kept.root)


class Everywhere:
    """Every address of the app, its places filled with what is there."""

    def __init__(self, portal: Portal, student: Student, **places: str):
        self.portal, self.student = portal, student
        common = {"filename": "portal.css", "name": "mark.svg", "path": "index.html", "why": "late"}
        self.places = {**common, "form_id": "application-form", "section_id": "contact", **places}
        self.places |= {"reference": "2027A-0001", "number": "0", "page": "1", "kind": "csv"}

    def addresses(self) -> Iterator[tuple[Rule, str]]:
        with self.portal.app.test_request_context(base_url=self.portal.address):
            adapter = self.portal.app.url_map.bind("127.0.0.1")
            for rule in self.portal.app.url_map.iter_rules():
                values = {name: self.places.get(name, "nothing") for name in rule.arguments}
                built = rule.build({**values, **(rule.defaults or {})}, append_unknown=False)
                assert built and adapter, rule
                yield rule, built[1]

    def look(self) -> list[str]:
        """Asks each address in each safe way; which of them were answered with a fault of ours."""
        failed = []
        for rule, address in self.addresses():
            for method in sorted(SAFE - ({"GET"} if rule.endpoint in BY_PROTOCOL else set())):
                headers = {"Tus-Resumable": "1.0.0"}
                answer = self.student.http.request(
                    method, self.portal.address + address, headers=headers, timeout=20, allow_redirects=False
                )
                if answer.status_code >= 500:
                    failed.append(f"{method} {address}: {answer.status_code}")
        return failed


def test_a_view_that_changes_something_answers_one_method_only(portal: Portal) -> None:
    for rule in portal.app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"OPTIONS"}
        assert methods == {"GET", "HEAD"} or len(methods) <= 1, rule


def test_looking_at_everything_changes_nothing_for_nobody(
    portal: Portal, student: Student, other: Student
) -> None:
    link = other.begin(email=AIGERIM)
    before = at_rest(portal)
    assert Everywhere(portal, student, secret=link.rsplit("/", 1)[1]).look() == []
    assert on_disk(portal.settings.kept.root) == before


def test_looking_at_everything_changes_nothing_of_an_open_draft(
    portal: Portal, student: Student, kept: Instance, scans: Scans
) -> None:
    link = student.begin(email=AIGERIM)
    student.upload("passport", scans.pdf("passport.pdf"))
    (draft,) = drafts.every(kept)
    places = {"slot_id": "passport", "file_id": draft.files[0].id, "arrival_id": draft.files[0].id}
    before = at_rest(portal)
    assert Everywhere(portal, student, secret=link.rsplit("/", 1)[1], **places).look() == []
    assert on_disk(kept.root) == before
    assert "Your application" in student.get("/apply/").text, "nor has the browser left it"


@pytest.mark.usefixtures("sent")
def test_looking_at_everything_changes_nothing_of_a_submitted_application(
    portal: Portal, student: Student, kept: Instance, desk_of: Callable[[], Desk], sent_once: tuple[Path, str]
) -> None:
    (draft,) = drafts.every(kept)
    actions.ask_correction(desk_of(), draft.reference, ["contact"], ["transcript"], "Page 2 is missing.")
    for begun in (False, True):
        if begun:
            student.post("/apply/rounds/correction-1")
        before = at_rest(portal)
        places = {"version": "v1", "round_id": "correction-1", "slot_id": "transcript"}
        assert Everywhere(portal, student, secret=sent_once[1], **places).look() == []
        assert on_disk(kept.root) == before


def test_the_way_back_from_the_university_does_nothing_where_only_the_head_is_asked(
    portal: Portal, student: Student, university: University, kept: Instance
) -> None:
    leaving = student.http.get(f"{portal.address}/apply/sign-in", allow_redirects=False, timeout=20)
    cookie = student.http.cookies.get("application")
    assert university.address in leaving.headers["Location"] and cookie
    head = student.http.head(f"{portal.address}/apply/sign-in/back?code=x&state=y", timeout=20)
    assert "Location" not in head.headers and "Set-Cookie" not in head.headers
    assert not list(drafts.every(kept))
