"""Files in pieces over real HTTP: what broke off goes on, and several pictures become one document."""

import base64
import datetime
import hashlib
import socket
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import requests

from mobility.applications import drafts, resumable
from mobility.applications.drafts import Draft
from mobility.applications.resumable import KEPT_FOR
from mobility.catalogue.rulebook import Rulebook
from tests.helpers.portal_server import Portal, running
from tests.helpers.scans import Scans
from tests.helpers.student import Student, token_of

MARCH = datetime.datetime(2027, 3, 15, 12, tzinfo=datetime.UTC)


class Tus(Student):
    """A browser that speaks tus 1.0."""

    def open(self) -> "Tus":
        self.begin()
        token = token_of(self.get("/apply/documents"))
        self.common = {"Tus-Resumable": "1.0.0", "X-CSRFToken": token}
        return self

    def ask(self, method: str, path: str, headers: dict[str, Any] | None = None, data: Any = None) -> Any:
        sent = {name: str(value) for name, value in {**self.common, **(headers or {})}.items()}
        return self.http.request(method, self.portal.address + path, headers=sent, data=data, timeout=30)

    def expect(self, slot: str, size: int, name: str = "scan.pdf", **told: str) -> requests.Response:
        pairs = [
            f"{n} {base64.b64encode(v.encode()).decode()}" for n, v in {"filename": name, **told}.items()
        ]
        headers = {"Upload-Length": size, "Upload-Metadata": ",".join(pairs)}
        found: requests.Response = self.ask("POST", f"/apply/documents/{slot}/tus", headers)
        return found

    def place(self, slot: str, size: int, name: str = "scan.pdf", **told: str) -> str:
        made = self.expect(slot, size, name, **told)
        assert made.status_code == 201
        return made.headers["Location"]

    def patch(self, place: str, at: int, piece: bytes) -> requests.Response:
        headers = {"Upload-Offset": at, "Content-Type": "application/offset+octet-stream"}
        found: requests.Response = self.ask("PATCH", place, headers, piece)
        return found

    def reached(self, place: str) -> int:
        return int(self.ask("HEAD", place).headers["Upload-Offset"])

    def send(self, slot: str, path: Path, **told: str) -> str:
        content = path.read_bytes()
        place = self.place(slot, len(content), path.name, **told)
        assert self.patch(place, 0, content).status_code == 204
        return place

    def cut_off(self, place: str, at: int, piece: bytes, sent: int) -> None:
        """Begins to send a piece, and drops the line after `sent` bytes of it."""
        where = urllib.parse.urlsplit(self.portal.address)
        lines = {
            **self.common,
            "Host": where.netloc,
            "Cookie": "; ".join(f"{c.name}={c.value}" for c in self.http.cookies),
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(at),
            "Content-Length": str(len(piece)),
        }
        head = f"PATCH {place} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in lines.items()) + "\r\n"
        with socket.create_connection((where.hostname or "", where.port or 0)) as line:
            line.sendall(head.encode() + piece[:sent])


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running(tmp_path_factory.mktemp("instance"), MARCH) as found:
        yield found


@pytest.fixture
def student(portal: Portal, book: Rulebook) -> Tus:
    portal.now = MARCH
    return Tus(portal, book).open()


@pytest.fixture
def other(portal: Portal, book: Rulebook) -> Tus:
    return Tus(portal, book).open()


def mine(student: Tus, place: str) -> Draft:
    """The draft that holds an upload."""
    file_id = place.rsplit("/", 1)[1]
    found = [d for d in drafts.every(student.portal.settings.kept) if any(d.folder.glob(f"*{file_id}*"))]
    return found[0]


def test_a_broken_transfer_goes_on_where_it_stopped_and_arrives_unchanged(student: Tus, scans: Scans) -> None:
    content = scans.pdf_of(3_000_000, "transcript.pdf").read_bytes()
    place = student.place("transcript", len(content), "transcript.pdf")
    assert student.patch(place, 0, content[:1_000_000]).headers["Upload-Offset"] == "1000000"
    student.cut_off(place, 1_000_000, content[1_000_000:2_000_000], 400_000)
    at = student.reached(place)
    assert 1_000_000 <= at <= 1_400_000
    while at < len(content):
        at = int(student.patch(place, at, content[at : at + 700_000]).headers["Upload-Offset"])
    (kept,) = mine(student, place).in_slot("transcript")
    assert (kept.name, kept.size) == ("transcript.pdf", len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert "transcript.pdf" in student.get("/apply/documents").text
    assert student.reached(place) == len(content), "a lost last answer must be found again"
    assert not list(mine(student, place).folder.glob(".arriving-*"))


def test_an_upload_goes_on_after_a_restart_of_the_portal(
    tmp_path: Path, book: Rulebook, scans: Scans
) -> None:
    content = scans.pdf_of(200_000).read_bytes()
    with running(tmp_path / "restarted", MARCH) as before:
        student = Tus(before, book).open()
        place = student.place("passport", len(content))
        assert student.patch(place, 0, content[:120_000]).status_code == 204
    with running(tmp_path / "restarted", MARCH) as after:
        student.portal = after
        assert student.reached(place) == 120_000
        assert student.patch(place, 120_000, content[120_000:]).status_code == 204
        (draft,) = drafts.every(after.settings.kept)
        assert [file.sha256 for file in draft.files] == [hashlib.sha256(content).hexdigest()]


def test_a_piece_that_begins_elsewhere_changes_nothing(student: Tus) -> None:
    place = student.place("transcript", 10)
    assert student.patch(place, 0, b"%PDF").status_code == 204
    for at in (0, 3, 5):
        assert student.patch(place, at, b"xx").status_code == 409
    assert student.reached(place) == 4


def test_two_tabs_send_one_file_together(student: Tus, scans: Scans) -> None:
    content = scans.pdf("scan.pdf").read_bytes()
    place = student.place("transcript", len(content))
    first, second = content[:200], content[200:]
    assert student.patch(place, 0, first).status_code == 204
    assert student.patch(place, 0, first).status_code == 409  # the other tab, behind
    assert student.patch(place, student.reached(place), second).status_code == 204
    (kept,) = mine(student, place).in_slot("transcript")
    assert kept.sha256 == hashlib.sha256(content).hexdigest()


def test_what_is_too_large_is_refused_before_a_byte_is_sent(student: Tus) -> None:
    refused = student.expect("transcript", 20_000_001)
    assert refused.status_code == 413 and "20 MB" in refused.text
    place = student.place("transcript", 10)
    assert student.patch(place, 0, b"%PDF-1.7 and more").status_code == 413
    assert student.reached(place) == 0
    assert student.expect("nowhere", 10).status_code == 404


def test_no_applicant_reaches_anothers_upload(student: Tus, other: Tus) -> None:
    place = student.place("transcript", 10)
    assert student.patch(place, 0, b"%PDF").status_code == 204
    for method in ("HEAD", "DELETE"):
        assert other.ask(method, place).status_code == 404
    assert other.patch(place, 4, b"xx").status_code == 404
    assert student.reached(place) == 4
    assert student.ask("HEAD", place.replace("transcript", "passport")).status_code == 404


def test_a_request_without_its_token_or_version_is_refused(student: Tus) -> None:
    place = student.place("transcript", 10)
    with_token = dict(student.common)
    student.common = {"Tus-Resumable": "1.0.0"}
    assert student.patch(place, 0, b"%PDF").status_code == 400
    student.common = {**with_token, "Tus-Resumable": "0.2"}
    assert student.patch(place, 0, b"%PDF").status_code == 412
    student.common = with_token
    assert student.ask("PATCH", place, {"Upload-Offset": "0"}, b"%PDF").status_code == 415
    assert student.patch(place, 0, b"%PDF").status_code == 204


def test_what_cannot_be_used_is_refused_with_a_sentence_and_forgotten(student: Tus, scans: Scans) -> None:
    content = scans.cut_pdf().read_bytes()
    place = student.place("transcript", len(content), "cut.pdf")
    refused = student.patch(place, 0, content)
    assert refused.status_code == 422 and "broken" in refused.text
    assert refused.headers["Content-Type"].startswith("text/plain")
    assert student.ask("HEAD", place).status_code == 404


def test_a_page_tells_what_broke_off_until_a_day_has_gone(student: Tus) -> None:
    place = student.place("transcript", 4000, "long scan.pdf", mark="long scan.pdf/4000/1")
    student.patch(place, 0, b"%PDF" * 500)
    page = student.get("/apply/documents").text
    assert "long scan.pdf stopped on its way: 2 kB of 4 kB are here" in page
    assert f'data-place="{place}"' in page
    folder = mine(student, place).folder
    student.portal.now = MARCH + KEPT_FOR + datetime.timedelta(minutes=1)
    assert "stopped on its way" not in student.get("/apply/documents").text
    student.place("passport", 10)
    assert not list(folder.glob(f"*{place.rsplit('/', 1)[1]}*"))


def test_given_up_is_gone(student: Tus) -> None:
    place = student.place("transcript", 4000)
    assert student.ask("DELETE", place).status_code == 204
    assert student.ask("HEAD", place).status_code == 404


def test_after_the_call_nothing_more_is_taken(student: Tus) -> None:
    place = student.place("transcript", 4000)
    student.portal.now = MARCH + datetime.timedelta(days=60)
    assert student.patch(place, 0, b"%PDF").status_code == 403


def test_pictures_become_one_pdf_in_the_order_asked(student: Tus, scans: Scans) -> None:
    wide = scans.picture("IMG_1.jpg", (800, 400))
    tall = scans.picture("IMG_2.jpg", (400, 800))
    ids = [student.send("passport", path, part="").rsplit("/", 1)[1] for path in (wide, tall)]
    place = f"/apply/documents/passport/tus/{ids[1]}"
    assert mine(student, place).in_slot("passport") == ()
    for _ in range(2):  # the second as after a lost answer
        body = [("id", ids[1]), ("id", ids[0])]
        assert student.ask("POST", "/apply/documents/passport/together", data=body).status_code == 204
    draft = mine(student, place)
    (kept,) = draft.in_slot("passport")
    assert (kept.kind, kept.name) == ("PDF", "IMG_2 +1.pdf")
    with pikepdf.open(draft.path(kept)) as pdf:
        lying = [float(page.mediabox[2]) > float(page.mediabox[3]) for page in pdf.pages]
    assert lying == [False, True]
    assert sorted(p.name for p in draft.folder.iterdir()) == sorted([".lock", "draft.json", kept.stored])


def test_without_javascript_the_form_makes_one_pdf_too(student: Tus, scans: Scans) -> None:
    paths = [scans.picture(f"IMG_{n}.jpg", (800, 400) if n == 2 else (400, 800)) for n in (1, 2, 3)]
    files = [("file", (path.name, path.read_bytes())) for path in paths]
    page = student.post("/apply/documents/passport", files=files)
    assert page.status_code == 200 and "IMG_1 +2.pdf" in page.text
    page = student.post("/apply/documents/certificates", files=files)
    assert [path.name in page.text for path in paths] == [True] * 3


def test_a_pdf_among_pictures_is_named(student: Tus, scans: Scans) -> None:
    paths = [scans.picture("IMG_1.jpg"), scans.pdf("letter.pdf")]
    files = [("file", (path.name, path.read_bytes())) for path in paths]
    page = student.post("/apply/documents/passport", files=files)
    assert page.status_code == 422
    assert "Only pictures are put together into one PDF, and letter.pdf is a PDF" in page.text
    assert 'class="file"' not in page.text


def test_pictures_over_60_mb_together_are_refused_beside_the_slot(student: Tus) -> None:
    files = [("file", (f"{n}.jpg", b"\xff\xd8\xff" + b"0" * 16_000_000)) for n in range(4)]
    page = student.post("/apply/documents/passport", files=files)
    assert page.status_code == 413
    assert 'id="fault-passport"' in page.text and "60 MB together" in page.text


def test_what_was_never_finished_goes_by_itself_after_a_day(portal: Portal, book: Rulebook) -> None:
    tus = Tus(portal, book).open()
    place = tus.place("passport", 5000)
    tus.patch(place, 0, b"x" * 3000)
    draft = mine(tus, place)
    resumable.sweep(portal.settings.kept, portal.now + KEPT_FOR)
    assert len(list(draft.folder.glob(".arriving-*"))) == 2
    resumable.sweep(portal.settings.kept, portal.now + KEPT_FOR + datetime.timedelta(seconds=1))
    assert not list(draft.folder.glob(".arriving-*"))
