"""Validation and normalization of answers to form questions.

Answers are kept as typed (trimmed, and capped in length), so that nothing typed is lost over an error.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mobility.catalogue import email_typos, passport_numbers, person_names, phone_numbers, toefl
from mobility.catalogue.plain_text import plain
from mobility.i18n import written_dates
from mobility.i18n.languages import Said, said
from mobility.yamlfiles import email_addresses
from mobility.yamlfiles.field_types import COUNTRIES, LANGUAGES

MAX_LINE, MAX_PROSE = 200, 3000


class Option(Protocol):
    """One of the answers to a choice."""

    @property
    def id(self) -> str: ...


class Question(Protocol):
    """What validation needs to know of a question; `forms.Column` is one."""

    @property
    def id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def options(self) -> Collection[Option]: ...
    @property
    def must_be(self) -> str | None: ...


class Rows(Question, Protocol):
    """A question that repeats its columns."""

    @property
    def columns(self) -> tuple[Question, ...]: ...


def normalize(question: Question, value: str) -> str:
    """An answer as it is stored: trimmed, line ends as \\n, no control characters, cut in length, dates as
    2005-03-31, phones as +77012345678, and so on by its type. What cannot be understood stays as typed."""
    text = plain(value).strip()
    if question.type == "prose":
        return text[: MAX_PROSE + 1]
    text = re.sub(" +", " ", text)[: MAX_LINE + 1]
    tidy = _TIDY.get(question.type)
    return tidy(text) if tidy else text


def validate(
    question: Question, value: Any, today: datetime.date | None = None, offers: Collection[str] = ()
) -> Said | None:
    """Validates an answer: the error message for the student, or None. `offers`: ids to choose from; `today`
    tells past from future."""
    if not value:
        return _missing(question) if question.required else None
    if question.type == "rows":
        return _rows_fault(question, value, today)  # type: ignore[arg-type]
    if not isinstance(value, str):
        return said("must be one answer")
    limit = MAX_PROSE if question.type == "prose" else MAX_LINE
    if len(value) > limit:
        return said("Make it shorter: at most %(limit)s characters", limit=limit)
    if question.type == "choice" and value not in {option.id for option in question.options}:
        return said("Choose one of the answers")
    if question.type == "offer" and value not in offers:
        return said("This programme is not offered now: choose another")
    if question.type == "date":
        return _date_fault(question, value, today)
    check = _CHECKS.get(question.type)
    return check(value) if check else None


def validate_rows(
    question: Rows, rows: Any, today: datetime.date | None = None
) -> dict[tuple[int, str], Said]:
    """Validates each cell of a repeated question: (row from 0, column's id) to its error message."""
    found = {}
    for number, row in enumerate(rows or ()):
        for column in question.columns:
            wrong = validate(column, row.get(column.id, ""), today)
            if wrong:
                found[number, column.id] = wrong
    return found


def _rows_fault(question: Rows, rows: Any, today: datetime.date | None) -> Said | None:
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
        return said("must be rows")
    found = validate_rows(question, rows, today)
    if not found:
        return None
    (number, _), wrong = next(iter(found.items()))
    return said("Row %(number)s: %(wrong)s", number=number + 1, wrong=wrong)


def _missing(question: Question) -> Said:
    if question.type in ("choice", "offer", "country", "language"):
        return said("Choose an answer")
    if question.type == "yes":
        return said("Tick the box to go on")
    if question.type == "rows":
        return said("Fill at least one row")
    return said("Enter an answer")


def _iso_date(typed: str) -> str:
    day = written_dates.parse(typed)
    return day.isoformat() if day else typed


def _date_fault(question: Question, value: str, today: datetime.date | None) -> Said | None:
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        if written_dates.lacks_century(value):
            return said("Enter the year with four digits, such as 2005")
        if year := written_dates.impossible_year(value):
            return said("The year %(year)s cannot be right: check it", year=year)
        return said("Enter a date that exists, such as 31.03.2005")
    if day.year < 1000:
        return said("Enter the year with four digits, such as 2005")
    if not 1900 <= day.year <= 2100:
        return said("The year %(year)s cannot be right: check it", year=day.year)
    if today and question.must_be == "past" and day >= today:
        return said("The date must be in the past")
    if today and question.must_be == "future" and day <= today:
        return said("The date must be in the future")
    return None


@dataclass(frozen=True)
class Scale:
    """The range of a numeric answer, `low` to `high`, up to four decimals. `such_as`: an example; `steps`:
    what to say of a number that is no multiple of `step`; `other`: what to say of one up to `other_up_to`,
    which is of another scale."""

    high: float
    such_as: str
    low: float = 0
    step: float = 0.5
    steps: Said | None = None
    other_up_to: float = 0
    other: Said | None = None

    @property
    def bounds(self) -> Said:
        """What to say of what is no such number."""
        bounds = {"low": f"{self.low:g}", "high": f"{self.high:g}", "example": self.such_as}
        return said("Enter a number from %(low)s to %(high)s, such as %(example)s", **bounds)

    def fault(self, value: str) -> Said | None:
        """What is wrong with a number as typed, or None."""
        number = float(value) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", value) else None
        if number is None or not self.low <= number <= self.high:
            return self.bounds
        if self.other and number <= self.other_up_to:
            return self.other
        return self.steps if number % self.step else None


SCALES = {
    "number": Scale(9999, "4"),
    "gpa": Scale(4, "3.25"),
    "ielts": Scale(9, "6.5", steps=said("IELTS bands go in halves: 5.5, 6.0, 6.5")),
    "toefl": Scale(
        120,
        "78",
        step=1,
        steps=said("A TOEFL total of 0 to 120 is a whole number, such as 78"),
        other_up_to=toefl.MOST,
        other=said("This is a score of 1 to 6: choose that scale, or enter the total of 0 to 120"),
    ),
    "toefl-6": Scale(6, "4.5", low=1, steps=said("TOEFL scores go in halves: 4.0, 4.5, 5.0")),
    "ects": Scale(120, "6"),
}
"""Of the types of question that are numbers, and of both TOEFL; eligibility.js holds to them too."""


def iin_is_valid(value: str) -> bool:
    """Whether an individual identification number has twelve digits and a right check digit.

    Source of the rule: decree of the Government of Kazakhstan no. 406 of 22 May 2007: weights 1 to 11, and
    if that gives 10, weights 3 to 11, 1, 2. The first digits need not be the date of birth any more (decree
    no. 853 of 26 August 2013), so they are not compared with it.
    """
    if not re.fullmatch(r"[0-9]{12}", value):
        return False
    digits = [int(digit) for digit in value]
    for weights in (range(1, 12), [*range(3, 12), 1, 2]):
        check = sum(d * w for d, w in zip(digits[:11], weights, strict=True)) % 11
        if check < 10:
            return bool(check == digits[11])
    return False


def _bare_iin(typed: str) -> str:
    """The digits alone, without what people put between them."""
    return re.sub(r"[\s._/\u00ad\u2010-\u2015\u2212-]", "", unicodedata.normalize("NFKC", typed))


def _iin_fault(value: str) -> Said | None:
    if strange := re.search("[^0-9]", value):
        return said("“%(sign)s” does not belong in an IIN: type its twelve digits", sign=strange[0])
    if len(value) != 12:
        return said(
            "Count the digits of the IIN: twelve digits are needed, %(count)s typed", count=len(value)
        )
    return None if iin_is_valid(value) else said("Check the IIN: twelve digits, one of them is not right")


def _email_fault(value: str) -> Said | None:
    if not email_addresses.parsed(value):
        return said("Enter an e-mail address, such as name@kbtu.kz")
    name = value.rpartition("@")[0]
    found = re.search("[\u0400-\u04ff]", name) if re.search("[A-Za-z]", name) else None
    if found and not email_typos.likely_meant(value):  # else the applicant is asked about it
        return said(
            "“%(letter)s” in the address is a Cyrillic letter: type it in Latin letters",
            letter=found[0],
        )
    return None


_CHECKS: dict[str, Callable[[str], Said | None]] = {
    "latin": person_names.fault,
    "email": _email_fault,
    "phone": phone_numbers.fault,
    "passport": passport_numbers.fault,
    "iin": _iin_fault,
    "country": lambda value: None if value in COUNTRIES else said("Choose one of the countries"),
    "language": lambda value: None if value in LANGUAGES else said("Choose one of the languages"),
    "yes": lambda value: None if value == "yes" else said("Tick the box to go on"),
    **{name: scale.fault for name, scale in SCALES.items()},
    "toefl": Scale(120, "78").fault,  # of which scale it is, another question says
}

_TIDY: dict[str, Callable[[str], str]] = {
    "latin": person_names.normalize,
    "phone": phone_numbers.normalize,
    "passport": passport_numbers.normalize,
    "iin": _bare_iin,
    "date": _iso_date,
    **{name: lambda typed: typed.replace(",", ".") for name in SCALES},
}
"""By the types of question whose answers have one form, however they are typed."""
