"""Builds the site from catalogue and content, in each language."""

import datetime
import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import Checkout
from mobility.pdfforms import office_files
from mobility.publishing import catalogue_pages, data_files, mkdocs_source, output, parallel, security_headers
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.editions import Edition, render_editions
from mobility.publishing.material import rendering
from mobility.publishing.material.rendering import SEARCH_INDEX, RenderedSite
from mobility.publishing.mkdocs_source import untranslated
from mobility.publishing.output import BuildFailed, Target
from mobility.publishing.templates import Templates

__all__ = ["BuildFailed", "build", "gather_inputs", "untranslated", "write_tree"]


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
    cache = checkout.build / "frames"

    def write(work: Path, target: Target) -> None:
        inputs = gather_inputs(checkout, book, now, make_downloads, work)
        editions = render_editions(inputs, languages, cache)
        _write_data(inputs, editions, target)
        _write_pages(inputs, editions, target)
        rendering.remove_unused(cache, (edition.rendered for edition in editions))
        security_headers.write(checkout.headers, [edition.rendered.folder for edition in editions])

    return output.replace_site(checkout, write)


def gather_inputs(
    checkout: Checkout,
    book: Rulebook,
    now: datetime.datetime,
    make_downloads: Callable[[Path], None],
    work: Path,
) -> BuildInputs:
    """The inputs of a build, with the downloads made in `work`; the office's own files replace ours."""
    made = work / "downloads"
    make_downloads(made)
    office_files.copy_office_files(checkout.content / "downloads", made, book.forms)
    return BuildInputs(checkout, book, now, made)


def write_tree(inputs: BuildInputs, templates: Templates, tree: Path) -> None:
    """Writes mkdocs.yml, docs/ and theme/ of one language into `tree`, with every page as Markdown, for a
    generator that is to render each itself. Raises BuildFailed where a text cannot be filled."""
    files = {
        path: templates.insert_deferred(content.decode(), path).encode() if path.endswith(".md") else content
        for path, content in mkdocs_source.source(inputs, templates).items()
    }
    making = data_files.language_files(inputs, templates)
    for subject in catalogue_pages.subjects(inputs, templates):
        making |= data_files.calendar_files(inputs, templates, subject)
        for page in catalogue_pages.pages_of(inputs, templates, subject):
            files[f"docs/{page.path.rstrip('/')}.md"] = page.as_markdown().encode()
    rendering.write_source(files | {f"docs/{path}": make() for path, make in making.items()}, tree)


def _write_data(inputs: BuildInputs, editions: Sequence[Edition], target: Target) -> None:
    """Writes the files that are no pages, in all languages."""
    _put_all(target, "", data_files.shared_files(inputs))
    _put_all(target, "", data_files.sitemap_files(inputs, editions[0].paths))
    for edition in editions:
        _put_all(target, edition.folder, edition.data_files)
        for subject in edition.subjects:
            _put_all(target, edition.folder, data_files.calendar_files(inputs, edition.templates, subject))


def _put_all(target: Target, folder: str, made: data_files.Files) -> None:
    for path, make in made.items():
        target.put(folder + path, make())


def _write_pages(inputs: BuildInputs, editions: Sequence[Edition], target: Target) -> None:
    """Writes the pages in all languages, by several processes where there are many, and the search index."""
    for edition in editions:
        for path in edition.office_files:
            target.put(edition.folder + path, edition.office_file(path))
    folders = {edition.templates.language: edition.rendered.folder for edition in editions}
    numbers = [(edition.templates.language, n) for edition in editions for n in range(len(edition.subjects))]
    entries = iter(parallel.map_on_cores(functools.partial(_page_writer, inputs, folders, target), numbers))
    for edition in editions:
        found = itertools.islice(entries, len(edition.subjects))
        target.put(edition.folder + SEARCH_INDEX, edition.search_index(found))


def _page_writer(
    inputs: BuildInputs, folders: Mapping[Language, Path], target: Target
) -> Callable[[tuple[Language, int]], bytes]:
    """A function that writes the pages of one subject, by its number, and returns their search entries."""
    editions = {
        language: Edition(inputs, inputs.templates(language), RenderedSite(folder))
        for language, folder in folders.items()
    }

    def write(number: tuple[Language, int]) -> bytes:
        edition = editions[number[0]]
        files, entries = edition.pages_of(edition.subjects[number[1]])
        for path, content in files.items():
            target.put(edition.folder + path, content)
        return entries

    return write
