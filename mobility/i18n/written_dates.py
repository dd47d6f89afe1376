"""Parses dates as people write them: any separator, month names in English, Russian and Kazakh."""

import datetime
import functools
import re
import unicodedata

from babel import Locale

from mobility.i18n.languages import LOCALES

_YEARS = range(1900, 2101)
_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_BESIDE_NUMBERS = {
    "st", "nd", "rd", "th", "of", "the", "г", "год", "года", "го", "е", "ое", "число", "числа",
    "ж", "жыл", "жылы", "жылғы", "жылдың", "күні", "шы", "ші",
}  # fmt: skip
"""Words that stand in dates and say nothing: 1st of March, 31 марта 2005 года, 2005 ж. 31 наурыз."""
_MONTHS_OF_A_YEAR = (
    "қаңтары", "ақпаны", "наурызы", "сәуірі", "мамыры", "маусымы", "шілдесі", "тамызы", "қыркүйегі", "қазаны",
    "қарашасы", "желтоқсаны",
)  # fmt: skip
"""As Kazakh names them after a year: 2005 жылдың 1 қаңтары; CLDR has not this case."""


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


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _readings(words: list[str]) -> list[tuple[str, int, str]]:
    """(year, month, day) in every order in which the words may be meant."""
    kept = [word for word in words if word not in _BESIDE_NUMBERS]
    months = _months()
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


@functools.cache
def _months() -> dict[str, int]:
    """The number of each month by its names, long and short, in every language and case that CLDR has."""
    of_a_year = {
        _plain(name + case): number
        for number, name in enumerate(_MONTHS_OF_A_YEAR, 1)
        for case in ("", "нда", "нде", "нан", "нен")
    }
    return {
        _plain(name).rstrip("."): number
        for locale in LOCALES.values()
        for names in Locale.parse(locale).months.values()
        for width in ("wide", "abbreviated")
        for number, name in names[width].items()
    } | {"sept": 9, "сен": 9, "ноя": 11, "фев": 2, **of_a_year}
