"""Site and portal behind the real nginx, in a browser that keeps to their Content-Security-Policy."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from mobility.i18n.languages import LANGUAGES
from tests.helpers import deployment, sites
from tests.helpers.browser_pages import begin
from tests.helpers.deployment import Deployment
from tests.helpers.scans import Scans

PAGES = [
    "/", "/finder/", "/map/", "/calls/", "/forms/", "/partners/", "/partners/warsaw-tech/", "/countries/pl/",
    "/programmes/warsaw-tech/exchange/", "/ru/", "/ru/finder/", "/kk/", "/nowhere/", "/ru/nowhere/",
    "/apply/", "/apply/start", "/apply/verify", "/apply/nowhere",
]  # fmt: skip


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, in_march: datetime.datetime) -> Iterator[Deployment]:
    checkout = sites.copy_of_the_checkout(tmp_path_factory.mktemp("house"))
    sites.build(checkout, in_march, LANGUAGES)
    folder: Path = tmp_path_factory.mktemp("deployed")
    with deployment.behind_nginx(folder, checkout, in_march) as found:
        yield found


@pytest.fixture
def desktop(chromium: Browser, deployed: Deployment) -> Iterator[BrowserContext]:
    """A browser window; the test fails where a page breaks its policy, or a script of it fails."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 844}, base_url=deployed.address, ignore_https_errors=True
    )
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        missing = "404" in message.text and "nowhere" in message.location["url"]
        if message.type in ("error", "warning") and not missing:
            complaints.append(f"{message.location['url']}: {message.text}")

    context.on("console", hear)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    context.close()
    assert complaints == []


@pytest.fixture
def page(desktop: BrowserContext, deployed: Deployment) -> Page:
    found = desktop.new_page()
    # The calls of the site are counted down by the browser's clock.
    found.clock.set_fixed_time(deployed.settings.clock())
    return found


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_to_its_policy(page: Page, path: str) -> None:
    page.goto(path, wait_until="networkidle")
    expect(page.locator("h1").first).to_be_visible()


def test_the_palette_is_chosen_and_kept(page: Page) -> None:
    page.goto("/")
    body = page.locator("body")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    page.locator("label[title='Dark']:visible").click()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    page.goto("/partners/")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")


def test_search_finds_a_partner(page: Page) -> None:
    page.goto("/partners/")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("landshut")
    expect(page.locator(".md-search-result__link").first).to_contain_text("Landshut")


def test_the_finder_finds_and_the_map_lights_up(page: Page) -> None:
    page.goto("/finder/?country=PL")
    expect(page.locator("#om-count")).to_contain_text("Programmes")
    expect(page.locator("#om-results")).to_contain_text("Warsaw")
    page.goto("/map/")
    plain = page.evaluate("getComputedStyle(document.querySelector('.om-mark.om-to-pl circle')).fill")
    page.locator(".om-countries .om-to-pl").hover()
    page.wait_for_function(
        "plain => getComputedStyle(document.querySelector('.om-mark.om-to-pl circle')).fill !== plain",
        arg=plain,
    )


def test_an_open_call_is_counted_down(page: Page) -> None:
    page.goto("/")
    expect(page.locator("[data-left]:visible").first).to_contain_text("16")


def test_an_application_begins_and_takes_a_file_in_pieces(page: Page, scans: Scans) -> None:
    page.goto("/apply/start")
    begin(page)
    page.goto("/apply/documents")
    scan = scans.pdf("passport.pdf")
    page.locator("#slot-passport input[type=file]").set_input_files(scan)
    expect(page.locator("#slot-passport")).to_contain_text(scan.name)
