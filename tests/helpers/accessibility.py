"""The accessibility checker axe, run on a page in a browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """What the checker finds, a line each."""
    page.wait_for_load_state()  # a click returns when the next page comes, which may have no element yet
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {each['id']}: {each['nodes'][0]['target']}" for each in found]
