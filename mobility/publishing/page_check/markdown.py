"""Finds Markdown that is typed wrong and would be shown as it stands: headings, links, code, front matter."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mobility.publishing.page_check import masked
from mobility.publishing.page_check.page_files import PageFile
from mobility.yamlfiles import reader, strange_characters
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.reader import InvalidFile, Problem

_KEYS = ("title", "description", "hide", "search", "template", "icon")
"""What may stand between the lines of --- on top of a page."""
_HEADING = re.compile(r"^(#{1,6})([^\n]*)$", re.MULTILINE)
_ANCHOR = re.compile(r"\{:? *#((?:\{\{.*?\}\}|[^\s}])+)[^}\n]*\}\s*$")
_SLIPS = (
    (
        re.compile(r"\[[^\[\]\n]+\]\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)$", re.MULTILINE),
        "the address after ]( is never closed: write ) where it ends",
    ),
    (
        re.compile(r"\[[^\[\]\n]+\] +\((?:https?:|[^()\s]*\.md|mailto:)[^()\n]*\)"),
        "a space stands between ] and (, so that this is no link: delete it",
    ),
    (
        re.compile(r"\([^()\n]+\)\[(?:https?:|[^\[\]\s]*\.md|mailto:)[^\[\]\n]*\]"),
        "brackets stand the wrong way round: write [words](address)",
    ),
    (
        re.compile(r"\[[^\[\]()\n]+\((?:https?:|[^()\s]*\.md|mailto:)[^()\n]*\)(?!\])"),
        "a ] is missing between the words and the address: write [words](address)",
    ),
    (
        re.compile(
            r"^[^\[\]\n]*?(?P<quote>[^\s\[\]]{0,30}(?: [^\s\[\]]{0,30})?\]\([^()\n]*\))", re.MULTILINE
        ),
        "a [ is missing before the words of this link: write [words](address)",
    ),
)
"""Links that are none, each with what to do."""


class Heading(NamedTuple):
    """A heading in Markdown: its line, from 1, its text as it is typed, and its anchor, if it has one."""

    line: int
    level: int
    text: str
    anchor: str


def headings(page: PageFile, text: str) -> list[Heading]:
    """The headings of a page. `text`: the page without tags."""
    found = []
    for heading in _HEADING.finditer(text):
        line = page.at(heading.start())[0]
        typed = page.lines[line - 1]
        anchor = _ANCHOR.search(typed)
        found.append(Heading(line, len(heading[1]), typed, anchor[1] if anchor else ""))
    return found


def anchors(text: str) -> Iterator[str]:
    """The anchors of a text's headings."""
    lines = (_ANCHOR.search(heading[0]) for heading in _HEADING.finditer(text))
    return (anchor[1] for anchor in lines if anchor)


def problems(page: PageFile, text: str) -> Iterator[Problem]:
    """What is typed wrong in a page. `text`: the page without tags."""
    yield from _front_matter(page)
    if not re.sub(r"\A---\n.*?\n---\n?", "", page.text, flags=re.DOTALL).strip():
        instead = "" if page.language == "en" else ", or delete the file: then they see the English page"
        yield Problem(page.file, 1, f"is empty, so that readers see nothing: write the text again{instead}")
    yield from _headings(page, text)
    for pattern, says in _SLIPS:
        for slip in pattern.finditer(text):
            begins = slip.start("quote") if "quote" in pattern.groupindex else slip.start()
            yield page.problem(begins, f"{_cut(page.text[begins : slip.end()])}: {says}")
    for fence in re.finditer(r"^(```|~~~)", text, re.MULTILINE):
        yield page.problem(fence.start(), f"code opens here with {fence[1]} and is never closed: delete it")


def _headings(page: PageFile, text: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for heading in headings(page, text):
        marks, rest = "#" * heading.level, heading.text[heading.level :]
        if not rest.strip():
            yield Problem(page.file, heading.line, f"{marks} stands without a title: write one, or delete it")
        elif not rest.startswith((" ", "\t")):
            said = f"a space is missing after {marks}: write {_cut(f'{marks} {rest.strip()}')}"
            yield Problem(page.file, heading.line, said)
        if not heading.anchor and (typed := re.search(r"\s\{ ?#?([\w-]+) ?\}?\s*$", rest)):
            said = f"{typed[0].strip()} is no anchor: write {{ #{typed[1]} }}"
            yield Problem(page.file, heading.line, said)
        elif not heading.anchor.isascii() and strange_characters.plain(heading.anchor).isascii():
            told = "; ".join(
                strange_characters.named(heading.anchor, heading.text.rindex(heading.anchor) + 1)
            )
            said = f"{told}: write {{ #{strange_characters.plain(heading.anchor)} }}"
            yield Problem(page.file, heading.line, said)
        if heading.anchor in seen and "{" not in heading.anchor:
            said = (
                f"{{ #{heading.anchor} }} stands on line {seen[heading.anchor]}, too: give this one another"
            )
            yield Problem(page.file, heading.line, said)
        if heading.anchor:
            seen.setdefault(heading.anchor, heading.line)


def _front_matter(page: PageFile) -> Iterator[Problem]:
    """What is wrong between the lines of --- on top of a page."""
    typed = masked.front_matter(page)
    if typed is None:
        if page.text.startswith("---\n") and re.match(r"---\n(\w+:[^\n]*\n)+", page.text):
            yield Problem(
                page.file, 1, "--- opens here and is never closed: write --- on a line after the keys"
            )
        return
    try:
        values, marks = reader.parse(typed, page.file)
    except InvalidFile as error:
        yield from (Problem(page.file, each.line + 1, each.message) for each in error.problems)
        return
    for key in values if isinstance(values, dict) else ():
        if key not in _KEYS:
            line = marks.line_of((key,)) + 1
            said = f'nothing reads "{key}"{did_you_mean(key, _KEYS) or ": delete it"}'
            if joined := re.match(r"(\w+):(\S.*)", page.lines[line - 1]):
                said = f"a space is missing after the colon: write {joined[1]}: {joined[2]}"
            yield Problem(page.file, line, said)


def _cut(typed: str) -> str:
    words = " ".join(typed.split())
    return words if len(words) <= 90 else f"{words[:89]}…"
