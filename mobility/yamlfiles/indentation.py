"""Finds lines that begin with more or fewer spaces than YAML lets them, from the lines around them."""

import re

Found = tuple[int, str]
"""A line, from 0, and what to mend on it."""
_KEY_OR_ENTRY = re.compile(r" *(-( |$)|[^\s:]+:( |$))")
_DASH = re.compile(r" *- +(?=\S)")


def indent(line: str) -> int:
    """With how many spaces a line begins."""
    return len(line) - len(line.lstrip(" "))


def above(lines: list[str], number: int, else_: int | None = None) -> int:
    """The nearest line above that holds anything; the same, or `else_`, where none does."""
    found = (each for each in range(number - 1, -1, -1) if lines[each].strip())
    return next(found, number if else_ is None else else_)


def fault(lines: list[str], number: int) -> Found | None:
    """What is wrong with the indentation of a line at which YAML could not go on, or of the line above it."""
    before = above(lines, number)
    begins, last = indent(lines[number]), indent(lines[before])
    if before == number or (begins > last and _opens(lines[before])):
        return None
    keys, dashes = _levels(lines, before)
    alike = f"begins with {last} spaces, the line below it with {begins}: begin both alike"
    if last % 2 and not begins % 2 and abs(begins - last) == 1:
        return before, alike
    if begins > _text_at(lines[before]) and begins in keys | dashes:
        return before, f"{alike}, or write nothing after the colon here"
    keys, dashes = _levels(lines, number)
    is_entry = _is_entry(lines[number])
    if begins in (dashes if is_entry else keys):
        return None
    if begins in dashes:
        mend = f"write - {lines[number].strip()}, or begin with {begins + 2} spaces"
        return number, f"entries of a list stand here, each with a dash: {mend}"
    if begins in keys:
        beside = f", or begin with {last} spaces as the entry above" if _is_entry(lines[before]) else ""
        return number, f"a dash stands among keys: delete it{beside}"
    if not (allowed := (dashes if is_entry else keys) or keys | dashes):
        return None
    nearest = min(abs(level - begins) for level in allowed)
    wanted = sorted(level for level in allowed if abs(level - begins) == nearest)
    must = f"must begin with {' or '.join(map(str, wanted))}, as the lines beside it"
    hint = " (where you took away a #, take away the space after it, too)" if wanted == [begins - 1] else ""
    return number, f"begins with {begins} spaces, {must}{hint}"


def _opens(line: str) -> bool:
    """Whether lines that belong to this one may begin further right."""
    return bool(re.search(r"(:|^\s*-|[|>][-+]?)$", line))


def _is_entry(line: str) -> bool:
    return _DASH.match(line) is not None


def _text_at(line: str) -> int:
    """Where the text of a line begins, after its dash if it has one."""
    dash = _DASH.match(line)
    return dash.end() if dash else indent(line)


def _levels(lines: list[str], number: int) -> tuple[set[int], set[int]]:
    """With how many spaces keys and dashes begin in the blocks that are open above a line."""
    keys: set[int] = set()
    dashes: set[int] = set()
    least = 10**6
    for each in range(number - 1, -1, -1):
        line = lines[each]
        if indent(line) >= least or not _KEY_OR_ENTRY.match(line):
            continue
        least = indent(line)
        keys.add(_text_at(line))
        if _is_entry(line):
            dashes.add(least)
    return keys, dashes
