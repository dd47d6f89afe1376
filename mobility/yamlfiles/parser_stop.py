"""Where the YAML parser stopped in a file, what a slip on a line is, and how lines are taken apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import yaml

from mobility.yamlfiles import indentation
from mobility.yamlfiles.indentation import indent

QUOTES = ("'", '"')
_REMARK = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|(?<!\w)'(?:[^']|'')*')|(?:^|\s)#.*")
_START = re.compile(r"\s*(?:- +)*(?:[^\s:#\"'\[\]{}][^:#\"'\[\]{}]*: +)?(?P<value>.*)")


class Slip(NamedTuple):
    """A slip on a line (from 0): what to mend, and the line as it should be; None: of that there is more than
    one way."""

    line: int
    says: str
    mended: str | None = None


@dataclass(frozen=True)
class Stop:
    """Where the parser stopped: the file's lines, raw and without their remarks, the line and column (from 0)
    that it could not read, the line on which began what it was reading, and its own words."""

    raw: list[str]
    lines: list[str]
    at: int
    column: int
    began: int
    words: str

    @property
    def here(self) -> str:
        """The line that could not be read."""
        return self.lines[self.at]

    def asked(self) -> Iterator[tuple[int, str]]:
        """The lines on which the slip may stand, the likeliest first: where it began, where it stopped, the
        one above, the one above that begins alike, and that of the key to which the line belongs."""
        above = beside = indentation.above(self.lines, self.at)
        while beside and indent(self.lines[beside]) > indent(self.here):
            beside = indentation.above(self.lines, beside, 0)
        parent = beside
        while parent and indent(self.lines[parent]) >= indent(self.here):
            parent = indentation.above(self.lines, parent, 0)
        first = [self.began] if "simple key" in self.words else []
        numbers = dict.fromkeys((*first, self.at, above, beside, parent))
        yield from ((each, self.lines[each]) for each in numbers)

    def reach(self, slip: Slip) -> int:
        """How far, to which line, the parser gets with the line as it should be."""
        if slip.mended is None:
            return self.at
        return indentation.reach(self.raw, slip.line, slip.mended, self.at)

    def mends(self, slip: Slip) -> bool:
        """Whether the parser gets further with the line as it should be."""
        return slip.mended is None or self.reach(slip) > self.at


def stopped(raw: list[str], error: yaml.MarkedYAMLError) -> Stop:
    """Where the parser stopped, by its error. `raw`: all lines of the file."""
    lines = [_without_remark(line) for line in raw] or [""]
    mark = error.problem_mark or error.context_mark
    at, column = (mark.line, mark.column) if mark else (0, 0)
    while at >= len(lines) or (at and not lines[at].strip()):
        at, column = at - 1, 0
    began = min(error.context_mark.line, at) if error.context_mark else at
    return Stop(raw, lines, at, column, began, f"{error.problem}, {error.context}")


def value_of(line: str) -> tuple[str, int]:
    """What stands after key and dashes, and where it begins, from 0."""
    found = _START.match(line)
    return (found["value"], found.start("value")) if found else (line, 0)


def in_quotes(text: str) -> str:
    """A text in quotes that YAML reads as it stands."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _without_remark(line: str) -> str:
    return _REMARK.sub(lambda found: found[1] or "", line).rstrip(" ")
