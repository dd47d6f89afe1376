"""Whose application this browser has open."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, redirect, render_template, session, url_for

from mobility import drafts
from mobility.drafts import Draft
from portal.house import house

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
    return drafts.find(house().settings.kept, secret) if secret else None


def with_draft(view: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the view the open draft and its call; shows the receipt of a submitted one, and says when the
    next call opens where the draft's own is over."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        current = draft()
        if current is None:
            return redirect(url_for("apply.overview"))
        if current.sealed:
            return redirect(url_for("apply.receipt"))
        call = house().call_of(current.call)
        if call.state(house().now()) != "open":
            return render_template("apply/closed.html", call=call, next_call=house().next_call()), 403
        try:
            return view(draft=current, call=call, **arguments)
        except drafts.AlreadySealed:
            return redirect(url_for("apply.receipt"))

    return guarded


def found_or_404(value: Any) -> Any:
    """The value; a page that is not there where it is None."""
    return abort(404) if value is None else value
