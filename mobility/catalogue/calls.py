"""Calls for applications: when they open and close, in the institution's time zone, and which is open now.

A call is a rule, not a typed date: applications for the coming autumn are taken in March, those for the
coming spring in October of the year before (source: the university's page, `institution.sources`).
"""

import datetime
import functools
import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mobility.catalogue.partners import Calls, Offer
from mobility.i18n.languages import Said, said
from mobility.yamlfiles.field_types import Term

# The rules of time zones come with the project (package tzdata), not from the machine, which may still
# believe that Almaty is at UTC+6, as it was until 1 March 2024.
zoneinfo.reset_tzpath(())

_FIRST_MONTH: dict[Term, int] = {"autumn": 8, "spring": 1}
"""The month (1 to 12) in which the studies of a term may begin."""


@dataclass(frozen=True)
class Call:
    """A call: the period in which applications for one term of one year are taken."""

    term: Term
    year: int
    opens: datetime.datetime
    closes: datetime.datetime
    """The first instant at which nothing is taken any more: midnight after the last day."""

    @property
    def id(self) -> str:
        """Names the call in folders and overrides: 2027-autumn."""
        return f"{self.year}-{self.term}"

    @property
    def prefix(self) -> str:
        """Begins the references of its applications: 2027A, 2027S."""
        return f"{self.year}{self.term[0].upper()}"

    @property
    def name(self) -> Said:
        """The term and year in words: autumn 2027."""
        if self.term == "autumn":
            return said("autumn %(year)s", year=self.year)
        return said("spring %(year)s", year=self.year)

    @property
    def studies(self) -> Said:
        """What it is for: studies in autumn 2027."""
        if self.term == "autumn":
            return said("Studies in autumn %(year)s", year=self.year)
        return said("Studies in spring %(year)s", year=self.year)

    @property
    def first_day(self) -> datetime.date:
        """The day on which it opens."""
        return self.opens.date()

    @property
    def last_minute(self) -> datetime.datetime:
        """The closing as readers are told it: 23:59 of the last day."""
        return last_minute(self.closes)

    @functools.cached_property
    def last_day(self) -> datetime.date:
        """The last day on which applications are taken, to 23:59."""
        return (self.closes - datetime.timedelta(days=1)).date()

    def state(self, now: datetime.datetime) -> Literal["coming", "open", "closed"]:
        """Where `now` (any time zone) stands to the call."""
        if now < self.opens:
            return "coming"
        return "open" if now < self.closes else "closed"

    @property
    def studies_begin(self) -> datetime.date:
        """The first day of the month in which the term may begin."""
        return datetime.date(self.year, _FIRST_MONTH[self.term], 1)

    def takes(self, offer: Offer) -> bool:
        """Whether the offer can be chosen in this call: it is not known to be for the other term only,
        and its agreement is in force on the call's last day. That it also holds when studies begin is not
        asked: agreements are renewed, and the office is told (`completeness.marks`)."""
        other_term = offer.programme.terms and self.term not in offer.programme.terms
        return not other_term and not offer.agreement.expired(self.last_day)


def zone(calls: Calls) -> zoneinfo.ZoneInfo:
    """The time zone in which the institution's dates are meant."""
    return zoneinfo.ZoneInfo(calls.time_zone)


def call_for(calls: Calls, term: Term, year: int) -> Call:
    """The call for studies in `term` of `year`."""
    window = calls.autumn if term == "autumn" else calls.spring
    window_year = year if window.closes.month < _FIRST_MONTH[term] else year - 1
    first, last = window.opens.in_year(window_year), window.closes.in_year(window_year)
    override = calls.overrides.get(f"{year}-{term}")
    if override:
        first, last = override.opens, override.closes
    return Call(term, year, _midnight(calls, first), _midnight(calls, last + datetime.timedelta(days=1)))


def around(calls: Calls, now: datetime.datetime) -> list[Call]:
    """The calls from about a year before `now` to about two years after, in the order of opening."""
    year = now.astimezone(zone(calls)).year
    return sorted(_between(calls, year - 1, year + 3), key=lambda call: call.opens)


def open_call(calls: Calls, now: datetime.datetime) -> Call | None:
    """The call that takes applications at `now`; of several, the one that closes first."""
    found = [call for call in around(calls, now) if call.state(now) == "open"]
    return min(found, key=lambda call: call.closes, default=None)


def next_call(calls: Calls, now: datetime.datetime) -> Call:
    """The call that opens next after `now`."""
    return next(call for call in around(calls, now) if call.state(now) == "coming")


def coming(calls: Calls, now: datetime.datetime) -> list[Call]:
    """The calls that are open at `now` or open in the two years after."""
    return [call for call in around(calls, now) if call.state(now) != "closed"][:4]


def first_for(among: list[Call], offer: Offer) -> Call | None:
    """The first call in which the offer can be chosen; none, when its agreement runs out before."""
    return next((call for call in among if call.takes(offer)), None)


def last_for(among: list[Call], offer: Offer) -> Call | None:
    """The last call in which the offer can be chosen, where its agreement runs out during these calls."""
    if not among or not offer.agreement.expired(among[-1].last_day):
        return None
    return next((call for call in reversed(among) if call.takes(offer)), None)


def last_minute(end: datetime.datetime) -> datetime.datetime:
    """The last minute before an instant, as readers are told a deadline."""
    return end - datetime.timedelta(minutes=1)


def by_id(calls: Calls, call_id: str) -> Call:
    """The call that `Call.id` names. Raises ValueError where it names none."""
    year, _, term = call_id.partition("-")
    if term not in ("spring", "autumn") or not re.fullmatch("20[0-9]{2}", year):
        raise ValueError(f'there is no call "{call_id}": calls are named as 2027-autumn, 2028-spring')
    return call_for(calls, "autumn" if term == "autumn" else "spring", int(year))


def _between(calls: Calls, first: int, last: int) -> Iterator[Call]:
    for year in range(first, last + 1):
        yield call_for(calls, "spring", year)
        yield call_for(calls, "autumn", year)


def _midnight(calls: Calls, day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), zone(calls))
