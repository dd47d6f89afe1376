"""A clock that jumps: nothing is lost by it, or waits for it."""

import datetime

from mobility import storage
from mobility.applications import bags, index, journal, lookup, submissions
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import tasks
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed


def test_what_is_sent_after_the_clock_went_back_is_whole_and_numbered_on(
    filled: Filled, seal: Sealed, instance: Instance, book: Rulebook, call: Call, in_march: datetime.datetime
) -> None:
    first = seal(filled())
    earlier = in_march - datetime.timedelta(days=3)
    second = submissions.submit(instance, book, call, filled(), earlier)
    third = submissions.submit(instance, book, call, filled(), in_march + datetime.timedelta(days=3))
    assert [each.reference for each in (first, second, third)] == ["2027A-0001", "2027A-0002", "2027A-0003"]
    assert journal.breaks(instance) == [] and submissions.lost(instance) == []
    assert not any(bags.verify(bag) for bag in submissions.every(instance))
    followed = lookup.applications(instance, call.id)[0]
    storage.remove_database(instance.index)
    index.reconcile(instance)
    assert lookup.applications(instance, call.id)[0] == followed


def test_work_that_follows_an_answer_does_not_wait_for_a_clock_that_went_back(
    filled: Filled, instance: Instance, book: Rulebook, in_march: datetime.datetime
) -> None:
    draft = filled()
    tasks.add(instance, "mail link", in_march, draft=draft.hash)
    assert tasks.do_due(Desk(instance, book, "", False, in_march - datetime.timedelta(days=1))) == 1
