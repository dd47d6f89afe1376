"""Drafts: who has begun and what they lack; reminds one, some or all of a page."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import completeness, lookup, private_links
from mobility.applications.completeness import Lack
from mobility.applications.drafts import Draft
from mobility.applications.review import NotPossible
from mobility.catalogue import person_names
from mobility.office import reminders
from portal.context import context
from portal.language import _, say
from portal.office import access, blueprint
from portal.office.pages import page_here
from portal.office.today import chosen_call, every_call

_A_PAGE = 25


@dataclass(frozen=True)
class Begun:
    """A draft that is not submitted, and what it lacks."""

    draft: Draft
    lacks: list[Lack]

    @property
    def name(self) -> str:
        """Of the applicant, as far as it was given."""
        return person_names.spoken(self.draft.answers)


@blueprint.get("/drafts")
@access.for_staff
def drafts() -> Any:
    """Who has begun in a call."""
    ctx, call = context(), chosen_call()
    page = page_here()
    names, count = lookup.begun(ctx.settings.kept, call.id, (page - 1) * _A_PAGE, _A_PAGE)
    today = ctx.now().date()
    found = [
        Begun(draft, completeness.lacks(ctx.book, ctx.call_of(draft.call), draft, today))
        for draft in private_links.those(ctx.settings.kept, names)
    ]
    return render_template(
        "office/drafts.html",
        call=call,
        calls=every_call(),
        found=found,
        count=count,
        page=page,
        pages=max(1, -(-count // _A_PAGE)),
    )


@blueprint.post("/drafts/remind")
@access.for_officers
def remind() -> Response:
    """Mails to those who were ticked what they lack, and until when."""
    told = 0
    for name in request.form.getlist("draft"):
        try:
            reminders.remind(access.desk(), name)
            told += 1
        except NotPossible as error:
            flash(say(error))
    flash(_("%(count)s reminded.", count=told))
    return redirect(url_for(".drafts", call=chosen_call().id), 303)
