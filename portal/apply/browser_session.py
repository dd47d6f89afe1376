"""Whose application this browser has open."""

import datetime
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import abort, redirect, render_template, session, url_for

from mobility.applications import drafts, private_links, rounds, warnings
from mobility.applications.drafts import Draft
from mobility.applications.review import Round
from mobility.applications.rounds import Parts
from mobility.applications.signed_forms import Verdict
from mobility.applications.warnings import Concern
from mobility.catalogue.calls import Call
from mobility.i18n.languages import Said, said
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


def _masked(email: str) -> str:
    """a…@example.kz"""
    name, at, domain = email.partition("@")
    return f"{name[:1]}…{at}{domain}" if at else ""


def submitted() -> Draft | None:
    """The application that is open here, if it was submitted."""
    current = draft()
    return current if current and current.sealed else None


def with_draft(view: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the view the open draft and its call; shows where a submitted one stands, unless the office has
    asked for something, and says when the next call opens where the draft's own is over."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        here, current = context(), draft()
        if current is None:
            return redirect(url_for("apply.overview"))
        if current.sealed and not _answering(current):
            return redirect(url_for("apply.status"))
        call = here.call_of(current.call)
        if not current.sealed and not here.taking(current):
            return render_template("apply/closed.html", call=call, next_call=here.next_call()), 403
        try:
            return view(draft=current, call=call, **arguments)
        except drafts.AlreadySealed:
            return redirect(url_for("apply.status"))

    return guarded


def asked(draft: Draft) -> Round | None:
    """What the office has asked for, and the applicant is answering to."""
    return rounds.of(context().settings.kept, draft)


def parts(draft: Draft, call: Call) -> Parts:
    """What of the application can be changed now."""
    here = context()
    return rounds.parts(here.book, call, draft, asked(draft), here.now().date())


def as_sent(draft: Draft, call: Call) -> Parts:
    """What the office asked to correct and is still as it was sent."""
    here, round_ = context(), asked(draft)
    if round_ is None:
        return Parts((), ())
    return rounds.as_sent(here.settings.kept, here.book, call, draft, round_)


def concerns(draft: Draft, call: Call, open_now: Parts, papers: Mapping[str, Verdict]) -> list[Concern]:
    """The warnings on what can be changed now."""
    slots = {slot.id for slot in open_now.slots}
    fields = {field.id for section in open_now.sections for field in section.fields}
    found = warnings.warnings(context().book, call, draft, papers)
    return [each for each in found if each.slot in slots or each.field in fields]


def first_time(draft: Draft) -> None:
    """A page that is not there, once the application was submitted."""
    if draft.round:
        abort(404)


def _answering(draft: Draft) -> bool:
    round_ = asked(draft)
    return round_ is not None and round_.open(context().now())


def found_or_404(value: Any) -> Any:
    """The value; a page that is not there where it is None."""
    return abort(404) if value is None else value
