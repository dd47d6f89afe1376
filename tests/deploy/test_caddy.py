"""The real Caddy with deploy/Caddyfile: what nginx is held to, in short."""

import datetime
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Checkout
from tests.helpers import deployment
from tests.helpers.deployment import Client, Deployment
from tests.helpers.student import Student

SECRET = "x7Jr2fQ8mB-a_secret_of_this_test"


@pytest.fixture
def behind_caddy(tmp_path: Path, checkout: Checkout, in_march: datetime.datetime) -> Iterator[Deployment]:
    with deployment.behind_caddy(tmp_path, checkout, in_march) as found:
        yield found


def test_site_and_portal_are_served_with_every_header(behind_caddy: Deployment, book: Rulebook) -> None:
    http = Client(behind_caddy)
    for path in ("/", "/ru/finder/", "/nowhere/", "/ru/nowhere/", "/apply/", "/apply/nowhere"):
        answer = http.get(path)
        assert answer.status_code == (404 if "nowhere" in path else 200)
        assert answer.headers["Strict-Transport-Security"] == "max-age=63072000"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.count("default-src 'none'") == policy.count("frame-ancestors 'none'") == 1
        assert ("sha256-" in policy) is not path.startswith("/apply")
    assert '<html lang="ru"' in http.get("/ru/nowhere/").text
    http.headers.update({"X-Forwarded-Host": "evil.example"})
    assert "evil" not in Student(behind_caddy, book, http).begin()
    plain = requests.get(f"{behind_caddy.plain}/partners/", allow_redirects=False, timeout=20)
    assert plain.status_code in (301, 308) and plain.headers["Location"].startswith("https://localhost")


def test_another_host_gets_no_answer(behind_caddy: Deployment) -> None:
    ask = b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    with socket.create_connection(("127.0.0.1", behind_caddy.http_port), timeout=20) as line:
        line.sendall(ask)
        assert line.recv(100) == b""
    trusting = ssl.create_default_context(cafile=behind_caddy.certificate)
    line = socket.create_connection(("127.0.0.1", behind_caddy.https_port), timeout=20)
    with trusting.wrap_socket(line, server_hostname="localhost") as safe:
        safe.sendall(ask)
        assert safe.recv(100) == b""


def test_no_secret_is_in_a_log_even_while_the_portal_restarts(behind_caddy: Deployment) -> None:
    http = Client(behind_caddy)
    http.headers["Host"] = "localhost"  # without the port, as on 443: Caddy finds the log by it
    for _ in range(2):
        for path in (f"/apply/back/{SECRET}", f"/apply/sign-in/back?code={SECRET}"):
            http.get(path, headers={"Referer": f"{behind_caddy.address}/apply/back/{SECRET}"})
        behind_caddy.stop_portal()
    assert http.get("/apply/").status_code == 502
    found = behind_caddy.logs()
    assert SECRET not in found
    assert "/apply/back/***" in found and '"status":502' in found
