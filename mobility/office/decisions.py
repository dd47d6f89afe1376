"""The committee's decisions: drafted, told to all at once, taken back within minutes, and what hosts say.

Nothing is told by deciding. Releasing marks the decision as told and puts the mail out, which is held for a
while, so that a slip can be recalled.
"""

import datetime
from collections.abc import Iterable

from mobility import storage
from mobility.applications import decisions, journal, review, search
from mobility.applications.decisions import Decided, Decision, FromHost, HostWord, Outcome, Release
from mobility.applications.drafts import Draft
from mobility.applications.review import NotPossible, Standing, Unreadable
from mobility.applications.summary import Summary
from mobility.i18n.languages import said
from mobility.office import notices, outbox
from mobility.office.actions import found, programme_name, until_end_of
from mobility.office.desk import Desk
from mobility.office.places import seats_left

HELD = datetime.timedelta(minutes=10)
"""How long the mail of a decision waits before it goes."""
_LAST_RANK = 9999
"""An index holds no number of any length."""


def decide(
    desk: Desk,
    reference: str,
    outcome: Outcome,
    programme: str | None = None,
    message: str = "",
    answer_by: datetime.date | None = None,
    rank: int | None = None,
    beyond: str = "",
) -> Decision:
    """Keeps a decision, which nobody is told before it is released. `programme`: for which of the choices;
    the only one need not be named; `beyond`: why more may be nominated than there are places. Raises
    NotPossible."""
    bag, _ = found(desk, reference)
    choices = [choice["id"] for choice in bag.record()["choices"]]
    if outcome == "nominated":
        programme = programme or (choices[0] if len(choices) == 1 else None)
    if programme not in choices and (programme or outcome == "nominated"):
        raise NotPossible(said("name the programme, one of: %(known)s", known=", ".join(choices)))
    if outcome != "nominated" and answer_by:
        raise NotPossible(said("a date to answer by goes with a nomination only"))
    if outcome != "waiting list" and rank is not None:
        raise NotPossible(said("a rank goes with the waiting list only"))
    if rank is not None and not 1 <= rank <= _LAST_RANK:
        raise NotPossible(said("a rank is a number from 1 to %(last)s", last=_LAST_RANK))
    if outcome == "not nominated" and programme:
        raise NotPossible(said("a programme goes with a nomination or the waiting list only"))
    place = review.folder(desk.instance, bag.call, reference)
    with storage.locked(desk.instance.review / bag.call), storage.locked(place):
        there = _open(desk, bag.call, reference)
        if outcome == "nominated" and programme != there.holds and not beyond:
            _within_seats(desk, bag.call, str(programme))
        ends = until_end_of(desk, answer_by)
        decision = Decision(outcome, desk.at, programme, ends, message, rank, beyond, desk.by)
        decisions.add(place, decision)
        journal.record(desk.instance, desk.now, "decided", reference, outcome=outcome, by=desk.by)
    return decision


def release(desk: Desk, references: Iterable[str]) -> list[str]:
    """Tells the drafted decisions on these applications: their pages show them, and the mails wait a while.
    Gives the references that were told. Raises NotPossible at the first that cannot be; those before are."""
    told = []
    for reference in references:
        bag, draft = found(desk, reference)
        place = review.folder(desk.instance, bag.call, reference)
        with storage.locked(place):
            there = _open(desk, bag.call, reference)
            drafted = there.drafted or _without_mail(there)
            if drafted is None:
                raise NotPossible(said("%(reference)s: no decision waits to be told", reference=reference))
            if there.told and there.told.release and there.told.release.mail:
                outbox.recall(desk.instance, there.told.release.mail)  # what it says holds no more
            decisions.keep_release(place, drafted.number, Release(desk.at, desk.by))
            journal.record(desk.instance, desk.now, "released", reference, by=desk.by)
            name = programme_name(bag, drafted.decision.programme)
            name_of_mail = decisions.mail_id(reference, drafted.number)
            if notices.decided(desk, draft, drafted.decision, name, HELD, name_of_mail):
                decisions.keep_release(place, drafted.number, Release(desk.at, desk.by, name_of_mail))
        told.append(reference)
    return told


def recall(desk: Desk, reference: str) -> None:
    """Takes back that a decision was told, while its mail is held. Raises NotPossible where the mail has
    gone, or the student has answered."""
    bag, _ = found(desk, reference)
    place = review.folder(desk.instance, bag.call, reference)
    with storage.locked(place):
        told = _open(desk, bag.call, reference).told
        if told is None or told.release is None or told.number == 0 or told.answer:
            raise NotPossible(
                said("%(reference)s: no decision was told, or the student has answered", reference=reference)
            )
        held = desk.now - decisions.when(told.release.at) < HELD
        gone = told.release.mail and not outbox.recall(desk.instance, told.release.mail)
        if gone or (not told.release.mail and not held):
            raise NotPossible(
                said("%(reference)s: the mail has gone; decide again, and release that", reference=reference)
            )
        decisions.remove_release(place, told.number)
    journal.record(desk.instance, desk.now, "recalled", reference, by=desk.by)


def host_says(desk: Desk, reference: str, word: HostWord, note: str = "") -> None:
    """Keeps that a nomination was sent to the host, or what the host says to it; a refusal frees the place,
    after an acceptance too. Raises NotPossible."""
    bag, _ = found(desk, reference)
    place = review.folder(desk.instance, bag.call, reference)
    with storage.locked(place):
        told = review.standing(desk.instance, bag.call, reference).told
        if told is None or told.decision.outcome != "nominated":
            raise NotPossible(said("%(reference)s is not nominated", reference=reference))
        decisions.add_host_word(place, told, FromHost(word, desk.at, note, desk.by))
    journal.record(desk.instance, desk.now, f"host: {word}", reference, by=desk.by)


def to_tell(desk: Desk, call: str) -> tuple[list[tuple[str, Draft, Decided, str]], list[NotPossible]]:
    """The decisions of a call that wait to be told: reference, draft, decision, and what its programme is
    called; and why others cannot be."""
    waiting: list[tuple[str, Draft, Decided, str]] = []
    faults: list[NotPossible] = []
    for each in search.find(desk.instance, search.Wanted(call, state=review.DRAFTED))[0]:
        try:
            bag, draft = found(desk, each.reference)
            drafted = review.standing(desk.instance, call, each.reference).drafted
            name = programme_name(bag, drafted.decision.programme) if drafted else ""
        except NotPossible as error:
            faults.append(error)
            continue
        if drafted:
            waiting.append((each.reference, draft, drafted, name))
    return waiting, faults


def is_held(desk: Desk, application: Summary) -> bool:
    """Whether an application's decision was told, and can be recalled still."""
    try:
        told = review.standing(desk.instance, application.call, application.reference).told
    except Unreadable:
        return False
    if told is None or told.release is None or told.number == 0 or told.answer:
        return False
    mail = told.release.mail
    if mail:
        return (desk.instance.outbox / f"{mail}.eml").exists()
    return desk.now - decisions.when(told.release.at) < HELD


def call_of(desk: Desk, reference: str) -> str:
    """The call of an application."""
    return found(desk, reference)[0].call


def _open(desk: Desk, call: str, reference: str) -> Standing:
    """Where an application stands on which can be decided. Raises NotPossible."""
    there = review.standing(desk.instance, call, reference)
    if there.withdrawn:
        raise NotPossible(said("%(reference)s is withdrawn", reference=reference))
    told = there.told
    if told and told.answer and told.answer.takes and not told.refused:
        raise NotPossible(said("%(reference)s: the student has taken the place already", reference=reference))
    return there


def _without_mail(there: Standing) -> Decided | None:
    """A decision that was told, but for its mail: a crash came between."""
    told = there.told
    return told if told and told.number and told.release and not told.release.mail else None


def _within_seats(desk: Desk, call: str, programme: str) -> None:
    left = seats_left(desk, call, programme)
    if left is not None and left <= 0:
        raise NotPossible(
            said(
                "%(programme)s: all places are given; say why one more may be nominated (beyond)",
                programme=programme,
            )
        )
