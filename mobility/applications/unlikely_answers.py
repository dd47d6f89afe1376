"""Answers that may be right and seldom are: one letter for a name, an IIN of another day, a stay of two days.

What is said of restricted answers does not tell them: the committee reads it, too.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mobility.applications.contradictory_answers import age, as_date
from mobility.catalogue import iin, person_names, phone_numbers
from mobility.i18n.languages import Said, said

_AGES = (16, 60)
_SHORTEST, _LONGEST = datetime.timedelta(days=28), datetime.timedelta(days=400)
_BESIDE_TERM = datetime.timedelta(days=92)
"""So far from the term's usual begin the hosts' terms begin: autumn from July to December."""
_PASSPORT_YEARS = 15
_MOST_YEARS = {"master": 2, "doctorate": 3}
_MOST_CREDITS = 400
_IN_WORDS = (
    "family-name-native", "given-name-native", "birth-place", "emergency-name", "school-other",
    "study-programme",
)  # fmt: skip


class Doubt(NamedTuple):
    """A question to the applicant. `id`: the same for the same matter at any time."""

    id: str
    field: str
    says: Said


def doubts(given: Mapping[str, Any], begins: datetime.date) -> Iterator[Doubt]:
    """All questions on these answers. `begins`: about when studies begin."""
    yield from _names(given)
    yield from _numbers_of_papers(given)
    yield from _days(given, begins)
    yield from _phones(given)
    yield from _studies(given, begins)


def _names(given: Mapping[str, Any]) -> Iterator[Doubt]:
    for field in ("family-name", "given-name"):
        if person_names.looks_unfinished(str(given.get(field) or "")):
            says = said("Is “%(name)s” the whole name, as it stands in your passport?", name=given[field])
            yield Doubt(f"{field}-unfinished", field, says)
    if given.get("one-name") == "yes" and " " in str(given.get("family-name") or ""):
        says = said(
            "You ticked that you have one name, but “%(name)s” is several words. Is one a given name?",
            name=given["family-name"],
        )
        yield Doubt("one-name", "family-name", says)
    for field in _IN_WORDS:
        if (text := str(given.get(field) or "")) and not any(map(str.isalpha, text)):
            yield Doubt(
                f"{field}-no-letters", field, said("There are no letters in this answer. Is it right?")
            )


def _numbers_of_papers(given: Mapping[str, Any]) -> Iterator[Doubt]:
    number, passport = str(given.get("iin") or ""), str(given.get("passport-number") or "")
    born = as_date(given.get("birth-date"))
    if born and iin.is_valid(number) and born not in iin.birth_dates(number):
        says = said(
            "An IIN usually begins with the date of birth: year, month, day. Yours begins otherwise. "
            "Are both right?"
        )
        yield Doubt("iin-birth-date", "iin", says)
    if passport and (passport == number or iin.is_valid(passport)):
        says = said("This is the number of an IIN. Is it that of the passport, too?")
        yield Doubt("passport-iin", "passport-number", says)
    elif re.search("O[0-9]|[0-9]O", passport):
        says = said("A letter “O” stands beside the digits of the passport number. Is it a zero?")
        yield Doubt("passport-letter-o", "passport-number", says)
    elif passport and len(set(passport)) == 1:
        says = said("The passport number is one digit again and again. Is it right?")
        yield Doubt("passport-one-digit", "passport-number", says)


def _days(given: Mapping[str, Any], begins: datetime.date) -> Iterator[Doubt]:
    born, ends = as_date(given.get("birth-date")), as_date(given.get("passport-valid-until"))
    arrives, leaves = as_date(given.get("planned-from")), as_date(given.get("planned-until"))
    if born and not _AGES[0] <= age(born, begins) <= _AGES[1]:
        says = said(
            "Your age when studies begin: %(age)s. Is the year of birth right?", age=age(born, begins)
        )
        yield Doubt("birth-date", "birth-date", says)
    if ends and ends.year > begins.year + _PASSPORT_YEARS:
        says = said("Passports are seldom valid for so long. Is the year right?")
        yield Doubt("passport-far", "passport-valid-until", says)
    if arrives and abs(arrives - begins) > _BESIDE_TERM:
        says = said(
            "Studies of this call begin about %(begins)s, and you plan to come on %(arrives)s. Is it right?",
            begins=begins,
            arrives=arrives,
        )
        yield Doubt("planned-term", "planned-from", says)
    if arrives and leaves and not _SHORTEST <= leaves - arrives <= _LONGEST:
        says = said("Days between the planned dates: %(days)s. Is it right?", days=(leaves - arrives).days)
        yield Doubt("planned-length", "planned-until", says)


def _phones(given: Mapping[str, Any]) -> Iterator[Doubt]:
    for field in ("phone", "emergency-phone"):
        if phone_numbers.is_unlikely(str(given.get(field) or "")):
            says = said("As far as is known of its country's numbers, nobody has this one. Is it right?")
            yield Doubt(f"{field}-unlikely", field, says)
    if given.get("emergency-phone") and given["emergency-phone"] == given.get("phone"):
        says = said("This is your own number, too. In an emergency another one is needed.")
        yield Doubt("emergency-phone-own", "emergency-phone", says)


def _studies(given: Mapping[str, Any], begins: datetime.date) -> Iterator[Doubt]:
    year, most = str(given.get("year") or ""), _MOST_YEARS.get(str(given.get("level")))
    if most and year.isdecimal() and int(year) > most:
        says = said("At this level of study so high a year is unusual. Are both right?")
        yield Doubt("year-of-level", "year", says)
    if _number(given.get("ects-earned")) > _MOST_CREDITS:
        yield Doubt("ects-earned", "ects-earned", said("So many credits are unusual. Is the number right?"))
    if given.get("language-proof") == "ielts" and _number(given.get("ielts-score"), 1) == 0:
        says = said("An IELTS band of 0 means that the test was not attempted. Is it right?")
        yield Doubt("ielts-zero", "ielts-score", says)
    if graduation := str(given.get("graduation") or ""):
        years = [int(found) for found in re.findall(r"(?<![0-9])20[0-9]{2}(?![0-9])", graduation)]
        if not re.search("[0-9]{2}", graduation):
            yield Doubt("graduation-no-year", "graduation", said("No year stands here. Is it right?"))
        elif years and max(years) < begins.year:
            says = said("By this year you would graduate before the exchange begins. Is it right?")
            yield Doubt("graduation-before", "graduation", says)


def _number(written: Any, otherwise: float = 0) -> float:
    try:
        return float(written)
    except (TypeError, ValueError):
        return otherwise
