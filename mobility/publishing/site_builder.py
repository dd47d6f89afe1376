"""Builds the site from catalogue and content, in each language."""

import datetime
import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import LANGUAGES, Language, url_folder
from mobility.paths import Checkout
from mobility.pdfforms import office_files
from mobility.publishing import catalogue_pages, data_files, mkdocs_source, output, security_headers
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.editions import Edition, render_editions
from mobility.publishing.material import rendering
from mobility.publishing.material.rendering import SEARCH_INDEX
from mobility.publishing.output import BuildFailed, Target
from mobility.publishing.page_check import page_check
from mobility.publishing.templates import Templates

__all__ = ["BuildFailed", "build", "gather_inputs", "write_tree"]


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
        write_data = functools.partial(_write_data, inputs, target)
        every = [inputs.templates(language) for language in languages]
        page_check.require(inputs, every)
        editions = render_editions(inputs, every, cache, meanwhile=write_data)
        for edition in editions:
            _write_pages(edition, target)
        _put_all(target, "", data_files.sitemap_files(inputs, editions[0].paths))
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


def _write_data(inputs: BuildInputs, target: Target, every: Sequence[Templates]) -> None:
    """Writes the files that are no pages, in all languages, but the sitemap."""
    _put_all(target, "", data_files.shared_files(inputs))
    for templates in every:
        folder = url_folder(templates.language)
        _put_all(target, folder, data_files.language_files(inputs, templates))
        for subject in catalogue_pages.subjects(inputs, templates):
            _put_all(target, folder, data_files.calendar_files(inputs, templates, subject))


def _put_all(target: Target, folder: str, files: data_files.Files) -> None:
    for path, make in files.items():
        target.put(folder + path, make())


def _write_pages(edition: Edition, target: Target) -> None:
    """Writes the pages of one language, and its search index."""
    for path in edition.office_files:
        target.put(edition.folder + path, edition.office_file(path))
    found = []
    for subject in edition.subjects:
        files, entries = edition.pages_of(subject)
        for path, content in files.items():
            target.put(edition.folder + path, content)
        found.append(entries)
    target.put(edition.folder + SEARCH_INDEX, edition.search_index(found))
