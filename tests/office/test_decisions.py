"""Decisions are drafted, told together, recalled in time, and never overwritten; places are counted."""

import datetime
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import yaml

from mobility import storage
from mobility.applications import drafts, index, listing, private_links, review, search
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.catalogue import rulebook
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, decisions, outbox
from mobility.office.desk import Desk
from mobility.office.outbox import Server
from mobility.office.places import lost, places
from mobility.paths import CHECKOUT, Checkout, Instance
from tests.helpers.applications import Filled, Sealed
from tests.helpers.told import tell

NOBODY = Server("127.0.0.1", 9, "office@example.kz")
USM = "usm/exchange"


@pytest.fixture(scope="module")
def one_place(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The rules, where USM has one place a year."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(CHECKOUT.content, folder / "content")
    told = CHECKOUT.partners.read_text(encoding="utf-8")
    before, found, after = told.partition("\n  - id: usm\n")
    after, count = re.subn(r"\n( +)- id: exchange\n", r"\n\1- id: exchange\n\1  seats: 1\n", after, count=1)
    assert found and count
    (folder / "partners.yaml").write_text(before + found + after, encoding="utf-8")
    return rulebook.load(Checkout(folder))


@pytest.fixture
def desk(instance: Instance, one_place: Rulebook, in_march: datetime.datetime) -> Desk:
    return Desk(instance, one_place, "https://mobility.example.kz/apply/", False, in_march, "officer1")


@pytest.fixture
def apply(filled: Filled, seal: Sealed) -> Callable[..., Bag]:
    def sealed(email: str, **changed: str) -> Bag:
        draft = filled(choice_1=USM, choice_2="upna/exchange", **changed)
        return seal(drafts.note(draft, lambda current: replace(current, email=email)))

    return sealed


def standing(desk: Desk, bag: Bag) -> review.Standing:
    return review.standing(desk.instance, bag.call, bag.reference)


def mails(desk: Desk) -> list[str]:
    return [str(outbox.message(desk.instance, each)["Subject"]) for each in outbox.waiting(desk.instance)]


def test_nothing_is_told_by_deciding(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag = apply("a@example.kz")
    decisions.decide(desk, bag.reference, "nominated", USM)
    assert standing(desk, bag).decision is None and standing(desk, bag).drafted
    assert not standing(desk, bag).can_answer(desk.now)
    assert mails(desk) == []
    decisions.release(desk, bag.reference)
    assert standing(desk, bag).can_answer(desk.now)
    assert mails(desk) == [f"{bag.reference}: you are nominated"]
    assert not (bag.call_folder / "index.csv").exists(), "no page waits until the list of a call is written"
    listing.write_changed(desk.instance, desk.now)
    assert "nominated" in (bag.call_folder / "index.csv").read_text()


def test_a_host_with_one_place_gets_one_nomination_or_a_reason(desk: Desk, apply: Callable[..., Bag]) -> None:
    first, second, third = (apply(f"{name}@example.kz") for name in "abc")
    decisions.decide(desk, first.reference, "nominated", USM)
    for no_reason in ("", " "):
        with pytest.raises(NotPossible, match="all places are given"):
            decisions.decide(desk, second.reference, "nominated", USM, beyond=no_reason)
    decisions.decide(desk, first.reference, "nominated", USM, "the same student once more")
    decisions.decide(desk, second.reference, "nominated", USM, beyond="The host gave one more by mail")
    decisions.decide(desk, third.reference, "waiting list", USM, rank=1)
    decisions.release(desk, third.reference)
    (place,) = [each for each in places(desk, first.call) if each.id == USM]
    assert (place.seats, place.left, place.wishes) == (1, -1, (3, 0, 0))
    assert [each.reference for each in place.waiting] == [third.reference]
    kept = review.folder(desk.instance, second.call, second.reference) / "decisions" / "1.yaml"
    assert yaml.safe_load(kept.read_text())["beyond"] == "The host gave one more by mail"


def test_a_decision_whose_draft_is_lost_is_named_and_the_others_wait(
    desk: Desk, apply: Callable[..., Bag]
) -> None:
    lost, other = apply("a@example.kz"), apply("b@example.kz")
    for bag in (lost, other):
        decisions.decide(desk, bag.reference, "not nominated")
    draft = private_links.of_reference(desk.instance, lost.reference)
    assert draft
    shutil.rmtree(draft.folder)
    waiting, faults = decisions.to_tell(desk, lost.call)
    assert [each[0] for each in waiting] == [other.reference]
    assert [str(each) for each in faults] == [
        f"{lost.reference}: its draft is lost, by which the applicant is reached"
    ]


@pytest.mark.parametrize("freed_by", ["decline", "host", "withdrawal"])
def test_a_place_comes_free_and_goes_to_the_next(
    desk: Desk, apply: Callable[..., Bag], freed_by: str
) -> None:
    first, second = apply("a@example.kz"), apply("b@example.kz")
    tell(desk, first.reference, "nominated", USM)
    if freed_by == "decline":
        review.answer(desk.instance, first.call, first.reference, False, desk.now)
    elif freed_by == "host":
        review.answer(desk.instance, first.call, first.reference, True, desk.now)
        decisions.host_says(desk, first.reference, "accepted")
        decisions.host_says(desk, first.reference, "refused", "No housing left")
    else:
        actions.withdraw(desk, first.reference, "applicant")
    tell(desk, second.reference, "nominated", USM)
    if freed_by != "withdrawal":  # the next choice of the first
        tell(desk, first.reference, "nominated", "upna/exchange")
        assert standing(desk, first).can_answer(desk.now)


def test_who_took_the_place_is_decided_on_no_more(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag = apply("a@example.kz")
    tell(desk, bag.reference, "nominated", USM)
    review.answer(desk.instance, bag.call, bag.reference, True, desk.now)
    with pytest.raises(NotPossible, match="taken the place"):
        decisions.decide(desk, bag.reference, "not nominated")


def test_a_revised_decision_leaves_one_mail_and_every_file(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag = apply("a@example.kz")
    tell(desk, bag.reference, "nominated", USM)
    tell(desk, bag.reference, "not nominated")
    assert mails(desk) == [f"{bag.reference}: the decision"]
    place = review.folder(desk.instance, bag.call, bag.reference) / "decisions"
    assert sorted(path.name for path in place.glob("[!.]*")) == [
        "1-released.yaml", "1.yaml", "2-released.yaml", "2.yaml",
    ]  # fmt: skip
    assert [each.decision.by for each in standing(desk, bag).decisions] == ["officer1", "officer1"]


def test_a_mail_is_held_and_recalled(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag = apply("a@example.kz")
    tell(desk, bag.reference, "nominated", USM)
    assert (
        outbox.deliver(desk.instance, NOBODY, desk.now + decisions.HELD - datetime.timedelta(seconds=1)) == 0
    )
    assert next(outbox.waiting(desk.instance)).tries == 0
    (held,) = outbox.waiting(desk.instance)
    with pytest.raises(NotPossible, match="it goes by itself"):
        outbox.try_again(desk.instance, held.id, desk.now, "officer1")
    assert next(outbox.waiting(desk.instance)) == held
    decisions.recall(desk, bag.reference)
    assert mails(desk) == [] and standing(desk, bag).decision is None and standing(desk, bag).drafted
    decisions.release(desk, bag.reference)
    outbox.deliver(desk.instance, NOBODY, desk.now + decisions.HELD)
    assert next(outbox.waiting(desk.instance)).tries == 1


def test_what_has_gone_is_not_recalled(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag, silent = apply("a@example.kz"), apply("")
    for each in (bag, silent):
        decisions.decide(desk, each.reference, "waiting list")
        decisions.release(desk, each.reference)
    outbox.forget(desk.instance, bag.reference)  # as one that was sent
    with pytest.raises(NotPossible, match="the mail has gone"):
        decisions.recall(desk, bag.reference)
    decisions.recall(desk, silent.reference)
    decisions.release(desk, silent.reference)
    with pytest.raises(NotPossible, match="over 10 minutes ago"):
        decisions.recall(replace(desk, now=desk.now + decisions.HELD), silent.reference)


def test_a_crash_before_the_mail_is_mended_by_releasing_again(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag = apply("a@example.kz")
    tell(desk, bag.reference, "nominated", USM)
    place = review.folder(desk.instance, bag.call, bag.reference) / "decisions" / "1-released.yaml"
    place.write_text(place.read_text().replace(f"decision-{bag.reference}-1", "null"))
    decisions.release(desk, bag.reference)
    assert len(mails(desk)) == 1
    with pytest.raises(NotPossible, match="no decision waits"):
        decisions.release(desk, bag.reference)


def test_decisions_of_earlier_versions_count(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag = apply("a@example.kz")
    place = review.folder(desk.instance, bag.call, bag.reference)
    place.mkdir(parents=True)
    kept = {"outcome": "nominated", "decided": desk.now.isoformat(), "programme": USM, "answer_by": None}
    (place / "decision.yaml").write_text(yaml.safe_dump({**kept, "message": "Welcome"}))
    (place / "answer.yaml").write_text(yaml.safe_dump({"takes": False, "given": desk.now.isoformat()}))
    index.reconcile(desk.instance)
    assert standing(desk, bag).answer and not standing(desk, bag).holds
    tell(desk, bag.reference, "nominated", "upna/exchange")
    assert [each.number for each in standing(desk, bag).decisions] == [0, 1]


# What was shown is what is done


def test_a_later_decision_is_neither_told_nor_replaced_nor_recalled_unseen(
    desk: Desk, apply: Callable[..., Bag]
) -> None:
    bag = apply("a@example.kz")
    decisions.decide(desk, bag.reference, "waiting list", seen=0)
    decisions.decide(desk, bag.reference, "not nominated", seen=1)
    with pytest.raises(NotPossible, match="another decision has come"):
        decisions.release(desk, bag.reference, seen=1)
    with pytest.raises(NotPossible, match="another decision has come"):
        decisions.decide(desk, bag.reference, "nominated", USM, seen=1)
    decisions.release(desk, bag.reference, seen=2)
    tell(desk, bag.reference, "nominated", USM)
    for act in (
        lambda: decisions.recall(desk, bag.reference, seen=2),
        lambda: decisions.host_says(desk, bag.reference, "accepted", seen=2),
    ):
        with pytest.raises(NotPossible, match="another decision has come"):
            act()
    there = standing(desk, bag).told
    assert there and there.number == 3 and not there.host


def test_what_is_recalled_gives_way_to_what_was_told_before_with_its_mail(
    desk: Desk, apply: Callable[..., Bag]
) -> None:
    bag = apply("a@example.kz")
    nominated, other = f"{bag.reference}: you are nominated", f"{bag.reference}: the decision"
    tell(desk, bag.reference, "nominated", USM)
    tell(desk, bag.reference, "waiting list")
    tell(desk, bag.reference, "not nominated")
    later = replace(desk, now=desk.now + decisions.HELD - datetime.timedelta(seconds=1))
    for outcome, mail in (("waiting list", other), ("nominated", nominated)):
        decisions.recall(later, bag.reference)
        told = standing(desk, bag).told
        assert told and told.decision.outcome == outcome and mails(desk) == [mail]
        (row,) = search.find(desk.instance, search.Wanted(bag.call))[0]
        assert decisions.held(later, row) == told
    outbox.deliver(desk.instance, NOBODY, desk.now + decisions.HELD)
    assert next(outbox.waiting(desk.instance)).tries == 0, "it is held anew"
    decisions.recall(later, bag.reference)
    assert standing(desk, bag).told is None and mails(desk) == []


def test_what_was_mailed_is_not_mailed_again_by_recalling_what_followed(
    desk: Desk, apply: Callable[..., Bag]
) -> None:
    bag = apply("a@example.kz")
    tell(desk, bag.reference, "nominated", USM)
    outbox.forget(desk.instance, bag.reference)  # as one that was sent
    tell(desk, bag.reference, "not nominated")
    decisions.recall(desk, bag.reference)
    assert mails(desk) == [] and standing(desk, bag).can_answer(desk.now)


def test_nobody_is_recalled_into_a_place_that_was_given_meanwhile(
    desk: Desk, apply: Callable[..., Bag]
) -> None:
    first, second = apply("a@example.kz"), apply("b@example.kz")
    tell(desk, first.reference, "nominated", USM)
    tell(desk, first.reference, "not nominated")
    decisions.decide(desk, second.reference, "nominated", USM)
    with pytest.raises(NotPossible, match="all places are given"):
        decisions.recall(desk, first.reference)
    assert mails(desk) == [f"{first.reference}: the decision"]


# Places are given once


def test_a_told_place_is_held_until_another_decision_is_told(desk: Desk, apply: Callable[..., Bag]) -> None:
    first, second = apply("a@example.kz"), apply("b@example.kz")
    tell(desk, first.reference, "nominated", USM)
    decisions.decide(desk, first.reference, "nominated", "upna/exchange")
    assert standing(desk, first).holds == (USM, "upna/exchange")
    decisions.decide(desk, first.reference, "not nominated")
    assert standing(desk, first).can_answer(desk.now)
    with pytest.raises(NotPossible, match="all places are given"):
        decisions.decide(desk, second.reference, "nominated", USM)
    decisions.release(desk, first.reference)
    assert not standing(desk, first).can_answer(desk.now)
    decisions.decide(desk, second.reference, "nominated", USM)


def test_a_place_that_is_taken_meanwhile_outlives_what_was_drafted(
    desk: Desk, apply: Callable[..., Bag]
) -> None:
    bag = apply("a@example.kz")
    tell(desk, bag.reference, "nominated", USM)
    decisions.decide(desk, bag.reference, "not nominated")
    assert review.answer(desk.instance, bag.call, bag.reference, True, desk.now)
    assert standing(desk, bag).drafted is None and decisions.to_tell(desk, bag.call) == ([], [])
    with pytest.raises(NotPossible, match="taken the place"):
        decisions.release(desk, bag.reference)
    (place,) = [each for each in places(desk, bag.call) if each.id == USM]
    assert (place.taken, place.left) == (1, 0)


def test_two_calls_of_a_year_share_their_places_at_once(desk: Desk, apply: Callable[..., Bag]) -> None:
    """Whoever decides while another counts waits, though it be for another call."""
    bag = apply("a@example.kz")
    decisions.decide(desk, bag.reference, "waiting list")  # by now all is read that a decision reads
    with ThreadPoolExecutor(1) as pool:
        with storage.locked(desk.instance.review):
            deciding = pool.submit(decisions.decide, desk, bag.reference, "nominated", USM)
            with pytest.raises(TimeoutError):
                deciding.result(timeout=1)
            assert not standing(desk, bag).holds
        deciding.result()
    assert standing(desk, bag).holds == (USM,)


# What hosts and students say


def test_a_hosts_refusal_holds_until_a_new_decision(desk: Desk, apply: Callable[..., Bag]) -> None:
    first, second = apply("a@example.kz"), apply("b@example.kz")
    tell(desk, first.reference, "nominated", USM)
    decisions.host_says(desk, first.reference, "refused", "No housing left")
    assert not standing(desk, first).can_answer(desk.now)
    assert not review.answer(desk.instance, first.call, first.reference, True, desk.now)
    assert mails(desk) == [f"{first.reference}: the host has not accepted your nomination"]
    with pytest.raises(NotPossible, match="the host has refused"):
        decisions.host_says(desk, first.reference, "acknowledged")
    with pytest.raises(NotPossible, match="answered already"):
        decisions.recall(desk, first.reference)
    tell(desk, second.reference, "nominated", USM)
    with pytest.raises(NotPossible, match="all places are given"):
        decisions.decide(desk, first.reference, "nominated", USM)
    tell(desk, first.reference, "nominated", "upna/exchange")
    assert standing(desk, first).can_answer(desk.now)
    assert sorted(mails(desk)) == sorted(f"{each.reference}: you are nominated" for each in (first, second))
    decisions.recall(desk, first.reference)
    told = standing(desk, first).told
    assert told and told.refused, "what was told before holds again"
    assert f"{first.reference}: the host has not accepted your nomination" in mails(desk)


def test_who_declined_or_withdrew_is_not_told_of_a_hosts_refusal(
    desk: Desk, apply: Callable[..., Bag]
) -> None:
    for email, leave in (("a@example.kz", "decline"), ("b@example.kz", "withdraw")):
        bag = apply(email)
        tell(desk, bag.reference, "nominated", USM, beyond="a test")
        if leave == "decline":
            review.answer(desk.instance, bag.call, bag.reference, False, desk.now)
        else:
            actions.withdraw(desk, bag.reference, "applicant")
        outbox.forget(desk.instance, bag.reference)
        decisions.host_says(desk, bag.reference, "refused")
        assert mails(desk) == [], leave


def test_hosts_answer_to_decisions_of_earlier_versions(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag = apply("a@example.kz")
    place = review.folder(desk.instance, bag.call, bag.reference)
    place.mkdir(parents=True)
    kept = {"outcome": "nominated", "decided": desk.now.isoformat(), "programme": USM}
    (place / "decision.yaml").write_text(yaml.safe_dump(kept))
    assert review.answer(desk.instance, bag.call, bag.reference, True, desk.now)
    decisions.host_says(desk, bag.reference, "sent")
    decisions.host_says(desk, bag.reference, "accepted")
    told = standing(desk, bag).told
    assert told and told.taken and [each.word for each in told.host] == ["sent", "accepted"]


@pytest.mark.parametrize("by", ["applicant", "office"])
@pytest.mark.parametrize("refused", [False, True])
def test_who_withdraws_gets_no_mail_that_was_held(
    desk: Desk, apply: Callable[..., Bag], by: Any, refused: bool
) -> None:
    bag = apply("a@example.kz")
    tell(desk, bag.reference, "nominated", USM)
    if refused:
        decisions.host_says(desk, bag.reference, "refused")
    actions.withdraw(desk, bag.reference, by)
    assert mails(desk) == [f"{bag.reference} is withdrawn"]


def test_a_rank_is_a_place_in_line(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag = apply("a@example.kz")
    for rank in (0, -3):
        with pytest.raises(NotPossible, match="a number from 1"):
            decisions.decide(desk, bag.reference, "waiting list", rank=rank)


# What can be offered then


@pytest.mark.parametrize("lost_by", ["decline", "host", "withdrawal"])
def test_after_a_lost_place_the_other_choices_and_the_next_in_line_are_offered(
    desk: Desk, apply: Callable[..., Bag], lost_by: str
) -> None:
    first, second, other = (apply(f"{name}@example.kz") for name in "abc")
    tell(desk, second.reference, "waiting list", USM, rank=1)
    tell(desk, other.reference, "waiting list", "upna/exchange")
    tell(desk, first.reference, "nominated", USM)
    assert lost(desk, first, standing(desk, first)) is None
    if lost_by == "decline":
        review.answer(desk.instance, first.call, first.reference, False, desk.now)
    elif lost_by == "host":
        decisions.host_says(desk, first.reference, "refused")
    else:
        actions.withdraw(desk, first.reference, "applicant")
    found = lost(desk, first, standing(desk, first))
    assert found and found.programme == USM
    assert [each.id for each in found.others] == ([] if lost_by == "withdrawal" else ["upna/exchange"])
    assert found.next and found.next.reference == second.reference
    decisions.decide(desk, second.reference, "nominated", USM, seen=found.next.decided)
    found = lost(desk, first, standing(desk, first))
    assert found and found.next is None, "the place is given"
    if lost_by != "withdrawal":
        decisions.decide(desk, first.reference, "nominated", "upna/exchange")
        assert lost(desk, first, standing(desk, first)) is None
