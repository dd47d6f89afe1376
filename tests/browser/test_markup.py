"""Every kind of page of the site and of the portal, in each language, before the Nu HTML checker."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext

from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import LANGUAGES
from mobility.paths import CHECKOUT
from scripts.nu import JAR
from tests.helpers.browser_pages import begin

Device = Callable[..., BrowserContext]


def faults(pages: list[Path]) -> str:
    """What the checker says of pages, a line each."""
    assert JAR.exists(), "scripts/test fetches the checker"
    java = shutil.which("java")
    assert java
    command = [java, "-Xss4m", "-jar", str(JAR), "--errors-only", "--exit-zero-always", "--format", "gnu"]
    run = subprocess.run([*command, *map(str, pages)], capture_output=True, text=True, check=True)
    return run.stderr


def test_the_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text('<!doctype html><html lang="en"><title>x</title><p id="a"><p id="a">')
    assert "Duplicate ID" in faults([page])


def test_no_page_of_the_site_breaks_the_standard(address: str) -> None:
    assert address  # whose start has built the site
    site = CHECKOUT.site.resolve()
    kinds = ("partners/*/", "programmes/*/*/", "countries/*/")
    pages = [
        *site.glob("*.html"),
        *site.glob("*/index.html"),
        *site.glob("??/*.html"),
        *site.glob("??/*/index.html"),
    ]
    for kind in kinds:
        for folder in ("", "ru/", "kk/"):
            pages += sorted(site.glob(f"{folder}{kind}index.html"))[:5]
    assert len(pages) > 75
    assert faults(pages) == ""


def test_no_page_of_the_portal_breaks_the_standard(device: Device, book: Rulebook, tmp_path: Path) -> None:
    context = device()
    page = context.new_page()
    page.goto("/apply/start?programme=usm/exchange")
    begin(page)
    sections = [f"questions/{section.id}" for section in book.application.sections]
    paths = ["", "start", *sections, "documents", "check", "back/nothing", "nowhere", "left"]
    pages = []
    for language in LANGUAGES:
        for number, path in enumerate(paths):
            page_file = tmp_path / f"{language}-{number}.html"
            page_file.write_text(context.request.get(f"/apply/{path}?language={language}").text())
            pages.append(page_file)
    assert faults(pages) == ""
