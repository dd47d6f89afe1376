"""Validation and normalization of answers to form questions.

Answers are kept as typed (trimmed, and capped in length), so that nothing typed is lost over an error; of
what is longer, the message says how much is kept.
"""

import datetime
import functools
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from mobility.catalogue import (
    dates,
    email_answers,
    iin,
    passport_numbers,
    person_names,
    phone_numbers,
    scales,
)
from mobility.catalogue.plain_text import in_ascii_digits, plain
from mobility.i18n.languages import Said, said
from mobility.yamlfiles.field_types import COUNTRIES, LANGUAGES

MAX_LINE, MAX_PROSE = 200, 3000
_KEPT_OF_PROSE = 10_000
"""Characters of a text that are kept, so that one too long can be shortened on another day."""


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
    2005-03-31, phones as +77012345678, and so on by its type. What is refused stays as typed."""
    text = plain(value).strip()
    if question.type == "prose":
        return text[: _KEPT_OF_PROSE + 1]
    text = re.sub(" +", " ", text)[: MAX_LINE + 1]
    tidied = _tidied(question, text)
    return text if _fault(question, tidied) else tidied


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
    limit, kept = (MAX_PROSE, _KEPT_OF_PROSE) if question.type == "prose" else (MAX_LINE, MAX_LINE)
    if len(value) > kept:
        return said(
            "Make it shorter: at most %(limit)s characters. Of this, the first %(kept)s are kept.",
            limit=limit,
            kept=kept,
        )
    if len(value) > limit:
        return said("Make it shorter: at most %(limit)s characters", limit=limit)
    if question.type == "choice" and value not in {option.id for option in question.options}:
        return said("Choose one of the answers")
    if question.type == "offer" and value not in offers:
        return said("This programme is not offered now: choose another")
    tidied = _tidied(question, value)
    wrong = _fault(question, tidied, today)
    if wrong or tidied == value:
        return wrong
    # An older version kept as typed what this one understands: it is to be saved again.
    return _fault(question, value, today)


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


def _tidied(question: Question, text: str) -> str:
    tidy = _TIDY.get(question.type)
    return tidy(text if question.type == "latin" else in_ascii_digits(text)) if tidy else text


def _fault(question: Question, tidied: str, today: datetime.date | None = None) -> Said | None:
    if question.type == "date":
        return dates.fault(tidied, question.must_be, today)
    if question.type == "text" and question.required and not any(map(str.isalnum, tidied)):
        return said("Enter an answer in words")
    check = _CHECKS.get(question.type)
    return check(tidied) if check else None


_CHECKS: dict[str, Callable[[str], Said | None]] = {
    "latin": person_names.fault,
    "email": email_answers.fault,
    "phone": phone_numbers.fault,
    "passport": passport_numbers.fault,
    "iin": iin.fault,
    "country": lambda value: None if value in COUNTRIES else said("Choose one of the countries"),
    "language": lambda value: None if value in LANGUAGES else said("Choose one of the languages"),
    "yes": lambda value: None if value == "yes" else said("Tick the box to go on"),
    **{kind: functools.partial(scales.fault, kind) for kind in scales.SCALES},
}

_TIDY: dict[str, Callable[[str], str]] = {
    "latin": person_names.normalize,
    "email": email_answers.normalize,
    "phone": phone_numbers.normalize,
    "passport": passport_numbers.normalize,
    "iin": iin.normalize,
    "date": dates.normalize,
    **{kind: functools.partial(scales.normalize, kind) for kind in scales.SCALES},
}
"""By the types of question whose answers have one form, however they are typed."""
