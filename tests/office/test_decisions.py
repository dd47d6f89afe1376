"""Decisions are drafted, told together, recalled in time, and never overwritten; places are counted."""

import datetime
import re
import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest
import yaml

from mobility.applications import drafts, index, listing, private_links, review
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.catalogue import rulebook
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, decisions, outbox
from mobility.office.desk import Desk
from mobility.office.outbox import Server
from mobility.office.places import places
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
    assert decisions.release(desk, [bag.reference]) == [bag.reference]
    assert standing(desk, bag).can_answer(desk.now)
    assert mails(desk) == [f"{bag.reference}: you are nominated"]
    assert not (bag.call_folder / "index.csv").exists(), "no page waits until the list of a call is written"
    listing.write_changed(desk.instance, desk.now)
    assert "nominated" in (bag.call_folder / "index.csv").read_text()


def test_a_host_with_one_place_gets_one_nomination_or_a_reason(desk: Desk, apply: Callable[..., Bag]) -> None:
    first, second, third = (apply(f"{name}@example.kz") for name in "abc")
    decisions.decide(desk, first.reference, "nominated", USM)
    with pytest.raises(NotPossible, match="all places are given"):
        decisions.decide(desk, second.reference, "nominated", USM)
    decisions.decide(desk, first.reference, "nominated", USM, "the same student once more")
    decisions.decide(desk, second.reference, "nominated", USM, beyond="The host gave one more by mail")
    decisions.decide(desk, third.reference, "waiting list", USM, rank=1)
    decisions.release(desk, [third.reference])
    (place,) = [each for each in places(desk, first.call) if each.offer.id == USM]
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
    decisions.recall(desk, bag.reference)
    assert mails(desk) == [] and standing(desk, bag).decision is None and standing(desk, bag).drafted
    decisions.release(desk, [bag.reference])
    outbox.deliver(desk.instance, NOBODY, desk.now + decisions.HELD)
    assert next(outbox.waiting(desk.instance)).tries == 1


def test_what_has_gone_is_not_recalled(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag, silent = apply("a@example.kz"), apply("")
    for each in (bag, silent):
        decisions.decide(desk, each.reference, "waiting list")
    decisions.release(desk, [bag.reference, silent.reference])
    outbox.forget(desk.instance, bag.reference)  # as one that was sent
    with pytest.raises(NotPossible, match="the mail has gone"):
        decisions.recall(desk, bag.reference)
    decisions.recall(desk, silent.reference)
    decisions.release(desk, [silent.reference])
    with pytest.raises(NotPossible, match="the mail has gone"):
        decisions.recall(replace(desk, now=desk.now + decisions.HELD), silent.reference)


def test_a_crash_before_the_mail_is_mended_by_releasing_again(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag = apply("a@example.kz")
    tell(desk, bag.reference, "nominated", USM)
    place = review.folder(desk.instance, bag.call, bag.reference) / "decisions" / "1-released.yaml"
    place.write_text(place.read_text().replace(f"decision-{bag.reference}-1", "null"))
    decisions.release(desk, [bag.reference])
    assert len(mails(desk)) == 1
    with pytest.raises(NotPossible, match="no decision waits"):
        decisions.release(desk, [bag.reference])


def test_decisions_of_earlier_versions_count(desk: Desk, apply: Callable[..., Bag]) -> None:
    bag = apply("a@example.kz")
    place = review.folder(desk.instance, bag.call, bag.reference)
    place.mkdir(parents=True)
    kept = {"outcome": "nominated", "decided": desk.now.isoformat(), "programme": USM, "answer_by": None}
    (place / "decision.yaml").write_text(yaml.safe_dump({**kept, "message": "Welcome"}))
    (place / "answer.yaml").write_text(yaml.safe_dump({"takes": False, "given": desk.now.isoformat()}))
    index.reconcile(desk.instance)
    assert standing(desk, bag).answer and standing(desk, bag).holds is None
    tell(desk, bag.reference, "nominated", "upna/exchange")
    assert [each.number for each in standing(desk, bag).decisions] == [0, 1]
