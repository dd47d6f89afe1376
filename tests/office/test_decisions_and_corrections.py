"""What comes between a decision and its mail: corrections, days that pass, requests that are answered."""

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest

from mobility.applications import bags, drafts, private_links, review, rounds, search, submissions
from mobility.applications.bags import Bag
from mobility.applications.drafts import Draft
from mobility.applications.review import NotPossible, Round, Unreadable
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, checkup, decisions, nominations, outbox
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed
from tests.helpers.told import tell

USM, UPNA = "usm/exchange", "upna/exchange"
AN_HOUR = datetime.timedelta(hours=1)
STUDENT = "a@example.kz"


@pytest.fixture
def desk(instance: Instance, book: Rulebook, in_march: datetime.datetime) -> Desk:
    return Desk(instance, book, "https://mobility.example.kz/apply/", False, in_march, "officer1")


@pytest.fixture
def sealed(filled: Filled, seal: Sealed) -> Bag:
    draft = filled(choice_1=USM, choice_2=UPNA)
    return seal(drafts.note(draft, lambda current: replace(current, email=STUDENT)))


def later(desk: Desk, hours: int = 1) -> Desk:
    return replace(desk, now=desk.now + hours * AN_HOUR)


def draft_of(desk: Desk, bag: Bag) -> Draft:
    found = private_links.of_reference(desk.instance, bag.reference)
    assert found
    return found


@pytest.fixture
def drop_first_choice(book: Rulebook, call: Call) -> Callable[[Desk, Bag, Round], Bag]:
    """Answers a request by a correction in which the first choice is not wished any more."""

    def answer(desk: Desk, bag: Bag, asked: Round) -> Bag:
        draft = rounds.begin(desk.instance, draft_of(desk, bag), asked, desk.now)
        draft = drafts.answer(draft, {"choice-1": UPNA, "choice-2": ""})
        return rounds.submit(desk.instance, book, call, draft, desk.now)

    return answer


def ask(desk: Desk, bag: Bag) -> Round:
    return actions.ask_correction(desk, bag.reference, ["choices"], [], "Choose again")


def mails(desk: Desk) -> list[str]:
    waiting = outbox.waiting(desk.instance)
    return [str(outbox.message(desk.instance, each).get_content()) for each in waiting]


def test_what_was_corrected_after_the_decision_is_not_told(
    desk: Desk, sealed: Bag, drop_first_choice: Callable[[Desk, Bag, Round], Bag]
) -> None:
    asked = ask(desk, sealed)
    decisions.decide(later(desk), sealed.reference, "nominated", USM)
    drop_first_choice(later(desk, 2), sealed, asked)
    with pytest.raises(NotPossible, match="a correction has come since it was decided"):
        decisions.release(later(desk, 3), sealed.reference)
    waiting, faults = decisions.to_tell(later(desk, 3), sealed.call)
    assert waiting == [] and [str(each) for each in faults] == [
        f"{sealed.reference}: a correction has come since it was decided: look, and decide again"
    ]
    decisions.decide(later(desk, 3), sealed.reference, "nominated", UPNA)
    decisions.release(later(desk, 3), sealed.reference)


def test_a_decision_is_on_the_version_that_was_read(
    desk: Desk, sealed: Bag, drop_first_choice: Callable[[Desk, Bag, Round], Bag]
) -> None:
    drop_first_choice(desk, sealed, ask(desk, sealed))
    with pytest.raises(NotPossible, match="a correction has come since this page was shown"):
        decisions.decide(desk, sealed.reference, "not nominated", seen=0, version="v1")
    decisions.decide(desk, sealed.reference, "not nominated", seen=0, version="v2")


def test_a_told_decision_ends_the_correction_that_was_asked_before(
    desk: Desk, sealed: Bag, drop_first_choice: Callable[[Desk, Bag, Round], Bag]
) -> None:
    asked = ask(desk, sealed)
    decisions.decide(later(desk), sealed.reference, "nominated", USM)
    begun = rounds.begin(desk.instance, draft_of(desk, sealed), asked, later(desk).now)
    assert begun.round == "correction-1", "nothing is told by deciding"
    decisions.release(later(desk), sealed.reference)
    with pytest.raises(rounds.Over):
        drop_first_choice(later(desk), sealed, asked)
    again = ask(later(desk, 2), sealed)
    begun = rounds.begin(desk.instance, draft_of(desk, sealed), again, later(desk, 2).now)
    assert begun.round == "correction-2" and begun.answers["choice-1"] == USM, "what was begun before is gone"


def test_who_was_told_of_a_nomination_is_on_the_sheet_whatever_is_wished_since(
    desk: Desk, sealed: Bag, drop_first_choice: Callable[[Desk, Bag, Round], Bag]
) -> None:
    tell(desk, sealed.reference, "nominated", USM)
    drop_first_choice(later(desk), sealed, ask(later(desk), sealed))
    (row,) = nominations.nominated(desk, "usm", sealed.call)
    assert row.reference == sealed.reference and row.goes
    assert nominations.nominated(desk, "upna", sealed.call) == []
    outbox.forget(desk.instance, sealed.reference)
    decisions.host_says(later(desk), sealed.reference, "refused")
    (mail,) = mails(desk)
    name = next(each.name for each in desk.book.catalogue.partners if each.id == "usm")
    assert name in mail


def test_documents_of_a_lost_place_are_not_taken(desk: Desk, sealed: Bag) -> None:
    tell(desk, sealed.reference, "nominated", USM)
    asked = actions.open_additional(desk, sealed.reference, ["Insurance"], "")
    decisions.host_says(desk, sealed.reference, "refused")
    with pytest.raises(rounds.Over):
        rounds.begin(desk.instance, draft_of(desk, sealed), asked, desk.now)


# Days that pass


def test_no_place_is_offered_whose_day_to_answer_is_over(desk: Desk, sealed: Bag) -> None:
    decisions.decide(desk, sealed.reference, "nominated", USM, answer_by=desk.now.date())
    for hours in (24, 11):  # the second less than ten minutes before midnight
        moment = replace(later(desk, hours), now=later(desk, hours).now + datetime.timedelta(minutes=25))
        with pytest.raises(NotPossible, match="the last day to answer is over: decide again"):
            decisions.release(moment, sealed.reference)
        assert decisions.to_tell(moment, sealed.call)[0] == []
    assert mails(desk) == []
    decisions.release(later(desk), sealed.reference)


def test_an_offered_place_waits_for_its_answer(desk: Desk, sealed: Bag) -> None:
    tell(desk, sealed.reference, "nominated", USM, answer_by=desk.now.date())
    wanted = search.Wanted(sealed.call, asked="answer", due_before=desk.at)
    assert search.count(desk.instance, wanted) == 0
    over = replace(wanted, due_before=later(desk, 24).at)
    assert search.count(desk.instance, over) == 1
    assert review.answer(desk.instance, sealed.call, sealed.reference, True, desk.now)
    assert search.count(desk.instance, over) == 0


# What crosses


def test_a_request_that_was_answered_meanwhile_stays_answered(desk: Desk, sealed: Bag) -> None:
    asked = ask(desk, sealed)
    review.done(desk.instance, sealed.call, sealed.reference, asked, "v2")
    with pytest.raises(NotPossible, match="no request waits"):
        review.extend(desk.instance, sealed.call, sealed.reference, asked, later(desk, 240).at)
    (kept,) = review.standing(desk.instance, sealed.call, sealed.reference).rounds
    assert kept.done == "v2"


def test_another_end_is_kept_though_it_was_named_while_the_answer_was_sealed(desk: Desk, sealed: Bag) -> None:
    asked = ask(desk, sealed)
    until = later(desk, 240).at
    review.extend(desk.instance, sealed.call, sealed.reference, asked, until)
    review.done(desk.instance, sealed.call, sealed.reference, asked, "v2")
    (kept,) = review.standing(desk.instance, sealed.call, sealed.reference).rounds
    assert (kept.done, kept.until) == ("v2", until)


def test_a_host_takes_nobody_who_has_withdrawn(desk: Desk, sealed: Bag) -> None:
    tell(desk, sealed.reference, "nominated", USM)
    actions.withdraw(desk, sealed.reference, "applicant")
    with pytest.raises(NotPossible, match="is withdrawn"):
        decisions.host_says(desk, sealed.reference, "accepted")
    decisions.host_says(desk, sealed.reference, "refused")


def test_who_has_submitted_is_not_let_in_late_a_second_time(desk: Desk, sealed: Bag) -> None:
    day = datetime.date(2027, 5, 5)
    with pytest.raises(NotPossible, match=f"{sealed.reference} is submitted with this address"):
        actions.let_late(desk, STUDENT, sealed.call, day, "Ill")
    assert len(list(drafts.every(desk.instance))) == 1
    actions.withdraw(desk, sealed.reference, "applicant")
    actions.let_late(desk, STUDENT, sealed.call, day, "Ill")
    assert bags.newest(list(submissions.find(desk.instance, sealed.reference))).version == "v1"


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("decisions/1.yaml", "outcome: nominated", "outcome: nominatedd"),
        ("decisions/1.yaml", "rank: null", "rank: first"),
        ("decisions/1-host-1.yaml", "word: accepted", "word: acepted"),
        ("withdrawn.yaml", "by: office", "by: nobody"),
        ("correction-1.yaml", "slots: []", "slots: all"),
    ],
)
def test_a_word_that_was_misspelt_by_hand_is_named_and_not_guessed_at(
    desk: Desk, sealed: Bag, name: str, right: str, wrong: str
) -> None:
    ask(desk, sealed)
    tell(desk, sealed.reference, "nominated", USM)
    decisions.host_says(desk, sealed.reference, "accepted")
    actions.withdraw(desk, sealed.reference, "office")
    path = review.folder(desk.instance, sealed.call, sealed.reference) / name
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong))
    with pytest.raises(Unreadable, match=f"review/{sealed.call}/{sealed.reference} cannot be read"):
        review.standing(desk.instance, sealed.call, sealed.reference)
    found = checkup.of_instance(desk.instance, desk.book, desk.now)
    assert any(sealed.reference in each.says for each in found if not each.good)
