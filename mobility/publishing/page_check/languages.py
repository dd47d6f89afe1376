"""Compares a page with itself in the other languages: its headings' anchors, and the numbers it names."""

import re
from collections.abc import Iterator, Mapping

from mobility.i18n.languages import Language
from mobility.publishing.page_check.markdown import Heading
from mobility.publishing.page_check.page_files import PageFile
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.reader import Problem

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ADDRESS = re.compile(r"\]\([^)\n]*\)|<[^<>]*>|\bhttps?://\S+|\{ *#[^}\n]*\}|&#?\w+;")
"""Whose digits are no numbers that readers read."""


def headings(
    english: PageFile, in_english: list[Heading], page: PageFile, its: list[Heading]
) -> Iterator[Problem]:
    """Headings of a translated page without their anchor, or with one that is misspelt."""
    misspelt, _, lacking = _compared(in_english, its)
    bare = [heading for heading in its if heading.level > 1 and not heading.anchor]
    for number, heading in enumerate(bare):
        anchor = lacking[number].anchor if len(lacking) == len(bare) else "…"
        yield Problem(page.file, heading.line, f"{_no_anchor(heading, anchor)}, as in {english.file}")
    for heading, near in () if bare else misspelt:
        said = f"no heading of {english.file} has {{ #{heading.anchor} }}{near}"
        yield Problem(page.file, heading.line, said)


def of_one_language(
    english: PageFile, in_english: list[Heading], page: PageFile, its: list[Heading]
) -> Iterator[Problem]:
    """Headings that only one of the two pages has; the pages have no faults."""
    _, alone, lacking = _compared(in_english, its)
    for heading in alone:
        said = f"the heading {{ #{heading.anchor} }} is lacking in {english.file}"
        yield Problem(page.file, heading.line, said)
    for heading in lacking:
        said = f"the heading {heading.text} is lacking in {page.file}"
        yield Problem(english.file, heading.line, said)


def _compared(
    in_english: list[Heading], its: list[Heading]
) -> tuple[list[tuple[Heading, str]], list[Heading], list[Heading]]:
    """Headings of a translated page whose anchors are misspelt, each with what may be meant; those that no
    English one stands for; and the English ones that it lacks."""
    own = {heading.anchor for heading in its}
    wanted = {heading.anchor for heading in in_english}
    lacking = {heading.anchor: heading for heading in in_english if heading.anchor not in own}
    misspelt, alone = [], []
    for heading in its:
        if heading.anchor and heading.anchor not in wanted:
            if near := did_you_mean(heading.anchor, lacking):
                misspelt.append((heading, near))
                lacking = {anchor: each for anchor, each in lacking.items() if f'"{anchor}"' not in near}
            else:
                alone.append(heading)
    return misspelt, alone, [heading for heading in lacking.values() if heading.anchor]


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
