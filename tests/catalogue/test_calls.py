"""Calls open and close to the second, in Almaty."""

import datetime

import pytest

from mobility.catalogue import calls
from mobility.catalogue.institution import Source
from mobility.catalogue.partners import Agreement, Calls, Offer, Override, Partner, Programme, Window
from mobility.i18n import languages
from mobility.i18n.languages import LANGUAGES
from mobility.yamlfiles.field_types import MonthDay, Term

RULES = Calls(
    time_zone="Asia/Almaty",
    autumn=Window(opens=MonthDay(3, 1), closes=MonthDay(3, 31)),
    spring=Window(opens=MonthDay(10, 1), closes=MonthDay(10, 31)),
)


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2027-03-01T00:00:00+05:00", "2027-autumn"),
        ("2027-02-28T23:59:59+05:00", None),
        ("2027-03-31T23:59:59+05:00", "2027-autumn"),
        ("2027-04-01T00:00:00+05:00", None),
        ("2027-03-31T18:59:59+00:00", "2027-autumn"),
        ("2027-03-31T19:00:00+00:00", None),
        ("2026-10-15T12:00:00+05:00", "2027-spring"),
        ("2026-11-24T12:00:00+05:00", None),
        ("2026-12-31T23:59:59-10:00", None),
    ],
)
def test_the_call_is_open_just_between_its_days_in_almaty(instant: str, expected: str | None) -> None:
    found = calls.open_call(RULES, at(instant))
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-24T12:00:00+05:00", "2027-autumn"),
        ("2027-03-15T12:00:00+05:00", "2028-spring"),
        ("2027-04-01T00:00:00+05:00", "2028-spring"),
        ("2026-12-31T23:30:00+00:00", "2027-autumn"),
    ],
)
def test_the_next_call_is_the_one_that_opens_next(instant: str, expected: str) -> None:
    assert calls.next_call(RULES, at(instant)).id == expected


def test_almaty_is_five_hours_ahead_whatever_the_machine_believes() -> None:
    call = calls.call_for(RULES, "autumn", 2027)
    assert call.opens.utcoffset() == datetime.timedelta(hours=5)
    assert [languages.moment(call.last_minute, to) for to in LANGUAGES] == [
        "31 March 2027, 23:59 Almaty time (UTC+5)",
        "31 марта 2027\u202fг., 23:59 по времени Алматы (UTC+5)",
        "2027\u202fж. 31 наурыз, 23:59 Алматы уақыты (UTC+5)",
    ]


def test_a_call_names_its_folder_and_its_references() -> None:
    assert (calls.by_id(RULES, "2027-autumn").prefix, calls.by_id(RULES, "2028-spring").prefix) == (
        "2027A",
        "2028S",
    )
    assert calls.by_id(RULES, "2028-spring").first_day == datetime.date(2027, 10, 1)


def test_an_override_moves_one_year_only() -> None:
    days = Override(opens=datetime.date(2027, 2, 20), closes=datetime.date(2027, 4, 5))
    moved = RULES.model_copy(update={"overrides": {"2027-autumn": days}})
    assert calls.open_call(moved, at("2027-04-05T23:59:59+05:00"))
    assert calls.open_call(moved, at("2027-04-06T00:00:00+05:00")) is None
    assert calls.open_call(moved, at("2028-04-05T12:00:00+05:00")) is None
    assert calls.next_call(moved, at("2026-11-24T12:00:00+05:00")).first_day == datetime.date(2027, 2, 20)


def offer(valid_until: str | None, *terms: str) -> Offer:
    end = datetime.date.fromisoformat(valid_until) if valid_until else None
    programme = Programme.model_validate({"id": "exchange", "name": "Exchange", "terms": terms})
    seen = Source(title="Invented", seen=datetime.date(2026, 11, 24))
    agreement = Agreement(status="named", valid_until=end)
    partner = Partner(
        id="host", name="Host", country="PL", city="Town", agreement=agreement, programmes=(programme,),
        sources=(seen,),
    )  # fmt: skip
    return Offer(partner, programme)


@pytest.mark.parametrize(
    ("chosen", "taking", "last"),
    [
        (offer(None), ["2027-autumn", "2028-spring", "2028-autumn", "2029-spring"], None),
        (offer(None, "spring"), ["2028-spring", "2029-spring"], None),
        (offer("2027-03-30"), [], None),
        (offer("2027-03-31"), ["2027-autumn"], "2027-autumn"),
        (offer("2027-12-31"), ["2027-autumn", "2028-spring"], "2028-spring"),
        (offer("2027-12-31", "autumn"), ["2027-autumn"], "2027-autumn"),
        (offer("2030-12-31"), ["2027-autumn", "2028-spring", "2028-autumn", "2029-spring"], None),
    ],
)
def test_an_offer_is_taken_in_calls_for_its_term_that_close_within_its_agreement(
    chosen: Offer, taking: list[str], last: str | None
) -> None:
    coming = calls.coming(RULES, at("2026-11-24T12:00:00+05:00"))
    assert [call.id for call in coming if call.takes(chosen)] == taking
    found = [calls.first_for(coming, chosen), calls.last_for(coming, chosen)]
    assert [call.id if call else None for call in found] == [taking[0] if taking else None, last]


@pytest.mark.parametrize(("term", "first"), [("autumn", "2027-08-01"), ("spring", "2027-01-01")])
def test_studies_begin_in_august_or_january(term: Term, first: str) -> None:
    assert calls.call_for(RULES, term, 2027).studies_begin.isoformat() == first
