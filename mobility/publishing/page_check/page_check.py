"""Checks the office's pages as a build fills them, without MkDocs: what is wrong, in the order of lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import Checkout
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.output import BuildFailed, TextFailed
from mobility.publishing.page_check import (
    expressions,
    html_tags,
    languages,
    links,
    markdown,
    masked,
    page_files,
    site_addresses,
    tags,
)
from mobility.publishing.page_check.markdown import Heading
from mobility.publishing.page_check.page_files import PageFile
from mobility.publishing.page_check.tags import Tag
from mobility.publishing.templates import Templates
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.reader import Problem


@dataclass(frozen=True)
class _Page:
    """A page, its template tags, and its text without them."""

    file: PageFile
    tags: list[Tag]
    text: str


def problems(inputs: BuildInputs, every: Sequence[Templates]) -> list[Problem]:
    """What is wrong with the pages in all languages. `every`: the templates of the languages to fill."""
    pages, found = _read(inputs.checkout)
    found += _missing(inputs.checkout, every[0])
    unfilled, sound = set(), []
    for page in pages:
        in_tags = list(_of_template(page, every[0]))
        in_text = [*markdown.problems(page.file, page.text), *html_tags.problems(page.file, page.text)]
        unfilled |= {page.file.name} if in_tags else set()
        sound += [] if in_tags or in_text else [page]
        found += in_tags + in_text
    found += _between_languages(sound)
    filled: dict[tuple[Language, str], str] = {}
    fit = [page for page in pages if page.file.name not in unfilled]
    found += _fill(inputs.checkout, fit, every, filled)
    site = site_addresses.site(inputs, every[0], filled)
    for page in fit:
        if text := filled.get((page.file.language, page.file.name)):
            found += links.problems(page.file, page.text, site)
            found += html_tags.unbalanced(page.file, page.text, text) if page in sound else ()
    return sorted(set(found))


def require(inputs: BuildInputs, every: Sequence[Templates]) -> None:
    """Raises BuildFailed where anything is wrong with the pages, with a line for each fault."""
    if found := problems(inputs, every):
        raise BuildFailed("\n".join(map(str, found)))


def notes(inputs: BuildInputs, every: Sequence[Templates]) -> list[Problem]:
    """What may be meant so: files that are no pages, headings and numbers that a page has in one language
    alone. The pages have no faults."""
    pages, _ = _read(inputs.checkout)
    filled: dict[tuple[Language, str], str] = {}
    tuple(_fill(inputs.checkout, pages, every, filled))
    found = list(page_files.unread(inputs.checkout))
    english = {page.file.name: page for page in pages if page.file.language == "en"}
    for page in pages:
        own = page.file
        found += languages.of_one_language(*_with_headings(english[own.name]), *_with_headings(page))
        there = {each.file.language for each in pages if each.file.name == own.name} - {own.language}
        others = {to: filled[to, own.name] for to in LANGUAGES if to in there}
        if others:
            found += languages.numbers(own, page.text, others)
    return sorted(found)


def _missing(checkout: Checkout, templates: Templates) -> Iterator[Problem]:
    """Pages that the menu names, and pages of other languages, that are not there in English."""
    there = page_files.names(checkout, "en")
    for name in re.findall(r"^  - .*: ([\w/-]+\.md)$", templates.render("mkdocs.yml", untranslated=[]), re.M):
        if name not in there and not (checkout.site_source / "templates" / name).exists():
            said = "is not there, and the menu (site/mkdocs.yml) names it: put it back"
            yield Problem(f"content/pages/en/{name}", 1, said)
    for language in LANGUAGES:
        for name in page_files.names(checkout, language):
            if name not in there:
                near = did_you_mean(name, there) or ": put it there, too"
                said = f"readers do not see it, as there is no content/pages/en/{name}{near}"
                yield Problem(f"content/pages/{language}/{name}", 1, said)


def _read(checkout: Checkout) -> tuple[list[_Page], list[Problem]]:
    """All pages that can be read, and what is wrong with the other files."""
    files, found = page_files.read(checkout)
    pages = []
    for file in files:
        every, _ = tags.split(file)
        pages.append(_Page(file, every, masked.without_tags(file, every)))
    return pages, found


def _of_template(page: _Page, templates: Templates) -> Iterator[Problem]:
    """What is wrong with the template tags of a page; what stands in them is read where each has its end."""
    wrong = tags.split(page.file)[1] or list(tags.loose(page.file, page.text, templates.environment.globals))
    wrong += [problem for tag in page.tags for problem in tags.strange(page.file, tag)]
    wrong += list(tags.words(page.file, page.tags)) or tags.blocks(page.file, page.tags)
    yield from wrong or expressions.problems(page.file, page.tags, templates.environment)


def _between_languages(pages: Sequence[_Page]) -> Iterator[Problem]:
    """Headings that have no anchor, or not that of the English page."""
    english: dict[str, tuple[PageFile, list[Heading]]] = {}
    for page in sorted(pages, key=lambda page: page.file.language != "en"):
        its = markdown.headings(page.file, page.text)
        if page.file.language == "en":
            bare = list(languages.without_anchor(page.file, its))
            yield from bare
            english |= {} if bare else {page.file.name: (page.file, its)}
        elif page.file.name in english:
            base, in_english = english[page.file.name]
            yield from languages.headings(base, in_english, page.file, its)


def _with_headings(page: _Page) -> tuple[PageFile, list[Heading]]:
    return page.file, markdown.headings(page.file, page.text)


def _fill(
    checkout: Checkout,
    pages: Sequence[_Page],
    every: Sequence[Templates],
    filled: dict[tuple[Language, str], str],
) -> Iterator[Problem]:
    """Fills pages from the data into `filled`, and tells what only then shows."""
    readable = {(page.file.language, page.file.name) for page in pages}
    for templates in every:
        to = templates.language
        own = page_files.names(checkout, to)
        for name in page_files.names(checkout, "en"):
            if (to if name in own else "en", name) not in readable:
                continue
            try:
                filled[to, name] = templates.render(name)
            except TextFailed as error:
                yield _of_page(error.problem, f"content/pages/{to if name in own else 'en'}/{name}")


def _of_page(problem: Problem, file: str) -> Problem:
    """A problem that shows in a template, told of the page that was being filled."""
    if problem.file.startswith("content/"):
        return problem
    return Problem(file, 1, f"{problem.message} (in {problem.file}, line {problem.line})")
