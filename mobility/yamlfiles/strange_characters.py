"""Characters that look like others or like nothing: Cyrillic look-alikes, invisible signs, odd spaces.

Columns are counted from 1, as editors do.
"""

import re
import unicodedata
from collections.abc import Iterator

INVISIBLE = re.compile("[\u0085\u00ad\u200b\u2060\u2028-\u202e\u2066-\u2069\ufeff]")
"""Signs that no text of ours needs and nobody sees."""
_SPACES = "\u00a0\u2007\u202f\u3000"
_HIDDEN = "\u200c\u200d\u200e\u200f"
_LATIN = {
    **dict(zip("\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420", "ABEKMHOP", strict=True)),
    **dict(zip("\u0421\u0422\u0425\u0423\u0406", "CTXYI", strict=True)),
    **dict(zip("\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458", "aeopcyxisj", strict=True)),
}  # fmt: skip
DIGITS = str.maketrans("Oo\u041e\u043elI", "000011")
"""Letters, Latin and Cyrillic, that are typed for digits."""
_PLAIN = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    "\uff1a": ":", "\uff0c": ",",
}  # fmt: skip


def plain(text: str) -> str:
    """The text with plain letters, signs and spaces in place of strange ones."""
    return plain_signs("".join(_LATIN.get(char, char) for char in text))


def plain_signs(text: str) -> str:
    """The text with plain signs and spaces in place of strange ones; its letters stay."""
    signs = "".join(_PLAIN.get(char, char) for char in text if char not in _HIDDEN)
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", signs)).strip()


def named(text: str, starts: int = 0) -> Iterator[str]:
    """What is strange in a text, sign by sign. `starts`: the column of its first character, if known."""
    for place, char in enumerate(text):
        if what := _what(char, f" in column {starts + place}" if starts else ""):
            yield f"{what} ({unicodedata.name(char, f'U+{ord(char):04X}').capitalize()})"


def _what(char: str, where: str) -> str:
    if char in _LATIN:
        return f'"{char}"{where} is not the Latin "{_LATIN[char]}"'
    if char in _SPACES:
        return f"the space{where} is not a plain one"
    if char in _HIDDEN or INVISIBLE.match(char):
        return f"an invisible sign stands{where or ' in it'}"
    if char in _PLAIN:
        return f'"{char}"{where} is not the plain {_PLAIN[char]}'
    if "\uff10" <= char <= "\uff5a":
        return f'"{char}"{where} is not the plain {unicodedata.normalize("NFKC", char)}'
    return ""
