"""`mobility serve` before a real browser: a save is seen without touching the page."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mobility.paths import CHECKOUT, Checkout
from tests.helpers.browser_pages import picture
from tests.helpers.sites import copy_of_the_checkout


@dataclass
class Running:
    """A started `mobility serve`."""

    checkout: Checkout
    address: str
    process: subprocess.Popen[str]
    errors: Path

    def edit(self, old: str, new: str) -> None:
        text = self.checkout.partners.read_text()
        assert old in text
        self.save(self.checkout.partners, text.replace(old, new))

    def save(self, path: Path, text: str) -> None:
        """In one step, as editors do: a file seen half-written is a change of its own."""
        beside = self.checkout.root / "being-saved"
        beside.write_text(text)
        beside.replace(path)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    checkout = copy_of_the_checkout(tmp_path_factory.mktemp("preview"))
    errors = checkout.root / "errors"
    with errors.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "mobility", "--root", str(checkout.root), "serve"],
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            cwd=CHECKOUT.root,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    assert process.stdout
    found = ""
    for line in process.stdout:
        found += line
        if "Ctrl-C" in line:
            break
    address = re.search(r"http://\S+/", found)
    assert address, errors.read_text()
    yield Running(checkout, address[0], process, errors)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert not checkout.site.exists()  # readers' site is no matter of the preview


@pytest.fixture(params=[390, 1280])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": request.param, "height": 844})
    yield context.new_page()
    context.close()


def test_a_saved_name_shows_by_itself_and_a_fault_with_its_line_until_it_is_mended(
    served: Running, page: Page
) -> None:
    page.goto(f"{served.address}partners/warsaw-tech/")
    title = page.get_by_role("heading", level=1)
    overlay = page.locator("#om-preview")
    expect(title).to_have_text("Warsaw University of Technology")
    expect(overlay).to_have_count(0)

    served.edit("en: Warsaw University of Technology", "en: Polytechnic of Warsaw")
    expect(title).to_have_text("Polytechnic of Warsaw")

    served.edit("    city: Warsaw\n", "    citty: Warsaw\n")
    line = served.checkout.partners.read_text().split("    citty:")[0].count("\n") + 1
    expect(overlay).to_contain_text(f"partners.yaml:{line}: ")
    expect(overlay).to_contain_text('did you mean "city"')
    expect(title).to_have_text("Polytechnic of Warsaw")
    assert f"partners.yaml:{line}: " in served.errors.read_text()
    assert page.viewport_size
    picture(page, f"preview-{page.viewport_size['width']}")
    page.goto(f"{served.address}ru/finder/")
    expect(overlay).to_contain_text(f"partners.yaml:{line}: ")

    served.edit("    citty: Warsaw\n", "    city: Warsaw\n")
    expect(overlay).to_have_count(0)
    page.goto(f"{served.address}partners/warsaw-tech/")
    served.edit("en: Polytechnic of Warsaw", "en: Warsaw University of Technology")
    expect(title).to_have_text("Warsaw University of Technology")


def test_a_changed_text_of_the_office_shows_by_itself(served: Running, page: Page) -> None:
    page.goto(f"{served.address}contact/")
    text = served.checkout.content / "pages" / "en" / "contact.md"
    before = text.read_text()
    served.save(text, f"{before}\n\nThe office is closed on Nauryz.\n")
    expect(page.get_by_text("The office is closed on Nauryz.")).to_be_visible(timeout=30_000)
    served.save(text, before)
    expect(page.get_by_text("The office is closed on Nauryz.")).to_have_count(0, timeout=30_000)


def test_finder_and_search_work_in_the_preview(served: Running, page: Page) -> None:
    page.goto(f"{served.address}finder/")
    expect(page.locator("#om-finder[data-ready]")).to_be_visible()
    page.goto(f"{served.address}nowhere/")
    expect(page.get_by_text("There is no such page")).to_be_visible()
    page.goto(f"{served.address}?q=warsaw")
    expect(page.locator(".md-search-result__link").first).to_contain_text("Warsaw", timeout=30_000)
