"""Loads `content/words.yaml`: translations of words that many hosts use, such as cities and documents."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from mobility.i18n.words import Words
from mobility.yamlfiles import loader
from mobility.yamlfiles.field_types import Strict
from mobility.yamlfiles.reader import Marks, Problem
from mobility.yamlfiles.translated_words import LineInLanguages

FILE = "content/words.yaml"
"""Beside `partners.yaml`."""


class KnownWords(Strict):
    """All of `content/words.yaml`."""

    cities: tuple[LineInLanguages, ...] = ()
    documents: tuple[LineInLanguages, ...] = ()
    programmes: tuple[LineInLanguages, ...] = ()
    semesters: tuple[LineInLanguages, ...] = ()


def load(path: Path) -> Mapping[str, Words]:
    """The words by their English. Raises InvalidFile with every problem. Without the file there are none."""
    if not path.exists():
        return {}
    content, _ = loader.load(path, KnownWords, FILE, _repeated)
    return {entry.en: entry.words() for kind in KnownWords.model_fields for entry in getattr(content, kind)}


def _repeated(content: KnownWords, marks: Marks) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for kind in KnownWords.model_fields:
        for number, entry in enumerate(getattr(content, kind)):
            line = marks.line_of((kind, number, "en"))
            if first.setdefault(entry.en, line) != line:
                said = f'"{entry.en}" stands on line {first[entry.en]}, must be there once'
                yield Problem(FILE, line, f"{kind}.{number + 1}.en: {said}")
