"""Whatever is sent to any address of the portal: no fault of ours, no change without the page's token, and
nobody else's application."""

import datetime
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from tests.helpers.openid_provider import running_university
from tests.helpers.scans import Scans
from tests.helpers.visitors import TUS, Everybody, Visitor, address

pytestmark = pytest.mark.filterwarnings("ignore::idpyoidc.server.exception.OnlyForTestingWarning")

VISITORS = ["nobody", "filling", "sent", "correcting"]
EXAMPLES = 4
"""Of each address with each method."""
SAFE = {"GET", "HEAD", "OPTIONS"}
COMMON = {"filename": "portal.css", "name": "mark.svg", "path": "index.html", "why": "late"}
COMMON |= {"form_id": "application-form", "section_id": "contact", "slot_id": "passport", "version": "v1"}
COMMON |= {"reference": "2027A-9999", "number": "0", "page": "1", "kind": "csv", "secret": "nothing"}


@pytest.fixture(scope="module")
def everybody(
    tmp_path_factory: pytest.TempPathFactory,
    in_march: datetime.datetime,
    book: Rulebook,
    sent_once: tuple[Path, str],
) -> Iterator[Everybody]:
    folder = tmp_path_factory.mktemp("everybody")
    (folder / "university").mkdir()
    with running_university(folder / "university") as university:
        found = Everybody(folder, in_march, book, university.sign_in)
        university.knows("http://127.0.0.1")
        found.prepare(*sent_once, Scans(folder))
        yield found


def on_disk(kept: Instance, *known_by: str) -> dict[str, str]:
    """The files of a data folder, each with the hash of what is in it; or those alone that belong to an
    application. Not locks, and not the journal, the index that follows it, and the counts of limits, which
    tell of what was refused, too."""

    def counts(path: Path) -> bool:
        name = path.read_text() if path.parent == kept.links else str(path)
        wanted = not known_by or any(word in name for word in known_by)
        told = path.name.partition(".sqlite3")[0] in ("index", "limits") or path.name == "journal.jsonl"
        return wanted and not told and not path.name.endswith(".lock")

    files = [path for path in kept.root.rglob("*") if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files if counts(path)}


def own(visitor: Visitor) -> dict[str, str]:
    """What fills the places of a visitor's own addresses."""
    return {**COMMON, **dict(visitor.places)}


# Whatever is sent

ODD = [
    "", " ", "\0", "a\0b", "..", "../../../etc/passwd", "..\\..\\secret", "/etc/passwd", "//evil.example/",
    "%2e%2e", "a" * 300, "я" * 5000, "🏔" * 100, "\u202e", "\u2028", "²", "٣", "İ", "ß" * 260, "\ufeff",
    "{{7*7}}", "%(x)s", "{x}", "-1", "0", "1e999", "nan", "NaN", "inf", "9" * 20, "31.02.2005", "٠١.٠١.٢٠٠٥",
    "true", "null", "a@b", "=?utf-8?q?a=40evil.com?=@kbtu.kz", "<script>", "'\"--", "; ls", "$(id)",
    "javascript:alert(1)", "\r\nX: y",
]  # fmt: skip
texts = st.sampled_from(ODD) | st.text(max_size=40)
HEADERS = [
    "Accept-Language", "Range", "If-Modified-Since", "If-None-Match", "Referer", "X-Forwarded-For", "Cookie",
    "Upload-Length", "Upload-Offset", "Upload-Metadata", "Accept-Encoding", "X-Forwarded-Host",
]  # fmt: skip
NAMES = [
    "email", "secret", "programme", "place", "replace", "more", "instead_of", "receipt", "id", "language",
    "lang", "code", "state", "error", "remark-x", "courses-0-ects", "courses-0-credits", "courses-19-ects",
]  # fmt: skip
CONTENTS = [b"", b"%PDF-1.7", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\0" * 1000, b"\xff\xfe\x00"]


@st.composite
def requests(draw: st.DrawFn, fields: list[str], scans: list[bytes]) -> dict[str, Any]:
    """Everything of a request but its address: query, form, files, headers."""
    names = st.sampled_from([*fields, *NAMES]) | texts
    query = draw(st.dictionaries(names, texts, max_size=2))
    headers = draw(st.dictionaries(st.sampled_from(HEADERS), texts | st.integers().map(str), max_size=3))
    sent: dict[str, Any] = {"query_string": query}
    # What cannot stand in a header no server hands on.
    clean = {name: value.encode("latin-1", "ignore").decode("latin-1") for name, value in headers.items()}
    tidy = {name: "".join(c for c in value if c.isprintable()) for name, value in clean.items()}
    sent["headers"] = [*tidy.items(), *(TUS.items() if draw(st.booleans()) else ())]
    if draw(st.booleans()):
        sent |= {"data": draw(st.binary(max_size=60)), "content_type": "application/offset+octet-stream"}
        return sent
    form: dict[str, Any] = draw(st.dictionaries(names, texts, max_size=6))
    for field in draw(st.lists(st.sampled_from(["file", "paper", "email"]), max_size=2)):
        content = draw(st.sampled_from([*CONTENTS, *scans]) | st.binary(max_size=60))
        form[field] = (io.BytesIO(content), draw(texts))
    return {**sent, "data": form}


def test_nothing_that_is_sent_to_any_address_makes_it_fail(
    everybody: Everybody, book: Rulebook, tmp_path: Path
) -> None:
    scans = Scans(tmp_path)
    files = [path.read_bytes() for path in (scans.pdf(), scans.picture(size=(40, 30)), scans.cut_pdf())]
    anything = requests([field.id for field in book.application.fields()], files)
    for rule, method in everybody.ways():
        send_to(everybody, rule, method, anything)


def send_to(
    everybody: Everybody, rule: Rule, method: str, anything: st.SearchStrategy[dict[str, Any]]
) -> None:
    @seed(zlib.crc32(f"{method} {rule.rule}".encode()))
    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(st.data(), st.sampled_from(VISITORS), anything)
    def holds(data: st.DataObject, who: str, request: dict[str, Any]) -> None:
        places = own(everybody.visitors[who])

        def fill(place: str) -> str:
            return data.draw(st.just(places.get(place, "nothing")) | texts, label=place)

        where = address(rule, fill)
        answer = everybody.put_back(who).send(method, where, **request)
        assert answer.status_code < 500, f"{who}: {method} {where}"

    holds()


# Without the token of the page


@pytest.mark.parametrize("who", VISITORS)
def test_what_would_act_is_refused_without_a_token_of_this_session_and_changes_nothing(
    everybody: Everybody, who: str
) -> None:
    another = everybody.put_back("filling" if who != "filling" else "sent").token
    tab, visitor = everybody.put_back(who), everybody.visitors[who]
    before, asked = on_disk(everybody.kept), 0
    for rule, method in everybody.ways():
        if method in SAFE:
            continue
        where = address(rule, lambda place: own(visitor).get(place, "nothing"))
        for token in ("", "invented", another):
            form = {"email": "another@example.kz", "csrf_token": token, "place": "take"}
            for more in ({"headers": [*TUS.items()]}, {"data": form}):
                answer = tab.send(method, where, token, **more)
                assert answer.status_code == 400, f"{method} {where}"
                asked += 1
    assert asked > 100
    assert on_disk(everybody.kept) == before


# Another's application


@pytest.mark.parametrize(
    ("who", "whose"),
    [("nobody", "filling"), ("nobody", "correcting"), ("filling", "sent"), ("filling", "correcting"),
     ("sent", "filling"), ("correcting", "filling")],
)  # fmt: skip
def test_no_address_of_anothers_application_shows_or_changes_it(
    everybody: Everybody, who: str, whose: str
) -> None:
    # The state on the disk is the later one, in which both have their applications.
    state = whose if VISITORS.index(whose) > VISITORS.index(who) else who
    mine, theirs = everybody.visitors[who], everybody.visitors[whose]
    named = {"secret", "file_id", "arrival_id", "round_id"} & set(dict(theirs.places))
    for rule, method in everybody.ways():
        everybody.put_back(state)
        before = on_disk(everybody.kept, *theirs.known_by)
        assert before
        tab = everybody.tab(mine)
        where = address(rule, lambda place: {**COMMON, **dict(theirs.places)}.get(place, "nothing"))
        form = {} if method in SAFE else {"data": {"id": dict(theirs.places).get("arrival_id", "")}}
        answer = tab.send(method, where, headers=[*TUS.items()], **form)
        assert answer.status_code < 500, where
        if named & rule.arguments and method != "OPTIONS":
            assert answer.status_code in (302, 303, 403, 404), f"{method} {where}"
        shown = answer.text + str(answer.headers)
        assert not [word for word in theirs.known_by if word in shown], f"{method} {where}"
        assert on_disk(everybody.kept, *theirs.known_by) == before, f"{method} {where}"
