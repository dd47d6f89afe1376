"""Which day was meant by a date that is written in another way than the edited files have it."""

import datetime
import re
from typing import Any

from mobility.i18n import written_dates
from mobility.yamlfiles import strange_characters


def hint(value: Any) -> str:
    """How to write a whole date, where it is plain which was meant; else an example."""
    text = str(value) if isinstance(value, str | int) else ""
    meant = _year_first(text) or _american(text) or _written(text)
    return f": write {meant}" if meant else ", such as 2027-03-31"


def turned(value: str) -> str:
    """How to write a date whose day and month are in each other's place."""
    meant = _year_first(value)
    return f": the month comes before the day, write {meant}" if meant else ""


def yearly_hint(value: Any) -> str:
    """How to write a day of every year, where it is plain which was meant; else an example."""
    value = value[0] if isinstance(value, tuple) and len(value) == 1 else value
    text = strange_characters.plain_signs(str(value)) if isinstance(value, str | float) else ""
    if re.search("[0-9]", text) and not re.search(r"[^\W\d_]{2}", text):
        text = text.translate(strange_characters.DIGITS)
    if found := re.fullmatch("([0-9]{1,2})-([0-9]{1,2})", text):
        return f": write {int(found[1]):02}-{int(found[2]):02}"
    if found := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})", text):
        return _either_order(int(found[1]), int(found[2]))
    if (found := re.fullmatch(r"([0-9]{1,2})\.([0-9]{2})", text)) and 1 <= int(found[2]) <= 12:
        return f": write {found[2]}-{int(found[1]):02}, the month first"
    has_name = re.search(r"[^\W\d]{3}", text)
    meant = written_dates.parse(text) or (has_name and written_dates.parse(f"{text} 2027"))
    return f": write {meant:%m-%d}" if meant else ", such as 04-30"


def _either_order(one: int, other: int) -> str:
    days = [day for day in (_date(2027, one, other), _date(2027, other, one)) if day]
    told = [f"{day:%m-%d} for {day.day} {day:%B}" for day in dict.fromkeys(days)]
    return f": write {' or '.join(told)}" if told else ", such as 04-30"


def _year_first(text: str) -> datetime.date | None:
    """2027-03-31 with other signs between its parts or none, or with the day before the month."""
    found = re.fullmatch(r"(20[0-9]{2})[-/. ]?([0-9]{1,2})[-/. ]?([0-9]{1,2})", text)
    if not found:
        return None
    year, one, other = map(int, found.groups())
    return _date(year, one, other) or _date(year, other, one)


def _american(text: str) -> datetime.date | None:
    """03/31/2027, where no month can stand second."""
    found = re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ](20[0-9]{2})", text)
    return _date(int(found[3]), int(found[1]), int(found[2])) if found and int(found[2]) > 12 else None


def _written(text: str) -> datetime.date | None:
    if written_dates.lacks_century(text):
        text = re.sub("([0-9]{2})(?=[^0-9]*$)", r"20\1", text)
    return written_dates.parse(text)


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
