"""Shows officers the site as they type: made anew at each save, page by page as it is asked for.

Nothing of it is kept, and what readers get (`build/site`) is not touched. A catalogue or text with faults
leaves the last good state; open pages then show the lines to mend, and reload once there is something new.
"""

import datetime
import functools
import json
import mimetypes
import secrets
import socketserver
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mobility.catalogue import calls, rulebook
from mobility.catalogue.incremental import Rereader
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import Checkout
from mobility.publishing import contents, parallel, site_builder
from mobility.publishing.contents import Job, Subject
from mobility.publishing.material import rendering
from mobility.publishing.material.rendering import SEARCH_INDEX
from mobility.publishing.site_builder import BuildFailed, Edition
from mobility.yamlfiles.reader import InvalidFile

_EVENTS = "/_preview/events"
_SCRIPT = (Path(__file__).parent / "preview.js").read_text(encoding="utf-8")
_LOOK_EVERY = 0.1
"""Seconds between two looks at the files."""

Downloads = Callable[[Rulebook, Path], None]
"""Writes the forms into a folder."""


@dataclass(frozen=True)
class Told:
    """What open pages are told: which state of the site is shown, and what is wrong with the newest."""

    version: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stand:
    """One good state of the site."""

    job: Job
    editions: dict[str, Edition]
    """By their folders: "", "ru/", "kk/"."""
    once: contents.Files
    search: "Search"

    def file(self, path: str) -> bytes | None:
        """A file of the site, as a build would make it; None where there is none. Raises BuildFailed."""
        if path in self.once:
            return self.once[path]()
        folder = next((folder for folder in self.editions if folder and path.startswith(folder)), "")
        edition, rest = self.editions[folder], path.removeprefix(folder)
        return (
            edition.search_index(self.search.entries(edition)) if rest == SEARCH_INDEX else edition.file(rest)
        )


class Search:
    """What the search finds: taken from the state before where nothing changed that it could depend on. All
    made anew, each save would take 7.4 s of computing over 10,000 partners instead of 0.25."""

    def __init__(self, job: Job, editions: Sequence[Edition], before: "Search | None"):
        self._job, self._editions, self._ready = job, editions, threading.Event()
        self._common = _common(job)
        self._known: dict[tuple[Language, str], tuple[Subject, bytes]] = {}
        if before and before._common == self._common:
            self._known = before._known

    def make(self) -> None:
        """Makes the entries, by texts of their own: other threads use those of the editions."""
        wanted = [(each.texts.language, subject) for each in self._editions for subject in each.subjects]
        missing = [
            (language, subject)
            for language, subject in wanted
            if self._known.get((language, _key(subject)), (None,))[0] != subject
        ]
        made = parallel.on_all(functools.partial(site_builder.search_entries, self._job), missing)
        new = {
            (language, _key(subject)): (subject, found)
            for (language, subject), found in zip(missing, made, strict=True)
        }
        self._known = {**self._known, **new}
        self._ready.set()

    def entries(self, edition: Edition) -> Iterator[bytes]:
        """Of all pages of an edition, when they are made."""
        self._ready.wait()
        to = edition.texts.language
        return (self._known[to, _key(subject)][1] for subject in edition.subjects)


def _key(subject: Subject) -> str:
    return contents.folders_of(subject)[0]


def _common(job: Job) -> tuple[object, ...]:
    """All that a page may say beside what its own subject gives."""
    book, templates = job.book, job.checkout.site_source / "templates"
    texts = {path: path.read_bytes() for path in sorted(templates.rglob("*")) if path.is_file()}
    states = [call.state(job.now) for call in job.coming]
    return book.catalogue.model_copy(update={"partners": ()}), book.forms, texts, job.now.date(), states


@dataclass
class Preview:
    """The site as the files now say. `now` in any time zone; `kept`: a folder of its own to work in."""

    checkout: Checkout
    kept: Path
    now: Callable[[], datetime.datetime]
    make_downloads: Downloads
    languages: Sequence[Language] = LANGUAGES
    stand: Stand | None = None
    told: Told = field(default_factory=lambda: Told(secrets.token_hex(4)))
    _reader: Rereader = field(default_factory=Rereader)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _downloads: tuple[object, Path] | None = None

    def refresh(self) -> None:
        """Takes the files as they now are; where they are wrong, the last good state stays."""
        try:
            self._stand()
        except InvalidFile as error:
            self._tell(Told(self.told.version, tuple(map(str, error.problems))))
        except (BuildFailed, OSError) as error:
            self._tell(Told(self.told.version, tuple(str(error).splitlines())))

    def _stand(self) -> None:
        book = rulebook.load(self.checkout, self._reader.load)
        now = self.now().astimezone(calls.zone(book.catalogue.calls))
        job = Job(self.checkout, book, now, self._forms(book))
        texts = [job.texts(language) for language in self.languages]
        made = site_builder.editions(job, texts, self.kept / "frames")
        before = self.stand
        search = Search(job, made, before.search if before else None)
        editions = {edition.folder: edition for edition in made}
        once = contents.once(job) | contents.sitemap(job, made[0].paths)
        self.stand = Stand(job, editions, once, search)
        self._tell(Told(secrets.token_hex(4)))
        search.make()
        shown = [*made, *(before.editions.values() if before else ())]  # a page may still be under way
        rendering.remove_unused(self.kept / "frames", (edition.rendered for edition in shown))

    def wait(self, seen: Told | None, seconds: float) -> Told | None:
        """What is to be told that has not been seen; None if there was nothing for so long."""
        with self._changed:
            self._changed.wait_for(lambda: self.told is not seen, seconds)
            return self.told if self.told is not seen else None

    def _tell(self, told: Told) -> None:
        with self._changed:
            self.told = told
            self._changed.notify_all()

    def _forms(self, book: Rulebook) -> Path:
        """The folder of the forms to download, made anew only where something changed in them."""
        office = self.checkout.content / "downloads"
        key = (book.forms, book.catalogue.institution.name, stamps([office]))
        if self._downloads is None or self._downloads[0] != key:
            work = self.kept / f"forms-{secrets.token_hex(4)}"
            job = site_builder.prepare(
                self.checkout, book, self.now(), lambda to: self.make_downloads(book, to), work
            )
            self._downloads = key, job.downloads
        return self._downloads[1]


def stamps(paths: list[Path]) -> dict[Path, tuple[int, int]]:
    """When the files at some paths were changed last, and their sizes."""
    files = [path for top in paths for path in (top, *top.rglob("*"))]
    found = {}
    for path in files:
        try:
            stat = path.stat()
        except FileNotFoundError:  # between two steps of an editor that saves
            continue
        found[path] = (stat.st_mtime_ns, stat.st_size)
    return found


def watch(preview: Preview, after: Callable[[], None]) -> None:
    """Refreshes the preview at each change of a file, without end; calls `after` each time."""
    watched = [preview.checkout.partners, preview.checkout.content, preview.checkout.site_source]
    seen = stamps(watched)
    while True:
        time.sleep(_LOOK_EVERY)
        now = stamps(watched)
        if now != seen:
            seen = now
            preview.refresh()
            after()


def serve(preview: Preview, port: int) -> ThreadingHTTPServer:
    """A server of the preview, for this machine alone, already answering. Raises OSError where it cannot."""

    class Answer(_Answer):
        shown = preview

    server = _Server(("127.0.0.1", port), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def server_bind(self) -> None:
        """Without asking the network for a name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]


class _Answer(BaseHTTPRequestHandler):
    shown: Preview

    def do_GET(self) -> None:
        """A file of the site, or the news of it."""
        try:
            path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
            if path == _EVENTS:
                self._news()
            else:
                self._file(path.lstrip("/"))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _news(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        seen = None
        while True:
            told = self.shown.wait(seen, 10)
            said = (
                f"data: {json.dumps({'version': told.version, 'problems': told.problems})}" if told else ":"
            )
            self.wfile.write(f"{said}\n\n".encode())
            self.wfile.flush()
            seen = told or seen

    def _file(self, path: str) -> None:
        told, stand = self.shown.told, self.shown.stand
        if path.endswith("/") or not path:
            path += "index.html"
        if stand is None:
            self._send(503, path, _page("There is no site yet."), told)
            return
        try:
            found = stand.file(path)
            if found is None and stand.file(f"{path}/index.html"):
                self.send_response(308)
                self.send_header("Location", urllib.parse.quote(f"/{path}/"))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif found is None:
                language = path.split("/")[0] + "/"
                folder = language if language in stand.editions else ""
                self._send(404, "404.html", stand.file(f"{folder}404.html") or b"", told)
            else:
                self._send(200, path, found, told)
        except BuildFailed as error:
            told = Told(told.version, tuple(str(error).splitlines()))
            self._send(500, "500.html", _page("This page could not be made."), told)

    def _send(self, status: int, path: str, content: bytes, told: Told) -> None:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        if kind == "text/html":
            state = json.dumps({"version": told.version, "problems": told.problems}).replace("<", "\\u003c")
            script = f"<script>{_SCRIPT.replace('TOLD', state)}</script>"
            content = content.replace(b"</body>", script.encode() + b"</body>")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *said: object) -> None:
        """Nothing of each file."""


def _page(words: str) -> bytes:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>'
        f"<body><p>{words}</p></body></html>"
    ).encode()
