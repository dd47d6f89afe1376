"""Decisions in one table: drafted, previewed, released together, and recalled while their mail is held."""

import re
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import bags, review, search, submissions
from mobility.applications.bags import Bag
from mobility.applications.decisions import HOST_WORDS, OUTCOMES
from mobility.applications.review import NotPossible
from mobility.applications.search import Wanted
from mobility.i18n.languages import said
from mobility.office import decisions, notices, several
from mobility.office.places import places as places_of
from portal.context import context
from portal.language import _, say
from portal.office import access, blueprint
from portal.office.application import back, of_application
from portal.office.applications import address_of_list
from portal.office.requests import day
from portal.office.today import OUTCOME_NAMES, chosen_call, every_call

_UNKNOWN = -1
"""Stands for the decision that a form showed where it does not say which: there is no such one."""
_AS_MANY = 8
"""Of how many a page says that follows another why they were not decided on: a cookie holds no more."""


class Shown(NamedTuple):
    """An application as a form showed it. `seen`: the number of its last decision; `version`: the newest
    version, where the form says it."""

    reference: str
    seen: int
    version: str | None


@blueprint.get("/decisions")
@access.for_staff
def waiting_decisions() -> Any:
    """What is decided and not told, each with the mail that would go."""
    return _page()


def _page(*not_told: str) -> Any:
    desk, call = access.desk(), chosen_call()
    drafted, faults = decisions.to_tell(desk, call.id)
    waiting = [
        (each, draft, decided, notices.of_decision(desk, draft, decided.decision, programme, link=False))
        for each, draft, decided, programme in drafted
    ]
    rows = [
        row
        for state in ("nominated", "waiting list", "not nominated", review.DRAFTED)
        for row in search.find(desk.instance, Wanted(call.id, state=state))[0]
    ]
    page = render_template(
        "office/decisions.html",
        call=call,
        calls=every_call(),
        waiting=waiting,
        held=[(row, told) for row in rows if (told := decisions.held(desk, row))],
        minutes=decisions.HELD.seconds // 60,
        outcomes=OUTCOME_NAMES,
        faults=faults,
        not_told=not_told,
    )
    return (page, 422) if not_told else page


@blueprint.post("/decisions/release")
@access.for_officers
def release() -> Any:
    """Tells the decisions that were ticked, as they were shown."""
    desk = access.desk()
    told = several.each(ticked(), lambda each: decisions.release(desk, each.reference, each.seen))
    count, minutes = told.done, decisions.HELD.seconds // 60
    if context().settings.mail:
        words = _(
            "%(count)s told. The mails go in %(minutes)s minutes; until then you can recall them.",
            count=count,
            minutes=minutes,
        )
    else:
        words = _("%(count)s told. The mails wait: no mail server is set. You can recall them.", count=count)
    flash(words)
    if told.faults:
        return _page(_("%(count)s not told:", count=len(told.faults)), *map(say, told.faults))
    return redirect(url_for(".waiting_decisions", call=chosen_call().id), 303)


@blueprint.post("/decisions/recall")
@access.for_officers
def recall() -> Response:
    """Takes back what was told just now."""
    desk = access.desk()
    recalled = several.each(ticked(), lambda each: decisions.recall(desk, each.reference, each.seen))
    if recalled.done:
        flash(_("Recalled: it is not told any more."))
    for fault in recalled.faults:
        flash(say(fault))
    return redirect(url_for(".waiting_decisions", call=chosen_call().id), 303)


@blueprint.post("/applications/<reference>/decide")
@access.for_officers
@of_application
def decide(found: list[Bag]) -> Any:
    """Drafts a decision on one application."""
    given = request.form
    what = next((each for each in OUTCOMES if each == given.get("outcome")), None)
    if what is None:
        raise NotPossible(said("Choose a decision."))
    decisions.decide(
        access.desk(),
        found[0].reference,
        what,
        # The field has a programme though nobody chose one where there is one alone, and without JavaScript.
        None if what == "not nominated" else given.get("programme") or None,
        given.get("message", "").strip(),
        day(given.get("answer_by", "")),
        _rank(given.get("rank", "").strip()),
        given.get("beyond", ""),
        _number(given.get("seen", "")),
        given.get("version"),
    )
    flash(_("Decided; nobody is told before it is released."))
    return back(found)


@blueprint.post("/applications/decide")
@access.for_officers
def decide_several() -> Response:
    """Drafts the same decision on all that were ticked in the list; a nomination is for the first choice."""
    what = next((each for each in OUTCOMES if each == request.form.get("outcome")), None)
    desk, chosen = access.desk(), ticked()
    if what is None or not chosen:
        flash(_("Tick applications, and choose a decision."))
        return redirect(address_of_list(), 303)

    def draft(each: Shown) -> None:
        found = submissions.find(desk.instance, each.reference)
        first = bags.newest(found).record()["choices"][0]["id"] if found and what == "nominated" else None
        decisions.decide(desk, each.reference, what, first, seen=each.seen, version=each.version)

    decided = several.each(chosen, draft)
    flash(_("%(count)s decided; nobody is told before it is released.", count=decided.done))
    for fault in decided.faults[:_AS_MANY]:
        flash(say(fault))
    if more := len(decided.faults[_AS_MANY:]):
        flash(_("%(count)s more were not decided on; they stay in the list as they were.", count=more))
    return redirect(address_of_list(), 303)


@blueprint.post("/applications/<reference>/host")
@access.for_officers
@of_application
def host(found: list[Bag]) -> Any:
    """Keeps what the host says to a nomination."""
    word = next((each for each in HOST_WORDS if each == request.form.get("word")), None)
    if word is None:
        raise NotPossible(said("Choose what the host says."))
    note, seen = request.form.get("note", "").strip(), _number(request.form.get("seen", ""))
    decisions.host_says(access.desk(), found[0].reference, word, note, seen)
    return back(found)


def ticked() -> list[Shown]:
    """What a form names that was ticked in it."""
    return list(map(_named, request.form.getlist("decision")))


def _named(written: str) -> Shown:
    reference, number, version = (*written.split("/"), "", "")[:3]
    return Shown(reference, _number(number), version or None)


def _number(written: str) -> int:
    return int(written) if re.fullmatch("[0-9]{1,9}", written) else _UNKNOWN


def _rank(written: str) -> int | None:
    """A rank as it was typed; None where nothing was, and 0, which is none, where it is no number."""
    if not written:
        return None
    return int(written) if re.fullmatch("-?[0-9]{1,9}", written) else 0


@blueprint.get("/places")
@access.for_staff
def places() -> Any:
    """Host by host: places, wishes, who is nominated, who is next."""
    call = chosen_call()
    return render_template(
        "office/places.html", call=call, calls=every_call(), places=places_of(access.desk(), call.id)
    )
