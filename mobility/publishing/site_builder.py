"""Catalogue and content → the site, in each language. No page is written by hand twice."""

import datetime
import functools
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import LANGUAGES, Language, url_folder
from mobility.paths import Checkout
from mobility.pdfforms import office_files
from mobility.publishing import contents, mkdocs_source, output, parallel, security_headers
from mobility.publishing.contents import Job, Subject
from mobility.publishing.context import Texts
from mobility.publishing.material import rendering
from mobility.publishing.material.rendering import SEARCH_INDEX, RenderedSite
from mobility.publishing.mkdocs_source import untranslated
from mobility.publishing.output import BuildFailed, Target

__all__ = ["BuildFailed", "Edition", "build", "editions", "prepare", "untranslated", "write_tree"]


def build(
    checkout: Checkout,
    book: Rulebook,
    now: datetime.datetime,
    make_downloads: Callable[[Path], None],
    languages: Sequence[Language] = LANGUAGES,
) -> Path:
    """Builds the site as of `now`, in English and what other `languages` are named with it. `make_downloads`
    writes the forms into the folder that it is given.

    Raises BuildFailed; then the last good site stands.
    """
    kept = checkout.build / "frames"

    def write(work: Path, target: Target) -> None:
        job = prepare(checkout, book, now, make_downloads, work)
        texts = [job.texts(language) for language in languages]
        made = editions(job, texts, kept)
        _write_data(job, made, target)
        _write_pages(job, made, target)
        rendering.remove_unused(kept, (edition.rendered for edition in made))
        security_headers.write(checkout.headers, [edition.rendered.folder for edition in made])

    return output.build(checkout, write)


def prepare(
    checkout: Checkout,
    book: Rulebook,
    now: datetime.datetime,
    make_downloads: Callable[[Path], None],
    work: Path,
) -> Job:
    """Makes the downloads in `work`; the office's own files take the place of ours."""
    made = work / "downloads"
    make_downloads(made)
    office_files.copy_office_files(checkout.content / "downloads", made, book.forms)
    return Job(checkout, book, now, made)


def write_tree(job: Job, texts: Texts, tree: Path) -> None:
    """Writes mkdocs.yml, docs/ and theme/ of one language into `tree`, with every page as Markdown, for a
    generator that is to render each itself. Raises BuildFailed where a text cannot be filled."""
    files = {
        path: texts.settle(content.decode(), path).encode() if path.endswith(".md") else content
        for path, content in mkdocs_source.source(job, texts).items()
    }
    making = contents.data(job, texts)
    for subject in contents.subjects(job, texts):
        making |= contents.calendar_of(job, texts, subject)
        for page in contents.pages_of(job, texts, subject):
            files[f"docs/{page.path.rstrip('/')}.md"] = page.as_markdown().encode()
    rendering.write_source(files | {f"docs/{path}": make() for path, make in making.items()}, tree)


class Edition:
    """The site in one language: how each of its files comes to be. Paths are those in the edition."""

    def __init__(self, job: Job, texts: Texts, rendered: RenderedSite):
        self.job, self.texts, self.rendered = job, texts, rendered
        self.folder = url_folder(texts.language)
        self.subjects = contents.subjects(job, texts)
        self.data = contents.data(job, texts)

    @functools.cached_property
    def office_files(self) -> list[str]:
        """The files that MkDocs made: the office's pages, scripts, styles."""
        made = {*self.data, "sitemap.xml", "sitemap.xml.gz"}
        return [path for path in self.rendered.files if path not in made]

    def paths(self) -> list[str]:
        """The paths of all pages."""
        office = (
            path.removesuffix("index.html") for path in self.office_files if path.endswith("index.html")
        )
        return [*office, *(path for subject in self.subjects for path in contents.paths_of(subject))]

    def office_file(self, path: str) -> bytes:
        """A file that MkDocs made, with its deferred blocks."""
        found = self.rendered.read(path)
        if not path.endswith(".html"):
            return found
        return self.texts.settle(found.decode(), self.folder + path).encode()

    def pages_of(self, subject: Subject) -> tuple[dict[str, bytes], bytes]:
        """The pages of a subject, and their entries for the search."""
        pages = list(contents.pages_of(self.job, self.texts, subject))
        files = {f"{page.path}index.html": self.rendered.page(page) for page in pages}
        return files, rendering.search_entries(pages)

    def file(self, path: str) -> bytes | None:
        """One file of the edition but the search index, made now; None where there is none."""
        if path in self.data:
            return self.data[path]()
        if subject := self._by_folder.get("/".join(path.split("/")[:2]) + "/"):
            calendar = contents.calendar_of(self.job, self.texts, subject)
            return calendar[path]() if path in calendar else self.pages_of(subject)[0].get(path)
        return self.office_file(path) if path in self._office_files else None

    @functools.cached_property
    def _office_files(self) -> set[str]:
        return set(self.office_files)

    @functools.cached_property
    def _by_folder(self) -> dict[str, Subject]:
        return {folder: subject for subject in self.subjects for folder in contents.folders_of(subject)}

    def search_index(self, entries: Iterable[bytes]) -> bytes:
        """What the search reads. `entries`: those of all subjects."""
        return self.rendered.search_index(entries)


def search_entries(job: Job) -> Callable[[tuple[Language, Subject]], bytes]:
    """Makes what the search finds of a subject's pages in a language."""
    texts = functools.cache(job.texts)

    def entries(each: tuple[Language, Subject]) -> bytes:
        return rendering.search_entries(contents.pages_of(job, texts(each[0]), each[1]))

    return entries


def editions(job: Job, every: Sequence[Texts], kept: Path) -> list[Edition]:
    """The site in each language; what the generator makes of it is kept in a folder. Raises BuildFailed."""
    made = rendering.render([mkdocs_source.source(job, texts) for texts in every], kept)
    return [Edition(job, texts, rendered) for texts, rendered in zip(every, made, strict=True)]


def _write_data(job: Job, every: Sequence[Edition], target: Target) -> None:
    """Writes all that is no page, in all languages."""
    _put_all(target, "", contents.once(job) | contents.sitemap(job, every[0].paths))
    for edition in every:
        _put_all(target, edition.folder, edition.data)
        for subject in edition.subjects:
            _put_all(target, edition.folder, contents.calendar_of(job, edition.texts, subject))


def _put_all(target: Target, folder: str, made: contents.Files) -> None:
    for path, make in made.items():
        target.put(folder + path, make())


def _write_pages(job: Job, every: Sequence[Edition], target: Target) -> None:
    """Writes all pages in all languages, those of the catalogue on all cores, and what the search reads."""
    for edition in every:
        for path in edition.office_files:
            target.put(edition.folder + path, edition.office_file(path))
    folders = {edition.texts.language: edition.rendered.folder for edition in every}
    numbers = [(edition.texts.language, n) for edition in every for n in range(len(edition.subjects))]
    entries = iter(parallel.on_all(functools.partial(_page_writer, job, folders, target), numbers))
    for edition in every:
        found = itertools.islice(entries, len(edition.subjects))
        target.put(edition.folder + SEARCH_INDEX, edition.search_index(found))


def _page_writer(
    job: Job, folders: Mapping[Language, Path], target: Target
) -> Callable[[tuple[Language, int]], bytes]:
    """Writes the pages of one subject, by its number in a language, and returns what the search finds."""
    editions = {
        language: Edition(job, job.texts(language), RenderedSite(folder))
        for language, folder in folders.items()
    }

    def write(number: tuple[Language, int]) -> bytes:
        edition = editions[number[0]]
        files, entries = edition.pages_of(edition.subjects[number[1]])
        for path, content in files.items():
            target.put(edition.folder + path, content)
        return entries

    return write
