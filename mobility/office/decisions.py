"""The committee's decisions: drafted, told to all at once, taken back within minutes, and what hosts say.

Nothing is told by deciding. Releasing marks the decision as told and puts the mail out, which is held for a
while, so that a slip can be recalled.
"""

import datetime
from contextlib import AbstractContextManager
from dataclasses import replace

from mobility import storage
from mobility.applications import decisions, journal, review, search
from mobility.applications.bags import Bag
from mobility.applications.decisions import Decided, Decision, FromHost, HostWord, Outcome, Release
from mobility.applications.drafts import Draft
from mobility.applications.review import NotPossible, Standing, Unreadable
from mobility.applications.summary import Summary
from mobility.i18n.languages import Translatable, said
from mobility.office import notices, outbox
from mobility.office.actions import found, programme_name, recall_mail, until_end_of
from mobility.office.desk import Desk
from mobility.office.places import seats_left
from mobility.yamlfiles import email_addresses

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
    seen: int | None = None,
    version: str | None = None,
) -> Decision:
    """Keeps a decision, which nobody is told before it is released. `programme`: for which of the choices;
    the only one need not be named; `beyond`: why more may be nominated than there are places; `seen`: the
    number of the last decision that whoever decides knows of, 0 for none; `version`: what of the application
    they have read, as v1. Raises NotPossible."""
    bag, _ = found(desk, reference)
    if version is not None and version != bag.version:
        raise NotPossible(
            said(
                "%(reference)s: a correction has come since this page was shown; look at it first",
                reference=reference,
            )
        )
    beyond = beyond.strip()
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
    ends = until_end_of(desk, answer_by)
    place = review.folder(desk.instance, bag.call, reference)
    with _places_locked(desk), storage.locked(place):
        there = _open(desk, bag.call, reference)
        _same(reference, seen, decisions.last_number(there.decisions))
        if outcome == "nominated" and programme not in there.holds and not beyond:
            _within_seats(desk, bag.call, str(programme))
        decision = Decision(outcome, desk.at, programme, ends, message, rank, beyond, desk.by)
        decisions.add(place, decision)
        journal.record(desk.instance, desk.now, "decided", reference, outcome=outcome, by=desk.by)
    return decision


def release(desk: Desk, reference: str, seen: int | None = None) -> None:
    """Tells the drafted decision on an application: its page shows it, and the mail waits a while. `seen`:
    the number of the decision that whoever releases knows of. Raises NotPossible."""
    place = review.folder(desk.instance, call_of(desk, reference), reference)
    with storage.locked(place):
        bag, draft = found(desk, reference)
        there = _open(desk, bag.call, reference)
        drafted = there.drafted or _without_mail(there, draft)
        if drafted is None:
            raise NotPossible(said("%(reference)s: no decision waits to be told", reference=reference))
        _same(reference, seen, drafted.number)
        _holds_still(desk, bag, drafted)
        before = _told_before(there, drafted.number)
        overtook = drafted.release.overtook if drafted.release else _waiting_mail(desk, reference, before)
        mark = Release(desk.at, desk.by, None, overtook)
        decisions.keep_release(place, drafted.number, mark)
        if before:
            recall_mail(desk, reference, before)  # what it says holds no more
        journal.record(desk.instance, desk.now, "released", reference, by=desk.by)
        if mail := _spool(desk, bag, draft, drafted):
            decisions.keep_release(place, drafted.number, replace(mark, mail=mail))


def recall(desk: Desk, reference: str, seen: int | None = None) -> None:
    """Takes back that a decision was told, while its mail is held. What was told before holds again, with its
    mail, held anew, where that had not gone. `seen`: as for a release. Raises NotPossible where the mail has
    gone, the student or the host has answered, or the place of before was given to another."""
    bag, draft = found(desk, reference)
    place = review.folder(desk.instance, bag.call, reference)
    with _places_locked(desk), storage.locked(place):
        there = _open(desk, bag.call, reference)
        told = there.told
        if told is None or not _can_be_recalled(told) or told.release is None:
            raise NotPossible(
                said("%(reference)s: no decision was told, or it was answered already", reference=reference)
            )
        _same(reference, seen, told.number)
        before = _told_before(there, told.number)
        if before and before.holds and before.holds not in there.holds:
            _within_seats(desk, bag.call, before.holds)
        if told.release.mail and not recall_mail(desk, reference, told):
            raise NotPossible(
                said("%(reference)s: the mail has gone; decide again, and release that", reference=reference)
            )
        if not told.release.mail and not _just_told(desk, told):
            raise NotPossible(
                said(
                    "%(reference)s: it was told over %(minutes)s minutes ago; decide again, and release that",
                    reference=reference,
                    minutes=HELD.seconds // 60,
                )
            )
        if before and told.release.overtook and not before.answer:
            _spool(desk, bag, draft, before)
        decisions.remove_release(place, told.number)
        journal.record(desk.instance, desk.now, "recalled", reference, by=desk.by)


def host_says(desk: Desk, reference: str, word: HostWord, note: str = "", seen: int | None = None) -> None:
    """Keeps that a nomination was sent to the host, or what the host says to it. A refusal frees the place,
    after an acceptance too, and holds until a new decision; the student is told by a mail that is held as
    that of a decision. `seen`: as for a release. Raises NotPossible."""
    bag, draft = found(desk, reference)
    place = review.folder(desk.instance, bag.call, reference)
    with storage.locked(place):
        there = review.standing(desk.instance, bag.call, reference)
        told = there.told
        if told is None or told.decision.outcome != "nominated":
            raise NotPossible(said("%(reference)s is not nominated", reference=reference))
        if there.withdrawn and word != "refused":
            raise NotPossible(said("%(reference)s is withdrawn", reference=reference))
        _same(reference, seen, told.number)
        if told.refused:
            raise NotPossible(
                said(
                    "%(reference)s: the host has refused; only a new decision nominates again",
                    reference=reference,
                )
            )
        refusal = FromHost(word, desk.at, note, desk.by)
        decisions.add_host_word(place, told, refusal)
        journal.record(desk.instance, desk.now, f"host: {word}", reference, by=desk.by)
        if word == "refused":
            recall_mail(desk, reference, told)
            if not there.withdrawn and not told.declined:
                _spool(desk, bag, draft, replace(told, host=(*told.host, refusal)))


def to_tell(
    desk: Desk, call: str
) -> tuple[list[tuple[str, Draft, Decided, Translatable]], list[NotPossible]]:
    """The decisions of a call that wait to be told: reference, draft, decision, and what its programme is
    called; and why others cannot be."""
    waiting: list[tuple[str, Draft, Decided, Translatable]] = []
    faults: list[NotPossible] = []
    for each in search.find(desk.instance, search.Wanted(call, state=review.DRAFTED))[0]:
        try:
            bag, draft = found(desk, each.reference)
            drafted = review.standing(desk.instance, call, each.reference).drafted
            if drafted:
                _holds_still(desk, bag, drafted)
                name = programme_name(desk, bag.home, drafted.decision.programme)
        except NotPossible as error:
            faults.append(error)
            continue
        if drafted:
            waiting.append((each.reference, draft, drafted, name))
    return waiting, faults


def held(desk: Desk, application: Summary) -> Decided | None:
    """The decision that was told on an application, where it can be recalled still."""
    try:
        told = review.standing(desk.instance, application.call, application.reference).told
    except Unreadable:
        return None
    if told is None or told.release is None or not _can_be_recalled(told):
        return None
    mail = told.release.mail
    there = outbox.is_waiting(desk.instance, mail) if mail else _just_told(desk, told)
    return told if there else None


def call_of(desk: Desk, reference: str) -> str:
    """The call of an application."""
    return found(desk, reference)[0].call


def _places_locked(desk: Desk) -> AbstractContextManager[None]:
    """Keeps everybody else from giving places, whichever call they count for."""
    return storage.locked(desk.instance.review)


def _open(desk: Desk, call: str, reference: str) -> Standing:
    """Where an application stands on which can be decided. Raises NotPossible."""
    there = review.standing(desk.instance, call, reference)
    if there.withdrawn:
        raise NotPossible(said("%(reference)s is withdrawn", reference=reference))
    if not there.can_decide:
        raise NotPossible(said("%(reference)s: the student has taken the place already", reference=reference))
    return there


def _same(reference: str, seen: int | None, number: int) -> None:
    """Raises NotPossible where another decision was seen than the one that it is about."""
    if seen is not None and seen != number:
        raise NotPossible(
            said(
                "%(reference)s: another decision has come since this page was shown; look at it first",
                reference=reference,
            )
        )


def _holds_still(desk: Desk, bag: Bag, drafted: Decided) -> None:
    """Raises NotPossible where what was decided cannot be told any more: its day to answer would be over
    before the mail goes, or a correction came after it."""
    decision, about = drafted.decision, {"reference": bag.reference}
    if decision.answer_by and decisions.when(decision.answer_by) <= desk.now + HELD:
        raise NotPossible(said("%(reference)s: the last day to answer is over: decide again", **about))
    if drafted.release:
        return
    wished = [choice["id"] for choice in bag.record()["choices"]]
    dropped = decision.programme is not None and decision.programme not in wished
    if dropped or _corrected_since(desk, bag.reference):
        raise NotPossible(
            said("%(reference)s: a correction has come since it was decided: look, and decide again", **about)
        )


def _corrected_since(desk: Desk, reference: str) -> bool:
    """Whether the journal has a correction behind the last decision."""
    happened = [
        (event["event"], event.get("version", "")) for event in search.history(desk.instance, reference)
    ]
    if ("decided", "") not in happened:
        return False
    since = happened[::-1][: happened[::-1].index(("decided", ""))]
    return any(what == "sealed" and version.startswith("v") for what, version in since)


def _told_before(there: Standing, number: int) -> Decided | None:
    return decisions.last_released(tuple(each for each in there.decisions if each.number < number))


def _can_be_recalled(told: Decided) -> bool:
    return told.number > 0 and not told.answer and not told.refused


def _just_told(desk: Desk, told: Decided) -> bool:
    return told.release is not None and desk.now - decisions.when(told.release.at) < HELD


def _without_mail(there: Standing, draft: Draft) -> Decided | None:
    """A decision that was told, but for its mail: a crash came between."""
    told = there.told
    waits = told and told.number and told.release and not told.release.mail
    return told if waits and email_addresses.parsed(draft.email) else None


def _spool(desk: Desk, bag: Bag, draft: Draft, told: Decided) -> str | None:
    """Writes the mail on what was decided, or that the host has refused, to be held; none without an
    address."""
    programme = programme_name(desk, bag.home, told.decision.programme)
    if told.refused:
        name = decisions.refusal_mail_id(bag.reference, told.number)
        return name if notices.refused(desk, draft, programme, HELD, name) else None
    name = decisions.mail_id(bag.reference, told.number)
    return name if notices.decided(desk, draft, told.decision, programme, HELD, name) else None


def _waiting_mail(desk: Desk, reference: str, told: Decided | None) -> str | None:
    names = decisions.mail_ids(reference, told) if told else ()
    return next((name for name in names if outbox.is_waiting(desk.instance, name)), None)


def _within_seats(desk: Desk, call: str, programme: str) -> None:
    left = seats_left(desk, call, programme)
    if left is not None and left <= 0:
        raise NotPossible(
            said(
                "%(programme)s: all places are given; say why one more may be nominated (beyond)",
                programme=programme,
            )
        )
