"""Parses dates as people write them: any separator, month names in English, Russian and Kazakh."""

import datetime
import difflib
import re
import unicodedata

from mobility.i18n import month_names

_YEARS = range(1900, 2101)
_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_TIME = re.compile(r"[t ][0-2]?[0-9]:[0-5][0-9](:[0-5][0-9])?$")
"""What computers put behind a date."""
_ZERO = re.compile(r"(?<=[0-9])[oо]+(?=[0-9]|\b)|\b[oо](?=[0-9])")
"""A letter O, Latin or Cyrillic, typed for a zero."""


def parse(text: str) -> datetime.date | None:
    """The date, where the text is one and can be read in one way only; numbers alone are day, month, year, or
    begin with the year. None for anything else."""
    words = _WORD.findall(_plain(text))
    found = {date for reading in _readings(words) if (date := _date(*reading))}
    return found.pop() if len(found) == 1 else None


def lacks_century(text: str) -> bool:
    """Whether the text is a date but for its year, which has two digits: 31.03.05."""
    words = _WORD.findall(_plain(text))
    if parse(text) or not words or not re.fullmatch("[0-9]{2}", words[-1]):
        return False
    return any(_date(*reading) for reading in _readings([*words[:-1], f"20{words[-1]}"]))


def impossible_year(text: str) -> str:
    """The four-digit year of a date where it is too far from ours, such as 1899; else an empty string."""
    readings = [] if parse(text) else _readings(_WORD.findall(_plain(text)))
    return next((reading[0] for reading in readings if _date(*reading, range(1000, 10000))), "")


def is_incomplete(text: str) -> bool:
    """Whether only two of day, month and year stand there: март 2005, 31 March, 01/35."""
    words = [word for word in _WORD.findall(_plain(text)) if word not in month_names.beside()]
    return len(words) == 2 and all(word.isdigit() or word in month_names.months() for word in words)


def month_first(text: str) -> datetime.date | None:
    """The date, where its month stands before its day, 3/31/2005, or its day before its month, 2005-31-03."""
    words = _WORD.findall(_plain(text))
    if parse(text) or len(words) != 3 or not all(word.isdigit() for word in words):
        return None
    first, second, third = words
    swapped = [second, first, third] if len(third) == 4 else [first, third, second]
    return parse(".".join(swapped))


def strange_word(text: str) -> str:
    """The first word that is no month and nothing else that dates have; else an empty string."""
    words = [word for word in _WORD.findall(_plain(text)) if not word.isdigit()]
    return next((word for word in words if word not in {*month_names.months(), *month_names.beside()}), "")


def month_meant(word: str) -> str:
    """The month that was likely meant by a word with a slip; else an empty string."""
    return next(iter(difflib.get_close_matches(word, month_names.months(), 1, 0.75)), "")


def _plain(text: str) -> str:
    small = unicodedata.normalize("NFKC", re.sub("[º°]", " ", text)).casefold()
    return _TIME.sub(" ", _ZERO.sub(lambda found: "0" * len(found[0]), small))


def _readings(words: list[str]) -> list[tuple[str, int, str]]:
    """(year, month, day) in every order in which the words may be meant."""
    months = month_names.months()
    kept = [word for word in words if word in months or word not in month_names.beside()]
    named = [word for word in kept if word in months]
    numbers = [word for word in kept if word.isdigit()]
    if len(named) + len(numbers) < len(kept):
        return []
    if len(named) == 1 and len(numbers) == 2:
        one, other = numbers
        month = months[named[0]]
        return [(one, month, other), (other, month, one)]
    if named:
        return []
    if len(numbers) == 1 and len(numbers[0]) == 8:
        eight = numbers[0]
        return [(eight[4:], int(eight[2:4]), eight[:2]), (eight[:4], int(eight[4:6]), eight[6:])]
    if len(numbers) != 3:
        return []
    first, second, third = numbers
    return [(third, int(second), first), (first, int(second), third)]


def _date(year: str, month: int, day: str, years: range = _YEARS) -> datetime.date | None:
    if len(year) != 4 or len(day) > 2 or int(year) not in years:
        return None
    try:
        return datetime.date(int(year), month, int(day))
    except ValueError:
        return None
