"""Addresses in the catalogue that do not answer any more, asked of a real server."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mobility.catalogue import link_check
from mobility.paths import CHECKOUT, Checkout
from tests.helpers.commands import mobility


class _Answers(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response({"/here": 200, "/shy": 405}.get(self.path, 404))
        self.end_headers()

    def do_GET(self) -> None:
        if self.path == "/garbled":
            self.wfile.write(b"no HTTP at all\r\n\r\n")
            return
        alive = ("/here", "/shy", "/no-head", "/a_(b)", "/%D0%B1%D0%B0%D0%BB%D0%BB?x=%D2%9B")
        self.send_response(200 if self.path in alive else 404)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Silent."""


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_dead_addresses_are_named_with_file_and_line(tmp_path: Path, server: str) -> None:
    pages = tmp_path / "content" / "pages" / "en"
    pages.mkdir(parents=True)
    (tmp_path / "partners.yaml").write_text(
        f"a: {server}/here\nb: {server}/gone\nc: {server}/shy\n# {server}/example\nd: 1  # {server}/example\n"
    )
    (tmp_path / "content" / "news.yaml").write_text(f"news: {server}/no-news#part\n")
    (pages / "index.md").write_text(f"# Head\n[x]({server}/gone-too) {server}/here. # 1 {server}/no-head\n")
    found = [
        (link.file, link.line, fault)
        for link, fault in link_check.broken_links(link_check.find_links(Checkout(tmp_path)))
    ]
    assert found == [
        ("partners.yaml", 2, "answers 404"),
        ("content/news.yaml", 1, "answers 404"),
        ("content/pages/en/index.md", 2, "answers 404"),
    ]


def test_an_address_is_asked_as_a_reader_would_and_no_answer_stops_the_others(
    tmp_path: Path, server: str
) -> None:
    silent = "http://127.0.0.1:1"
    written = [f"{server}/балл?x=қ", f"{server}/a_(b)", f"{server}/garbled", f"{silent}/", "http://[x"]
    (tmp_path / "partners.yaml").write_text("\n".join(f"a: {url}" for url in written), encoding="utf-8")
    found = [
        (link.line, fault)
        for link, fault in link_check.broken_links(link_check.find_links(Checkout(tmp_path)))
    ]
    assert [line for line, _ in found] == [3, 4, 5]
    assert found[0][1] == "cannot be reached: no HTTP at all"
    assert "refused" in found[1][1]
    assert "Invalid IPv6 URL" in found[2][1]


def test_the_commands_say_so_and_end_with_1_where_an_address_is_dead(tmp_path: Path, server: str) -> None:
    (tmp_path / "content" / "pages").mkdir(parents=True)
    (tmp_path / "partners.yaml").write_text(f"a: {server}/gone\n")
    run = mobility("links", root=tmp_path)
    assert run.returncode == 1
    assert f"partners.yaml:1: {server}/gone answers 404" in run.stdout
    assert mobility("stale", root=CHECKOUT.root).returncode == 0
