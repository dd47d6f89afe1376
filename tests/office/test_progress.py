"""How many drafts lack something, and how many are ready, is counted beside the pages, not by them."""

import datetime
from dataclasses import replace

import pytest

from mobility.applications import drafts, lookup
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import progress
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed


@pytest.fixture
def desk(instance: Instance, book: Rulebook, in_march: datetime.datetime) -> Desk:
    return Desk(instance, book, "", False, in_march)


def ready(desk: Desk) -> int:
    return lookup.begun(desk.instance, "2027-autumn", most=1, lacking=False)[1]


def test_only_what_changed_is_looked_at_again(
    desk: Desk, filled: Filled, seal: Sealed, call: Call, in_march: datetime.datetime
) -> None:
    whole, other = filled(), filled()
    _, empty = drafts.start(desk.instance, call.id, in_march, {})
    assert progress.update(desk) == 3
    assert ready(desk) == 2
    assert progress.update(desk) == 0
    drafts.note(whole, lambda current: replace(current, answers={**current.answers, "gpa": ""}))
    assert progress.update(desk) == 1
    assert ready(desk) == 1
    seal(other)
    drafts.remove(empty)
    progress.update(desk)
    assert ready(desk) == 0
    changed = replace(desk, book=replace(desk.book, version="another"))
    assert progress.update(changed) == 2, "other rules, other lacks"
