"""Catalogue and content → the site, in each language. No page is written by hand twice."""

import datetime
import functools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mobility import contents, cores, downloads, frames, shell, sitebuild
from mobility.contents import Job, Subject
from mobility.frames import KINDS, untranslated
from mobility.language import LANGUAGES, Language
from mobility.places import Places
from mobility.rulebook import Rulebook
from mobility.shell import Shell
from mobility.sitebuild import BuildFailed, Target
from mobility.texts import Texts

__all__ = ["BuildFailed", "Edition", "build", "editions", "prepare", "untranslated", "write_tree"]

_PORTION = 40
"""So many subjects are filled at one go: enough to be worth sending, and few enough to share out evenly."""
SEARCH = "search/search_index.json"


def build(
    places: Places,
    book: Rulebook,
    now: datetime.datetime,
    make_downloads: Callable[[Path], None],
    languages: Sequence[Language] = LANGUAGES,
) -> Path:
    """Builds the site as of `now`, in English and what other `languages` are named with it. `make_downloads`
    writes the forms into the folder that it is given.

    Raises BuildFailed; then the last good site stands.
    """
    kept = places.build / "frames"

    def write(work: Path, target: Target) -> None:
        job = prepare(places, book, now, make_downloads, work)
        made = editions(job, languages, kept)
        _write(job, made, target)
        frames.sweep(kept, [edition.frame for edition in made])

    return sitebuild.build(places, write)


def prepare(
    places: Places,
    book: Rulebook,
    now: datetime.datetime,
    make_downloads: Callable[[Path], None],
    work: Path,
) -> Job:
    """Makes the downloads in `work`; the office's own files take the place of ours."""
    made = work / "downloads"
    make_downloads(made)
    downloads.put_own(places.content / "downloads", made, book.forms)
    return Job(places, book, now, made)


def write_tree(job: Job, texts: Texts, tree: Path) -> None:
    """Writes mkdocs.yml, docs/ and theme/ of one language into `tree`, with every page as Markdown, for a
    generator that is to render each itself. Raises BuildFailed where a text cannot be filled."""
    files = {path: content for path, content in frames.tree(job, texts).items() if shell.SPECIMEN not in path}
    files = {
        path: texts.settle(content.decode(), path).encode() if path.endswith(".md") else content
        for path, content in files.items()
    }
    making = contents.data(job, texts)
    for subject in contents.subjects(job, texts):
        making |= contents.calendar_of(job, texts, subject)
        for page in contents.pages_of(job, texts, subject):
            files[f"docs/{page.path.rstrip('/')}.md"] = shell.as_markdown(page).encode()
    frames.write(files | {f"docs/{path}": make() for path, make in making.items()}, tree)


class Edition:
    """The site in one language: how each of its files comes to be. Paths are those in the edition."""

    def __init__(self, job: Job, texts: Texts, frame: Path):
        self.job, self.texts, self.frame = job, texts, frame
        self.folder = "" if texts.language == "en" else f"{texts.language}/"
        self.subjects = contents.subjects(job, texts)
        self.data = contents.data(job, texts)
        self._shells = _shells(frame)

    @functools.cached_property
    def framed(self) -> list[str]:
        """What the generator made that is a file of the site as it is, or but for its late blocks."""
        found = (path.relative_to(self.frame).as_posix() for path in self.frame.rglob("*") if path.is_file())
        made = {*self.data, SEARCH, "sitemap.xml", "sitemap.xml.gz"}
        return [path for path in found if path not in made and f"/{shell.SPECIMEN}/" not in path]

    def paths(self) -> list[str]:
        """Of all pages."""
        office = (path.removesuffix("index.html") for path in self.framed if path.endswith("index.html"))
        return [*office, *(path for subject in self.subjects for path in contents.paths_of(subject))]

    def settled(self, path: str) -> bytes:
        """A file that the generator made, with its late blocks."""
        found = (self.frame / path).read_bytes()
        if not path.endswith(".html"):
            return found
        return self.texts.settle(found.decode(), self.folder + path).encode()

    def filled(self, subject: Subject) -> tuple[dict[str, bytes], str]:
        """The files of a subject, and what search finds of them."""
        files = {path: make() for path, make in contents.calendar_of(self.job, self.texts, subject).items()}
        entries = []
        for page in contents.pages_of(self.job, self.texts, subject):
            files[f"{page.path}index.html"] = self._shells[page.path.split("/", 1)[0]].fill(page)
            entries.append(shell.search_entries(page))
        return files, ",".join(entries)

    def file(self, path: str) -> bytes | None:
        """One file of the edition, made now, but for what the search reads; None where there is none."""
        if path in self.data:
            return self.data[path]()
        if subject := self._by_place.get(tuple(path.split("/")[:2])):
            return self.filled(subject)[0].get(path)
        return self.settled(path) if path in self._framed else None

    @functools.cached_property
    def _framed(self) -> set[str]:
        return set(self.framed)

    @functools.cached_property
    def _by_place(self) -> dict[tuple[str, ...], Subject]:
        return {
            tuple(path.split("/")[:2]): subject
            for subject in self.subjects
            for path in contents.paths_of(subject)
        }

    def index(self, entries: Iterable[str]) -> bytes:
        """What the search reads."""
        return shell.searchable((self.frame / SEARCH).read_text(encoding="utf-8"), entries).encode()


def _shells(frame: Path) -> dict[str, Shell]:
    """The shell of each kind of page."""
    paths = {kind: f"{folder}/{shell.SPECIMEN}/" for kind, folder in KINDS.items()}
    return {
        kind: Shell((frame / path / "index.html").read_text(encoding="utf-8"), path)
        for kind, path in paths.items()
    }


def search_entries(job: Job, texts: Texts, subject: Subject) -> str:
    """What the search finds of a subject's pages."""
    return ",".join(map(shell.search_entries, contents.pages_of(job, texts, subject)))


def editions(job: Job, languages: Sequence[Language], kept: Path) -> list[Edition]:
    """The site in each language; what the generator makes of it is kept in a folder. Raises BuildFailed."""
    texts = [job.texts(language) for language in languages]
    made = frames.make(kept, [frames.tree(job, each) for each in texts])
    return [Edition(job, each, frame) for each, frame in zip(texts, made, strict=True)]


def _write(job: Job, made: list[Edition], target: Target) -> None:
    """Writes all files of all languages, on all cores."""

    def lay(edition: Edition, paths: list[str]) -> list[str]:
        for path in paths:
            target.put(edition.folder + path, edition.settled(path))
        return []

    def make(files: contents.Files, folder: str, path: str) -> list[str]:
        target.put(folder + path, files[path]())
        return []

    def fill(edition: Edition, subjects: list[Subject]) -> list[str]:
        found = []
        for subject in subjects:
            files, entries = edition.filled(subject)
            for path, content in files.items():
                target.put(edition.folder + path, content)
            found.append(entries)
        return found

    common = contents.once(job, made[0].paths)
    tasks: list[tuple[Edition | None, Callable[[], list[str]]]] = []
    for edition in made:
        tasks += [
            (None, functools.partial(make, edition.data, edition.folder, path)) for path in edition.data
        ]
        tasks += [(None, functools.partial(lay, edition, [path])) for path in edition.framed]
    tasks += [(None, functools.partial(make, common, "", path)) for path in common]
    for edition in made:
        for begin in range(0, len(edition.subjects), _PORTION):
            portion = edition.subjects[begin : begin + _PORTION]
            tasks.append((edition, functools.partial(fill, edition, portion)))
    found = cores.on_all(lambda number: tasks[number][1](), range(len(tasks)))
    for edition in made:
        entries = [each for (of, _), some in zip(tasks, found, strict=True) if of is edition for each in some]
        target.put(edition.folder + SEARCH, edition.index(entries))
