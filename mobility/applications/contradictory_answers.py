"""Answers that are well written and cannot be, by the answers beside them or by today."""

import datetime
from collections.abc import Mapping
from typing import Any

from mobility.catalogue.forms import Field
from mobility.i18n.languages import Said, said

_YOUNGEST, _OLDEST = 10, 100
"""Between these ages people may study, or have taken a test of language."""
_PLANS = 5
"""For so many years ahead a stay may be planned; all calls begin sooner."""


def box_fault(field: Field, given: Mapping[str, Any]) -> Said | None:
    """What is wrong with an answer that a box allows to leave out (`optional_if`): given though the box is
    ticked, or a dash where the box should be."""
    value = str(given.get(field.id) or "")
    if not value or field.optional_if is None:
        return None
    if given.get(field.optional_if) == "yes":
        return said("By the box below this stays empty: empty it, or take the tick away")
    if not any(map(str.isalnum, value)):
        return said("If there is nothing to write here, leave it empty and tick the box below")
    return None


def fault(field: str, given: Mapping[str, Any], today: datetime.date) -> Said | None:
    """What is wrong with a date of the application form, which is one by itself; or None."""
    day = as_date(given.get(field))
    if day is None:
        return None
    born = as_date(given.get("birth-date"))
    begins = as_date(given.get("planned-from"))
    if field == "birth-date" and not _YOUNGEST <= age(day, today) <= _OLDEST:
        return said("Nobody born then is a student now: check the year")
    if field == "language-date" and born and age(born, day) < _YOUNGEST <= age(born, today):
        return said("By your date of birth you were a child then: check the year")
    if field == "planned-until" and begins and day < begins:
        return said("This is before the stay begins, on %(begins)s", begins=begins)
    if field in ("planned-from", "planned-until") and day.year > today.year + _PLANS:
        return said("The year %(year)s cannot be right: check it", year=day.year)
    return None


def age(born: datetime.date, day: datetime.date) -> int:
    """In whole years, on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def as_date(written: Any) -> datetime.date | None:
    """A date as it is kept; None for anything else."""
    try:
        return datetime.date.fromisoformat(written)
    except (TypeError, ValueError):
        return None
