"""Answers that cannot be together are refused beside the field; unlikely ones are asked about."""

import datetime
from typing import Any

import pytest
import yaml

from mobility.applications import completeness, unlikely_answers
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import CHECKOUT
from tests.helpers.student import Answers

CASES = yaml.load((CHECKOUT.root / "tests/data/answers-together.yaml").read_text("utf-8"), yaml.BaseLoader)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["given"]))
def test_what_cannot_be_is_refused_and_what_seldom_is_asked_about(
    case: dict[str, Any], book: Rulebook, call: Call, invented: Answers
) -> None:
    given = {**invented(), **case["given"]}
    offers, today = completeness.offered(book, call), datetime.date(2027, 3, 15)
    faults: dict[str, Any] = {}
    for section in book.application.sections:
        faults |= completeness.faults(book, offers, section, given, today)
    refused = case.get("refused", {})
    assert list(faults) == list(refused)
    assert all(part in str(faults[field]) for field, part in refused.items())
    begins = datetime.date(2027, 9, 1)
    asked = list(unlikely_answers.doubts(completeness.asked(book, given), begins))
    if not refused:
        assert [doubt.id for doubt in asked] == case.get("asked", [])
    assert {doubt.field for doubt in asked} <= {field.id for field in book.application.fields()}


def test_no_question_tells_a_restricted_answer(book: Rulebook, invented: Answers) -> None:
    restricted = book.application.restricted()
    for case in CASES:
        given = {**invented(), **case["given"]}
        for doubt in unlikely_answers.doubts(given, datetime.date(2027, 9, 1)):
            secret = str(given.get(doubt.field))
            assert doubt.field not in restricted or secret not in str(doubt.says)
