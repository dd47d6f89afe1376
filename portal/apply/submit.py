"""The page that checks everything, and submitting."""

import threading
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from mobility.applications import bags, closer_looks, drafts, rounds, submissions, warnings
from mobility.applications.assessment import Assessment
from mobility.applications.drafts import Draft
from portal.apply import after_response, blueprint
from portal.apply.browser_session import draft_required
from portal.context import context
from portal.language import _

_REMARK = "remark-"
"""How the names of fields begin that hold what the applicant says to a warning."""
_TOGETHER = threading.BoundedSemaphore(2)
"""Applications that one process seals at a time: one computes while the other waits for the disk. Eight
threads at once take turns at Python's lock a thousand times for each application, and compute up to half as
much again."""


@blueprint.get("/check")
@draft_required
def check(assessment: Assessment) -> str:
    """Everything on one page, with what is still missing on top."""
    return _check_page(assessment)


@blueprint.post("/check")
@draft_required
def keep_remarks(assessment: Assessment) -> Any:
    """Keeps what the applicant says to the warnings."""
    _with_remarks(assessment)
    flash(_("Your answers are kept."))
    return redirect(url_for(".check", _anchor="look-again"), 303)


@blueprint.post("/submit")
@draft_required
def submit(assessment: Assessment) -> Any:
    """Seals the application, or the answer to what the office asked for; a second click finds it sealed."""
    ctx, draft = context(), _with_remarks(assessment)
    now = ctx.now()  # before our own look at the files, whose time is not the applicant's
    draft = closer_looks.catch_up(ctx.book, draft)
    seal = rounds.submit if draft.round else submissions.submit
    try:
        with _TOGETHER:
            bag = seal(ctx.settings.kept, ctx.book, assessment.call, draft, now, ctx.settings.rehearsal)
    except submissions.Incomplete:
        return _check_page(assessment.of(draft)), 422
    except (submissions.CallClosed, rounds.Over):
        return redirect(url_for(".overview"), 303)
    except bags.Damaged as damaged:
        what = _(
            "Our disk has not kept %(file)s as it arrived. Please upload that document again, and submit.",
            file=damaged,
        )
        title = _("One file was damaged on our side")
        return render_template("message.html", title=title, said=what), 500
    after_response.add("mail receipt", draft=draft.hash, version=bag.version)
    return redirect(url_for(".receipt", version=bag.version), 303)


def _with_remarks(assessment: Assessment) -> Draft:
    """The draft with what was typed beside its warnings."""
    typed = {n.removeprefix(_REMARK): text for n, text in request.form.items() if n.startswith(_REMARK)}
    if not typed:
        return assessment.draft
    known = {warning.id for warning in assessment.warnings}
    remarks = {name: warnings.tidy(text) for name, text in typed.items() if name in known}
    return drafts.remark(assessment.draft, remarks) if remarks else assessment.draft


def _check_page(assessment: Assessment) -> str:
    ctx, draft, sections = context(), assessment.draft, assessment.book.application.sections
    return render_template(
        "apply/check.html",
        assessment=assessment,
        draft=draft,
        asked=assessment.asked,
        until=ctx.deadline(draft),
        sections=sections,
        section_of={field.id: section.id for section in sections for field in section.fields},
        offers={offer.id: offer for offer, _findings in assessment.choices},
        same=rounds.as_sent(ctx.settings.kept, assessment),
        most_remark=warnings.MOST_REMARK,
    )
