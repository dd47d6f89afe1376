"""Explains why a file is no YAML: the line to look at, and what to type there.

The parser tells where it could not go on, which is often below the slip. Each look knows one slip, and the
line as it should be; it is told only if the parser then gets further. Where nothing does, less is said.
"""

import re
from collections.abc import Callable, Iterator

import yaml

from mobility.yamlfiles import flow_slips, indentation, strange_characters, unclosed
from mobility.yamlfiles.indentation import indent
from mobility.yamlfiles.parser_stop import Slip, Stop, in_quotes, stopped, value_of

_LONGEST = 400
"""Characters of a message that quotes what is typed."""
_NO_TEXT = "[]{}'\"|>"
_SIGNS = set("@`%&*!?")
"""Those with which no text begins."""
_BULLETS = "\u2022\u00b7\u2023\u25cf\u25aa*"


def explain(raw: list[str], error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """The line to look at, from 1, and what to mend there. `raw`: all lines of the file."""
    stop = stopped(raw, error)
    for look in _LOOKS:
        slips = look(stop)
        for slip in [slips] if isinstance(slips, Slip) else slips or ():
            if stop.mends(slip):
                return slip.line + 1, slip.says if len(slip.says) <= _LONGEST else f"{slip.says[:_LONGEST]}…"
    if found := indentation.fault(stop.lines, stop.at):
        return found[0] + 1, found[1]
    said = "cannot be read: here or above, a colon, quote, bracket or space is missing, or stands too much"
    return stop.at + 1, f"{said} (YAML says: {error.problem})"


def _tab(stop: Stop) -> Slip | None:
    if found := re.match(r"( *)- *\t\s*(.*)", stop.here):
        mended = f"- {found[2]}"
        said = f"a tab stands after the dash, must be a space: write {mended}"
        return Slip(stop.at, said, found[1] + mended)
    lead = stop.here[: len(stop.here) - len(stop.here.lstrip())]
    if "\t" in lead or "'\\t'" in stop.words:
        return Slip(stop.at, "a tab stands here, must be spaces: indent with two spaces a level")
    return None


def _stray_line(stop: Stop) -> Iterator[Slip]:
    """A line that separates, marks a merge, or is a remark as other languages write it."""
    for number, line in stop.asked():
        text = line.strip()
        if re.match(r"([=~_*+.]{3,}|%|<{7}.*|={7}.*|>{7}.*|\|{7}.*)$", text):
            yield Slip(number, "no key and no entry stands here: delete this line", "")
        if found := re.match(r"([,:}\]])\s*(.+)", text):
            said = f'"{found[1]}" begins no line, delete it: write {found[2]}'
            yield Slip(number, said, " " * indent(line) + " " * (len(text) - len(found[2])) + found[2])
            yield Slip(number, said, " " * indent(line) + found[2])
        if found := re.match(r"(;|//|/\*|<!--)\s*(.*)", text):
            mended = f"# {found[2]}"
            yield Slip(number, f'"{found[1]}" begins no remark, # does: write {mended}', mended)


def _two_commas(stop: Stop) -> Slip | None:
    found = re.search(r",\s*,", stop.here)
    if found and "flow" in stop.words:
        mended = f"{stop.here[: found.start()]},{stop.here[found.end() :]}"
        return Slip(stop.at, f"two commas stand in a row in column {found.start() + 1}: delete one", mended)
    return None


def _dash(stop: Stop) -> Iterator[Slip]:
    for number, line in stop.asked():
        lead = " " * indent(line)
        if found := re.match(r" *-([^\s-].*)", line):
            mended = f"- {found[1]}"
            yield Slip(number, f"a space is missing after the dash: write {mended}", lead + mended)
        if found := re.match(rf" *([{_BULLETS}]|-{{2,}}|[0-9]+[.)] )\s*(.*)", line):
            mended = f"- {found[2]}"
            said = f'"{found[1].strip()}" begins no entry of a list, a dash does: write {mended}'
            yield Slip(number, said, lead + mended)


def _strange(stop: Stop) -> Iterator[Slip]:
    """Spaces, dashes, colons and quotes of other shapes, where YAML wants its own."""
    for number, line in stop.asked():
        head = re.match(r"\s*(?:[-\u2010-\u2015\u2212]\s+)?(?:\w+\s*[:\uff1a]\s*)?", line)
        told = strange_characters.named(head[0] if head else "", 1)
        if signs := [each for each in told if "Latin" not in each]:
            mended = strange_characters.plain_signs(line)
            lead = " " * (len(line) - len(line.lstrip()))
            yield Slip(number, f"{'; '.join(signs)}: write {mended}", lead + mended)


def _no_dash(stop: Stop) -> Iterator[Slip]:
    """An entry of a list without its dash."""
    for number, line in stop.asked():
        if _stands_among_dashes(stop.lines, number):
            mended = f"- {line.strip()}"
            yield Slip(number, f"{indentation.ENTRIES}: write {mended}", " " * indent(line) + mended)


def _stands_among_dashes(lines: list[str], number: int) -> bool:
    """Whether a line without a dash and a key begins as the line with a dash above or below it."""
    line = lines[number].strip()
    if line.startswith("- ") or re.match(r"\w+:( |$)", line):
        return False
    below = next((each for each in lines[number + 1 :] if each.strip()), "")
    beside = (lines[indentation.above(lines, number)], below)
    return any(re.match(r" *- ", each) and indent(each) == indent(lines[number]) for each in beside)


def _first_sign(stop: Stop) -> Slip | None:
    """A value that begins with a sign that YAML keeps for itself."""
    value, begin = value_of(stop.here)
    if re.search("cannot start any token|anchor|alias|tag|mapping keys", stop.words) and value[:1] in _SIGNS:
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


def _second_colon(stop: Stop) -> Iterator[Slip]:
    """A second colon after a key: of another key, or in a text."""
    value, begin = value_of(stop.here)
    has_key = stop.here[:begin].rstrip().endswith(":")
    if "mapping values" not in stop.words or not has_key or begin > stop.column or value[0] in _NO_TEXT:
        return
    if (joined := re.match(r"(.+?) (([a-z_]+):.*)", value)) and _is_key(stop.raw, joined[3]):
        lead = " " * indentation.text_at(stop.here)
        said = f'"{joined[3]}:" in column {begin + joined.start(2) + 1} belongs on a line of its own'
        mended = f"{stop.here[:begin]}{joined[1]}\n{lead}{joined[2]}"
        yield Slip(stop.at, f"{said}: write {joined[2]} below", mended)
    elif (inner := re.match("([a-z_]+): ", value)) and _is_key(stop.raw, inner[1]):
        said = f"keys of a block stand in braces: write {{{value}}}"
        yield Slip(stop.at, f"{said}, or each on a line of its own", f"{stop.here[:begin]}{{{value}}}")
    said = f'": " stands in the text, too: put quotes around it, {in_quotes(value)}'
    yield Slip(stop.at, said, stop.here[:begin] + in_quotes(value))


def _is_key(lines: list[str], word: str) -> bool:
    """Whether a word is a key elsewhere in the file, too."""
    return sum(bool(re.search(rf"(^ *(- +)?|[{{,] *){word}:( |$)", line)) for line in lines) > 1


def _colon(stop: Stop) -> Iterator[Slip]:
    """A key without its colon, or a colon without its space."""
    for number, line in stop.asked():
        if not (found := re.match(r"(?P<lead>\s*(?:- +)*)(?P<key>\w+)(?P<rest>.*)", line)):
            continue
        lead, key, rest = found["lead"], found["key"], found["rest"]
        if key in ("https", "http") and rest.startswith("://"):
            mended, said = f"url: {key}{rest}", "an address stands here without its key"
            yield Slip(number, f"{said}: write {mended}", lead + mended)
        if after := re.match(r":((?!//)[^\s:].*)", rest):
            mended, said = f"{key}: {after[1]}", "a space is missing after the colon"
        elif after := re.match(
            r"(?:\s*[=;,]\s*|\s+[\u2013\u2014-]\s+)(\S.*)|\s*([\[{].*[\]}]|[>|][-+]?)$", rest
        ):
            mended, said = f"{key}: {after[1] or after[2]}", "a colon belongs after the key"
        elif not rest and indent(next(filter(None, stop.lines[number + 1 :]), "")) > indent(line):
            mended, said = f"{key}:", f'no colon stands after "{key}"'
        elif (
            "mapping values" in stop.words
            and re.match(" +[^ ]", rest)
            and ": " not in rest
            and re.match("[a-z_]+$", key)
        ):
            mended, said = f"{key}:{rest}", "a colon belongs after the key"
        elif (
            number == stop.began and "simple key" in stop.words and rest.startswith(" ") and ": " not in rest
        ):
            said = "this line has no key with a colon: begin it further right if it goes on from above"
            mended = f"{key}:{rest}"
            yield Slip(number, f"{said}, else write {mended}" if re.match("[a-z_]+$", key) else said)
        else:
            continue
        yield Slip(number, f"{said}: write {mended}", lead + mended)


_LOOKS: tuple[Callable[[Stop], Slip | Iterator[Slip] | None], ...] = (
    _tab, _stray_line, _two_commas, flow_slips.likeliest, unclosed.open_quote, unclosed.bracket,
    unclosed.between_brackets, _dash, _strange, _no_dash, _first_sign, unclosed.after_the_end, _second_colon,
    _colon,
)  # fmt: skip
