"""Mail that does not go: to whom, why, how often it was tried; tried again or removed."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import submissions
from mobility.applications.review import NotPossible
from mobility.office import outbox, staff
from mobility.office.outbox import Waiting
from portal.background import Background
from portal.context import context
from portal.language import _, say
from portal.office import access, blueprint


@dataclass(frozen=True)
class Stuck:
    """A mail that does not go. `about`: a reference, a draft as the journal knows it, or a member of the
    staff by name; `sent`: whether `about` is the reference of an application."""

    mail: Waiting
    about: str
    sent: bool


@blueprint.get("/mail")
@access.for_staff
def mail() -> Any:
    """The mail that was tried and has not gone."""
    kept = context().settings.kept
    found = [
        Stuck(each, staff.name_of(kept, each.about), any(submissions.find(kept, each.about)))
        for each in outbox.stuck(kept)
    ]
    return render_template("office/mail.html", found=found)


@blueprint.post("/mail")
@access.for_officers
def act_on_mail() -> Response:
    """Tries a mail again, or removes it."""
    desk, name = access.desk(), request.form.get("mail", "")
    try:
        if "remove" in request.form:
            outbox.take_out(desk.instance, name, desk.now, desk.by)
            flash(_("The mail is removed; nobody gets it."))
        else:
            outbox.try_again(desk.instance, name, desk.now, desk.by)
            background: Background = current_app.extensions["background"]
            background.wake()
            flash(_("The mail is being tried again."))
    except NotPossible as error:
        flash(say(error))
    return redirect(url_for(".mail"), 303)
