"""Explains why a file is no YAML: the line to look at, and what to type there.

The parser tells where it could not go on, which is often below the slip. Each look knows one slip, and the
line as it should be; it is told only if the parser then gets further. Where nothing does, less is said.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import yaml

from mobility.yamlfiles import indentation, strange_characters
from mobility.yamlfiles.indentation import indent

_REMARK = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|(?<!\w)'(?:[^']|'')*')|(?:^|\s)#.*")
_START = re.compile(r"\s*(?:- +)*(?:[^\s:#\"'\[\]{}][^:#\"'\[\]{}]*: +)?(?P<value>.*)")
_CLOSES = {"[": "]", "{": "}"}
_QUOTES = ("'", '"')
_NO_TEXT = "[]{}'\"|>"
_BULLETS = "\u2022\u00b7\u2023\u25cf\u25aa*"


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
        one above, and that of the key to which the line belongs."""
        above = indentation.above(self.lines, self.at)
        parent = above
        while parent and indent(self.lines[parent]) >= indent(self.here):
            parent = indentation.above(self.lines, parent, 0)
        first = [self.began] if "simple key" in self.words else []
        yield from ((each, self.lines[each]) for each in dict.fromkeys((*first, self.at, above, parent)))

    def mends(self, slip: Slip) -> bool:
        """Whether the parser gets further with the line as it should be."""
        if slip.mended is None:
            return True
        return indentation.reach(self.raw, slip.line, slip.mended, self.at) > self.at


def explain(raw: list[str], error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """The line to look at, from 1, and what to mend there. `raw`: all lines of the file."""
    lines = [_without_remark(line) for line in raw] or [""]
    mark = error.problem_mark or error.context_mark
    at, column = (mark.line, mark.column) if mark else (0, 0)
    while at >= len(lines) or (at and not lines[at].strip()):
        at, column = at - 1, 0
    began = min(error.context_mark.line, at) if error.context_mark else at
    stop = Stop(raw, lines, at, column, began, f"{error.problem}, {error.context}")
    for look in _LOOKS:
        if (slip := look(stop)) and stop.mends(slip):
            return slip.line + 1, slip.says
    if found := indentation.fault(lines, at):
        return found[0] + 1, found[1]
    said = "cannot be read: here or above, a colon, quote, bracket or space is missing, or stands too much"
    return at + 1, f"{said} (YAML says: {error.problem})"


def in_quotes(text: str) -> str:
    """A text in quotes that YAML reads as it stands."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _tab(stop: Stop) -> Slip | None:
    lead = stop.here[: len(stop.here) - len(stop.here.lstrip())]
    if "\t" in lead or "'\\t'" in stop.words:
        return Slip(stop.at, "a tab stands here, must be spaces: indent with two spaces a level")
    return None


def _open_quote(stop: Stop) -> Slip | None:
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
            said = f"a quote ({quote}) opens in column {begin + 1} and is never closed"
            mend = f"close it with {quote}" + (f", not with {other}" if other else "")
            closed = Slip(number, f"{said}: {mend}", stop.lines[number].removesuffix(other) + quote)
            return closed if stop.mends(closed) else Slip(number, f"{said}: close or delete it")
    return None


def _after_the_end(stop: Stop) -> Slip | None:
    """Text after a closing quote or bracket."""
    value, begin = _value(stop.here)
    end = _closing(value)
    rest = value[end + 1 :].strip() if end is not None else ""
    if end is None or not rest or rest[0] in ",]}:" or stop.column <= begin:
        return None
    whole = in_quotes(value[1:-1] if value[-1] == value[0] else value)
    said = f"text goes on after the {value[end]} in column {begin + end + 1}: write {whole}"
    return Slip(stop.at, said, stop.here[:begin] + whole)


def _bracket(stop: Stop) -> Slip | None:
    """A bracket that is never closed, closed by another, or closes nothing."""
    opened: list[tuple[str, int, int]] = []
    for number in _together(stop.lines, stop.began if "flow" in stop.words else stop.at):
        line = stop.lines[number]
        for char, column in _brackets(line, bool(opened)):
            if char in _CLOSES:
                opened.append((char, number, column))
            elif not opened:
                said = f'"{char}" in column {column} closes nothing: delete it'
                return Slip(number, said, line[: column - 1] + line[column:])
            else:
                opener, its_line, begin = opened.pop()
                if (right := _CLOSES[opener]) != char:
                    where = f"in column {begin}" if its_line == number else f"on line {its_line + 1}"
                    said = f'"{char}" in column {column} stands where the "{opener}" {where} wants "{right}"'
                    return Slip(number, said, line[: column - 1] + right + line[column:])
    if not opened:
        return None
    opener, number, begin = opened[-1]
    line, right = stop.lines[number], _CLOSES[opener]
    instead = ' for the ")" at the end' if line.endswith(")") else ""
    said = f'"{opener}" opens in column {begin} and is never closed'
    mended = line.removesuffix(")" if instead else "") + right
    closed = Slip(number, f'{said}: write "{right}"{instead}', mended)
    return closed if stop.mends(closed) else Slip(number, f"{said}: close or delete it")


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


def _between_brackets(stop: Stop) -> Slip | None:
    if "flow" in stop.words and stop.here[stop.column : stop.column + 1] == ":":
        mend = "a comma is missing before it, or quotes around a text"
        return Slip(stop.at, f'":" in column {stop.column + 1} is one too many: {mend}')
    return None


def _dash(stop: Stop) -> Slip | None:
    for number, line in stop.asked():
        lead = " " * indent(line)
        if found := re.match(r" *-([^\s-].*)", line):
            mended = f"- {found[1]}"
            return Slip(number, f"a space is missing after the dash: write {mended}", lead + mended)
        if found := re.match(rf" *([{_BULLETS}]|-{{2,}}|[0-9]+[.)] )\s*(.*)", line):
            mended = f"- {found[2]}"
            said = f'"{found[1].strip()}" begins no entry of a list, a dash does: write {mended}'
            return Slip(number, said, lead + mended)
    return None


def _strange(stop: Stop) -> Slip | None:
    """Spaces, dashes, colons and quotes of other shapes, where YAML wants its own."""
    for number, line in stop.asked():
        head = re.match(r"\s*(?:[-\u2010-\u2015\u2212]\s+)?(?:\w+\s*[:\uff1a]\s*)?", line)
        told = strange_characters.named(head[0] if head else "", 1)
        if signs := [each for each in told if "Latin" not in each]:
            mended = strange_characters.plain_signs(line)
            lead = " " * (len(line) - len(line.lstrip()))
            return Slip(number, f"{'; '.join(signs)}: write {mended}", lead + mended)
    return None


def _first_sign(stop: Stop) -> Slip | None:
    """A value that begins with a sign that YAML keeps for itself."""
    value, begin = _value(stop.here)
    if re.search("cannot start any token|anchor|alias|tag", stop.words) and value[:1] in set("@`%&*!"):
        said = f'"{value[0]}" in column {begin + 1} cannot begin a text: write {in_quotes(value)}'
        return Slip(stop.at, said, stop.here[:begin] + in_quotes(value))
    if re.search("escape|hexdec", stop.words):
        said = f'"\\" in column {stop.column + 1} begins a sign of its own between these quotes'
        return Slip(stop.at, f"{said}: put the text between '…'")
    if "block scalar" in stop.words:
        said = "the text must begin on the next line, further right"
        return Slip(stop.at, f"{said}: end this one with {value[:1]}")
    if "block sequence entries" in stop.words:
        said = "a list begins on a line of its own: put each dash below its key, on a new line"
        return Slip(stop.at, said)
    return None


def _second_colon(stop: Stop) -> Slip | None:
    value, begin = _value(stop.here)
    has_key = stop.here[:begin].rstrip().endswith(":")
    if "mapping values" in stop.words and has_key and begin <= stop.column and value[0] not in _NO_TEXT:
        said = f'": " stands in the text, too: put quotes around it, {in_quotes(value)}'
        keys = ", or each key on a line of its own" if re.match("[a-z_]+: ", value) else ""
        return Slip(stop.at, said + keys, stop.here[:begin] + in_quotes(value))
    return None


def _colon(stop: Stop) -> Slip | None:
    """A key without its colon, or a colon without its space."""
    for number, line in stop.asked():
        if not (found := re.match(r"(?P<lead>\s*(?:- +)*)(?P<key>\w+)(?P<rest>.*)", line)):
            continue
        lead, key, rest = found["lead"], found["key"], found["rest"]
        if key in ("https", "http") and rest.startswith("://"):
            mended, said = f"url: {key}{rest}", "an address stands here without its key"
            return Slip(number, f"{said}: write {mended}", lead + mended)
        if after := re.match(r":((?!//)[^\s:].*)", rest):
            mended, said = f"{key}: {after[1]}", "a space is missing after the colon"
        elif after := re.match(r"\s*[=;]\s*(\S.*)", rest):
            mended, said = f"{key}: {after[1]}", "a colon belongs after the key"
        elif not rest and indent(next(filter(None, stop.lines[number + 1 :]), "")) > indent(line):
            mended, said = f"{key}:", f'no colon stands after "{key}"'
        elif (
            number == stop.began and "simple key" in stop.words and rest.startswith(" ") and ": " not in rest
        ):
            said = "this line has no key with a colon: begin it further right if it goes on from above"
            mended = f"{key}:{rest}"
            return Slip(number, f"{said}, else write {mended}" if re.match("[a-z_]+$", key) else said)
        else:
            continue
        return Slip(number, f"{said}: write {mended}", lead + mended)
    return None


_LOOKS: tuple[Callable[[Stop], Slip | None], ...] = (
    _tab, _open_quote, _bracket, _between_brackets, _dash, _strange, _first_sign, _after_the_end,
    _second_colon, _colon,
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
