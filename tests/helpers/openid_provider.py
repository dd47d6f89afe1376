"""A university with a sign-in of its own: idpyoidc, a certified OpenID provider, behind a real server.

It asks for a name and a password, signs with its own keys, and tells an address as a claim of a person.
"""

import base64
import html
import json
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import waitress.server
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask, Response, make_response, redirect, request
from idpyoidc.message.oidc import AccessTokenRequest, AuthorizationRequest
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.exception import ClientAuthenticationError, FailedAuthentication
from joserfc import jwt
from joserfc.jwk import RSAKey

from portal.settings import SignIn
from tests.helpers.portal_server import serving
from tests.helpers.student import Student

PASSWORD = "only-for-this-test"
AIGERIM = "a_sampleova@kbtu.kz"
"""The address of the account that the tests sign in with."""
_FORM = """<!doctype html><html lang="en"><title>Sign in</title><main><h1>Sign in</h1>
<form method="post" action="{{ action }}"><input type="hidden" name="token" value="{{ token }}">
<label>Name <input name="username"></label> <label>Password <input type="password" name="password"></label>
<button>Sign in</button> <button name="refuse" value="yes">Cancel</button></form></main></html>"""
_ENDPOINTS = {
    "provider_config": (".well-known/openid-configuration", "oidc.provider_config.ProviderConfiguration"),
    "authorization": ("authorization", "oidc.authorization.Authorization"),
    "token": ("token", "oidc.token.Token"),
    "userinfo": ("userinfo", "oidc.userinfo.UserInfo"),
}


class University:
    """A running provider, which knows one portal. `people`: their claims by the names they sign in with.
    `altered`: what becomes of the answers of an endpoint on their way, where a test has one in between."""

    def __init__(self, folder: Path):
        self.people: dict[str, dict[str, Any]] = {}
        self.altered: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
        self.app = Flask(__name__)
        self.server = waitress.server.create_server(self.app, host="127.0.0.1", port=0, threads=4)
        self.address = f"http://127.0.0.1:{self.server.effective_port}"
        self.sign_in = SignIn(self.address, "portal", "a-secret-of-this-test-alone", "KBTU account")
        (folder / "sign-in.html").write_text(_FORM)
        self.provider = Server(
            OPConfiguration(conf=self._settings(folder), base_path=str(folder)), cwd=str(folder)
        )
        self.context = self.provider.context
        self.context.userinfo.db = self.people
        self._routes()

    def knows(self, portal: str) -> None:
        """Registers the portal at this address, as an administrator would."""
        self.context.cdb["portal"] = {
            "client_id": "portal",
            "client_secret": self.sign_in.client_secret,
            "redirect_uris": [(f"{portal}{path}/sign-in/back", {}) for path in ("/apply", "/office")],
            "client_salt": "salt",
            "token_endpoint_auth_method": "client_secret_basic",
            "response_types_supported": ["code"],
            "allowed_scopes": ["openid", "email"],
        }

    def says(self, key: Any = None, alg: str = "RS256", **claims: Any) -> Callable[[dict[str, Any]], Any]:
        """Alters what an ID token says, and signs it anew: with the provider's own key if none is given."""
        (own,) = (each for each in self.provider.keyjar.get_signing_key("RSA"))
        pem = own.private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        signer = key or RSAKey.import_key(pem)

        def change(answer: dict[str, Any]) -> dict[str, Any]:
            body = answer["id_token"].split(".")[1]
            said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) | claims
            kept = {name: value for name, value in said.items() if value is not None}
            header = {"alg": alg} if key else {"alg": alg, "kid": own.kid}
            return {**answer, "id_token": jwt.encode(header, kept, signer, algorithms=[alg])}

        return change

    def _settings(self, folder: Path) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "template_dir": str(folder),
            "keys": {
                "key_defs": [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}],
                "uri_path": "jwks",
            },
            "token_handler_args": {
                "key_conf": {"key_defs": [{"type": "OCT", "bytes": 24, "use": ["enc"], "kid": "code"}]},
                "code": {"lifetime": 600},
                "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 600}},
                "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {"lifetime": 600}},
            },
            "endpoint": {
                name: {
                    "path": path,
                    "class": f"idpyoidc.server.{kind}",
                    "kwargs": {"client_authn_method": ["client_secret_basic"]} if name == "token" else {},
                }
                for name, (path, kind) in _ENDPOINTS.items()
            },
            "authentication": {
                "user": {
                    "acr": "urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword",
                    "class": "idpyoidc.server.user_authn.user.UserPassJinja2",
                    "kwargs": {
                        "verify_endpoint": "/signed-in",
                        "template": "sign-in.html",
                        "db": {"class": "builtins.dict", "kwargs": {}},
                    },
                }
            },
            "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": {}}},
            "add_on": {
                "pkce": {
                    "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                    "kwargs": {"essential": True},
                }
            },
        }

    def _routes(self) -> None:
        for name, (path, _kind) in _ENDPOINTS.items():
            self.app.add_url_rule(
                f"/{path}", name, self._endpoint, methods=["GET", "POST"], defaults={"name": name}
            )
        self.app.add_url_rule("/jwks", "jwks", lambda: Response(self.provider.keyjar.export_jwks_as_json()))
        self.app.add_url_rule("/signed-in", "signed_in", self._signed_in, methods=["POST"])

    def _endpoint(self, name: str) -> Any:
        endpoint = self.provider.get_endpoint(name)
        about = {
            "headers": {key.lower(): value for key, value in request.headers.items()},
            "method": request.method,
            "url": request.url,
            "cookie": [],
        }
        try:
            wanted = endpoint.parse_request(request.values.to_dict(), http_info=about)
        except ClientAuthenticationError:
            return {"error": "invalid_client"}, 401
        if "error" in wanted:
            return self._answer(name, make_response(wanted.to_json(), 400))
        if name == "token":
            wanted = AccessTokenRequest(**wanted)
        found = endpoint.process_request(wanted, http_info=about)
        if "http_response" in found:
            return found["http_response"]
        return self._answer(name, self._response(endpoint, wanted, found))

    def _signed_in(self) -> Any:
        """What the form of names and passwords sends."""
        method = self.context.authn_broker.get_method_by_id("user")
        method.user_db.update(dict.fromkeys(self.people, PASSWORD))
        kept = method.unpack_token(request.form["token"])
        wanted = AuthorizationRequest().from_urlencoded(kept["query"])
        if request.form.get("refuse"):
            return redirect(f"{wanted['redirect_uri']}?error=access_denied&state={wanted['state']}")
        try:
            who = method.verify(**request.form)
        except FailedAuthentication:
            return "Wrong name or password", 403
        endpoint = self.provider.get_endpoint("authorization")
        session = endpoint.create_session(wanted, who, kept["authn_class_ref"], kept["iat"], method)
        return self._response(endpoint, wanted, endpoint.authz_part2(request=wanted, session_id=session))

    def _response(self, endpoint: Any, wanted: Any, found: Any) -> Any:
        told = endpoint.do_response(request=wanted, **found)
        if told.get("response_placement", endpoint.response_placement) == "url":
            return redirect(told["response"])
        return Response(told["response"], headers=told["http_headers"])

    def _answer(self, name: str, response: Response) -> Response:
        if name in self.altered:
            response.set_data(json.dumps(self.altered[name](json.loads(response.get_data()))))
        return response


@contextmanager
def running_university(folder: Path) -> Iterator[University]:
    with warnings.catch_warnings():
        # Its form of names and passwords is, in its own words, for tests alone.
        warnings.simplefilter("ignore")
        university = University(folder)
    with serving(university.server):
        yield university


def signs_in(
    student: Student, who: str = "aigerim", programme: str = "", button: str = "", follow: bool = True
) -> requests.Response:
    """Presses the button on the start page, and fills the provider's form."""
    start = student.get(f"/apply/start?programme={programme}").text
    link = re.search(r'href="(/apply/sign-in[^"]*)"', start)
    assert link
    form = student.get(html.unescape(link[1]))
    if "/apply/" in form.url:
        return form
    return fill_in(student.http, form, who, button, follow)


def fill_in(
    http: requests.Session, form: requests.Response, who: str, button: str = "", follow: bool = True
) -> requests.Response:
    """Fills the provider's form, and comes back."""
    token = re.search(r'name="token" value="([^"]+)"', form.text)
    assert token
    typed = {"token": token[1], "username": who, "password": PASSWORD, **({button: "yes"} if button else {})}
    to = form.url.split("/authorization")[0] + "/signed-in"
    return http.post(to, typed, timeout=20, allow_redirects=follow)
