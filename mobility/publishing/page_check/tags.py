"""Splits a page into its template tags ({{ … }}, {% … %}, {# … #}) and finds those that are typed wrong:
never closed, closed by others, with quotes and letters that only look right, blocks without their end."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mobility.publishing.page_check.page_files import PageFile
from mobility.yamlfiles import strange_characters
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.parser_stop import QUOTES
from mobility.yamlfiles.reader import Problem

CLOSES = {"{{": "}}", "{%": "%}", "{#": "#}"}
BLOCKS = ("if", "for", "call", "macro", "filter", "block", "with", "raw")
"""Tags that end with another one: {% if %} with {% endif %}. {% set %} only without an = in it."""
_ENDS = tuple(f"end{word}" for word in (*BLOCKS, "set"))
_WORDS = (*BLOCKS, *_ENDS, "set", "elif", "else", "include", "import", "from", "extends")
_TEXT = re.compile(r"\"(?:(?!\}\}|\{\{|%\}|\{%)[^\"\\\n]|\\.)*\"|'(?:(?!\}\}|\{\{|%\}|\{%)[^'\\\n]|\\.)*'")
"""A text in quotes. It holds no sign of a tag: then its own end is missing."""
_PARTS = re.compile(
    _TEXT.pattern + r"|“[^“”\"\n]*[”“]|«[^«»\n]*»|(?P<sign>\}\}|%\}|#\}|\{\{|\{%|\{#"
    r"|[{}\"']|\n[ \t]*\n)"
)
_SMART = re.compile(r"[“«]([^“”«»\"\n]*)[”“»]")
_LONGEST = 120
"""Characters of a tag that a message still repeats, mended."""
_ANCHOR = re.compile(r"\{#\s*([\w-]+)\s*#?\}(?!\})")


@dataclass(frozen=True)
class Tag:
    """A template tag: its opening sign, what stands between the signs, and its places in the text."""

    kind: str
    inner: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The first word: of {% if x %} it is if."""
        found = re.match(r"[-+]?\s*(\w+)", self.inner)
        return found[1] if found else ""

    @property
    def rest(self) -> str:
        """What stands after the first word."""
        return re.sub(r"[-+]?\s*\w*\s*", "", self.inner, count=1).strip("-+ ")

    @property
    def has_end(self) -> bool:
        """Whether another tag must end what it begins."""
        return self.word in BLOCKS or (self.word == "set" and "=" not in self.rest)


def split(page: PageFile) -> tuple[list[Tag], list[Problem]]:
    """The tags of a page in their order, and those of which the end cannot be told."""
    tags: list[Tag] = []
    problems: list[Problem] = []
    place = 0
    while opened := re.compile(r"\{[{%#]").search(page.text, place):
        found, place = _tag(page, opened.start())
        if isinstance(found, Tag):
            tags.append(found)
            if found.kind == "{%" and found.word == "raw":
                end = re.compile(r"\{%[-+]?\s*endraw").search(page.text, place)
                if end:  # between the two nothing is a tag
                    tags.append(Tag("{#", page.text[place : end.start()], place, end.start()))
                    place = end.start()
        else:
            problems.append(found)
    return tags, problems


def _tag(page: PageFile, start: int) -> tuple[Tag | Problem, int]:
    """The tag that opens at a place, or what is wrong with it; and where to go on."""
    text, kind = page.text, page.text[start : start + 2]
    if kind == "{#":
        if anchor := _ANCHOR.match(text, start):
            said = f"{{# begins a remark that readers do not see: write {{ #{anchor[1]} }}, with a space"
            return page.problem(start, f"{said} after the {{"), anchor.end()
        end = text.find("#}", start)
        if end < 0:
            said = "a remark opens here with {# and is never closed: write #} where it ends"
            return page.problem(start, said), len(text)
        return Tag(kind, text[start + 2 : end], start, end + 2), end + 2
    depth, place, wants = 0, start + 2, CLOSES[kind]
    while part := _PARTS.search(text, place):
        sign, place = part["sign"], part.end()
        if sign is None:
            continue
        if sign == "{":
            depth += 1
        elif depth and sign[0] == "}":
            depth, place = depth - 1, part.start() + 1
        elif sign == wants:
            return Tag(kind, text[start + 2 : part.start()], start, place), place
        else:
            return _unclosed(page, start, sign, part.start())
    return _unclosed(page, start, "", len(text))


def _unclosed(page: PageFile, start: int, sign: str, met: int) -> tuple[Problem, int]:
    """What to tell of a tag before whose end a sign was met that cannot stand in it."""
    kind = page.text[start : start + 2]
    wants, column = CLOSES[kind], page.at(met)[1]
    said = f"{kind} opens in column {page.at(start)[1]} and"
    on_line = page.at(met)[0] == page.at(start)[0]
    if sign in ("}}", "%}", "#}", "}") and on_line:
        said = f"{said} is closed by {sign}, not by {wants}: write {page.text[start:met].rstrip()} {wants}"
        return page.problem(start, said), met + len(sign)
    if sign in QUOTES and on_line:
        said = f"a quote ({sign}) opens in column {column} and is never closed: close it with {sign}"
        return page.problem(start, said), met + len(page.text[met:].split("\n", 1)[0])
    said = f"{said} is never closed: write {wants} where it ends"
    return page.problem(start, said), max(start + 2, met - 1 if sign.startswith("\n") else met)


def strange(page: PageFile, tag: Tag) -> Iterator[Problem]:
    """Quotes, dashes, letters and invisible signs in a tag that look like plain ones and are not."""
    if tag.kind == "{#":
        return
    inner = _TEXT.sub(lambda text: " " * len(text[0]), tag.inner)
    quoted = _SMART.sub(lambda text: text[0][0] + "x" * len(text[1]) + text[0][-1], inner)
    line, column = page.at(tag.start + 2)
    told = []
    for number, typed in enumerate(quoted.split("\n")):
        for word in re.finditer(r"\w+|[^\w\s]", typed):
            if word[0].isascii() or not strange_characters.plain(word[0]).isascii():
                continue
            starts = word.start() + (column if number == 0 else 1)
            told += [(line + number, each) for each in strange_characters.named(word[0], starts)]
    if told:
        plain = "".join(
            " " if sign.isspace() else sign if mark == "x" else strange_characters.plain(sign)
            for sign, mark in zip(inner, quoted, strict=True)
        )
        mended = "".join(was if now == " " else now for was, now in zip(tag.inner, plain, strict=False))
        tells = len(plain) == len(tag.inner) < _LONGEST
        whole = f": write {tag.kind}{mended}{CLOSES[tag.kind]}" if tells else ""
        said = "; ".join(each for _, each in told)
        yield Problem(page.file, told[0][0], f"{said}{whole}")


def loose(page: PageFile, text: str, names: Iterable[str]) -> Iterator[Problem]:
    """Ends of tags without their beginning, and names of the data in one brace instead of two. `text`: the
    page without tags."""
    opens = {end: begin for begin, end in CLOSES.items()}
    for end in re.finditer(r"\}\}|%\}|#\}", text):
        column = page.at(end.start())[1]
        said = f"{end[0]} in column {column} closes nothing: {opens[end[0]]} is missing before it"
        yield page.problem(end.start(), said)
    known = "|".join(map(re.escape, names))
    for single in re.finditer(rf"(?<!\{{)\{{ ?((?:{known})\b[.(|][^{{}}\n]*)\}}(?!\}})", text):
        said = f"{single[0]} is shown as it stands: write {{{{ {single[1].strip()} }}}}, with two braces"
        yield page.problem(single.start(), said)


def words(page: PageFile, tags: list[Tag]) -> Iterator[Problem]:
    """First words that begin no tag."""
    for tag in tags:
        if tag.kind != "{%" or (tag.word in _WORDS and not tag.rest.startswith("if ")):
            continue
        typed = f"{{% {tag.word} {tag.rest} %}}"
        if tag.word in ("elseif", "elsif"):
            yield page.problem(tag.start, f'"{tag.word}" begins no tag: write {{% elif {tag.rest} %}}')
        elif tag.word == "end" and tag.rest:
            yield page.problem(tag.start, f"{typed} is one word: write {{% end{tag.rest} %}}")
        elif tag.word == "else":
            yield page.problem(tag.start, f"{typed} is one word: write {{% el{tag.rest} %}}")
        elif tag.word:
            yield page.problem(tag.start, f'"{tag.word}" begins no tag{did_you_mean(tag.word, _WORDS)}')
        else:
            yield page.problem(
                tag.start, f"{{%{tag.inner}%}}: no word stands here that begins a tag: delete it"
            )


def blocks(page: PageFile, tags: list[Tag]) -> Iterator[Problem]:
    """Blocks that are never ended, and ends without a block."""
    opened: list[Tag] = []
    for tag in tags:
        if tag.kind != "{%":
            continue
        if tag.word in _ENDS:
            if tag.word[3:] not in [each.word for each in opened]:
                said = f"{{% {tag.word} %}} ends nothing: above it no {{% {tag.word[3:]} … %}} is open"
                yield page.problem(tag.start, said)
                continue
            while opened[-1].word != tag.word[3:]:
                yield _never_ended(page, opened.pop(), page.at(tag.start)[0], tag.word)
            opened.pop()
        elif tag.has_end:
            opened.append(tag)
        elif tag.word in ("else", "elif") and not any(each.word in ("if", "for") for each in opened):
            yield page.problem(tag.start, f"{{% {tag.word} %}} stands outside of any {{% if … %}}: delete it")
    for tag in reversed(opened):
        yield _never_ended(page, tag)


def _never_ended(page: PageFile, tag: Tag, line: int = 0, met: str = "") -> Problem:
    before = f" before {{% {met} %}} on line {line}" if met else ""
    said = f"{{%{tag.inner}%}} is never ended{before}: write {{% end{tag.word} %}} where it ends"
    return page.problem(tag.start, said)
