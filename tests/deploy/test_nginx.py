"""The real nginx with the files of deploy/nginx, and the real portal behind it."""

import itertools
import re
import socket
import ssl
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from PIL import Image

from mobility.applications.resumable import MOST_TOGETHER
from mobility.catalogue.rulebook import Rulebook
from tests.helpers.deployment import Client, Deployment
from tests.helpers.student import Student

SECRET = "x7Jr2fQ8mB-a_secret_of_this_test"
SITE = ["/", "/ru/finder/", "/kk/partners/", "/map/", "/partners/warsaw-tech/", "/assets/stylesheets/map.css"]
PORTAL = ["/apply/", "/apply/verify", "/apply/static/portal.css"]
MISSING = ["/nowhere/", "/ru/nowhere/", "/apply/nowhere", f"/apply/back/{SECRET}"]


@pytest.mark.parametrize("path", [*SITE, *PORTAL, *MISSING])
def test_site_and_portal_are_served_with_every_header_once(http: Client, path: str) -> None:
    answer = http.get(path)
    assert (answer.status_code == 404) is (path in MISSING)
    headers = answer.headers
    for name, value in {
        "Strict-Transport-Security": "max-age=63072000",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "strict-origin" if path.startswith("/apply") else "same-origin",
    }.items():
        assert headers[name] == value  # twice sent, it would read "a, a"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert policy.count("default-src") == 1
    assert ("sha256-" in policy) is not path.startswith("/apply")
    assert "Server" not in headers or not re.search(r"\d", headers["Server"])


def test_pages_come_packed_and_are_asked_for_again_unless_named_by_content(http: Client) -> None:
    page = http.get("/")
    assert page.headers["Content-Encoding"] == "gzip"
    assert page.headers["Cache-Control"] == "no-cache"
    bundle = re.search(r'src="(assets/javascripts/bundle\.[^"]+)"', page.text)
    assert bundle
    assert "immutable" in http.get(f"/{bundle[1]}").headers["Cache-Control"]
    assert http.get("/calls.ics").headers["Content-Type"].startswith("text/calendar")
    # With tokens and typed words on it, a packed page could be guessed from its size.
    assert "Content-Encoding" not in http.get("/apply/").headers


def test_what_is_not_there_is_said_in_the_language_of_the_address(http: Client) -> None:
    for path, language in {"/nowhere/": "en", "/ru/nowhere/": "ru", "/kk/nowhere/": "kk"}.items():
        assert f'<html lang="{language}"' in http.get(path).text


def test_http_leads_to_https(deployed: Deployment) -> None:
    for path in ("/", "/partners/?field=law"):
        answer = requests.get(deployed.plain + path, allow_redirects=False, timeout=20)
        assert (answer.status_code, answer.headers["Location"]) == (301, f"https://localhost{path}")


def test_two_hundred_readers_behind_one_address_are_served(http: Client) -> None:
    paths = itertools.islice(itertools.cycle(["/", "/apply/", "/apply/start", "/apply/link"]), 200)
    with ThreadPoolExecutor(20) as pool:
        found = Counter(pool.map(lambda path: http.get(path).status_code, paths))
    assert found == {200: 200}


def test_thirty_students_behind_one_address_begin_at_once(deployed: Deployment, book: Rulebook) -> None:
    def begin(_: int) -> str:
        return Student(deployed, book, Client(deployed)).begin()

    with ThreadPoolExecutor(30) as pool:
        links = set(pool.map(begin, range(30)))
    assert len(links) == 30


def test_a_flood_of_posts_is_held_off_and_readers_are_not(http: Client) -> None:
    def flood(_: int) -> int:
        return http.post("/apply/start", {"email": "a@example.kz"}).status_code

    with ThreadPoolExecutor(20) as pool:
        found = Counter(pool.map(flood, range(150)))
    assert found[400] >= 60  # came to the portal, which asks for a token
    assert found[429] >= 60
    assert http.get("/apply/").status_code == 200
    assert http.post("/apply/verify").status_code == 400


def test_as_many_pictures_as_one_form_takes_come_through(student: Student, tmp_path: Path) -> None:
    student.begin()
    picture = tmp_path / "photo.jpg"
    Image.effect_noise((2940, 2400), 100).save(picture, quality=95)
    count = MOST_TOGETHER // picture.stat().st_size
    assert count * picture.stat().st_size > 55_000_000
    files = [("file", (f"page {number}.jpg", picture.read_bytes())) for number in range(count)]
    answer = student.post("/apply/documents/passport", files=files)
    assert answer.status_code == 200 and f"page 0 +{count - 1}.pdf" in answer.text


def test_more_than_a_form_takes_is_refused_before_the_portal(student: Student) -> None:
    student.begin()
    answer = student.post("/apply/documents/passport", files={"file": ("big.pdf", b"0" * 70_000_000)})
    assert answer.status_code == 413


def over_tls(deployed: Deployment, host: str) -> ssl.SSLSocket:
    """A connection to the web server by a name."""
    line = socket.create_connection(("127.0.0.1", deployed.https_port), timeout=20)
    trusting = ssl.create_default_context(cafile=deployed.certificate)
    return trusting.wrap_socket(line, server_hostname=host)


def test_another_host_gets_no_answer(deployed: Deployment) -> None:
    plain = b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    with socket.create_connection(("127.0.0.1", deployed.http_port), timeout=20) as line:
        line.sendall(plain)
        assert line.recv(100) == b""
    with over_tls(deployed, "localhost") as line:
        line.sendall(plain)
        assert line.recv(100) == b""
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        over_tls(deployed, "evil.example")


def test_what_a_client_says_of_its_way_is_not_believed(student: Student, deployed: Deployment) -> None:
    student.http.headers.update(
        {
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "http",
            "X-Forwarded-For": "192.0.2.1",
        }
    )
    assert student.begin().startswith(f"{deployed.address}/apply/back/")


@pytest.mark.parametrize("running", [True, False])
def test_no_secret_is_in_a_log_even_while_the_portal_restarts(
    http: Client, deployed: Deployment, running: bool
) -> None:
    if not running:
        deployed.stop_portal()
    for path in (
        f"/apply/back/{SECRET}", f"//apply//back/{SECRET}", f"/apply/back/{SECRET}/more",
        f"/apply/sign-in/back?code={SECRET}&state={SECRET}",
    ):  # fmt: skip
        for server in (deployed.address, deployed.plain):
            http.get(server + path, allow_redirects=False)
        http.head(path)
        http.post(path, b"x" * 2_000_000)
    assert http.get("/apply/").status_code == (200 if running else 502)
    found = deployed.logs()
    assert SECRET not in found
    assert "GET /apply/back/*** " in found
    assert (
        "connect() failed" in found
    ) is not running  # of other pages the office can still see what is wrong
    if not running:
        deployed.start_portal()
        assert http.get("/apply/").status_code == 200


# Requests that begin and never end.
HEAD = b"GET /apply/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = b"POST /apply/verify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx"


def test_slow_connections_do_not_stop_others(http: Client, deployed: Deployment) -> None:
    with ExitStack() as lines:
        for part in [HEAD, BODY] * 120:
            lines.enter_context(over_tls(deployed, "localhost")).sendall(part)
        began = time.monotonic()
        assert http.get("/apply/").status_code == 200
        assert time.monotonic() - began < 2


def test_slow_connections_do_not_stop_the_portal_alone_either(deployed: Deployment) -> None:
    portal = ("127.0.0.1", deployed.portal_port)
    with ExitStack() as lines:
        for part in [HEAD, BODY] * 120:
            lines.enter_context(socket.create_connection(portal, timeout=20)).sendall(part)
        began = time.monotonic()
        assert requests.get("http://{}:{}/apply/".format(*portal), timeout=20).status_code == 200
        assert time.monotonic() - began < 2


def test_nobody_outside_sees_how_the_portal_is(http: Client) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/apply/metrics"):
        assert http.get(path).status_code == 404
