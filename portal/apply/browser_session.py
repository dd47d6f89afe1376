"""The session of this browser: which application it has open, and a decorator for views that need one."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from mobility.applications import drafts, private_links, review, rounds, sessions
from mobility.applications.drafts import Draft
from mobility.applications.sessions import Session
from mobility.catalogue import person_names
from mobility.i18n.languages import Said, said
from portal.apply import blueprint, not_kept
from portal.context import context

_ID = "id"
_TOKEN = "csrf_token"
"""Where Flask-WTF keeps what every form must carry."""
OF_STAFF = "staff"
"""How the names begin of what the desk keeps in a session: who leaves an application stays at the desk."""

PUT_OUT = said(
    "This browser is not in the application any more: its link was revoked, or it was open for "
    "too long. Open the newest link from your mail here."
)
OTHER_TAB = said(
    "Meanwhile an application was opened, left or erased in another tab of this browser. "
    "Open your application again and repeat."
)
_SENT = said("This application was sent before, and cannot be changed now.")


def open_draft(secret: str, again: bool = False) -> None:
    """Lets this browser into the draft of a private link, and out of any other. Opened again, it can still be
    filled in other tabs: the token of their forms stays."""
    ctx, token = context(), session.get(_TOKEN)
    leave()
    session.permanent = True  # so that the cookie carries, signed, when it was used last
    session[_ID] = sessions.begin(ctx.settings.kept, secret, ctx.now())
    if again and token:
        session[_TOKEN] = token


def leave() -> None:
    """Ends this browser's session: no copy of its cookie opens anything now; the private link still does."""
    if session_id := session.get(_ID):
        sessions.end(context().settings.kept, session_id)
    for name in [each for each in session if not each.startswith(OF_STAFF)]:
        session.pop(name)


def current() -> Session | None:
    """The session of this browser, as the server knows it."""
    ctx, session_id = context(), session.get(_ID)
    return sessions.find(ctx.settings.kept, session_id, ctx.now()) if session_id else None


def draft() -> Draft | None:
    """The application that is open here."""
    found = current()
    return private_links.find_by_hash(context().settings.kept, found.link) if found else None


def link() -> str:
    """The private link by which this browser came in."""
    found = current()
    return context().private_link(found.secret) if found else ""


def vouched() -> str:
    """The address of the account by which this browser came in; empty where it came otherwise."""
    found, opened = current(), draft()
    links = opened.links if found and opened else ()
    return next((link.vouched for link in links if found and link.hash == found.link), "")


def put_out() -> bool:
    """Whether this browser had an application open and is not in it any more, though it has not left."""
    return bool(session.get(_ID)) and draft() is None


def ended() -> bool:
    """Whether the session that this request came with has been left meanwhile, or has lasted too long."""
    return bool(session.get(_ID)) and current() is None


def called(draft: Draft) -> Said | str:
    """What an application is called before those who may not know whose it is."""
    if draft.sealed:
        return draft.sealed
    begun = datetime.datetime.fromisoformat(draft.created).astimezone(context().now().tzinfo)
    return said("begun on %(day)s, %(time)s", day=begun.date(), time=f"{begun:%H:%M}")


def whose() -> str:
    """Whose application is open here, for the head of every page: the reference and the name, else the
    address with its middle hidden."""
    opened = draft()
    if opened is None:
        return ""
    name = person_names.spoken(opened.answers)
    return " · ".join(filter(None, (opened.reference, name))) or _masked(opened.email)


@blueprint.app_context_processor
def _whose() -> dict[str, Any]:
    return {"whose": whose}


def _masked(email: str) -> str:
    """a…@example.kz"""
    name, at, domain = email.partition("@")
    return f"{name[:1]}…{at}{domain}" if at else ""


def submitted() -> Draft | None:
    """The application that is open here, if it was submitted."""
    opened = draft()
    return opened if opened and opened.sealed else None


def draft_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the view the assessment of the open draft. Where there is none to fill, leads to the start page;
    to where a submitted application stands, unless the office has asked for something; or says when the next
    call opens. Who sends a form then sees why it is not kept."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        ctx, opened = context(), draft()
        if opened is None:
            return _instead("apply.overview", OTHER_TAB if ended() else PUT_OUT)
        call, today = ctx.call_of(opened.call), ctx.now().date()
        assessment = rounds.assess(ctx.settings.kept, ctx.book, call, opened, today)
        asked = assessment.asked
        if opened.sealed and not (asked and rounds.is_open(ctx.settings.kept, opened, asked, ctx.now())):
            return _instead("apply.status", _SENT)
        if not opened.sealed and not ctx.accepts(opened):
            page = {"call": call, "next_call": ctx.next_call(), "draft": opened, **not_kept.sent()}
            return render_template("apply/closed.html", **page), 403
        try:
            return view(assessment=assessment, **arguments)
        except drafts.AlreadySealed:
            return _instead("apply.status", _SENT)

    return guarded


def _instead(endpoint: str, why: Said) -> Any:
    """Leads elsewhere who only looks, and who submits again; to other forms says why they are not kept."""
    if request.method == "POST" and not (why is _SENT and request.endpoint == "apply.submit"):
        return not_kept.page(why), 403
    return redirect(url_for(endpoint), 303 if request.method == "POST" else 302)


@blueprint.app_errorhandler(drafts.Gone)
@blueprint.app_errorhandler(FileNotFoundError)
@blueprint.app_errorhandler(review.NotPossible)
def erased_meanwhile(error: Exception) -> Response:
    """Leads to the start page where the application was erased while a view worked on it, whatever of it the
    view missed first."""
    if not put_out():
        raise error
    return redirect(url_for("apply.overview"), 303)


def not_found_after_submission(draft: Draft) -> None:
    """Answers 404 where the application was submitted before."""
    if draft.round:
        abort(404)


def found_or_404(value: Any) -> Any:
    """The value; answers 404 where it is None."""
    return abort(404) if value is None else value
