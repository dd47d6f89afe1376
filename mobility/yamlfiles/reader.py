"""Parses a YAML file that people edit into plain values, and keeps the line number of each.

Scalars follow the YAML 1.2 core schema, so `NO` stays Norway's code and `04-30` stays text.
Anchors, aliases and tags are refused: nobody who edits these files needs them, and a few nested
aliases can grow into gigabytes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 50_000_000
MAX_DEPTH = 40

_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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

    def line_of(self, path: tuple[Any, ...]) -> int:
        """The line of the value at `path` (keys and indexes), or of its nearest parent in the file."""
        here = self
        for step in path:
            if step not in here.inside:
                break
            here = here.inside[step]
        return here.line


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
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InvalidFile([Problem(name, 1, "is saved as UTF-16, must be UTF-8: save it again as UTF-8")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        said = f"is not UTF-8 (byte 0x{raw[error.start]:02X}): save the file again as UTF-8"
        raise InvalidFile([Problem(name, line, said)]) from error
    return text


class _Reader:
    """Builds the value of one file from PyYAML's parser events."""

    def __init__(self, name: str, text: str):
        self.name, self.text = name, text
        self.problems: list[Problem] = []
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
            self.problems.append(_syntax(self.name, self.text, error))
        else:
            if value is None and not self.problems:
                self.problem(1, "is empty")
        if self.problems:
            raise InvalidFile(self.problems)
        return value, marks

    def node(self, event: Any, depth: int) -> tuple[Any, Marks]:
        line = event.start_mark.line + 1
        marks = Marks(line)
        if type(event) is yaml.ScalarEvent and not event.anchor and not event.tag:  # as almost all are
            return _scalar(event), marks
        if depth > MAX_DEPTH:
            raise InvalidFile([Problem(self.name, line, f"is nested deeper than {MAX_DEPTH} levels")])
        if isinstance(event, yaml.AliasEvent):
            self.problem(line, f"alias *{event.anchor} is not allowed: write the value out")
            return None, marks
        if event.anchor:
            self.problem(line, f"anchor &{event.anchor} is not allowed: delete it, and write values out")
        if event.tag:
            self.problem(line, f'tag "{event.tag}" is not allowed: delete it')
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(marks, depth), marks
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(marks, depth), marks
        return _scalar(event), marks

    def sequence(self, marks: Marks, depth: int) -> tuple[Any, ...]:
        items: list[Any] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            item, marks.inside[len(items)] = self.node(event, depth + 1)
            items.append(item)
        return tuple(items)

    def mapping(self, marks: Marks, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            plain = isinstance(event, yaml.ScalarEvent)
            key = event.value if plain else f"(line {line})"
            if not plain:
                self.problem(line, "a key must be a plain word")
                self.node(event, depth + 1)
            value, inside = self.node(self.next(), depth + 1)
            if key in found:
                self.problem(line, f'key "{key}" stands here again, first on line {marks.inside[key].line}')
                continue
            found[key] = value
            inside.line = line
            marks.inside[key] = inside
        return found


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


def _syntax(name: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = int(mark.line) + 1 if mark else 1
    lines = text.splitlines()
    here = lines[line - 1] if line <= len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())] or "'\\t'" in str(error.problem):
        return Problem(name, line, "a tab stands here, must be spaces: indent with two spaces a level")
    context = f" ({error.context})" if error.context else ""
    return Problem(name, line, f"is not valid YAML: {error.problem}{context}")
