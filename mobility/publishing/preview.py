"""A live preview of the site for officers: after each save of a file, pages are made when they are asked for.

Nothing of it is kept, and what readers get (`build/site`) is not touched. A catalogue or text with faults
leaves the last good state, pages with faults that can be shown are shown, though no build takes them; open
pages then show the lines to mend, and reload once there is something new.
"""

import datetime
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mobility.catalogue import calls, rulebook
from mobility.catalogue.incremental import IncrementalLoader
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import Checkout
from mobility.publishing import data_files, site_builder
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.editions import Edition, render_editions
from mobility.publishing.material import rendering
from mobility.publishing.material.rendering import SEARCH_INDEX
from mobility.publishing.output import BuildFailed
from mobility.publishing.page_check import page_check
from mobility.publishing.preview_search import PreviewSearch
from mobility.yamlfiles.reader import InvalidFile

_POLL_SECONDS = 0.1

Downloads = Callable[[Rulebook, Path], None]
"""Writes the forms into a folder."""


@dataclass(frozen=True)
class Status:
    """Which version of the site is shown, and what is wrong with the newest files; sent to open pages."""

    version: str
    problems: tuple[str, ...] = ()
    is_new: bool = False
    """Whether the newest files are shown, with their faults: not the last good ones."""


@dataclass(frozen=True)
class SiteState:
    """The whole site as of one good state of the files."""

    inputs: BuildInputs
    editions: dict[str, Edition]
    """By their folders: "", "ru/", "kk/"."""
    shared: data_files.Files
    search: PreviewSearch

    def file(self, path: str) -> bytes | None:
        """A file of the site, as a build would make it; None where there is none. Raises BuildFailed."""
        if path in self.shared:
            return self.shared[path]()
        folder = next((folder for folder in self.editions if folder and path.startswith(folder)), "")
        edition, rest = self.editions[folder], path.removeprefix(folder)
        if rest == SEARCH_INDEX:
            return edition.search_index(self.search.entries(edition))
        return edition.file(rest)


@dataclass
class Preview:
    """The site as the files now are. `now` in any time zone; `work`: a folder of its own to work in."""

    checkout: Checkout
    work: Path
    now: Callable[[], datetime.datetime]
    make_downloads: Downloads
    languages: Sequence[Language] = LANGUAGES
    state: SiteState | None = None
    loader: IncrementalLoader = field(default_factory=IncrementalLoader)
    status: Status = field(default_factory=lambda: Status(secrets.token_hex(4)))
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _downloads: tuple[object, Path] | None = None

    def refresh(self) -> None:
        """Reads the files again; where they are wrong, the last good state stays."""
        try:
            self._rebuild()
        except InvalidFile as error:
            self._announce(Status(self.status.version, tuple(map(str, error.problems))))
        except (BuildFailed, OSError) as error:
            self._announce(Status(self.status.version, tuple(str(error).splitlines())))

    def _rebuild(self) -> None:
        book = rulebook.load(self.checkout, self.loader.load)
        now = self.now().astimezone(calls.zone(book.catalogue.calls))
        inputs = BuildInputs(self.checkout, book, now, self._forms(book))
        every = [inputs.templates(language) for language in self.languages]
        wrong = tuple(map(str, page_check.problems(inputs, every)))
        try:
            made = render_editions(inputs, every, self.work / "frames")
        except BuildFailed as error:
            raise BuildFailed("\n".join(wrong) or str(error)) from error
        before = self.state
        search = PreviewSearch(inputs, made, before.search if before else None)
        editions = {edition.folder: edition for edition in made}
        shared = data_files.shared_files(inputs) | data_files.sitemap_files(inputs, made[0].paths)
        self.state = SiteState(inputs, editions, shared, search)
        self._announce(Status(secrets.token_hex(4), wrong, is_new=True))
        search.make()
        shown = [*made, *(before.editions.values() if before else ())]  # a page may still be under way
        rendering.remove_unused(self.work / "frames", (edition.rendered for edition in shown))

    def wait(self, seen: Status | None, seconds: float) -> Status | None:
        """The next status other than `seen`; None if there is none for so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.status is not seen, seconds)
            return self.status if self.status is not seen else None

    def _announce(self, status: Status) -> None:
        with self._changed:
            self.status = status
            self._changed.notify_all()

    def _forms(self, book: Rulebook) -> Path:
        """The folder of the forms to download, made anew only where something changed in them."""
        office = self.checkout.content / "downloads"
        key = (book.forms, book.catalogue.institution.name, modification_times([office]))
        if self._downloads is None or self._downloads[0] != key:
            folder = self.work / f"forms-{secrets.token_hex(4)}"
            inputs = site_builder.gather_inputs(
                self.checkout, book, self.now(), lambda to: self.make_downloads(book, to), folder
            )
            self._downloads = key, inputs.downloads
        return self._downloads[1]


def modification_times(paths: list[Path]) -> dict[Path, tuple[int, int]]:
    """When the files at some paths were last modified, and their sizes."""
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
    seen = modification_times(watched)
    while True:
        time.sleep(_POLL_SECONDS)
        now = modification_times(watched)
        if now != seen:
            seen = now
            preview.refresh()
            after()
