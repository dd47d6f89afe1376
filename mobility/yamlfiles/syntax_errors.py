"""Explains why a file is no YAML: the line to look at, and what to type there.

The parser tells where it could not go on, which is often below the slip. Each look knows one slip; the first
that sees its own is told. Where none does, less is said, and nothing that may be false.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from mobility.yamlfiles import indentation, strange_characters
from mobility.yamlfiles.indentation import indent

Found = tuple[int, str]
"""A line, from 0, and what to mend on it."""
_REMARK = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|(?<!\w)'(?:[^']|'')*')|(?:^|\s)#.*")
_START = re.compile(r"\s*(?:- +)*(?:[^\s:#\"'\[\]{}][^:#\"'\[\]{}]*: +)?(?P<value>.*)")
_CLOSES = {"[": "]", "{": "}"}
_QUOTES = ("'", '"')
_NO_TEXT = "[]{}'\"|>"
_BULLETS = "\u2022\u00b7\u2023\u25cf\u25aa*"


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

    def asked(self) -> Iterator[Found]:
        """The lines on which the slip may stand, the likeliest first: where it began, where it stopped, the
        one above, and that of the key to which the line belongs."""
        above = indentation.above(self.lines, self.at)
        parent = above
        while parent and indent(self.lines[parent]) >= indent(self.here):
            parent = indentation.above(self.lines, parent, 0)
        first = [self.began] if "simple key" in self.words else []
        yield from ((each, self.lines[each]) for each in dict.fromkeys((*first, self.at, above, parent)))


def explain(raw: list[str], error: yaml.MarkedYAMLError) -> Found:
    """The line to look at, from 1, and what to mend there."""
    lines = [_without_remark(line) for line in raw] or [""]
    mark = error.problem_mark or error.context_mark
    at, column = (mark.line, mark.column) if mark else (0, 0)
    while at >= len(lines) or (at and not lines[at].strip()):
        at, column = at - 1, 0
    began = min(error.context_mark.line, at) if error.context_mark else at
    stop = Stop(raw, lines, at, column, began, f"{error.problem}, {error.context}")
    for look in _LOOKS:
        if found := look(stop):
            return found[0] + 1, found[1]
    said = "cannot be read: here or above, a colon, quote, bracket or space is missing, or stands too much"
    return at + 1, f"{said} (YAML says: {error.problem})"


def in_quotes(text: str) -> str:
    """A text in quotes that YAML reads as it stands."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _tab(stop: Stop) -> Found | None:
    lead = stop.here[: len(stop.here) - len(stop.here.lstrip())]
    if "\t" in lead or "'\\t'" in stop.words:
        return stop.at, "a tab stands here, must be spaces: indent with two spaces a level"
    return None


def _open_quote(stop: Stop) -> Found | None:
    """A quote that opens a value on or above the line, and is closed by none, or by one on the line that was
    to open another text."""
    for number in range(stop.at, -1, -1):
        value, begin = _value(stop.lines[number])
        quote = value[:1]
        if quote not in _QUOTES or _closing(value) is not None:
            continue
        below = "\n".join(stop.raw[number + 1 :])
        end = _closing(quote + below)
        closes_at = number + 1 + below.count("\n", 0, end) if end is not None else stop.at
        if closes_at == stop.at and (end is None or below[end:].split("\n", 1)[0].strip()):
            other = next((each for each in _QUOTES if each != quote and value.endswith(each)), "")
            mend = f"close it with {quote}" + (f", not with {other}" if other else "")
            return number, f"a quote ({quote}) opens in column {begin + 1} and is never closed: {mend}"
    return None


def _after_the_end(stop: Stop) -> Found | None:
    """Text after a closing quote or bracket."""
    value, begin = _value(stop.here)
    end = _closing(value)
    rest = value[end + 1 :].strip() if end is not None else ""
    if end is None or not rest or rest[0] in ",]}:" or stop.column <= begin:
        return None
    inner = value[1:-1] if value[-1] == value[0] else value
    return (
        stop.at,
        f"text goes on after the {value[end]} in column {begin + end + 1}: write {in_quotes(inner)}",
    )


def _bracket(stop: Stop) -> Found | None:
    """A bracket that is never closed, closed by another, or closes nothing."""
    opened: list[tuple[str, int, int]] = []
    for number in _together(stop.lines, stop.began if "flow" in stop.words else stop.at):
        for char, column in _brackets(stop.lines[number], bool(opened)):
            if char in _CLOSES:
                opened.append((char, number, column))
            elif not opened:
                return number, f'"{char}" in column {column} closes nothing: delete it'
            else:
                opener, line, begin = opened.pop()
                if _CLOSES[opener] != char:
                    where = f"in column {begin}" if line == number else f"on line {line + 1}"
                    said = f'"{char}" in column {column} stands where the "{opener}" {where} wants'
                    return number, f'{said} "{_CLOSES[opener]}"'
    if not opened:
        return None
    opener, line, begin = opened[-1]
    instead = ' for the ")" at the end' if stop.lines[line].endswith(")") else ""
    mend = f'write "{_CLOSES[opener]}"{instead}'
    return line, f'"{opener}" opens in column {begin} and is never closed: {mend}'


def _together(lines: list[str], first: int) -> Iterator[int]:
    """A line and those below it that are indented more, or begin with a closing bracket."""
    yield first
    for number in range(first + 1, len(lines)):
        line = lines[number].strip()
        if line and indent(lines[number]) <= indent(lines[first]) and line[0] not in "]}":
            return
        yield number


def _brackets(line: str, inside: bool) -> Iterator[tuple[str, int]]:
    """The brackets of a line that are YAML's own, with their columns, from 1. `inside`: one is open."""
    value, begin = (line, 0) if inside else _value(line)
    if inside or value[:1] in _CLOSES:
        for found in re.finditer(r"\"(?:[^\"\\]|\\.)*\"|(?<=[\[{,: ])'(?:[^']|'')*'|[\[\]{}]", value):
            if found[0] in "[]{}":
                yield found[0], begin + found.start() + 1


def _between_brackets(stop: Stop) -> Found | None:
    if "flow" in stop.words and stop.here[stop.column : stop.column + 1] == ":":
        mend = "a comma is missing before it, or quotes around a text"
        return stop.at, f'":" in column {stop.column + 1} is one too many: {mend}'
    return None


def _dash(stop: Stop) -> Found | None:
    for number, line in stop.asked():
        if found := re.match(r"\s*-([^\s-].*)", line):
            return number, f"a space is missing after the dash: write - {found[1]}"
        if found := re.match(rf"\s*([{_BULLETS}])\s*(.*)", line):
            return number, f'"{found[1]}" begins no entry of a list, a dash does: write - {found[2]}'
    return None


def _strange(stop: Stop) -> Found | None:
    """Spaces, dashes, colons and quotes of other shapes, where YAML wants its own."""
    for number, line in stop.asked():
        head = re.match(r"\s*(?:[-\u2010-\u2015\u2212]\s+)?(?:\w+\s*[:\uff1a]\s*)?", line)
        told = strange_characters.named(head[0] if head else "", 1)
        if signs := [each for each in told if "Latin" not in each]:
            return number, f"{'; '.join(signs)}: write {strange_characters.plain_signs(line)}"
    return None


def _first_sign(stop: Stop) -> Found | None:
    """A value that begins with a sign that YAML keeps for itself."""
    value, begin = _value(stop.here)
    if re.search("cannot start any token|anchor|alias|tag", stop.words) and value[:1] in set("@`%&*!"):
        return stop.at, f'"{value[0]}" in column {begin + 1} cannot begin a text: write {in_quotes(value)}'
    if re.search("escape|hexdec", stop.words):
        said = f'"\\" in column {stop.column + 1} begins a sign of its own between these quotes'
        return stop.at, f"{said}: put the text between '…'"
    if "block scalar" in stop.words:
        said = "the text must begin on the next line, further right"
        return stop.at, f"{said}: end this one with {value[:1]}"
    if "block sequence entries" in stop.words:
        return stop.at, "a list begins on a line of its own: put each dash below its key, on a new line"
    return None


def _second_colon(stop: Stop) -> Found | None:
    value, begin = _value(stop.here)
    has_key = stop.here[:begin].rstrip().endswith(":")
    if "mapping values" in stop.words and has_key and begin <= stop.column and value[0] not in _NO_TEXT:
        return stop.at, f'": " stands in the text, too: put quotes around it, {in_quotes(value)}'
    return None


def _colon(stop: Stop) -> Found | None:
    """A key without its colon, or a colon without its space."""
    for number, line in stop.asked():
        if found := re.match(r"\s*(?:- +)*(\w+):((?!//)[^\s:].*)", line):
            return number, f"a space is missing after the colon: write {found[1]}: {found[2]}"
        if found := re.match(r"\s*(?:- +)*(\w+)\s*[=;]\s*(\S.*)", line):
            return number, f"a colon belongs after the key: write {found[1]}: {found[2]}"
        below = next((each for each in stop.lines[number + 1 :] if each), "")
        if (found := re.fullmatch(r"\s*(?:- +)*(\w+)", line)) and indent(below) > indent(line):
            return number, f'no colon stands after "{found[1]}": write {found[1]}:, if it is a key'
    found = re.fullmatch(r"\s*(?:- +)*(\w+) +(.+)", stop.lines[stop.began])
    if found and "simple key" in stop.words:
        said = f"no key with its colon stands here: write {found[1]}: {found[2]}, if {found[1]} is the key"
        return stop.began, f"{said}, or begin further right what goes on from above"
    return None


def _indentation(stop: Stop) -> Found | None:
    return indentation.fault(stop.lines, stop.at)


_LOOKS: tuple[Callable[[Stop], Found | None], ...] = (
    _tab, _open_quote, _bracket, _between_brackets, _dash, _strange, _first_sign, _after_the_end,
    _second_colon, _colon, _indentation,
)  # fmt: skip


def _without_remark(line: str) -> str:
    return _REMARK.sub(lambda found: found[1] or "", line).rstrip(" ")


def _value(line: str) -> tuple[str, int]:
    """What stands after key and dashes, and where it begins, from 0."""
    found = _START.match(line)
    return (found["value"], found.start("value")) if found else (line, 0)


def _closing(value: str) -> int | None:
    """Where the quote or bracket that opens a value is closed, from 0; None where it is not."""
    opener = value[:1]
    if opener in _CLOSES:
        return value.find(_CLOSES[opener]) if _CLOSES[opener] in value else None
    if opener not in _QUOTES:
        return None
    pattern = r'"(?:[^"\\]|\\.)*"' if opener == '"' else r"'(?:[^']|'')*'"
    found = re.match(pattern, value, re.DOTALL)
    return found.end() - 1 if found else None
