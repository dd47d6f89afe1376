"""Decisions in one table: drafted, previewed, released together, and recalled while their mail is held."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import bags, search, submissions
from mobility.applications.bags import Bag
from mobility.applications.decisions import HOST_WORDS, OUTCOMES
from mobility.applications.review import NotPossible
from mobility.applications.search import Wanted
from mobility.office import decisions, notices
from mobility.office.places import places as places_of
from portal.language import _, say
from portal.office import access, blueprint
from portal.office.application import back, of_application
from portal.office.applications import address_of_list
from portal.office.requests import day
from portal.office.today import OUTCOME_NAMES, chosen_call, every_call


@blueprint.get("/decisions")
@access.for_staff
def waiting_decisions() -> Any:
    """What is decided and not told, each with the mail that would go."""
    desk, call = access.desk(), chosen_call()
    drafted, faults = decisions.to_tell(desk, call.id)
    waiting = [
        (each, draft, decided, notices.of_decision(desk, draft, decided.decision, programme, link=False))
        for each, draft, decided, programme in drafted
    ]
    told = [
        row
        for state in ("nominated", "waiting list", "not nominated")
        for row in search.find(desk.instance, Wanted(call.id, state=state))[0]
    ]
    return render_template(
        "office/decisions.html",
        call=call,
        calls=every_call(),
        waiting=waiting,
        faults=faults,
        held=[row for row in told if decisions.is_held(desk, row)],
        minutes=decisions.HELD.seconds // 60,
        outcomes=OUTCOME_NAMES,
    )


@blueprint.post("/decisions/release")
@access.for_officers
def release() -> Response:
    """Tells the decisions that were ticked."""
    try:
        told = decisions.release(access.desk(), request.form.getlist("reference"))
        flash(
            _(
                "%(count)s told. The mails go in %(minutes)s minutes; until then you can recall them.",
                count=len(told),
                minutes=decisions.HELD.seconds // 60,
            )
        )
    except NotPossible as error:
        flash(say(error))
    return redirect(url_for(".waiting_decisions", call=chosen_call().id), 303)


@blueprint.post("/decisions/recall")
@access.for_officers
def recall() -> Response:
    """Takes back what was told just now."""
    try:
        decisions.recall(access.desk(), request.form.get("reference", ""))
        flash(_("Recalled: it is not told any more."))
    except NotPossible as error:
        flash(say(error))
    return redirect(url_for(".waiting_decisions", call=chosen_call().id), 303)


@blueprint.post("/applications/<reference>/decide")
@access.for_officers
@of_application
def decide(found: list[Bag]) -> Any:
    """Drafts a decision on one application."""
    given = request.form
    what = next((each for each in OUTCOMES if each == given.get("outcome")), None)
    if what is None:
        raise NotPossible(_("Choose a decision."))
    decisions.decide(
        access.desk(),
        found[0].reference,
        what,
        given.get("programme") or None,
        given.get("message", "").strip(),
        day(given.get("answer_by", "")),
        given.get("rank", type=int),
        given.get("beyond", "").strip(),
    )
    flash(_("Decided; nobody is told before it is released."))
    return back(found)


@blueprint.post("/applications/decide")
@access.for_officers
def decide_several() -> Response:
    """Drafts the same decision on all that were ticked in the list; a nomination is for the first choice."""
    what = next((each for each in OUTCOMES if each == request.form.get("outcome")), None)
    kept, done = access.desk(), 0
    if what is None:
        return redirect(address_of_list(), 303)
    for reference in request.form.getlist("reference"):
        found = submissions.find(kept.instance, reference)
        try:
            first = bags.newest(found).record()["choices"][0]["id"] if found and what == "nominated" else None
            decisions.decide(kept, reference, what, first)
            done += 1
        except NotPossible as error:
            flash(say(error))
    flash(_("%(count)s decided; nobody is told before it is released.", count=done))
    return redirect(address_of_list(), 303)


@blueprint.post("/applications/<reference>/host")
@access.for_officers
@of_application
def host(found: list[Bag]) -> Any:
    """Keeps what the host says to a nomination."""
    word = next((each for each in HOST_WORDS if each == request.form.get("word")), None)
    if word is None:
        raise NotPossible(_("Choose what the host says."))
    decisions.host_says(access.desk(), found[0].reference, word, request.form.get("note", "").strip())
    return back(found)


@blueprint.get("/places")
@access.for_staff
def places() -> Any:
    """Host by host: places, wishes, who is nominated, who is next."""
    call = chosen_call()
    return render_template(
        "office/places.html", call=call, calls=every_call(), places=places_of(access.desk(), call.id)
    )
