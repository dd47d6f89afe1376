"""iCalendar feeds (RFC 5545): when calls open and close, and the deadlines of each host."""

import datetime
from collections.abc import Iterator

import icalendar

from mobility import calls
from mobility.calls import Call
from mobility.catalogue import Catalogue, Partner
from mobility.fields import MonthDay
from mobility.language import Language, Said, said

_YEARS = 3
"""How many years of a host's deadlines are written out: no endless echo of a day that may change."""


def of_calls(catalogue: Catalogue, now: datetime.datetime, to: Language) -> bytes:
    """The coming calls: an event from the instant that each opens to the instant that it closes.

    `now` in the institution's time zone.
    """
    coming = (call for call in calls.around(catalogue.calls, now) if call.state(now) != "closed")
    title = said("%(university)s: calls for exchange", university=catalogue.institution.short_name)
    return _calendar(title, (_call(call, to) for call in coming), now, to)


def of_partner(partner: Partner, now: datetime.datetime, to: Language) -> bytes:
    """A host's deadlines in the coming years: days, as the host names no hour."""
    title = said("%(host)s: deadlines", host=partner.name)
    return _calendar(title, _deadlines(partner, now.date(), to), now, to)


def has_deadlines(partner: Partner) -> bool:
    """Whether a source names a deadline of the host."""
    return any(True for _ in _days(partner))


def _call(call: Call, to: Language) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"call-{call.id}@outgoing-mobility")
    event.add("summary", said("Applications for %(call)s", call=call.name).to(to))
    event.add("dtstart", call.opens.astimezone(datetime.UTC))
    event.add("dtend", call.closes.astimezone(datetime.UTC))
    event.add("description", said("To be submitted by %(when)s", when=call.last_minute).to(to))
    event.add("transp", "TRANSPARENT")
    return event


def _deadlines(partner: Partner, today: datetime.date, to: Language) -> Iterator[icalendar.Event]:
    for name, what, day in _days(partner):
        for year in range(today.year, today.year + _YEARS):
            date = day.in_year(year)
            if date < today:
                continue
            event = icalendar.Event()
            event.add("uid", f"{partner.id}-{name}-{year}@outgoing-mobility")
            event.add("summary", f"{partner.name}: {what.to(to)}")
            event.add("dtstart", date)
            event.add("dtend", date + datetime.timedelta(days=1))
            event.add("transp", "TRANSPARENT")
            yield event


def _days(partner: Partner) -> Iterator[tuple[str, Said, MonthDay]]:
    stages = (
        ("nomination", said("the host takes nominations to this day"), partner.deadlines.nomination),
        ("application", said("the host takes applications to this day"), partner.deadlines.application),
    )
    for stage, what, dates in stages:
        for term, day in (("autumn", dates.autumn), ("spring", dates.spring)):
            if day:
                yield f"{stage}-{term}", what, day


def _calendar(title: Said, events: Iterator[icalendar.Event], now: datetime.datetime, to: Language) -> bytes:
    """DTSTAMP is the day of the build: the same catalogue on the same day gives the same bytes."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Outgoing Mobility//EN")
    calendar.add("version", "2.0")
    calendar.add("name", title.to(to))
    calendar.add("x-wr-calname", title.to(to))
    midnight = datetime.datetime.combine(now.date(), datetime.time(), datetime.UTC)
    for event in events:
        event.add("dtstamp", midnight)
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
