"""Drafts: who has begun and what they lack; reminds one, some or all of a call."""

import datetime
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import lookup, private_links
from mobility.applications.assessment import Assessment
from mobility.applications.completeness import Lack
from mobility.applications.drafts import Draft
from mobility.applications.review import NotPossible
from mobility.catalogue import person_names
from mobility.i18n.languages import Said, said
from mobility.office import reminders
from portal.apply import after_response
from portal.context import context
from portal.language import _, say
from portal.office import access, blueprint
from portal.office.pages import page_here
from portal.office.today import chosen_call, every_call

_A_PAGE = 25


WHICH: dict[str, tuple[Said, bool | None]] = {
    "": (said("All"), None),
    "yes": (said("Lack something"), True),
    "no": (said("Ready, and not sent"), False),
}
"""Which drafts are listed, by what the address says of `lacking`: what they are called, and what the index is
asked for."""


@dataclass(frozen=True)
class Begun:
    """A draft that is not submitted, what it lacks, and when its applicant was last reminded of that."""

    draft: Draft
    lacks: list[Lack]
    reminded: datetime.datetime | None

    @property
    def name(self) -> str:
        """Of the applicant, as far as it was given."""
        return person_names.spoken(self.draft.answers)


@blueprint.get("/drafts")
@access.for_staff
def drafts() -> Any:
    """Who has begun in a call."""
    return page_of_drafts()


def page_of_drafts(fault: str = "") -> Any:
    """The page of who has begun; where a late link was not possible with why, and all that was typed."""
    ctx, call, which = context(), chosen_call(), _which()
    kept, page = ctx.settings.kept, page_here()
    names, count = lookup.begun(kept, call.id, (page - 1) * _A_PAGE, _A_PAGE, WHICH[which][1])
    today, reminded = ctx.now().date(), reminders.last(kept, names)
    found = [
        Begun(
            draft,
            Assessment(ctx.book, ctx.call_of(draft.call), draft, None, today).lacks,
            reminded.get(draft.hash),
        )
        for draft in private_links.those(kept, names)
    ]
    shown = render_template(
        "office/drafts.html",
        call=call,
        calls=every_call(),
        found=found,
        count=count,
        which=which,
        every_which={
            each: (name, lookup.begun(kept, call.id, most=1, lacking=lacking)[1])
            for each, (name, lacking) in WHICH.items()
        },
        address=partial(url_for, ".drafts", call=call.id, lacking=which or None),
        page=page,
        pages=max(1, -(-count // _A_PAGE)),
        fault=fault,
        typed=request.form,
    )
    return (shown, 422) if fault else shown


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
    return _back()


@blueprint.post("/drafts/remind-all")
@access.for_officers
def remind_all() -> Response:
    """Mails to all who are listed what they lack; it goes on after the answer, and over a restart."""
    after_response.add("remind all", call=chosen_call().id, by=access.desk().by, lacking=_which())
    flash(_("All who match are being reminded; when each was, stands here."))
    return _back()


def _which() -> str:
    wanted = request.values.get("lacking", "")
    return wanted if wanted in WHICH else ""


def _back() -> Response:
    return redirect(url_for(".drafts", call=chosen_call().id, lacking=_which() or None), 303)
