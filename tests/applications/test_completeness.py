"""What an applicant owes, by answers and agreements, and the marks that the office sees."""

import dataclasses
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mobility.applications import completeness
from mobility.applications.drafts import Draft
from mobility.catalogue.calls import Call
from mobility.catalogue.partners import Agreement
from mobility.catalogue.rulebook import Rulebook
from tests.helpers.assessing import assessed


@pytest.mark.parametrize(
    ("until", "offered", "marked"),
    [
        (datetime.date(2027, 3, 30), False, False),
        (datetime.date(2027, 3, 31), True, True),
        (datetime.date(2027, 7, 31), True, True),
        (datetime.date(2027, 8, 1), True, False),
    ],
)
def test_an_agreement_that_ends_between_call_and_studies_is_taken_and_marked(
    book: Rulebook,
    call: Call,
    invented: Callable[..., dict[str, Any]],
    until: datetime.date,
    offered: bool,
    marked: bool,
) -> None:
    given = invented()
    chosen = given["choice-1"].partition("/")[0]
    ending = {"agreement": Agreement(status="named", valid_until=until)}
    hosts = tuple(
        host.model_copy(update=ending) if host.id == chosen else host for host in book.catalogue.partners
    )
    catalogue = book.catalogue.model_copy(update={"partners": hosts})
    changed = dataclasses.replace(book, catalogue=catalogue)
    assert (given["choice-1"] in completeness.offered(changed, call)) == offered
    draft = Draft(Path("nowhere"), call.id, "", given)
    marks = completeness.marks(call, assessed(changed, call, draft).choices)
    assert any(mark.startswith("agreement ends before studies begin: ") for mark in marks) == marked


def test_a_foreign_citizen_owes_no_questionnaire(
    book: Rulebook, call: Call, invented: Callable[..., dict[str, Any]]
) -> None:
    ids = [slot.id for slot in completeness.slots(book, call, invented(citizenship="UZ"))]
    assert "questionnaire" not in ids
    assert "questionnaire" in [slot.id for slot in completeness.slots(book, call, invented(citizenship="KZ"))]


@pytest.mark.parametrize("proof", ["ielts", "toefl", "statement"])
def test_one_proof_of_language_is_owed_the_one_that_was_named(
    book: Rulebook, call: Call, invented: Callable[..., dict[str, Any]], proof: str
) -> None:
    slots = completeness.slots(book, call, invented(language_proof=proof))
    assert [slot.id for slot in slots if slot.id.startswith("language")] == [f"language-{proof}"]
