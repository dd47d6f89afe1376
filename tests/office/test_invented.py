"""Tests for the invented applicants."""

import itertools
import random

from mobility.catalogue import iin
from mobility.catalogue.rulebook import Rulebook
from mobility.office import invented


def test_ten_thousand_are_ten_thousand_people(book: Rulebook) -> None:
    everyone = list(itertools.islice(invented.people(book, random.Random(1)), 10_000))
    assert len({given["iin"] for given in everyone}) == len(everyone)
    for given in everyone:
        assert iin.fault(given["iin"]) is None
        assert {day.isoformat() for day in iin.birth_dates(given["iin"])} & {given["birth-date"]}
