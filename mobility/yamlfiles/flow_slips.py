"""Finds slips on lines with {…} or […]: a quote, bracket, comma or colon that is missing or too much.

Each look yields what may be meant; that is told with which the parser gets furthest.
"""

import re
from collections.abc import Callable, Iterator

from mobility.yamlfiles.parser_stop import Slip, Stop, in_quotes, value_of

_KEY = r"[\w-]+:(?=\s)"
_UNCLOSED = re.compile(r"(?<=[\[{,: ])([\"'])((?:(?!\1).)+?)(?=, *[\w-]+: |[\]}]+$)")
_CLOSERS = {"]": "[", "}": "{"}
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|(?<=[\[{,: ])'(?:[^']|'')*'|[\[\]{}]")
"""What stands between quotes, or a bracket."""


def likeliest(stop: Stop) -> Slip | None:
    """Of all slips that may be on the line where the parser stopped, or where began what it was reading, the
    one with which it gets furthest; the first of those."""
    found = [
        slip
        for number in dict.fromkeys((stop.began, stop.at))
        for look in _LOOKS
        for slip in look(number, stop.lines[number])
    ]
    reached = {slip: stop.reach(slip) for slip in found}
    best = max(found, key=lambda slip: reached[slip], default=None)
    return best if best and reached[best] > stop.at else None


def text_to_close(line: str, column: int) -> str:
    """What stands, within {…} or […], between a quote in a column, from 0, and the next key or the end: the
    text that the quote was to hold. Empty where the quote stands elsewhere, or is closed on the line."""
    found = _UNCLOSED.match(line, column)
    return found[2] if found and re.search(r"[\[{]", line[:column]) else ""


def _open_quote(number: int, line: str) -> Iterator[Slip]:
    for found in _UNCLOSED.finditer(line):
        if text := text_to_close(line, found.start()):
            said = f"a quote ({found[1]}) opens in column {found.start() + 1} and is never closed"
            text = f"{found[1]}{text}{found[1]}"
            mended = line[: found.start()] + text + line[found.end() :]
            yield Slip(number, f"{said}: write {text}", mended)


def _quote_in_quotes(number: int, line: str) -> Iterator[Slip]:
    for found in re.finditer(r"(?<=[\[{,: ])([\"'])([^,\[\]{}:]*?)\1([^,\[\]{}:]+)\1(?= *[,\]}])", line):
        text = in_quotes(f"{found[2]}{found[1]}{found[3]}")
        said = f"text goes on after the {found[1]} in column {found.end(2) + 1}: write {text}"
        yield Slip(number, said, line[: found.start()] + text + line[found.end() :])


def _comma(number: int, line: str) -> Iterator[Slip]:
    for found in re.finditer(rf"(?<=[\w\"'\]}}])(\s*[;\uff0c\u3001]\s*|\s+)({_KEY})", line):
        if not re.search(r"[\[{]", line[: found.start()]):
            continue
        said = f'a comma is missing before "{found[2]}" in column {found.start(2) + 1}'
        if sign := found[1].strip():
            said = f'"{sign}" in column {line.index(sign, found.start()) + 1} stands where a comma belongs'
        yield Slip(number, said, f"{line[: found.start()]}, {line[found.start(2) :]}")


def _end(number: int, line: str) -> Iterator[Slip]:
    if re.search(r"[\]}\"'],$", line):
        said = f"a comma stands at the end, in column {len(line)}: delete it"
        yield Slip(number, said, line[:-1])


def _colon(number: int, line: str) -> Iterator[Slip]:
    for found in re.finditer(r"(?<=[\w-]):(?=[\[{\"'])", line):
        mended = f"{line[: found.end()]} {line[found.end() :]}"
        yield Slip(number, f"a space is missing after the colon in column {found.start() + 1}", mended)


def _opening_bracket(number: int, line: str) -> Iterator[Slip]:
    """A bracket that is closed, and was to open before a value, or before the first key."""
    opened: list[str] = []
    for found in _TOKEN.finditer(line):
        char = found[0]
        if char in "[{":
            opened.append(char)
        elif char in "]}" and opened[-1:] == [_CLOSERS[char]]:
            opened.pop()
        elif char in "]}":
            yield from _with_opening(number, line, found.start())
            return


def _with_opening(number: int, line: str, at: int) -> Iterator[Slip]:
    right, left = line[at], _CLOSERS[line[at]]
    before = line[:at]
    if left == "{":
        places = [found.start() for found in re.finditer(rf"(?<=[\s\[]){_KEY}", before)]
    else:
        places = [found.end() for found in re.finditer(r"[:,{] +", before)][::-1]
    for place in places:
        within = line[place:at]
        if within.count("[") != within.count("]") or within.count("{") != within.count("}"):
            continue
        if left == "[" and left in within:
            continue  # it has its own: one is too much
        said = f'"{right}" in column {at + 1} wants a "{left}" before it'
        mend = f"write {left}{within}{right}"
        yield Slip(number, f"{said}: {mend}", f"{line[:place]}{left}{line[place:]}")


def _round_brackets(number: int, line: str) -> Iterator[Slip]:
    value, begin = value_of(line)
    if re.match(r"\([\w-]+: .*\)$", value):
        mended = f"{{{value[1:-1]}}}"
        yield Slip(number, f"keys stand in braces: write {mended}", line[:begin] + mended)


def _comparison(number: int, line: str) -> Iterator[Slip]:
    for found in re.finditer(r"(?<=: )([<>=~\u2264\u2265]+) *(?=([0-9][0-9.]*))", line):
        said = f'"{found[1]}" in column {found.start() + 1} stands before a number: write {found[2]}'
        yield Slip(number, said, line[: found.start()] + line[found.end() :])


_LOOKS: tuple[Callable[[int, str], Iterator[Slip]], ...] = (
    _open_quote, _quote_in_quotes, _colon, _comma, _end, _round_brackets, _opening_bracket, _comparison,
)  # fmt: skip
