"""The way to the desk: passkeys (WebAuthn), the university's sign-in where set, a rehearsal's address."""

import hmac
import json
from typing import Any

import webauthn
from flask import abort, flash, redirect, render_template, request, session, url_for
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from werkzeug.wrappers import Response

from mobility.applications.review import NotPossible
from mobility.office import staff
from mobility.office.staff import Member, Passkey
from portal import limits, openid
from portal.context import context
from portal.language import _
from portal.office import access, blueprint
from portal.openid import NotSignedIn
from portal.settings import SignIn

_CHALLENGE = "challenge"


@blueprint.get("/sign-in")
def sign_in() -> Any:
    """Asks for a passkey."""
    if not access.there_is_a_desk():
        abort(404)
    if access.member():
        return redirect(url_for(".today"))
    options = webauthn.generate_authentication_options(
        rp_id=_relying_party(), user_verification=UserVerificationRequirement.REQUIRED
    )
    session[_CHALLENGE] = bytes_to_base64url(options.challenge)
    return render_template("office/sign_in.html", options=webauthn.options_to_json(options))


@blueprint.post("/sign-in")
def signed_in() -> Any:
    """Lets in whoever has the passkey of a member."""
    if limits.reached(limits.GUESSES, "sign in", limits.client()):
        abort(429)
    challenge = session.pop(_CHALLENGE, "")
    sent = _sent()
    found = staff.of_passkey(context().settings.kept, str(sent.get("id")))
    if not found or not challenge:
        return _not_in()
    member, passkey = found
    try:
        verified = webauthn.verify_authentication_response(
            credential=sent,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_relying_party(),
            expected_origin=_origin(),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.count,
            require_user_verification=True,
        )
        staff.used(context().settings.kept, member, passkey, verified.new_sign_count)
    except (WebAuthnException, NotPossible):
        return _not_in()
    access.enter(member)
    return redirect(url_for(".today"), 303)


@blueprint.get("/setup/<secret>")
def setup(secret: str) -> Any:
    """Where a mailed setup link leads: offers to make a passkey."""
    member = _of_setup(secret)
    if member is None:
        return render_template("office/sign_in_failed.html", setup=True), 404
    options = webauthn.generate_registration_options(
        rp_id=_relying_party(),
        rp_name=context().book.catalogue.institution.short_name,
        user_id=member.id.encode(),
        user_name=member.address,
        user_display_name=member.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            webauthn.helpers.structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.id))
            for each in member.passkeys
        ],
    )
    session[_CHALLENGE] = bytes_to_base64url(options.challenge)
    options_json = webauthn.options_to_json(options)
    return render_template("office/setup.html", newcomer=member, options=options_json, secret=secret)


@blueprint.post("/setup/<secret>")
def set_up(secret: str) -> Any:
    """Keeps the new passkey of a member, and lets them in."""
    if limits.reached(limits.GUESSES, "set up", limits.client()):
        abort(429)
    ctx, member, challenge = context(), _of_setup(secret), session.pop(_CHALLENGE, "")
    if member is None or not challenge:
        return render_template("office/sign_in_failed.html", setup=True), 404
    try:
        made = webauthn.verify_registration_response(
            credential=_sent(),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_relying_party(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except WebAuthnException:
        return _not_in()
    passkey = Passkey(
        bytes_to_base64url(made.credential_id),
        bytes_to_base64url(made.credential_public_key),
        made.sign_count,
        ctx.now().isoformat(timespec="seconds"),
    )
    access.enter(staff.add_passkey(ctx.settings.kept, member, passkey, ctx.now()))
    return redirect(url_for(".today"), 303)


@blueprint.get("/sign-in/university")
def leave_for_university() -> Any:
    """Sends the officer to the university's sign-in."""
    try:
        return openid.leave_for(_university(), f"{_origin()}{url_for('.back_from_university')}")
    except NotSignedIn:
        return _not_in()


@blueprint.get("/sign-in/back")
def back_from_university() -> Any:
    """The officer comes back; in is whose address is of the staff."""
    # The one GET that acts, as the protocol has it; a state in the session shows that this browser began.
    if request.method == "HEAD":
        return Response()
    try:
        email = openid.proven_address(_university())
    except NotSignedIn:
        return _not_in()
    member = staff.of_address(context().settings.kept, email)
    if member is None:
        return _not_in()
    access.enter(member)
    return redirect(url_for(".today"), 303)


@blueprint.get("/rehearsal/<token>")
def rehearsal(token: str) -> Any:
    """Where the address from the terminal leads: one button opens the desk."""
    _rehearsal_or_404(token)
    return render_template("office/rehearsal.html", token_of_desk=token)


@blueprint.post("/rehearsal/<token>")
def enter_rehearsal(token: str) -> Response:
    """Opens the desk of a rehearsal."""
    _rehearsal_or_404(token)
    access.enter(access.REHEARSAL)
    return redirect(url_for(".today"), 303)


@blueprint.post("/leave")
def leave() -> Response:
    """Signs out."""
    access.leave()
    flash(_("You are signed out."))
    return redirect(url_for(".sign_in"), 303)


def _rehearsal_or_404(token: str) -> None:
    settings = context().settings
    ours = access.rehearsal_token(settings.secret_key)
    if not settings.rehearsal or not hmac.compare_digest(token.encode(), ours.encode()):
        abort(404)


def _of_setup(secret: str) -> Member | None:
    return staff.of_setup(context().settings.kept, secret, context().now())


def _sent() -> dict[str, Any]:
    """What the browser's passkey says, JSON in a field of the form."""
    try:
        sent = json.loads(request.form.get("credential", ""))
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}


def _not_in() -> Any:
    limits.journal_refusal("sign-in refused", "office")
    return render_template("office/sign_in_failed.html", setup=False), 403


def _origin() -> str:
    """The own address, as the settings say it, whatever a request says: scheme and host."""
    scheme, _slashes, rest = context().settings.address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _relying_party() -> str:
    """The domain for which passkeys are made."""
    host = _origin().partition("://")[2]
    return host.rsplit(":", 1)[0] if not host.startswith("[") else host


def _university() -> SignIn:
    found = context().settings.sign_in
    return abort(404) if found is None else found
