"""Every kind of page, and every state of the portal's pages, before an accessibility checker (axe)."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from mobility.catalogue.rulebook import Rulebook
from tests.browser.conftest import begin
from tests.browser.test_site import PAGES
from tests.helpers.scans import Scans

Device = Callable[..., BrowserContext]


def violations(page: Page) -> list[str]:
    """What the checker finds, a line each."""
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {each['id']}: {each['nodes'][0]['target']}" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_site_shuts_anybody_out(device: Device, scheme: str) -> None:
    page = device(scheme=scheme).new_page()
    found = []
    for path in [*PAGES, "nowhere/"]:
        page.goto(f"/{path}")
        if "finder" in path:
            expect(page.locator("#om-count")).not_to_be_empty()
        found += violations(page)
    assert found == []


def test_no_page_or_state_of_the_portal_shuts_anybody_out(
    device: Device, book: Rulebook, scans: Scans
) -> None:
    page = device().new_page()
    page.goto("/apply/start?programme=usm/exchange")
    found = violations(page)
    begin(page)
    found += violations(page)
    for section in book.application.sections:
        page.goto(f"/apply/questions/{section.id}")
        found += violations(page)
        page.get_by_role("button", name="Save and go on").click()
        found += violations(page)
    page.goto("/apply/documents")
    found += violations(page)
    slot = page.locator("#slot-transcript")
    slot.locator("input[type=file]").set_input_files(scans.cut_pdf())
    expect(slot.locator(".fault")).to_be_visible()
    found += violations(page)
    slot.locator("input[type=file]").set_input_files(scans.pdf())
    expect(slot.locator(".kept")).to_be_visible()
    found += violations(page)
    for path in ("/apply/check", "/apply/start", "/apply/back/nothing", "/apply/nowhere", "/apply/left"):
        page.goto(path)
        found += violations(page)
    assert found == []
