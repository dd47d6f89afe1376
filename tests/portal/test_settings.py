"""The settings of a real portal: its key, and the sign-in of the university."""

import pytest

from portal.settings import BadSettings, own_key, sign_in

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
