"""iCalendar feeds (RFC 5545): when calls open and close, and the deadlines of each host."""

import datetime
import functools
from collections.abc import Iterator

import icalendar
from icalendar.parser import Contentline, Parameters

from mobility.catalogue import calls
from mobility.catalogue.calls import Call
from mobility.catalogue.partners import Catalogue, Partner, Programme
from mobility.i18n.labels import label
from mobility.i18n.languages import Language, Said, said
from mobility.yamlfiles.field_types import MonthDay

_YEARS = 3
"""How many years of a host's deadlines are written out: no endless echo of a day that may change."""
_NOMINATIONS = said("the host takes nominations to this day")
_APPLICATIONS = said("the host takes applications to this day")


def of_calls(catalogue: Catalogue, now: datetime.datetime, to: Language) -> bytes:
    """The coming calls: an event from the instant that each opens to the instant that it closes.

    `now` in the institution's time zone.
    """
    coming = (call for call in calls.around(catalogue.calls, now) if call.state(now) != "closed")
    title = said("%(university)s: calls for exchange", university=catalogue.institution.short_name)
    domain = catalogue.institution.domain
    return _calendar(title, (_call(call, domain, _stamp(now.date()), to) for call in coming), to)


def of_partner(partner: Partner, domain: str, now: datetime.datetime, to: Language) -> bytes:
    """A host's deadlines, and those of its programmes that have their own, in the coming years: days, as the
    host names no hour. `domain` of the sending university: it makes the ids of events its own."""
    title = said("%(host)s: deadlines", host=partner.name)
    return _calendar(title, _deadlines(partner, domain, now, to), to)


def has_deadlines(partner: Partner) -> bool:
    """Whether a source names a deadline of every year, of the host or of a programme."""
    return any(True for _ in _days(partner))


def _call(call: Call, domain: str, stamp: datetime.datetime, to: Language) -> bytes:
    event = icalendar.Event()
    event.add("uid", f"call-{call.id}@{domain}")
    event.add("summary", said("Applications for %(call)s", call=call.name).to(to))
    event.add("dtstart", call.opens.astimezone(datetime.UTC))
    event.add("dtend", call.closes.astimezone(datetime.UTC))
    event.add("description", said("To be submitted by %(when)s", when=call.last_minute).to(to))
    event.add("transp", "TRANSPARENT")
    event.add("dtstamp", stamp)
    made: bytes = event.to_ical()
    return made


def _deadlines(partner: Partner, domain: str, now: datetime.datetime, to: Language) -> Iterator[bytes]:
    # The events' lines are put together here; icalendar escapes and folds them. With its Event for each, the
    # build of the whole site takes nearly twice as long.
    today = now.date()
    rest = f"DTSTAMP:{_stamp(today):%Y%m%dT%H%M%SZ}\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n".encode()
    summary = functools.cache(functools.partial(_line, "SUMMARY"))
    host = label(partner.name).to(to)
    for of, name, what, day in _days(partner):
        whose = host if of is partner else f"{host}, {label(of.name).to(to)}"
        whole_id = partner.id if of is partner else f"{partner.id}/{of.id}"
        told = summary(f"{whose}: {what.to(to)}")
        for year in range(today.year, today.year + _YEARS):
            date = day.in_year(year)
            if date >= today:
                uid = _uid(f"{whole_id}-{name}-{year}@{domain}")
                yield b"BEGIN:VEVENT\r\n" + uid + told + _whole_day(date) + rest


def _line(name: str, text: str) -> bytes:
    """One property of text, escaped and folded."""
    value = icalendar.vText(text)
    line: bytes = name.encode() + b":" + value.to_ical()
    if len(line) >= 75:  # icalendar looks at each character, which short lines need not wait for
        line = Contentline.from_parts(name, Parameters(), value).to_ical()
    return line + b"\r\n"


def _uid(value: str) -> bytes:
    """The id of an event: nothing in it is to be escaped, and few are long enough to be folded."""
    line = f"UID:{value}\r\n".encode()
    return line if len(line) <= 75 else _line("UID", value)


def _whole_day(date: datetime.date) -> bytes:
    """The properties that say when an event is that lasts the whole of a day."""
    after = date + datetime.timedelta(days=1)
    return f"DTSTART;VALUE=DATE:{date:%Y%m%d}\r\nDTEND;VALUE=DATE:{after:%Y%m%d}\r\n".encode()


def _days(partner: Partner) -> Iterator[tuple[Partner | Programme, str, Said, MonthDay]]:
    every: tuple[Partner | Programme, ...] = (partner, *partner.programmes)
    for of in every:
        if of.deadlines.dated:
            continue  # of a past year: nobody knows that they come again
        stages = (
            ("nomination", _NOMINATIONS, of.deadlines.nomination),
            ("application", _APPLICATIONS, of.deadlines.application),
        )
        for stage, what, dates in stages:
            for term, day in (("autumn", dates.autumn), ("spring", dates.spring)):
                if day:
                    yield of, f"{stage}-{term}", what, day


def _stamp(today: datetime.date) -> datetime.datetime:
    """DTSTAMP is the day of the build: the same catalogue on the same day gives the same bytes."""
    return datetime.datetime.combine(today, datetime.time(), datetime.UTC)


def _calendar(title: Said, events: Iterator[bytes], to: Language) -> bytes:
    name = title.to(to)
    head = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Outgoing Mobility//EN\r\n"
    names = _line("NAME", name) + _line("X-WR-CALNAME", name)
    return head + names + b"".join(events) + b"END:VCALENDAR\r\n"
