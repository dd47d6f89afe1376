"""Opening a private link in a browser: with one button, and without telling its secret to any other page."""

import pytest
from playwright.sync_api import Browser, expect

from mobility.catalogue.rulebook import Rulebook
from tests.helpers.accessibility import violations
from tests.helpers.browser_pages import picture
from tests.helpers.portal_server import Portal
from tests.helpers.student import AIGERIM, Student


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_link_opens_by_its_button_and_no_request_carries_it_on(
    chromium: Browser, portal: Portal, student: Student, javascript: bool
) -> None:
    link = student.begin(email=AIGERIM)
    secret = link.rsplit("/", 1)[1]
    phone = chromium.new_context(
        viewport={"width": 390, "height": 844}, base_url=portal.address, java_script_enabled=javascript
    )
    page = phone.new_page()
    told: list[str] = []
    page.on("request", lambda sent: told.extend((sent.url, sent.all_headers().get("referer", ""))))
    page.goto(link)
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("heading", name="Your application", exact=True)).to_be_visible()
    assert page.url == f"{portal.address}/apply/"
    assert [each for each in told if secret in each] == [link]
    phone.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_page_of_a_link_shuts_nobody_out(
    chromium: Browser, portal: Portal, book: Rulebook, width: int, language: str
) -> None:
    device = chromium.new_context(viewport={"width": width, "height": 844}, base_url=portal.address)
    page = device.new_page()
    page.goto(f"/apply/start?language={language}")
    page.locator("#email").fill("mine@example.kz")
    page.locator("form button.big").click()
    page.goto(Student(portal, book).begin(email=AIGERIM))
    expect(page.locator(".note.warn")).to_be_visible()
    picture(page, f"private-link-{width}-{language}")
    found = violations(page)
    device.close()
    assert found == []
