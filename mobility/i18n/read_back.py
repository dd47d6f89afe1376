"""Reads an English sentence back to the translatable one from which it was made, so that what a record keeps
in English can be shown in the reader's language.

The sentences are those of the catalogue for translators; what stands at their placeholders is told as it is,
unless it is a date, a word that the caller knows, or a sentence itself. What was never a sentence of ours, or
is none any more, stays as it is.
"""

import datetime
import functools
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from babel.messages.pofile import read_po

from mobility.i18n.languages import LOCALE, Said

_LEAST = 4
"""So many characters of a sentence must stand outside its placeholders: "%(one)s or %(other)s" has four."""
_SENTENCES = frozenset({"needed", "given", "one", "other", "test", "level", "proof", "document", "others"})
"""The placeholders at which a sentence can stand; elsewhere names do, which may look like one."""


class _Pattern(NamedTuple):
    text: str
    literal: str
    matches: re.Pattern[str]


def read_back(english: str, words: Mapping[str, Any]) -> Any:
    """The sentence as something to say in any language; the text itself where none is known. `words`: what
    English names stand for, such as those of hosts and documents."""
    if english in words:
        return words[english]
    plain, patterns = _sentences()
    if english in plain:
        return Said(english.replace("%", "%%"))
    for pattern in patterns:
        if pattern.literal in english and (found := pattern.matches.fullmatch(english)):
            values = {name: _value(name, value, words) for name, value in found.groupdict().items()}
            return Said(pattern.text, values)
    return english


def _value(name: str, value: str, words: Mapping[str, Any]) -> Any:
    try:
        return datetime.datetime.strptime(value, "%d %B %Y").date()
    except ValueError:
        return read_back(value, words) if name in _SENTENCES else words.get(value, value)


@functools.cache
def _sentences() -> tuple[frozenset[str], tuple[_Pattern, ...]]:
    """Those without placeholders, and those with, the longest first: they say the most."""
    with (LOCALE / "ru" / "mobility.po").open("rb") as file:
        texts = [message.id for message in read_po(file, locale="ru") if isinstance(message.id, str)]
    plain = frozenset(text for text in texts if text and "%(" not in text)
    found = []
    for text in texts:
        parts = re.split(r"%\((\w+)\)s", text)
        literals = [part.replace("%%", "%") for part in parts[::2]]
        if len(parts) == 1 or sum(map(len, literals)) < _LEAST or len(set(parts[1::2])) < len(parts[1::2]):
            continue
        names = [f"(?P<{name}>.+)" for name in parts[1::2]] + [""]
        matches = "".join(re.escape(literal) + name for literal, name in zip(literals, names, strict=True))
        longest = max(literals, key=len)
        found.append((sum(map(len, literals)), _Pattern(text, longest, re.compile(matches, re.DOTALL))))
    return plain, tuple(pattern for _, pattern in sorted(found, key=lambda each: -each[0]))
