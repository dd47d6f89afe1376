"""Signing in with the university's account: opens the application of its address, or begins one."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from mobility.applications import drafts, private_links
from mobility.applications.drafts import Draft
from mobility.i18n.languages import Said, said
from portal import language, openid
from portal.apply import browser_session, links, start
from portal.context import context
from portal.language import _
from portal.openid import NotSignedIn
from portal.settings import SignIn

blueprint = Blueprint("sign_in", __name__, url_prefix="/apply/sign-in")

_WISH = "wish"
_MOST_OTHERS = 10
_FAULTS = {
    "refused": (403, said("You were not signed in"), said("The sign-in was stopped or refused there.")),
    "late": (
        403,
        said("This sign-in is over"),
        said(
            "It was begun too long ago or in another browser, or it has been used already. Sign in once more."
        ),
    ),
    "down": (
        503,
        said("The sign-in does not work just now"),
        said("%(account)s does not answer as it should. Try again in some minutes."),
    ),
    "unproven": (
        403,
        said("You were not signed in"),
        said(
            "What %(account)s told us could not be verified. Try again, and if that does not help, "
            "tell the office."
        ),
    ),
    "no-address": (
        403,
        said("Your e-mail address is missing"),
        said(
            "%(account)s does not tell us an e-mail address of yours, and without one we cannot write to you."
        ),
    ),
    "unverified": (
        403,
        said("Your e-mail address is not verified"),
        said("%(account)s has not verified your e-mail address. Verify it there, then sign in once more."),
    ),
    "domain": (
        403,
        said("This address cannot be used"),
        said("Your account has an e-mail address with which no application can be begun here."),
    ),
}


@blueprint.get("")
def begin() -> Any:
    """Sends the reader to the university's sign-in; the programme that was chosen waits in the session."""
    session[_WISH] = request.args.get("programme", "")[:200]
    try:
        return openid.leave_for(_university(), f"{context().settings.address}sign-in/back")
    except NotSignedIn as failed:
        return _to_failed(failed.why)


@blueprint.get("/back")
def callback() -> Response:
    """The reader comes back, and is sent on to an address that holds nothing of what was sent along."""
    # The one GET that acts, as the protocol has it; a state in the session shows that this browser began.
    if request.method == "HEAD":
        return Response()
    try:
        email = openid.proven_address(_university())
    except NotSignedIn as failed:
        return _to_failed(failed.why)
    if links.fault(email):
        return _to_failed("domain")
    wish = str(session.get(_WISH, ""))
    found = _to_go_on_with(email)
    if found is not None:
        return _open(found, email, wish)
    return _begin(email, wish)


@blueprint.get("/failed/<why>")
def failed(why: str) -> Any:
    """Says why nobody was signed in, and how to go on."""
    code, title, what = _FAULTS.get(why) or abort(404)
    domains = context().book.catalogue.settings.mail_domains if why == "domain" else ()
    page = render_template(
        "apply/not_signed_in.html",
        title=title,
        what=_(what.text, account=_university().name),
        domains=links.in_a_row(domains),
        wish=session.get(_WISH, ""),
    )
    return page, code


@blueprint.post("/open")
def open_other() -> Response:
    """Opens another application of the account by which this browser is in."""
    wanted = request.form.get("application", "")
    found = next((draft for draft in _others() if draft.short_hash == wanted), None)
    return _open(browser_session.found_or_404(found), browser_session.vouched(), "")


@blueprint.app_context_processor
def _others_for_templates() -> dict[str, Any]:
    def others() -> list[tuple[str, Said | str]]:
        return [(draft.short_hash, browser_session.called(draft)) for draft in _others()]

    return {"others_of_account": others}


def _others() -> list[Draft]:
    """The other applications of the account by which this browser is in, those to go on with first."""
    opened, email = browser_session.draft(), browser_session.vouched()
    if opened is None or not email:
        return []
    return [draft for draft in _of_account(email) if draft.hash != opened.hash][:_MOST_OTHERS]


def _of_account(email: str) -> list[Draft]:
    """The applications of an address that were submitted or can be: those first of which only its owner can
    be the applicant, as anybody may have typed the address; then by age, the newest first."""
    ctx, ours = context(), drafts.plain_address(email)

    def rank(draft: Draft) -> tuple[bool, str]:
        return draft.confirmed or any(link.vouched == ours for link in draft.links), draft.created

    found = private_links.of_account(ctx.settings.kept, email)
    return sorted((draft for draft in found if draft.sealed or ctx.accepts(draft)), key=rank, reverse=True)


def _to_go_on_with(email: str) -> Draft | None:
    """The application that signing in opens; where no call is open, any that the address has."""
    call, mine = context().open_call(), _of_account(email)
    living = [draft for draft in mine if not draft.sealed or draft.round or (call and draft.call == call.id)]
    return next(iter(living or (mine if call is None else ())), None)


def _open(draft: Draft, email: str, wish: str) -> Response:
    ctx, before = context(), browser_session.draft()
    shared = not draft.confirmed and not all(link.mailed for link in draft.links)
    secret = private_links.vouched(ctx.settings.kept, draft, email, ctx.now())
    browser_session.open_draft(secret, again=before is not None and before.hash == draft.hash)
    if shared:
        flash(_("Your address is confirmed. Links to this application that were not mailed are revoked."))
    if wish and not draft.sealed and wish not in draft.answers.values():
        return redirect(url_for("apply.welcome", programme=wish), 303)
    return redirect(url_for("apply.overview"), 303)


def _begin(email: str, wish: str) -> Response:
    ctx = context()
    call = ctx.open_call()
    if call is None:
        return redirect(url_for("apply.welcome"), 303)
    given = start.first_answers(call, email, wish)
    kept, now = ctx.settings.kept, ctx.now()
    secret, _draft = drafts.start(kept, call.id, now, given, email, language.here(), vouched=email)
    browser_session.open_draft(secret)
    return redirect(url_for("apply.overview"), 303)


def _to_failed(why: str) -> Response:
    return redirect(url_for(".failed", why=why), 303)


def _university() -> SignIn:
    found: SignIn = browser_session.found_or_404(context().settings.sign_in)
    return found
