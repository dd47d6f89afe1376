"""Dates as answers of a form, kept as 2005-03-31."""

import datetime
from typing import Literal

from mobility.i18n import written_dates
from mobility.i18n.languages import Said, said


def normalize(typed: str) -> str:
    """The date as 2005-03-31, however it is written; as typed where it cannot be understood."""
    day = written_dates.parse(typed)
    return day.isoformat() if day else typed


def fault(
    value: str, must_be: Literal["past", "future"] | str | None, today: datetime.date | None
) -> Said | None:
    """What is wrong with a normalized date, or None."""
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return _why_not(value)
    if day.year < 1000:
        return said("Enter the year with four digits, such as 2005")
    if not 1900 <= day.year <= 2100:
        return said("The year %(year)s cannot be right: check it", year=day.year)
    if today and must_be == "past" and day >= today:
        return said("The date must be in the past")
    if today and must_be == "future" and day <= today:
        return said("The date must be in the future")
    return None


def _why_not(value: str) -> Said:
    if written_dates.lacks_century(value):
        return said("Enter the year with four digits, such as 2005")
    if year := written_dates.impossible_year(value):
        return said("The year %(year)s cannot be right: check it", year=year)
    if meant := written_dates.month_first(value):
        return said(
            "Write the day, then the month, then the year: is it %(meant)s?", meant=f"{meant:%d.%m.%Y}"
        )
    if word := written_dates.strange_word(value):
        if month := written_dates.month_meant(word):
            return said("“%(word)s” is no month: is it “%(meant)s”?", word=word, meant=month)
        return said("“%(word)s” is not understood: enter a date such as 31.03.2005", word=word)
    if written_dates.is_incomplete(value):
        return said("Enter the day, the month and the year, such as 31.03.2005")
    return said("Enter a date that exists, such as 31.03.2005")
