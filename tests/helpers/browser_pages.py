"""What tests do on pages in a browser: take a screenshot, begin an application, answer its questions."""

import secrets
from typing import Any, Literal

from playwright.sync_api import Page

from mobility.catalogue.answer_text import date_text
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import CHECKOUT

PICTURES = CHECKOUT.build / "pictures"


ColorScheme = Literal["light", "dark"]


def picture(page: Page, name: str) -> None:
    """Keeps a screenshot as build output, and fails where a page is wider than the screen."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state()  # a click returns when the next page begins to come
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    assert page.viewport_size
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{name} is {width} px wide"


def begin(page: Page) -> str:
    """Begins an application on the page that offers it, with an address of its own, which is given back."""
    email = f"sampleova-{secrets.token_hex(4)}@example.kz"
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Begin").click()
    return email


def fill_section(page: Page, book: Rulebook, section_id: str, given: dict[str, Any]) -> None:
    """Types the answers of a section as a person would."""
    section = next(s for s in book.application.sections if s.id == section_id)
    for field in section.fields:
        value = given.get(field.id)
        if not value or field.type == "rows":
            continue
        if field.type == "choice":
            page.check(f'input[name="{field.id}"][value="{value}"]')
        elif field.type == "yes":
            page.check(f'input[name="{field.id}"]')
        elif field.type in ("country", "language", "offer"):
            page.select_option(f'select[name="{field.id}"]', value)
        else:
            page.fill(f'[name="{field.id}"]', date_text(value) if field.type == "date" else value)


PAGES = [
    "", "finder/", "ru/", "kk/", "ru/finder/", "kk/finder/", "kk/criteria/", "ru/partners/dhbw-mosbach/",
    "partners/", "partners/dhbw-mosbach/", "programmes/warsaw-tech/exchange/", "countries/pl/",
    "criteria/", "documents/", "forms/", "calls/", "how-it-works/", "teaching-staff/", "questions/",
    "contact/", "map/", "kk/map/",
]  # fmt: skip
"""An address of every kind of page of the site."""
