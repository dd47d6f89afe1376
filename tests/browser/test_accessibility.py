"""Every kind of page, and every state of the portal's pages, before an accessibility checker (axe)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from mobility.catalogue.rulebook import Rulebook
from tests.helpers.accessibility import violations
from tests.helpers.browser_pages import PAGES, begin
from tests.helpers.scans import Scans

Device = Callable[..., BrowserContext]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_site_shuts_anybody_out(device: Device, scheme: str) -> None:
    page = device(scheme=scheme).new_page()
    found = []
    for path in [*PAGES, "nowhere/"]:
        page.goto(f"/{path}")
        if "finder" in path:
            expect(page.locator("#om-count")).not_to_be_empty()
        found += violations(page, colours_alone=scheme == "dark")
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
