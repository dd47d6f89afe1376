"""Passport numbers: Latin letters and digits; Cyrillic look-alikes are turned where they have one reading."""

import re
import unicodedata

from mobility.i18n.languages import Said, said

_ONE_READING = str.maketrans("\u0410\u0415\u041a\u041c\u041e\u0422\u0406\u0408\u0405", "AEKMOTIJS")
"""The Cyrillic letters that look and sound like one Latin letter. Others are asked about: Н may stand for H
or N, С for C or S, Р for P or R, В for B or V, Х for X or H, У for Y or U."""
_SIGN = re.compile("(?P<sign>№|[Nn][º°]|No(?![A-Za-z])|(?i:no)[.:])[.:]?(?P<rest>.*)")
"""A sign for “number” before digits. On Russian keyboards № is on the key of 3, and people type it for N."""
_WORD = re.compile(r"^(?:паспорт|passport|төлқұжат)\b[\s.:]*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s._\u00ad\u2010-\u2015\u2212-]+(?=\w\w)")
"""What may stand between the groups of a number; before a last single sign it may mean something else."""
_AFTER_LETTERS = re.compile(r"^\W*([A-Z\u0400-\u04ff]{1,3})\W*(?=[0-9])")
"""The letters with which it begins, and what may stand around them: (N), N#, N: or N/."""


def normalize(typed: str) -> str:
    """The number in capitals, without spaces, hyphens, points and №; as typed where № may mean N."""
    alone = _WORD.sub("", typed)
    found = _SIGN.match(alone)
    if found and _bare(found["rest"])[:1].isdigit():
        return alone
    return _bare(found["rest"] if found else alone)


def _bare(text: str) -> str:
    plain = text.replace("№", "").upper().strip(" .,;")
    return _BETWEEN.sub("", _AFTER_LETTERS.sub(r"\1", plain)).translate(_ONE_READING)


def fault(value: str) -> Said | None:
    """What is wrong with a normalized number, or None."""
    cyrillic = next((char for char in value if unicodedata.name(char, "").startswith("CYRILLIC ")), None)
    if cyrillic:
        return said(
            "“%(letter)s” is a Cyrillic letter: type the Latin letter that stands in your passport",
            letter=cyrillic,
        )
    greek = next((char for char in value if unicodedata.name(char, "").startswith("GREEK ")), None)
    if greek:
        return said(
            "“%(letter)s” is a Greek letter: type the Latin letter that stands in your passport", letter=greek
        )
    found = _SIGN.match(value)
    if found and re.fullmatch("[0-9][A-Z0-9]{4,13}", rest := _bare(found["rest"])):
        return said(
            "Is it N%(number)s or %(number)s? Type it as it stands in your passport, without “%(sign)s”",
            number=rest,
            sign=found["sign"],
        )
    if strange := re.search(r"[^A-Z0-9\s]", value):
        return said(
            "“%(sign)s” does not belong in a passport number: type its letters and digits alone",
            sign=strange[0],
        )
    if not re.fullmatch("[A-Z0-9]{5,15}", value):
        return said("Enter the number alone, as in the passport: Latin letters and digits")
    if not re.search("[0-9]", value):
        return said("A passport number has digits: type it as in the passport")
    return None
