"""Signing in with the university's account in a browser, without JavaScript."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.helpers.accessibility import violations
from tests.helpers.browser_pages import ColorScheme, picture
from tests.helpers.openid_provider import PASSWORD, University
from tests.helpers.portal_server import Portal, running

pytestmark = pytest.mark.filterwarnings("ignore::idpyoidc.server.exception.OnlyForTestingWarning")


@pytest.fixture
def portal(tmp_path: Path, in_march: datetime.datetime, university: University) -> Iterator[Portal]:
    with running(tmp_path / "instance", in_march, sign_in=university.sign_in) as found:
        university.knows(found.address)
        yield found


def press_and_sign_in(page: Page, button: str) -> None:
    page.get_by_role("link", name="Sign in with KBTU account").click()
    page.get_by_label("Name").fill("aigerim")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=button).click()


def test_from_the_start_page_over_the_university_to_the_tasks(chromium: Browser, portal: Portal) -> None:
    phone = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False, base_url=portal.address
    )
    page = phone.new_page()
    page.goto("/apply/start?programme=usm/exchange")
    press_and_sign_in(page, "Cancel")
    expect(page.get_by_role("heading", name="You were not signed in")).to_be_visible()
    press_and_sign_in(page, "Sign in")
    expect(page.get_by_role("heading", name="Your application", exact=True)).to_be_visible()
    expect(page.get_by_text("Universiti Sains Malaysia").first).to_be_visible()
    assert page.url == f"{portal.address}/apply/"
    phone.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_signing_in_shut_nobody_out(
    chromium: Browser, portal: Portal, scheme: ColorScheme, width: int
) -> None:
    device = chromium.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, base_url=portal.address
    )
    page = device.new_page()
    found = []
    for path, name in {
        "start?programme=usm/exchange": "start",
        "link": "link",
        "sign-in/failed/refused": "refused",
        "sign-in/failed/down": "down",
    }.items():
        page.goto(f"/apply/{path}")
        picture(page, f"sign-in-{name}-{width}-{scheme}")
        found += violations(page)
    device.close()
    assert found == []
