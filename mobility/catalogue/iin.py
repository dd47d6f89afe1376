"""The individual identification number (IIN) of Kazakhstan: twelve digits, the last one a check digit."""

import datetime
import re
from contextlib import suppress

from mobility.i18n.languages import Said, said

_BETWEEN = re.compile(r"[\s.,_/\u00ad\u2010-\u2015\u2212-]")
_BEFORE = re.compile(r"^\W*(?:иин|жсн|iin|jsn)?\W*(?=[0-9])", re.IGNORECASE)
"""What people type before it: “ИИН:”, “№”."""
_FOR_DIGITS = dict(zip("OoОоЗзIlІі", "0000331111", strict=True))
"""Letters, Latin and Cyrillic, that look like a digit."""


def normalize(typed: str) -> str:
    """The digits alone, without what people put before and between them."""
    return _BETWEEN.sub("", _BEFORE.sub("", typed))


def is_valid(value: str) -> bool:
    """Whether it has twelve digits and a right check digit.

    Source of the rule: decree of the Government of Kazakhstan no. 406 of 22 May 2007: weights 1 to 11, and
    if that gives 10, weights 3 to 11, 1, 2. The first digits need not be the date of birth any more (decree
    no. 853 of 26 August 2013), so that another date is asked about and not refused.
    """
    if not re.fullmatch(r"[0-9]{12}", value):
        return False
    digits = [int(digit) for digit in value]
    for weights in (range(1, 12), [*range(3, 12), 1, 2]):
        check = sum(d * w for d, w in zip(digits[:11], weights, strict=True)) % 11
        if check < 10:
            return bool(check == digits[11])
    return False


def birth_dates(value: str) -> set[datetime.date]:
    """The dates that its first six digits may stand for, year, month, day; none if there is none."""
    found = set()
    for century in ("19", "20"):
        with suppress(ValueError):
            found.add(datetime.date.fromisoformat(f"{century}{value[:2]}-{value[2:4]}-{value[4:6]}"))
    return found


def fault(value: str) -> Said | None:
    """What is wrong with a normalized number, or None."""
    if strange := re.search("[^0-9]", value):
        if digit := _FOR_DIGITS.get(strange[0]):
            return said(
                "“%(sign)s” is a letter: type the digit %(digit)s if that is meant",
                sign=strange[0],
                digit=digit,
            )
        return said("“%(sign)s” does not belong in an IIN: type its twelve digits", sign=strange[0])
    if len(value) != 12:
        return said(
            "Count the digits of the IIN: twelve digits are needed, %(count)s typed", count=len(value)
        )
    if len(set(value)) > 1 and is_valid(value):
        return None
    return said("Check the IIN: twelve digits, one of them is not right")
