"""Finds quotes and brackets in YAML that are not closed, closed by others, or closed too early."""

import re
from collections.abc import Iterator

from mobility.yamlfiles.indentation import indent
from mobility.yamlfiles.parser_stop import QUOTES, Slip, Stop, in_quotes, value_of

CLOSES = {"[": "]", "{": "}"}
_FURTHEST = 3000
"""So many lines above that which cannot be read a quote is looked for."""


def open_quote(stop: Stop) -> Slip | None:
    """A quote that opens a value on or above the line, and is closed by none, or by one on the line that was
    to open another text."""
    scanning = "quoted scalar" in stop.words
    for number in [stop.began] if scanning else range(stop.at, max(-1, stop.at - _FURTHEST), -1):
        value, begin = value_of(stop.lines[number])
        quote = value[:1]
        if quote not in QUOTES or _closing(value) is not None:
            continue
        below = "\n".join(stop.raw[number + 1 : stop.at + 1])
        end = _closing(quote + below)
        closes_at = number + 1 + below.count("\n", 0, end) if end is not None else stop.at
        if closes_at == stop.at and (end is None or below[end:].split("\n", 1)[0].strip()):
            other = next((each for each in QUOTES if each != quote and value.endswith(each)), "")
            said = f"a quote ({quote}) opens in column {begin + 1} and is never closed"
            mend = f"close it with {quote}" + (f", not with {other}" if other else "")
            closed = Slip(number, f"{said}: {mend}", stop.lines[number].removesuffix(other) + quote)
            return closed if stop.mends(closed) else Slip(number, f"{said}: close or delete it")
    return None


def after_the_end(stop: Stop) -> Slip | None:
    """Text after a closing quote or bracket."""
    value, begin = value_of(stop.here)
    end = _closing(value)
    rest = value[end + 1 :].strip() if end is not None else ""
    if end is None or not rest or rest[0] in ",]}:" or stop.column <= begin:
        return None
    whole = in_quotes(value[1:-1] if value[-1] == value[0] else value)
    said = f"text goes on after the {value[end]} in column {begin + end + 1}: write {whole}"
    return Slip(stop.at, said, stop.here[:begin] + whole)


def bracket(stop: Stop) -> Slip | None:
    """A bracket that is never closed, closed by another, or closes nothing."""
    opened: list[tuple[str, int, int]] = []
    for number in _together(stop.lines, stop.began if "flow" in stop.words else stop.at):
        line = stop.lines[number]
        for char, column in _brackets(line, bool(opened)):
            if char in CLOSES:
                opened.append((char, number, column))
            elif not opened:
                said = f'"{char}" in column {column} closes nothing: delete it'
                return Slip(number, said, line[: column - 1] + line[column:])
            else:
                opener, its_line, begin = opened.pop()
                if (right := CLOSES[opener]) != char:
                    where = f"in column {begin}" if its_line == number else f"on line {its_line + 1}"
                    said = f'"{char}" in column {column} stands where the "{opener}" {where} wants "{right}"'
                    return Slip(number, said, line[: column - 1] + right + line[column:])
    if not opened:
        return None
    opener, number, begin = opened[-1]
    line, right = stop.lines[number], CLOSES[opener]
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
    value, begin = (line, 0) if inside else value_of(line)
    if inside or value[:1] in CLOSES:
        for found in re.finditer(r"\"(?:[^\"\\]|\\.)*\"|(?<=[\[{,: ])'(?:[^']|'')*'|[\[\]{}]", value):
            if found[0] in "[]{}":
                yield found[0], begin + found.start() + 1


def between_brackets(stop: Stop) -> Slip | None:
    """A colon within brackets where none can stand."""
    if "flow" in stop.words and stop.here[stop.column : stop.column + 1] == ":":
        mend = "a comma is missing before it, or quotes around a text"
        return Slip(stop.at, f'":" in column {stop.column + 1} is one too many: {mend}')
    return None


def _closing(value: str) -> int | None:
    """Where the quote or bracket that opens a value is closed, from 0; None where it is not."""
    opener = value[:1]
    if opener in CLOSES:
        return value.find(CLOSES[opener]) if CLOSES[opener] in value else None
    if opener not in QUOTES:
        return None
    pattern = r'"(?:[^"\\]|\\.)*"' if opener == '"' else r"'(?:[^']|'')*'"
    found = re.match(pattern, value, re.DOTALL)
    return found.end() - 1 if found else None
