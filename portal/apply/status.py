"""After the submission: where it stands, what the office asks for, the offered place, withdrawal, erasure."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import bags, drafts, record, review, rounds, submissions
from mobility.applications.drafts import Draft
from mobility.applications.review import Standing
from mobility.office import actions, notices, retention
from portal.apply import after_response, blueprint, browser_session
from portal.context import context
from portal.language import _, say


def submission_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the view the submitted application that is open here, and where it stands."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        draft = browser_session.submitted()
        if draft is None or draft.sealed is None:
            return redirect(url_for("apply.overview"))
        there = review.standing(context().settings.kept, draft.call, draft.sealed)
        return view(draft=draft, there=there, **arguments)

    return guarded


@blueprint.get("/status")
@submission_required
def status(draft: Draft, there: Standing) -> Any:
    """Where the application stands, and what can be done now."""
    ctx = context()
    found = submissions.find(ctx.settings.kept, draft.reference)
    if not found:
        return render_template("apply/no_such_link.html"), 404
    asked = [each for each in there.rounds if there.concerns(each)]
    records = [(bag, record.moment(bag.record())) for bag in found]
    told = there.told
    return render_template(
        "apply/status.html",
        draft=draft,
        call=ctx.call_of(draft.call),
        reference=draft.sealed,
        received=records,
        there=there,
        outcome=notices.standing(
            told, actions.programme_name(ctx.desk(), found[0].home, told.decision.programme)
        )
        if told
        else None,
        after_refusal=notices.AFTER_REFUSAL,
        asks=[each for each in asked if each.in_time(ctx.now())],
        missed=[each for each in asked if not each.done and not each.in_time(ctx.now())],
        can_answer=there.can_answer(ctx.now()),
        link=browser_session.link(),
    )


@blueprint.post("/rounds/<round_id>")
@submission_required
def begin_round(draft: Draft, there: Standing, round_id: str) -> Any:
    """Opens what the office asks for; where something else is open, that, as one is sent after the other."""
    kept = context().settings.kept
    asked = browser_session.found_or_404(next((each for each in there.rounds if each.id == round_id), None))
    try:
        now_open = rounds.of(kept, rounds.begin(kept, draft, asked, context().now()))
    except rounds.Over:
        return redirect(url_for(".status"), 303)
    except bags.Damaged as damaged:
        what = _("Our disk has not kept %(file)s as it arrived, so this cannot be opened.", file=damaged)
        title = _("One file was damaged on our side")
        return render_template("message.html", title=title, said=what, stays=True), 500
    assert now_open
    if now_open != asked:
        flash(_("This was begun before: send it first, then open the other."))
    return redirect(url_for(".overview" if now_open.corrects else ".documents"), 303)


@blueprint.post("/place")
@submission_required
def answer_place(draft: Draft, there: Standing) -> Any:
    """Takes or declines the offered place; once."""
    wanted = request.form.get("place")
    if there.can_answer(context().now()) and wanted not in ("take", "decline"):
        flash(_("Choose one of the two first."))
        return redirect(url_for(".status", _anchor="place"), 303)
    kept = context().settings.kept
    if review.answer(kept, draft.call, draft.reference, wanted == "take", context().now()):
        flash(_("Your answer is kept."))
    return redirect(url_for(".status"), 303)


@blueprint.get("/withdraw")
@submission_required
def confirm_withdrawal(draft: Draft, there: Standing) -> Any:
    """Asks whether the application is really to be withdrawn."""
    if there.withdrawn:
        return redirect(url_for(".status"))
    return render_template("apply/withdraw.html", reference=draft.sealed)


@blueprint.post("/withdraw")
@submission_required
def withdraw(draft: Draft, there: Standing) -> Response:
    """Takes the application out."""
    if there.withdrawn:
        return redirect(url_for(".status"), 303)
    _withdraw(draft)
    return redirect(url_for(".status"), 303)


@blueprint.get("/erase")
def confirm_erasure() -> Any:
    """Says what is erased and what stays, and asks whether it is really to be done."""
    draft = browser_session.draft()
    if draft is None:
        return redirect(url_for(".overview"))
    return render_template("apply/erase.html", draft=draft)


@blueprint.post("/erase")
def erase() -> Any:
    """Erases what was never submitted; asks the office to erase what was."""
    draft = browser_session.draft()
    if draft is None:
        return redirect(url_for(".overview"), 303)
    if draft.sealed:
        _withdraw(draft, erase=True)
        return redirect(url_for(".status"), 303)
    try:
        retention.remove(context().settings.kept, draft, context().now())
    except drafts.AlreadySealed:
        return redirect(url_for(".confirm_erasure"), 303)
    browser_session.leave()
    title, what = _("Everything is erased"), _("Nothing of your application is kept here any more.")
    return render_template("message.html", title=title, said=say(what), gone=True)


def _withdraw(draft: Draft, erase: bool = False) -> None:
    _, is_new = actions.record_withdrawal(context().desk(), draft.reference, "applicant", erase=erase)
    if is_new:
        after_response.add("mail withdrawal", draft=draft.hash)
