"""Who is at the desk in this browser, and what they may do there."""

import datetime
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import abort, g, redirect, session, url_for

from mobility.applications import journal
from mobility.office import staff, staff_sessions
from mobility.office.desk import Desk
from mobility.office.staff import Member
from portal.context import context

_ID, _SEEN = "staff", "staff-seen"
REHEARSAL = Member("rehearsal", "Rehearsal", "", "officer")
"""Who is at the desk of a rehearsal: whoever has its address from the terminal."""


def rehearsal_token(secret_key: str) -> str:
    """What opens the desk of a rehearsal, in the address that is printed at the start."""
    return hmac.new(secret_key.encode(), b"desk of a rehearsal", hashlib.sha256).hexdigest()[:32]


def enter(member: Member) -> None:
    """Lets a member who has signed in to the desk in this browser."""
    leave()
    ctx = context()
    session.permanent = True
    session[_ID] = staff_sessions.begin(ctx.settings.kept, member.id, ctx.now())
    session[_SEEN] = ctx.now().isoformat()
    journal.record(ctx.settings.kept, ctx.now(), "signed in", member.id)


def leave() -> None:
    """Ends this browser's session at the desk."""
    if session_id := session.get(_ID):
        staff_sessions.end(context().settings.kept, session_id)
    for name in [each for each in session if each.startswith(_ID)]:
        session.pop(name)


def member() -> Member | None:
    """Who is at the desk in this browser."""
    if "member" not in g:
        g.member = _member()
    found: Member | None = g.member
    return found


def _member() -> Member | None:
    ctx, session_id = context(), session.get(_ID)
    if not session_id:
        return None
    now = ctx.now()
    seen = datetime.datetime.fromisoformat(session[_SEEN])
    if abs(now - seen) > staff_sessions.IDLE:
        leave()
        return None
    session[_SEEN] = now.isoformat()
    kept = ctx.settings.kept
    if ctx.settings.rehearsal and staff_sessions.member_id(kept, session_id, now) == REHEARSAL.id:
        return REHEARSAL
    return staff_sessions.member(kept, session_id, now)


def there_is_a_desk() -> bool:
    """Whether there is staff whom a desk is for."""
    ctx = context()
    return ctx.settings.rehearsal or any(staff.every(ctx.settings.kept))


def for_staff(view: Callable[..., Any]) -> Callable[..., Any]:
    """Shows a page to staff alone; others are led to the sign-in."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        if member() is None:
            return redirect(url_for("office.sign_in")) if there_is_a_desk() else abort(404)
        return view(**arguments)

    return guarded


def for_officers(view: Callable[..., Any]) -> Callable[..., Any]:
    """Lets officers act; readers get 403."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        found = member()
        if found is not None and not found.acts:
            abort(403)
        return for_staff(view)(**arguments)

    return guarded


def signed(words: str) -> str:
    """A keyed hash of words, which only this session knows."""
    words = f"{session[_ID]} {words}"
    return hmac.new(context().settings.secret_key.encode(), words.encode(), hashlib.sha256).hexdigest()[:32]


def desk() -> Desk:
    """What every act needs, with who acts."""
    found = member()
    assert found
    return replace(context().desk(), by=found.id)
