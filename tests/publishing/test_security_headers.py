"""The Content-Security-Policy of the site allows its own scripts and nothing else; no page needs more."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mobility.i18n.languages import LANGUAGES
from mobility.paths import Checkout
from mobility.publishing import security_headers
from tests.helpers.sites import build, copy_of_the_checkout


class Inline(HTMLParser):
    """What a page brings in itself: scripts that run, styles, handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.forbidden: list[str] = []
        self._within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._within = tag == "script" and "src" not in given and "json" not in (given.get("type") or "")
        if self._within:
            self.scripts.append("")
        if tag == "style":
            self.forbidden.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").startswith("javascript:"):
                self.forbidden.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag: str) -> None:
        self._within = self._within and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._within:
            self.scripts[-1] += data


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    found = copy_of_the_checkout(tmp_path_factory.mktemp("house"))
    build(found, languages=LANGUAGES)
    return found


def allowed(checkout: Checkout) -> set[str]:
    policy = security_headers.read(checkout.headers)["Content-Security-Policy"]
    return set(re.findall(r"'(sha256-[^']+)'", policy))


def test_every_inline_script_of_every_page_is_allowed_by_its_hash_and_no_other(checkout: Checkout) -> None:
    found = set()
    for page in checkout.site.resolve().rglob("*.html"):
        inline = Inline()
        inline.feed(page.read_text(encoding="utf-8"))
        assert inline.forbidden == [], page
        found |= {hashlib.sha256(script.encode()).digest() for script in inline.scripts}
    assert {"sha256-" + base64.b64encode(digest).decode() for digest in found} == allowed(checkout)
    assert len(found) <= 12


def test_the_policy_is_the_same_for_one_partner_more(checkout: Checkout, tmp_path: Path) -> None:
    more = copy_of_the_checkout(tmp_path)
    text = more.partners.read_text()
    head, tail = text.split("  - id: warsaw-tech\n")
    entry = "  - id: warsaw-tech\n" + tail.split("\n  - id: ")[0] + "\n"
    other = entry.replace("id: warsaw-tech", "id: another-one").replace("country: PL", "country: NO")
    other = re.sub("(?m)^    website: .*", "    website: https://another.example", other)
    more.partners.write_text(head + other + "  - id: warsaw-tech\n" + tail)
    build(more, languages=LANGUAGES)
    assert (more.site / "partners" / "another-one" / "index.html").is_file()
    assert security_headers.read(more.headers) == security_headers.read(checkout.headers)


def test_the_files_for_each_web_server_say_the_same(checkout: Checkout) -> None:
    headers = json.loads((checkout.headers / "headers.json").read_text())
    nginx = re.findall(r'add_header (\S+) "(.*)" always;', (checkout.headers / "nginx.conf").read_text())
    caddy = re.findall(r'header (\S+) "(.*)"', (checkout.headers / "Caddyfile").read_text())
    assert dict(nginx) == dict(caddy) == headers
    assert not checkout.headers.resolve().is_relative_to(checkout.site.resolve())


def test_a_site_from_before_there_were_headers_runs_no_script(tmp_path: Path) -> None:
    policy = security_headers.read(tmp_path)["Content-Security-Policy"]
    assert "script-src 'self';" in policy
