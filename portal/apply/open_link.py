"""Opening a private link: its page, and the button there that opens the application.

Programs fetch every link in a mail to look for viruses, so that following the link changes nothing. The
page's address holds the secret: neither its links nor its Referer header carry that on.
"""

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import drafts, private_links
from mobility.applications.drafts import Draft
from portal import language, limits
from portal.apply import blueprint, browser_session
from portal.context import context
from portal.language import _


@blueprint.get("/back/<secret>")
def back(secret: str) -> Response:
    """Says which application the link opens, and offers the button that opens it."""
    draft = private_links.find(context().settings.kept, secret)
    answer = make_response(_page(draft, secret) if draft else _no_such_link())
    # Not no-referrer: over https the check of the form's origin needs a Referer.
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


@blueprint.post("/open")
def open_link() -> Any:
    """Opens the application of a link in this browser; in place of another only if the reader was told."""
    secret, ctx = request.form.get("secret", ""), context()
    if limits.reached(limits.GUESSES, "open link", limits.client()):
        abort(429)
    draft = private_links.find(ctx.settings.kept, secret)
    if draft is None:
        return _no_such_link()
    before = browser_session.draft()
    if _replaced(before, draft) and request.form.get("instead_of") != _short_id(before):
        return _page(draft, secret), 409
    try:
        now = private_links.opened(ctx.settings.kept, draft, secret, ctx.now())
    except (private_links.Revoked, drafts.Gone):
        return _no_such_link()
    open_here = before is not None and before.hash == draft.hash
    browser_session.open_draft(secret, again=open_here)
    if len(now.links) < len(draft.links) and not open_here:
        flash(
            _(
                "Your address is confirmed. Links to this application that were not mailed are revoked: to "
                "go on in another browser, open the link from your mail there."
            )
        )
    return redirect(url_for("apply.overview"), 303)


def _short_id(draft: Draft | None) -> str:
    """By which a form says which open application it is about."""
    return draft.short_hash if draft else ""


def _replaced(open_here: Draft | None, draft: Draft) -> Draft | None:
    """The other application that is open in this browser."""
    return open_here if open_here and open_here.hash != draft.hash else None


def _page(draft: Draft, secret: str) -> str:
    language.prefer(draft.language)
    other = _replaced(browser_session.draft(), draft)
    return render_template(
        "apply/open_link.html",
        call=context().call_of(draft.call),
        secret=secret,
        called=browser_session.called(draft),
        other=browser_session.called(other) if other else None,
        instead_of=_short_id(other),
    )


def _no_such_link() -> tuple[str, int]:
    return render_template("apply/no_such_link.html"), 404
