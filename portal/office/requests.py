"""What the office asks of one applicant: a correction, made of what was noted of the documents."""

import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import bags
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.office import actions
from portal.language import _
from portal.office import access, blueprint
from portal.office.application import of_application, shown
from portal.office.applications import query_of_list


@blueprint.post("/applications/<reference>/ask")
@access.for_officers
@of_application
def ask(found: list[Bag]) -> Any:
    """Asks for a correction; only what is named is open again."""
    reference, given = bags.newest(found).reference, request.form
    try:
        asked_for = (
            access.desk(),
            reference,
            given.getlist("section"),
            given.getlist("slot"),
            given.get("message", "").strip(),
            day(given.get("until", "")),
        )
        if "preview" in given:
            mail = actions.preview_correction(*asked_for)
            return render_template("office/application.html", **shown(found), preview=mail, typed=given)
        asked = actions.ask_correction(*asked_for)
    except NotPossible as error:
        return render_template("office/application.html", **shown(found), fault=str(error), typed=given), 422
    flash(_("Asked (%(round)s); a mail to the student is written.", round=asked.id))
    return _back(reference)


def day(written: str) -> datetime.date | None:
    """The day in a field of type date; None where nothing is in it. Raises NotPossible."""
    try:
        return datetime.date.fromisoformat(written) if written else None
    except ValueError:
        raise NotPossible(f"{written} is no day") from None


def _back(reference: str) -> Response:
    return redirect(url_for(".application", reference=reference, **query_of_list()), 303)
