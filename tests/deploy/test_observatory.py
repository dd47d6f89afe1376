"""What the MDN HTTP Observatory asks for an A+, by its published rules.

https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
Its own scanner (1.4.8) gave this deployment's site 130 points and its portal 135; 100 make an A+.
"""

import re

import pytest
import requests

from tests.helpers.deployment import Client, Deployment

HALF_A_YEAR = 15768000
"""Seconds."""


def policy_of(answer: requests.Response) -> dict[str, list[str]]:
    directives = [each.split() for each in answer.headers["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in directives}


@pytest.mark.parametrize("path", ["/", "/ru/", "/finder/", "/apply/", "/apply/start"])
def test_a_page_passes_every_test_of_the_observatory(http: Client, deployed: Deployment, path: str) -> None:
    answer = http.get(path)
    policy = policy_of(answer)
    assert policy["default-src"] == ["'none'"] and policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"] and policy["form-action"] == ["'self'"]
    for sources in policy.values():
        for source in sources:
            assert re.fullmatch(r"'(none|self|sha256-[A-Za-z0-9+/=]{44})'|data:", source)
    assert "data:" not in policy["script-src"]
    header = answer.headers["Strict-Transport-Security"]
    assert int(header.removeprefix("max-age=")) >= HALF_A_YEAR
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin", "strict-origin")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    ask = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    asked = http.options(path, headers=ask)
    assert "Access-Control-Allow-Origin" not in {*asked.headers, *answer.headers}
    for cookie in filter(None, [answer.headers.get("Set-Cookie")]):
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert not re.search(r'<script[^>]+src="(https?:)?//', answer.text)  # all from here: no SRI is needed
    plain = requests.get(deployed.plain + path, allow_redirects=False, timeout=20)
    assert plain.headers["Location"].startswith("https://")


def test_the_portal_sets_a_cookie_that_no_script_reads(http: Client) -> None:
    assert "HttpOnly" in http.get("/apply/start").headers["Set-Cookie"]
