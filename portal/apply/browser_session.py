"""The session of this browser: which application it has open, and a decorator for views that need one."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, redirect, render_template, session, url_for

from mobility.applications import drafts, private_links, rounds
from mobility.applications.drafts import Draft
from mobility.i18n.languages import Said, said
from portal.apply import blueprint
from portal.context import context

_TOKEN = "token"


def open_draft(token: str) -> None:
    """Lets this browser into the draft of the token, and out of any other."""
    session.clear()
    session[_TOKEN] = token


def leave() -> None:
    """This browser forgets the application; the private link still opens it."""
    session.clear()


def token() -> str | None:
    """The secret of the application that is open here."""
    found: str | None = session.get(_TOKEN)
    return found


def draft() -> Draft | None:
    """The application that is open here."""
    secret = token()
    return private_links.find(context().settings.kept, secret) if secret else None


def called(draft: Draft) -> Said | str:
    """What an application is called before those who may not know whose it is."""
    if draft.sealed:
        return draft.sealed
    begun = datetime.datetime.fromisoformat(draft.created).astimezone(context().now().tzinfo)
    return said("begun on %(day)s, %(time)s", day=begun.date(), time=f"{begun:%H:%M}")


def whose() -> str:
    """Whose application is open here, for the head of every page: the reference and the name, else the
    address with its middle hidden."""
    current = draft()
    if current is None:
        return ""
    name = " ".join(str(current.answers.get(each) or "") for each in ("given-name", "family-name")).strip()
    return " · ".join(filter(None, (current.reference, name))) or _masked(current.email)


@blueprint.app_context_processor
def _whose() -> dict[str, Any]:
    return {"whose": whose}


def _masked(email: str) -> str:
    """a…@example.kz"""
    name, at, domain = email.partition("@")
    return f"{name[:1]}…{at}{domain}" if at else ""


def submitted() -> Draft | None:
    """The application that is open here, if it was submitted."""
    current = draft()
    return current if current and current.sealed else None


def draft_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the view the assessment of the open draft. Where there is none to fill, leads to the start page;
    to where a submitted application stands, unless the office has asked for something; or says when the next
    call opens."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        ctx, current = context(), draft()
        if current is None:
            return redirect(url_for("apply.overview"))
        call, today = ctx.call_of(current.call), ctx.now().date()
        assessment = rounds.assess(ctx.settings.kept, ctx.book, call, current, today)
        asked = assessment.asked
        if current.sealed and not (asked and asked.open(ctx.now())):
            return redirect(url_for("apply.status"))
        if not current.sealed and not ctx.accepts(current):
            return render_template("apply/closed.html", call=call, next_call=ctx.next_call()), 403
        try:
            return view(assessment=assessment, **arguments)
        except drafts.AlreadySealed:
            return redirect(url_for("apply.status"))

    return guarded


def not_found_after_submission(draft: Draft) -> None:
    """Answers 404 where the application was submitted before."""
    if draft.round:
        abort(404)


def found_or_404(value: Any) -> Any:
    """The value; answers 404 where it is None."""
    return abort(404) if value is None else value
