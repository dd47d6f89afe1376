"""Applications that nobody has shown to be theirs go by themselves; all others stay."""

import datetime

import pytest

from mobility.applications import drafts, journal, private_links
from mobility.applications.drafts import Draft
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import retention
from mobility.paths import Instance

ADDRESS = "aigerim.sampleova@example.kz"


@pytest.fixture
def draft(instance: Instance, call: Call, in_march: datetime.datetime) -> Draft:
    return drafts.start(instance, call.id, in_march, {"email": ADDRESS}, ADDRESS)[1]


def test_what_nobody_confirmed_goes_after_its_time(
    instance: Instance, book: Rulebook, draft: Draft, in_march: datetime.datetime
) -> None:
    rules, ends = book.catalogue.calls, in_march + retention.UNCONFIRMED_FOR
    assert ends > private_links.deadline(draft, rules)
    assert retention.remove_unconfirmed(instance, rules, ends) == 0
    assert retention.remove_unconfirmed(instance, rules, ends + datetime.timedelta(seconds=1)) == 1
    assert list(drafts.every(instance)) == [] and not draft.folder.exists()
    assert [entry["event"] for entry in journal.entries(instance)] == ["begun", "draft purged"]


def test_what_was_begun_on_a_calls_first_day_stays_until_its_last_instant(
    instance: Instance, book: Rulebook, call: Call
) -> None:
    _, early = drafts.start(instance, call.id, call.opens, {}, "early@example.kz")
    ends = private_links.deadline(early, book.catalogue.calls)
    assert (
        retention.remove_unconfirmed(instance, book.catalogue.calls, ends - datetime.timedelta(seconds=1))
        == 0
    )
    assert retention.remove_unconfirmed(instance, book.catalogue.calls, ends) == 1


def test_what_was_confirmed_or_let_in_late_stays(
    instance: Instance, book: Rulebook, call: Call, draft: Draft, in_march: datetime.datetime
) -> None:
    private_links.opened(instance, draft, private_links.issue(instance, draft, in_march), in_march)
    _, late = drafts.start(instance, call.id, in_march, {}, "late@example.kz", office=True)
    private_links.let_late(late, in_march + datetime.timedelta(days=90), "was ill", in_march)
    _, sent = drafts.start(instance, call.id, in_march, {}, "sent@example.kz")
    drafts.close(sent, "2027A-0001")
    assert (
        retention.remove_unconfirmed(instance, book.catalogue.calls, in_march + datetime.timedelta(days=365))
        == 0
    )
    assert len(list(drafts.every(instance))) == 3
