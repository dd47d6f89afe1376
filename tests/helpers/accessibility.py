"""The accessibility checker axe, run on a page in a browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe whose verdict colours can change."""


def violations(page: Page, colours_alone: bool = False) -> list[str]:
    """What the checker finds, a line each. `colours_alone`: of a page that was checked in other colours."""
    page.wait_for_load_state()  # a click returns when the next page comes, which may have no element yet
    options = {"runOnly": {"type": "rule", "values": _OF_COLOURS}} if colours_alone else {}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{page.url}: {each['id']}: {each['nodes'][0]['target']}" for each in found]
