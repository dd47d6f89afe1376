"""Compares a page with itself in the other languages: its headings' anchors, and the numbers it names."""

import re
from collections.abc import Iterator, Mapping

from mobility.i18n.languages import Language
from mobility.publishing.page_check.markdown import Heading
from mobility.publishing.page_check.page_files import PageFile
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.reader import Problem

_BOTH = "write it in all languages, or in none"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ADDRESS = re.compile(r"\]\([^)\n]*\)|<[^<>]*>|\bhttps?://\S+|\{ *#[^}\n]*\}|&#?\w+;")
"""Whose digits are no numbers that readers read."""


def headings(
    english: PageFile, in_english: list[Heading], page: PageFile, its: list[Heading]
) -> Iterator[Problem]:
    """Headings that one of the two pages lacks, by their anchors."""
    wanted = {heading.anchor: heading for heading in in_english if heading.anchor}
    own = {heading.anchor: heading for heading in its if heading.anchor}
    lacking = [anchor for anchor in wanted if anchor not in own]
    bare = [heading for heading in its if heading.level > 1 and not heading.anchor]
    for number, heading in enumerate(bare):
        anchor = lacking[number] if len(lacking) == len(bare) else "…"
        yield Problem(page.file, heading.line, f"{_no_anchor(heading, anchor)}, as in {english.file}")
    if bare:
        return
    for anchor, heading in own.items():
        if anchor not in wanted:
            near = did_you_mean(anchor, lacking)
            lacking = [each for each in lacking if f'"{each}"' not in near]
            said = f"no heading of {english.file} has {{ #{anchor} }}{near}"
            yield Problem(page.file, heading.line, said if near else f"{said}: {_BOTH}")
    for anchor in lacking:
        above = [own[each].line for each in list(wanted)[: list(wanted).index(anchor)] if each in own]
        said = f"the heading {wanted[anchor].text} of {english.file}, line {wanted[anchor].line}, is lacking"
        yield Problem(page.file, max(above, default=1), f"{said} here: {_BOTH}")


def without_anchor(page: PageFile, its: list[Heading]) -> Iterator[Problem]:
    """Headings of an English page that have no anchor, by which its translations are compared."""
    for heading in its:
        if heading.level > 1 and not heading.anchor:
            words = re.sub(r"\{[{%].*?[}%]\}", "", heading.text)
            slug = "-".join(re.findall("[a-z0-9]+", words.lower())[:3]) or "…"
            yield Problem(page.file, heading.line, _no_anchor(heading, slug))


def _no_anchor(heading: Heading, anchor: str) -> str:
    return f"the heading has no anchor: write {heading.text.strip()} {{ #{anchor} }}"


def numbers(page: PageFile, text: str, others: Mapping[Language, str]) -> Iterator[Problem]:
    """Numbers that a page names and that it shows in no other language. `text`: the page without tags;
    `others`: the page as it is filled in the other languages."""
    shown = {number for filled in others.values() for number, _ in _numbers(filled)}
    for number, line in dict(_numbers(text)).items():
        if number not in shown:
            where = " and ".join(others)
            yield Problem(page.file, line, f"{number} stands in {page.language} alone, not in {where}")


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    """The numbers of a text with their lines, the first line last; 16,000 and 16 000 are one, as are 2,5 and
    2.5."""
    plain = _ADDRESS.sub(lambda found: " " * len(found[0]), text)
    plain = re.sub(r"(?<=\d)[ ,\u00a0\u202f](?=\d{3}\b)", "", plain)
    for number in reversed(list(_NUMBER.finditer(plain))):
        yield number[0].replace(",", "."), plain.count("\n", 0, number.start()) + 1
