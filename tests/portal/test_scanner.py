"""Wapiti, a scanner of web applications, looks for holes of its kinds in a running portal, in a session."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mobility.paths import CHECKOUT
from tests.helpers.portal_server import Portal
from tests.helpers.student import Student

WAPITI = CHECKOUT.root / "build" / "wapiti" / "bin" / "wapiti"
MODULES = (
    "cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,ssrf,upload,xss,xxe"
)
HELD_OTHERWISE = {  # as Wapiti 3.2 words it, or 3.3, which needs Python 3.12
    # It repeats a form with two headers Content-Type, so that its right token is refused like its wrong one.
    "Cross Site Request Forgery": "CSRF token 'csrf_token' is not properly checked in backend",
    "Clickjacking Protection": "X-Frame-Options is not set",  # frame-ancestors in the CSP says it
    # This scan goes by http; tests/deploy goes by https.
    "Secure Flag cookie": "Secure flag is not set [io]n the cookie ?: '?(application|language)\\b.*",
}


@pytest.fixture
def called() -> Iterator[tuple[str, list[str]]]:
    """A server that must not be led to: its address, and the paths that were asked for."""
    asked: list[str] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


def test_a_scanner_finds_no_hole(
    portal: Portal, student: Student, tmp_path: Path, called: tuple[str, list[str]]
) -> None:
    student.begin()
    endpoint, asked = called
    cookie = "; ".join(f"{each.name}={each.value}" for each in student.http.cookies)
    start = f"{portal.address}/apply/"
    # These end the session, or put another in its place.
    left_out = [part for name in ("leave", "erase", "start", "open") for part in ("-x", f"{start}{name}*")]
    options = [
        *("--url", start, "--scope", "folder", "--module", MODULES, "--scan-force", "polite"),
        *("--cookie-value", cookie, "--remove", "language", "--tasks", "4", *left_out),
        *("--endpoint", endpoint, "--dns-endpoint", "localhost", "--no-bugreport"),
        *("--max-scan-time", "15", "--max-attack-time", "3", "--max-parameters", "20"),
        *("--store-session", str(tmp_path / "session"), "--store-config", str(tmp_path / "config")),
        *("--format", "json", "--output", str(tmp_path / "report.json")),
    ]
    # Whatever is not on this machine it could only reach through a proxy that is not there.
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    only_here = {**nowhere, "no_proxy": "127.0.0.1,localhost", "HOME": str(tmp_path)}
    _scan(options, only_here)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["infos"]["crawled_pages_nbr"] > 20
    found = {
        (kind, each["info"]): each["path"]
        for part in ("vulnerabilities", "anomalies")
        for kind, all_of_it in report[part].items()
        for each in all_of_it
    }
    assert not {
        (kind, info): path
        for (kind, info), path in found.items()
        if not re.fullmatch(HELD_OTHERWISE.get(kind, "(?!)"), info)
    }
    assert not [path for path in asked if "get_ssrf" not in path and "get_xxe" not in path]
    assert "Your application" in student.get("/apply/").text, "the session was open all along"


def _scan(options: list[str], environment: dict[str, str]) -> None:
    """Runs Wapiti to its end. Where it cuts a module off at its time while its own database is being read, it
    may die of "database is locked"; called again, it goes on from what it has stored."""
    for _ in range(4):
        ended = subprocess.run(
            [WAPITI, *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=240,
        )
        if "database is locked" not in ended.stderr:
            break
    assert ended.returncode == 0, ended.stderr[-5000:]
