"""Finds lines that begin with more or fewer spaces than YAML lets them, by trying others."""

import re

import yaml

_KEY_OR_ENTRY = re.compile(r" *(-( |$)|[^\s:]+:( |$))")
_OPENS_TEXT = re.compile(r"(: |- )[>|][-+]?$")
_DASH = re.compile(r" *- +(?=\S)")
ENTRIES = "entries of a list stand here, each with a dash"
_NO_KEY = (
    "entries of a list begin here, and the key to which they belong is missing: write it above, such as "
    "documents:"
)
_NEAR = 3
"""By so many spaces a line is taken to have slipped where no line beside it begins so."""
_AHEAD = 100
"""So many lines below where it stopped the parser need get."""


def indent(line: str) -> int:
    """With how many spaces a line begins."""
    return len(line) - len(line.lstrip(" "))


def above(lines: list[str], number: int, else_: int | None = None) -> int:
    """The nearest line above that holds anything; the same, or `else_`, where none does."""
    found = (each for each in range(number - 1, -1, -1) if lines[each].strip())
    return next(found, number if else_ is None else else_)


def reach(lines: list[str], number: int, mended: str, stopped: int) -> int:
    """The line, from 0, at which the parser stops with another line; if it does not, some lines below that at
    which it `stopped` before. It begins at the key without indentation above."""
    top = next((each for each in range(number - 1, -1, -1) if re.match(r"\w", lines[each])), 0)
    last = min(len(lines), stopped + _AHEAD)
    text = "\n".join([*lines[top:number], mended, *lines[number + 1 : last]])
    try:
        for _ in yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return top + (mark.line if mark else 0)
    return last


def fault(lines: list[str], number: int) -> tuple[int, str] | None:
    """What is wrong with the indentation of a line at which YAML could not go on, or of the one above it: the
    line, from 0, and the change with which YAML goes on furthest. `lines`: of the file, without remarks."""
    before = _key_of_text(lines, above(lines, number))
    if before == number:
        return None
    moves = _moves(lines, number, before) | _moves(lines, before, number)
    lead, text, last = lines[number][: indent(lines[number])], lines[number].strip(), indent(lines[before])
    is_entry = _DASH.match(lines[number])
    dash = (number, lead + (text[2:] if is_entry else f"- {text}"))
    dash_above = (before, " " * last + f"- {lines[before].strip()}")
    no_value = (before, re.sub(r":\s.*", ":", lines[before]))
    key_above = (number, f"{lead}key:\n{lines[number]}")
    first = _first_of_block(lines, number)
    entry_above = (first, f"{lead}- key:\n{lines[first]}")
    changes = (*moves, dash, dash_above, no_value, key_above, entry_above)
    reached = {change: reach(lines, *change, number) for change in changes}
    furthest = max(reached.values())
    if furthest <= number:
        return None
    helps = {change: far for change, far in moves.items() if reached[change] == furthest}
    best = [change for change, far in helps.items() if far == min(helps.values())]
    moved = number if not best or number in dict(best) else before
    spaces = " or ".join(str(indent(mended)) for line, mended in best if line == moved)
    if reached[dash] == furthest:
        also = f", or begin with {spaces} spaces" if best and moved == number else ""
        said = "a dash stands among keys: delete it"
        if not is_entry:
            said = f"{ENTRIES}: write {dash[1].strip()}"
        return number, said + also
    if not best and reached[dash_above] == furthest:
        return before, f"{ENTRIES}: write {dash_above[1].strip()}"
    if not best and is_entry and indent(lines[first]) > len(lead) and reached[entry_above] == furthest:
        key = re.split(r":\s", text)[0]
        return first, f'the entry that begins here lacks its first line: write it above, such as "{key}: …"'
    if not best and is_entry and last == len(lead) and reached[key_above] == furthest:
        return number, _NO_KEY
    if not best:
        return before, "a value stands here, and more below that belongs to this key: keep one of them"
    begins = indent(lines[moved])
    if moved == before and reached[no_value] == furthest:
        alike = f"begins with {begins} spaces, the line below it with {len(lead)}"
        return moved, f"{alike}: begin both alike, or write nothing after the colon here"
    said = f"begins with {begins} spaces, must begin with {spaces}, as the lines beside it"
    if spaces == str(begins - 1):
        said += " (where you took away a #, take away the space after it, too)"
    return moved, said


def _first_of_block(lines: list[str], number: int) -> int:
    """The line below the key to whose value a line belongs."""
    first = each = number
    while each and indent(lines[each]) >= indent(lines[number]):
        first, each = each, above(lines, each, 0)
    return first


def _key_of_text(lines: list[str], number: int) -> int:
    """The line of the key to which a line in a text of several lines (>-) belongs; else the line itself."""
    least, each = indent(lines[number]), number
    while each and least:
        each = above(lines, each, 0)
        if lines[each].strip() and indent(lines[each]) < least:
            return each if _OPENS_TEXT.search(lines[each]) else number
    return number


def _moves(lines: list[str], line: int, other: int) -> dict[tuple[int, str], tuple[bool, int, bool]]:
    """A line with as many spaces as it may have been meant to begin with, and how far-fetched each is: less
    if the line beside it begins so, the fewer spaces are changed, and if their number is even."""
    begins, beside = indent(lines[line]), {indent(lines[other]), text_at(lines[other])}
    levels = _levels(lines, line) | beside | {indent(lines[other]) - 2, indent(lines[other]) + 2}
    if not _KEY_OR_ENTRY.match(lines[line]):  # a text that goes on
        beside = levels = {indent(lines[other]) + 2}
    return {
        (line, " " * to + lines[line].strip()): (to not in beside, abs(to - begins), to % 2 == 1)
        for to in sorted(levels - {begins})
        if to >= 0 and (to in beside or abs(to - begins) <= _NEAR)
    }


def text_at(line: str) -> int:
    """Where the text of a line begins, after its dash if it has one."""
    dash = _DASH.match(line)
    return dash.end() if dash else indent(line)


def _levels(lines: list[str], number: int) -> set[int]:
    """With how many spaces keys and dashes begin in the blocks that are open above a line."""
    found: set[int] = set()
    least = 10**6
    for each in range(number - 1, -1, -1):
        line = lines[each]
        if indent(line) < least and _KEY_OR_ENTRY.match(line):
            least = indent(line)
            found |= {least, text_at(line)}
    return found
