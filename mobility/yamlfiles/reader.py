"""Parses a YAML file that people edit into plain values, and keeps the line number of each.

Scalars follow the YAML 1.2 core schema, so `NO` stays Norway's code and `04-30` stays text.
Anchors, aliases and tags are refused: nobody who edits these files needs them, and a few nested
aliases can grow into gigabytes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mobility.yamlfiles import run_on, strange_characters, syntax_errors
from mobility.yamlfiles.parser_stop import QUOTES, in_quotes, value_of

MAX_BYTES = 50_000_000
MAX_DEPTH = 40

_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT_AFTER_HASH = re.compile(r" #(?![\s#])")
"""A remark without a space after its #, which is likely a text such as Agreement #12."""
_SAVE = "save it again as UTF-8 (in Notepad: Save as, Encoding, UTF-8)"
_OTHER_FILES = {
    b"pk\x03\x04": "a Word, Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "an RTF file, as WordPad writes it",
    b"%pdf": "a PDF",
    b"<": "an HTML or XML file",
}
"""What files of other programs begin with, in small letters."""
_OR_QUOTES = ", or put quotes around the text"
_CONSTANTS = {"null": None, "~": None, "": None, "true": True, "false": False}


@dataclass(frozen=True, order=True)
class Problem:
    """An error at one line of an edited file, in words for the person who can mend it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {' '.join(self.message.split())}"  # one line, whatever it quotes


class InvalidFile(Exception):
    """An edited file cannot be read or breaks a rule; `problems`: all its errors, in the order of lines."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Marks:
    """Line numbers of a parsed value (`line`, from 1) and of its items or keys (`inside`)."""

    line: int
    inside: dict[Any, "Marks"] = field(default_factory=dict)
    lines: Sequence[str] = ()
    """Of the file, where the value is the whole of it."""

    def line_of(self, path: tuple[Any, ...]) -> int:
        """The line of the value at `path` (keys and indexes), or of its nearest parent in the file."""
        here = self
        for step in path:
            if step not in here.inside:
                break
            here = here.inside[step]
        return here.line

    def column_of(self, word: str, line: int, is_key: bool) -> int:
        """The column, from 1, in which a key or value begins on a line of the file; 0: on another line."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return (text.find(word) if is_key else text.rfind(word)) + 1


def read(path: Path, name: str | None = None) -> tuple[Any, Marks]:
    """Parses a YAML file: its value (dicts, tuples and scalars) and the line numbers of its parts.

    `name` is what messages call the file. Raises InvalidFile where it is missing, empty, in another encoding
    than UTF-8, or not the plain YAML that this project reads.
    """
    name = name or path.name
    return parse(read_text(path, name), name)


def parse(text: str, name: str) -> tuple[Any, Marks]:
    """Parses YAML text, as `read` does a file."""
    if bad := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise InvalidFile(
            [Problem(name, line, f"holds an unprintable character (U+{ord(bad[0]):04X}): delete it")]
        )
    hidden: list[Problem] = []
    for line, at in _places(text, strange_characters.INVISIBLE):
        (told,) = strange_characters.named(text[at], at - text.rfind("\n", 0, at))
        hidden.append(Problem(name, line, f"{told}: delete it"))
    if hidden:
        raise InvalidFile(hidden)
    reader = _Reader(name, text)
    value, marks = reader.document()
    if reader.problems:
        raise InvalidFile(reader.problems)
    return value, marks


def read_text(path: Path, name: str) -> str:
    """The text of a UTF-8 file, which messages call `name`. Raises InvalidFile where it cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidFile([Problem(name, 1, f"cannot be read: {error.strerror}")]) from error
    if len(raw) > MAX_BYTES:
        raise InvalidFile([Problem(name, 1, f"is {len(raw)} bytes long, at most {MAX_BYTES} are read")])
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in raw[:4]:
        raise InvalidFile([Problem(name, 1, f"is saved as UTF-16, must be UTF-8: {_SAVE}")])
    begin = raw[:200].lstrip().lower()
    if kind := next((kind for sign, kind in _OTHER_FILES.items() if begin.startswith(sign)), ""):
        said = f"this is {kind}, must be plain text: paste the text alone into a plain editor and save that"
        raise InvalidFile([Problem(name, 1, said)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        said = f"is not UTF-8 (byte 0x{raw[error.start]:02X}): {_SAVE}"
        raise InvalidFile([Problem(name, line, said)]) from error
    return text


def _places(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Line, from 1, and place, from 0, of all that a pattern finds."""
    line, last = 1, 0
    for found in pattern.finditer(text):
        line, last = line + text.count("\n", last, found.start()), found.start()
        yield line, last


class _Reader:
    """Builds the value of one file from PyYAML's parser events."""

    def __init__(self, name: str, text: str):
        self.name, self.lines = name, text.splitlines()
        self.problems: list[Problem] = []
        self.run_on: list[Problem] = []
        self.hashes = {line for line, _ in _places(text, _TEXT_AFTER_HASH)}
        self.next: Callable[[], Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text).get_event

    def problem(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.name, line, message))

    def document(self) -> tuple[Any, Marks]:
        try:
            value, marks, seen = None, Marks(1), 0
            while not isinstance(event := self.next(), yaml.StreamEndEvent):
                if isinstance(event, yaml.DocumentStartEvent):
                    seen += 1
                    if seen > 1:
                        line = event.start_mark.line + 1  # type: ignore[union-attr]
                        self.problem(line, 'a second document begins ("---"), only one is read')
                    value, marks = self.node(self.next(), 0)
        except yaml.MarkedYAMLError as error:
            if not self.problems:  # of which this may follow
                self.problem(*syntax_errors.explain(self.lines, error))
        else:
            self.problems += self.run_on  # else the parser tells of the same
            if value is None and not self.problems:
                self.problem(1, "is empty")
        if self.problems:
            raise InvalidFile(self.problems)
        marks.lines = self.lines
        return value, marks

    def node(self, event: Any, depth: int, in_list: bool = False) -> tuple[Any, Marks]:
        line = event.start_mark.line + 1
        marks = Marks(line)
        if type(event) is yaml.ScalarEvent and not event.anchor and not event.tag:  # as almost all are
            if self.hashes:
                self.text_after_hash(event)
            if event.end_mark.line >= line:  # type: ignore[union-attr]
                self.several_lines(event, in_list)
            return _scalar(event), marks
        if depth > MAX_DEPTH:
            raise InvalidFile([Problem(self.name, line, f"is nested deeper than {MAX_DEPTH} levels")])
        if isinstance(event, yaml.AliasEvent):
            self.problem(line, f"alias *{event.anchor} is not allowed: write the value out{_OR_QUOTES}")
            return None, marks
        if event.anchor:
            self.problem(line, f"anchor &{event.anchor} is not allowed: delete it{_OR_QUOTES}")
        if event.tag:
            self.problem(line, f'tag "{event.tag}" is not allowed: delete it{_OR_QUOTES}')
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(marks, depth, not event.flow_style), marks
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(marks, depth), marks
        return _scalar(event), marks

    def text_after_hash(self, event: Any) -> None:
        """Tells of a plain text that goes on after " #", where YAML leaves out the rest."""
        line, column = event.end_mark.line, event.end_mark.column
        if line + 1 not in self.hashes or event.style or not isinstance(_scalar(event), str):
            return
        before, rest = self.lines[line][:column], self.lines[line][column:].rstrip()
        if not re.match(rf"\s*{_TEXT_AFTER_HASH.pattern}", rest):
            return
        in_brackets = len(re.findall(r"[\[{]", before)) > len(re.findall(r"[\]}]", before))
        whole = event.value + (re.split(r"[,\]}]", rest)[0] if in_brackets else rest)
        said = f"the text from # in column {column + rest.index('#') + 1} on is left out"
        mend = f"put quotes around it, {in_quotes(whole)}, or a space after # if it is a remark"
        self.problem(line + 1, f"{said}: {mend}")

    def several_lines(self, event: Any, in_list: bool) -> None:
        """Tells of a text over several lines that was to end before them. Raises InvalidFile where a quote
        swallowed lines: what is read after them says nothing."""
        first, last = event.start_mark.line, event.end_mark.line
        if event.style in QUOTES:
            if said := run_on.swallowing_quote(self.lines, first, last, event.start_mark.column):
                self.problem(first + 1, said)
                raise InvalidFile(self.problems)
            return
        found = (
            run_on.swallowed_key(self.lines, first, last)
            if event.style
            else run_on.joined_lines(self.lines, first, last, in_list)
        )
        if found:
            self.run_on.append(Problem(self.name, found[0] + 1, found[1]))

    def sequence(self, marks: Marks, depth: int, of_dashes: bool) -> tuple[Any, ...]:
        items: list[Any] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            item, marks.inside[len(items)] = self.node(event, depth + 1, of_dashes)
            items.append(item)
        return tuple(items)

    def mapping(self, marks: Marks, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        new_entry = False
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            plain = isinstance(event, yaml.ScalarEvent)
            key = event.value if plain else f"(line {line})"
            if not plain:
                self.problem(line, f"a key must be a plain word{_as_text(self.lines[line - 1])}")
                self.node(event, depth + 1)
            value, inside = self.node(self.next(), depth + 1)
            if value is None and found and key.isdigit() and self.decimals(found, event):
                continue
            if key in found:
                if not new_entry:  # which repeats the other keys, too
                    new_entry = key in list(found)[:2]
                    self.problem(line, _twice(key, list(found), marks.inside[key].line))
                continue
            found[key] = value
            inside.line = line
            marks.inside[key] = inside
        return found

    def decimals(self, found: dict[str, Any], key: Any) -> bool:
        """Tells of a comma in a number within braces, {min_gpa: 3,2}, where YAML ends the value at it."""
        name, value = next(reversed(found.items()))
        line = key.start_mark.line
        before = self.lines[line][: key.start_mark.column]
        if type(value) is int and (listed := re.search(rf"\b{value}(, +[0-9]+)*, +$", before)):
            rest = re.match("[0-9]+(, +[0-9]+)*", self.lines[line][key.start_mark.column :])
            items = listed[0] + (rest[0] if rest else "")
            self.problem(line + 1, f"{name} is {items}: write [{items}], a list in brackets")
            return True
        if type(value) is not int or not self.lines[line][: key.start_mark.column].endswith(f"{value},"):
            return False
        self.problem(line + 1, f"{name} is {value},{key.value}: write {value}.{key.value}, with a point")
        return True


def _as_text(line: str) -> str:
    """What to do about a value that begins with a bracket and is a text."""
    value, _ = value_of(line)
    return f": put quotes around the text, {in_quotes(value)}" if value[:1] in ("{", "[") else ""


def _twice(key: str, keys: list[str], line: int) -> str:
    """What to do about a key that stands in a block again, first on a line. `keys`: all of the block."""
    first, second = [*keys, ""][:2]
    hints = {
        second: f', or write "- {first}: …" above it if a new entry begins here',
        first: f', or write "- {key}" where a new entry begins',
    }
    return f'key "{key}" stands here again, first on line {line}: delete one{hints.get(key, "")}'


def _scalar(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    if not event.implicit[0]:  # quoted
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.match(text) and len(text) < 19:
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text
