"""The office's pages as files: `content/pages/<language>/….md`, read as UTF-8."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import Checkout
from mobility.yamlfiles import reader
from mobility.yamlfiles.reader import InvalidFile, Problem

_FEW_WORDS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,3}")


@dataclass(frozen=True)
class PageFile:
    """A page in one language. `name`: its path in the language's folder; `file`: how messages call it."""

    language: Language
    name: str
    file: str
    text: str

    @functools.cached_property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.text.split("\n")

    def at(self, place: int) -> tuple[int, int]:
        """Line and column, from 1, of a place in the text."""
        before = self.text[:place]
        return before.count("\n") + 1, place - before.rfind("\n")

    def problem(self, place: int, says: str) -> Problem:
        """A fault at a place in the text."""
        return Problem(self.file, self.at(place)[0], says)


def names(checkout: Checkout, language: Language) -> list[str]:
    """The office's pages in a language, by their paths."""
    folder = checkout.content / "pages" / language
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))


def untranslated(checkout: Checkout) -> Iterator[tuple[Language, str]]:
    """(language, page) for each of the office's pages that a language lacks; readers see it in English."""
    for language in LANGUAGES:
        there = set(names(checkout, language))
        yield from ((language, name) for name in names(checkout, "en") if name not in there)


def unread(checkout: Checkout) -> Iterator[Problem]:
    """A remark on each file beside the pages that is none, such as criteria.md.txt: nobody sees it."""
    folder = checkout.content / "pages"
    for path in sorted(folder.rglob("*")):
        file = path.relative_to(checkout.root).as_posix()
        known = path.suffix == ".md" and path.relative_to(folder).parts[0] in LANGUAGES
        if path.is_file() and not known and not path.name.startswith((".", "~")):
            said = (
                "is no page, readers do not see it: pages end with .md and stand in en, ru or kk; other files"
            )
            yield Problem(file, 1, f"{said} belong into content/downloads")


def read(checkout: Checkout) -> tuple[list[PageFile], list[Problem]]:
    """All pages in all languages that can be read, and what is wrong with the others."""
    pages: list[PageFile] = []
    problems: list[Problem] = []
    for language in LANGUAGES:
        for name in names(checkout, language):
            path = checkout.content / "pages" / language / name
            file = path.relative_to(checkout.root).as_posix()
            try:
                text = _text(path, file)
            except InvalidFile as error:
                problems += (_as_windows_1251(problem, path) for problem in error.problems)
                continue
            pages.append(PageFile(language, name, file, re.sub("\r\n?", "\n", text)))
    return pages, problems


def _text(path: Path, file: str) -> str:
    """The text of a page. Unlike files of YAML it may begin with a tag of HTML. Raises InvalidFile."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig") if raw.startswith(b"<") else reader.read_text(path, file)
    except UnicodeDecodeError:
        return reader.read_text(path, file)


def _as_windows_1251(problem: Problem, path: Path) -> Problem:
    """The problem with the words that cannot be read, where they can be read as Windows-1251."""
    lines = path.read_bytes().split(b"\n") if "is not UTF-8" in problem.message else [b""]
    words = _FEW_WORDS.search(lines[problem.line - 1].decode("cp1251", errors="replace"))
    if not words or not re.fullmatch("[А-Яа-яЁёІіA-Za-z ]+", words[0]):
        return problem
    said = problem.message.replace("is not", f'"{words[0]}" is saved in Windows-1251, must be', 1)
    return Problem(problem.file, problem.line, said)
