"""What the office asks of one applicant: a correction, made of what was noted of the documents."""

import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible, Round
from mobility.i18n.languages import said
from mobility.office import actions
from portal.language import _, say
from portal.office import access, blueprint
from portal.office.application import back, of_application, refused, shown
from portal.office.applications import address_of_list
from portal.office.drafts import page_of_drafts
from portal.office.pages import told_by_mail


@blueprint.post("/applications/<reference>/ask")
@access.for_officers
@of_application
def ask(found: list[Bag]) -> Any:
    """Asks for a correction; only what is named is open again."""
    given = request.form
    try:
        asked_for = (
            access.desk(),
            found[0].reference,
            given.getlist("section"),
            given.getlist("slot"),
            given.get("message", "").strip(),
            day(given.get("until", "")),
        )
        if "preview" in given:
            mail = actions.preview_correction(*asked_for)
            page = {"preview": mail, "typed": given, "act": "ask"}
            return render_template("office/application.html", **shown(found), **page)
        asked = actions.ask_correction(*asked_for)
    except NotPossible as error:
        return refused(found, say(error), typed=given)
    _say_asked(found[0].reference, asked)
    return back(found)


@blueprint.post("/applications/<reference>/ask-again")
@access.for_officers
@of_application
def ask_again(found: list[Bag]) -> Any:
    """Mails a request again that is not answered, with another last day where one is chosen."""
    given = request.form
    until = day(given.get("until", ""))
    asked = actions.ask_again(access.desk(), found[0].reference, given.get("round", ""), until)
    _say_asked(found[0].reference, asked)
    return back(found)


@blueprint.post("/applications/<reference>/additional")
@access.for_officers
@of_application
def additional(found: list[Bag]) -> Any:
    """Asks a nominated student for additional documents, one a line; none: those that the host asks."""
    given = request.form
    names = [line.strip() for line in given.get("documents", "").splitlines() if line.strip()]
    message, until = given.get("message", "").strip(), day(given.get("until", ""))
    asked = actions.open_additional(access.desk(), found[0].reference, names, message, until)
    _say_asked(found[0].reference, asked)
    return back(found)


@blueprint.post("/applications/<reference>/withdraw")
@access.for_officers
@of_application
def withdraw(found: list[Bag]) -> Any:
    """Takes an application out, as its applicant wants."""
    reference = found[0].reference
    actions.withdraw(access.desk(), reference, "office", request.form.get("reason", "").strip())
    withdrawn = _("%(reference)s is withdrawn.", reference=reference)
    flash(f"{withdrawn} {told_by_mail(reference)}")
    return back(found)


@blueprint.post("/applications/<reference>/erase")
@access.for_officers
@of_application
def erase(found: list[Bag]) -> Any:
    """Erases all that is kept of one application, once its reference was typed."""
    reference = found[0].reference
    if request.form.get("typed", "").strip().upper() != reference:
        raise NotPossible(_("Type the reference, %(reference)s, to erase all of it.", reference=reference))
    actions.erase(access.desk(), reference)
    flash(_("All of %(reference)s is erased.", reference=reference))
    return redirect(address_of_list(), 303)


@blueprint.post("/drafts/late")
@access.for_officers
def late() -> Any:
    """Lets one student submit after the call."""
    given = request.form
    try:
        until = day(given.get("until", ""))
        if until is None:
            raise NotPossible(said("Choose the last day."))
        email, call = given.get("email", "").strip(), given.get("call", "")
        actions.let_late(access.desk(), email, call, until, given.get("reason", "").strip())
    except NotPossible as error:
        return page_of_drafts(say(error))
    flash(_("A mail with a private link is written to %(email)s.", email=email))
    return redirect(url_for(".drafts", call=given.get("call") or None), 303)


def _say_asked(reference: str, asked: Round) -> None:
    words = _("Asked (%(round)s).", round=asked.id)
    flash(f"{words} {told_by_mail(reference)}")


def day(written: str) -> datetime.date | None:
    """The day in a field of type date; None where nothing is in it. Raises NotPossible."""
    try:
        return datetime.date.fromisoformat(written) if written else None
    except ValueError:
        raise NotPossible(said("%(written)s is no day", written=written)) from None
