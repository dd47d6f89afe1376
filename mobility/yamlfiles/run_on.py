"""Finds texts that swallowed the lines below them: quotes closed far below, list entries that lost a dash."""

import re
from collections.abc import Sequence

from mobility.yamlfiles import flow_slips
from mobility.yamlfiles.indentation import ENTRIES, indent, text_at
from mobility.yamlfiles.parser_stop import QUOTES, in_quotes

_KEY_OF_TEXT = re.compile(r" *(?:(?:en|ru|kk): |[a-z_]+: *[>|][-+]?$)")
"""The key of a text in one of the languages, or of a text of several lines."""
_KEY_OR_DASH = re.compile(r" *(?:- |-$|[\w-]+:(?: |$)|[\"'][^\"':]*[\"']:(?: |$))")
_CLOSING_QUOTES = (*QUOTES, "\u201c", "\u201d", "\u2019", "\u00bb")
"""By which people close a quote that YAML's own opened."""


def swallowing_quote(lines: Sequence[str], first: int, last: int, column: int) -> str:
    """What to tell of a quoted text from a line (from 0) to another, if it holds lines with keys or dashes
    that begin no further right than its own: then it was to end before them. Else an empty string."""
    own = text_at(lines[first])
    within = (line for line in lines[first + 1 : last + 1] if line.strip())
    if not any(indent(line) <= own and _KEY_OR_DASH.match(line) for line in within):
        return ""
    return _never_closed(lines[first], column)


def _never_closed(line: str, column: int) -> str:
    """That a quote in a column, from 0, of a line is never closed, and with which sign it is to be."""
    quote, ends = line[column], line.rstrip()[-1:]
    said = f"a quote ({quote}) opens in column {column + 1} and is never closed"
    if text := flow_slips.text_to_close(line, column):
        return f"{said}: write {quote}{text}{quote}"
    other = f", not with {ends}" if ends in _CLOSING_QUOTES and ends != quote else ""
    return f"{said}: close it with {quote}{other}"


def swallowed_key(lines: Sequence[str], first: int, last: int) -> tuple[int, str] | None:
    """The line with a key that a text of several lines (>-) took in, as it begins no further left."""
    for number in range(first + 1, min(last + 1, len(lines))):
        if _KEY_OF_TEXT.match(line := lines[number]) and indent(line) > indent(lines[first]):
            said = f"begins with {indent(line)} spaces, and so belongs to the text above"
            return number, f"{said}: begin it with {text_at(lines[first])}, as the key of that text"
    return None


def joined_lines(lines: Sequence[str], first: int, last: int, is_entry: bool) -> tuple[int, str] | None:
    """Of a text without quotes from a line (from 0) to another: the line that was to be an entry of its own
    in a list, and what to write. `is_entry`: the text is itself an entry of a list of dashes."""
    below = [number for number in range(first + 1, last + 1) if lines[number].strip()]
    dashed = next((number for number in below if lines[number].lstrip().startswith("- ")), None)
    if dashed is None and not (is_entry and below):
        return None
    if dashed is None:
        whole = in_quotes(" ".join(lines[each].strip(" -") for each in (first, *below)))
        said = f"this line goes on from the entry above: write - {lines[below[0]].strip()}"
        return below[0], f"{said}, or put quotes around both, {whole}"
    if not is_entry and (lead := re.match(r" *(?=[^\s-])", lines[first])) and ": " not in lines[first]:
        return first, f"{ENTRIES}: write - {lines[first][lead.end() :].strip()}"
    said = f"begins with {indent(lines[dashed])} spaces, and so goes on from the text above"
    if is_entry:
        return dashed, f"{said}: begin it with {indent(lines[first])}, as the entry above"
    return dashed, f"{said}: a list stands below a key alone, without a text after the colon"
