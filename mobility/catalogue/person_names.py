"""Names of persons in Latin letters, with marks, and apostrophes and hyphens of any shape."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from mobility.i18n.languages import Said, said

_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02bb-\u02bf\u02c8\u2018\u2019\u201b\u2032\ua78c\uff07]")
"""What keyboards and languages put for an apostrophe: O’Connor, Gʻani, Alaʼa."""
_TWICE = re.compile(r"(['.-])\1+")
_HYPHENS = re.compile("[\u2010-\u2015\u2212\u00ad\ufe63\uff0d]")

_NO_NAMES = {"null", "none", "nil", "test", "xxx", "name", "surname", "jr", "sr", "mr", "mrs", "ms"}


def normalize(typed: str) -> str:
    """The name in composed letters (NFC), with one shape of apostrophe and of hyphen, each
    typed once, and without commas around it."""
    shaped = _HYPHENS.sub("-", _APOSTROPHES.sub("'", typed)).strip(" ,;")
    usual = "".join(unicodedata.normalize("NFKC", char) if char.isalpha() else char for char in shaped)
    joined = re.sub(r" ?- ?", "-", unicodedata.normalize("NFC", usual)).strip()
    return _TWICE.sub(r"\1", joined)


def fault(value: str) -> Said | None:
    """What is wrong with a normalized name in Latin letters, or None."""
    strange = [char for char in value if not (_is_latin(char) or char in " '.-")]
    if any(map(_is_latin, value)):
        if cyrillic := next((char for char in strange if _is_of("CYRILLIC", char)), None):
            return said(
                "“%(letter)s” in “%(name)s”, letter %(place)s, is a Cyrillic one: type it in Latin letters",
                **_place(cyrillic, value),
            )
        if greek := next((char for char in strange if _is_of("GREEK", char)), None):
            return said(
                "“%(letter)s” in “%(name)s”, letter %(place)s, is a Greek one: type it in Latin letters",
                **_place(greek, value),
            )
        if strange:
            return said("“%(sign)s” does not belong in a name: leave it out", sign=strange[0])
        if value.startswith((".", "-")):
            return said("A name does not begin with “%(sign)s”: leave it out", sign=value[0])
        if value.endswith("-"):
            return said("A name does not end with “%(sign)s”: leave it out", sign=value[-1])
        return None
    return said("Write it in Latin letters, as in your passport")


def looks_unfinished(value: str) -> bool:
    """Whether a name is one letter, an initial or a word that stands for no name: some persons are called so,
    most who type it are not."""
    words = [word.strip(".'-").casefold() for word in value.split()]
    return any(len(word) == 1 for word in words) or (bool(words) and _NO_NAMES.issuperset(words))


def full(answers: Mapping[str, Any]) -> str:
    """Family name, comma, given names; the only name of who has one."""
    return ", ".join(str(answers[part]) for part in ("family-name", "given-name") if answers.get(part))


def spoken(answers: Mapping[str, Any]) -> str:
    """Given names and family name, as far as they are given."""
    return _in_order(answers, "given-name", "family-name")


def native(answers: Mapping[str, Any]) -> str:
    """Family name and given names in Kazakh or Russian, as far as they are given."""
    return _in_order(answers, "family-name-native", "given-name-native")


def _in_order(answers: Mapping[str, Any], *parts: str) -> str:
    return " ".join(str(answers.get(part) or "") for part in parts).strip()


def _is_latin(char: str) -> bool:
    """Whether it is a letter of the Latin script, or a mark on one that is not composed."""
    category = unicodedata.category(char)
    return category == "Mn" or (category.startswith("L") and unicodedata.name(char, "").startswith("LATIN "))


def _is_of(script: str, char: str) -> bool:
    return unicodedata.name(char, "").startswith(f"{script} ")


def _place(letter: str, value: str) -> dict[str, Any]:
    """Where a letter stands in the word of a name, from 1."""
    word = next(word for word in value.split() if letter in word)
    return {"letter": letter, "name": word, "place": word.index(letter) + 1}
