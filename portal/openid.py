"""The OpenID Connect client of the university's sign-in: code flow with PKCE, by Authlib."""

import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

import requests
from authlib.integrations.base_client.errors import MismatchingStateError
from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, current_app, redirect, request, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from portal.settings import SignIn

log = logging.getLogger("portal")

Why = Literal["refused", "late", "down", "unproven", "no-address", "unverified"]
"""`refused`: the reader or the provider did not want it; `late`: not begun in this browser, or too long ago;
`down`: the provider does not answer, or not to us; `unproven`: what it sent does not hold; `no-address`: it
tells no e-mail address; `unverified`: it says itself that the address is not verified."""

_OURS = "university"
_STATE = "signing-in"
"""Where a session says which sign-in was begun last."""
_PATIENCE = 8
"""Seconds that a reader waits for each answer of the provider."""
_REFUSED = {"access_denied", "login_required", "interaction_required", "consent_required"}
_LATE = {"invalid_grant", "missing_code"}
_SIGNATURES = {
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
}
"""By keys that the provider alone has. Many offer "none" too, which whoever forges a token would choose."""


class NotSignedIn(Exception):
    """The university has not vouched for an address."""

    def __init__(self, why: Why):
        self.why = why
        super().__init__(why)


def register(app: Flask, sign_in: SignIn) -> None:
    """Makes the client of an app."""
    app.extensions[_OURS] = OAuth(app).register(
        _OURS,
        client_id=sign_in.client_id,
        client_secret=sign_in.client_secret,
        server_metadata_url=f"{sign_in.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": _PATIENCE,
        },
    )


def _refusing(step: Callable[..., Any]) -> Callable[..., Any]:
    """Forgets what the provider said of itself when a sign-in fails: that may have changed meanwhile."""

    @wraps(step)
    def watched(*given: Any) -> Any:
        try:
            return step(*given)
        except Exception as error:
            why = _refusal(error)
            if why is None:
                raise
            if why in ("down", "unproven"):
                _client().server_metadata = {}
            raise NotSignedIn(why) from error

    return watched


def _refusal(error: Exception) -> Why | None:
    """What a fault of the provider, or of the way to it, means for the reader; None for a fault of ours. The
    log gets the kind of fault alone: a message may quote addresses and tokens."""
    match error:
        case NotSignedIn():
            return error.why
        case MismatchingStateError():
            return "late"
        case OAuthError():
            return _why(str(error.error))
        case requests.RequestException():
            log.warning("The university's sign-in does not answer: %s", type(error).__name__)
            return "down"
        case (
            JoseError()
            | ArithmeticError()
            | AttributeError()
            | LookupError()
            | RuntimeError()
            | TypeError()
            | ValueError()
        ):
            log.warning("What the university's sign-in sent does not hold: %s", _kind(error))
            return "unproven"
    return None


@_refusing
def leave_for(sign_in: SignIn, back: str) -> Response:
    """Sends the reader to the provider, who sends them to the address `back`. Raises NotSignedIn."""
    client = _described(sign_in)
    begun = client.create_authorization_url(back)
    if given_up := session.get(_STATE):
        client.framework.clear_state_data(session, given_up)  # else a cookie is full after some tries
    session[_STATE] = begun["state"]
    client.save_authorize_data(redirect_uri=back, **begun)
    return redirect(begun["url"])


@_refusing
def proven_address(sign_in: SignIn) -> str:
    """The e-mail address that the provider vouches for, in the request that came back from it. Raises
    NotSignedIn."""
    if not request.args.get("error") and not request.args.get("code"):
        raise NotSignedIn("late")
    client = _described(sign_in)
    wanted = {
        "iss": {"essential": True, "value": client.server_metadata["issuer"]},
        "aud": {"essential": True, "value": sign_in.client_id},
    }
    token = client.authorize_access_token(claims_options=wanted)
    claims = dict(token["userinfo"])  # from the signed token; it is not there where the token is not
    if not claims.get("email") and "userinfo_endpoint" in client.server_metadata:
        more = client.userinfo(token=token)
        if more["sub"] != claims["sub"]:  # OpenID Connect Core, 5.3.2
            raise ValueError
        claims.update(more)
    return _address(claims)


def _address(claims: dict[str, Any]) -> str:
    address = claims.get("email")
    if not isinstance(address, str) or not address.strip():
        raise NotSignedIn("no-address")
    if str(claims.get("email_verified")).casefold() == "false":  # some send it as a word
        raise NotSignedIn("unverified")
    return address.strip()


def _client() -> Any:
    return current_app.extensions[_OURS]


def _described(sign_in: SignIn) -> Any:
    """The client, once the provider has described itself: its addresses, keys and ways to sign."""
    client = _client()
    told = client.load_server_metadata()  # asks once, until it is forgotten
    if told["issuer"].rstrip("/") != sign_in.issuer.rstrip("/"):
        log.error("MOBILITY_OIDC_ISSUER is not what the provider calls itself")
        raise NotSignedIn("down")
    signatures = told.get("id_token_signing_alg_values_supported", ["RS256"])
    told["id_token_signing_alg_values_supported"] = [each for each in signatures if each in _SIGNATURES]
    if "client_secret_basic" not in told.get(
        "token_endpoint_auth_methods_supported", ["client_secret_basic"]
    ):
        told["token_endpoint_auth_method"] = "client_secret_post"
    return client


def _why(code: str) -> Why:
    """What an error code of OAuth or OpenID Connect means for the reader."""
    if code in _REFUSED:
        return "refused"
    if code in _LATE:
        return "late"
    # Anybody can write the code into an address, so that the log takes nothing but a word of it.
    log.warning("The university's sign-in answers: %s", code if re.fullmatch("[a-z_]{1,40}", code) else "?")
    return "down"


def _kind(error: Exception) -> str:
    return str(error.error) if isinstance(error, JoseError) else type(error).__name__
