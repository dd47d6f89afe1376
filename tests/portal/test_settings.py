"""The settings of a real portal: its key, and the sign-in of the university."""

import dataclasses
import datetime
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient as Client

from portal import create_app, rehearsal
from portal.settings import BadSettings, old_keys, own_key, proxy, sign_in
from tests.helpers.portal_server import running

WHOLE = {
    "MOBILITY_OIDC_ISSUER": "https://login.example.kz/realms/students",
    "MOBILITY_OIDC_CLIENT_ID": "mobility",
    "MOBILITY_OIDC_CLIENT_SECRET": "invented-secret",
    "MOBILITY_OIDC_NAME": "KBTU account",
}


def test_all_four_settings_make_a_sign_in_and_none_makes_none() -> None:
    found = sign_in(WHOLE)
    assert found and found.issuer == WHOLE["MOBILITY_OIDC_ISSUER"]
    assert "invented-secret" not in repr(found)
    assert sign_in({}) is None and sign_in(dict.fromkeys(WHOLE, " ")) is None
    described = {**WHOLE, "MOBILITY_OIDC_ISSUER": found.issuer + "/.well-known/openid-configuration"}
    assert sign_in(described) == found


@pytest.mark.parametrize("name", WHOLE)
def test_a_half_set_sign_in_says_what_is_missing(name: str) -> None:
    with pytest.raises(BadSettings, match=f"only half set: {name} not set"):
        sign_in({**WHOLE, name: ""})


@pytest.mark.parametrize(
    "issuer", ["login.example.kz", "http://login.example.kz", "https://", "https://a.kz/?x=1"]
)
def test_an_issuer_that_cannot_be_trusted_is_refused(issuer: str) -> None:
    with pytest.raises(BadSettings, match="must be the https address"):
        sign_in({**WHOLE, "MOBILITY_OIDC_ISSUER": issuer})


@pytest.mark.parametrize("key", [None, "", "secret", "a" * 64])
def test_a_real_portal_does_not_start_without_a_key_of_its_own(key: str | None) -> None:
    with pytest.raises(BadSettings):
        own_key(key)


def test_browsers_stay_in_while_the_secret_key_is_changed_and_are_out_without_the_old_one(
    tmp_path: Path, in_march: datetime.datetime
) -> None:
    old, new = ("k1" + "0123456789abcdef" * 3, "k2" + "fedcba9876543210" * 3)
    with running(tmp_path / "instance", in_march) as portal:
        given = portal.settings

        def tab(cookie: str | None, **settings: object) -> tuple[Client, str]:
            client = create_app(dataclasses.replace(given, **settings)).test_client()  # type: ignore[arg-type]
            if cookie:
                client.set_cookie("application", cookie, domain="127.0.0.1")
            page = client.get("/apply/", base_url="http://127.0.0.1").text
            return client, page

        client, page = tab(None, secret_key=old)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        sent = {"csrf_token": token[1], "email": "aigerim@example.kz"}
        client.post("/apply/start", base_url="http://127.0.0.1", data=sent)
        cookie = client.get_cookie("application", domain="127.0.0.1")
        assert cookie

        def is_in(**settings: object) -> bool:
            client, _ = tab(cookie.value, **settings)
            return client.get("/apply/documents", base_url="http://127.0.0.1").status_code == 200

        assert is_in(secret_key=old)
        assert is_in(secret_key=new, old_keys=(old,))
        assert not is_in(secret_key=new)


def test_an_old_key_that_could_be_guessed_is_refused_too() -> None:
    assert old_keys({}) == ()
    with pytest.raises(BadSettings, match="too easy to guess"):
        old_keys({"MOBILITY_OLD_SECRET_KEYS": "secret"})


def test_one_proxy_alone_is_believed() -> None:
    assert (proxy({}), proxy({"MOBILITY_PROXY": "10.0.0.10"})) == ("127.0.0.1", "10.0.0.10")
    with pytest.raises(BadSettings, match="one IP address"):
        proxy({"MOBILITY_PROXY": "*"})


def test_rehearsals_that_begin_at_once_on_one_folder_have_one_key(tmp_path: Path) -> None:
    begin = threading.Barrier(12)

    def key(_: int) -> str:
        begin.wait()
        return rehearsal.secret_key(tmp_path / "data")

    with ThreadPoolExecutor(12) as pool:
        assert len(set(pool.map(key, range(12)))) == 1
