"""A student's first submission on a phone: from the partner's page to the receipt, with real files."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from mobility.applications import submissions
from mobility.catalogue.answer_text import date_text
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import CHECKOUT, Instance
from tests.helpers.browser_pages import begin, fill_section, picture
from tests.helpers.scans import Scans


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_partners_page_to_the_receipt(
    device: Callable[..., BrowserContext],
    book: Rulebook,
    kept: Instance,
    scans: Scans,
    invented: Callable[..., dict[str, Any]],
    javascript: bool,
) -> None:
    page = device(javascript=javascript).new_page()
    tag = "" if javascript else "-no-js"
    page.goto("/partners/warsaw-tech/")
    picture(page, f"journey{tag}-01-partner")
    page.get_by_role("link", name="Apply", exact=True).first.click()
    expect(page.get_by_role("heading", name="Warsaw University of Technology")).to_be_visible()
    expect(page.get_by_text("Rehearsal.")).to_be_visible()
    expect(page.get_by_text("shows an agreement between KBTU and this university")).to_be_visible()
    picture(page, f"journey{tag}-02-start")
    begin(page)
    link = page.get_by_label("Private link").input_value()
    picture(page, f"journey{tag}-03-tasks")

    given = invented(choice_1="warsaw-tech/exchange", choice_2="", gpa="2,80")
    for section in book.application.sections:
        if section is book.application.sections[0]:
            page.get_by_role("link", name=str(section.title), exact=True).click()
        expect(page.get_by_role("heading", name=str(section.title), exact=True)).to_be_visible()
        if section.id == "choices":
            assert page.locator('select[name="choice-1"]').input_value() == "warsaw-tech/exchange"
        fill_section(page, book, section.id, given)
        picture(page, f"journey{tag}-04-{section.id}")
        page.get_by_role("button", name="Save and go on").click()

    expect(page.get_by_role("heading", name="Your application", exact=True)).to_be_visible()
    page.get_by_role("link", name="Upload the documents").click()
    picture(page, f"journey{tag}-05-documents")
    files = {
        "application-form": scans.pdf("application.pdf", pages=2),
        "questionnaire": scans.pdf("questionnaire.pdf", pages=2),
        "passport": scans.picture("IMG_1234.jpg"),
        "transcript": scans.pdf("transcript.pdf", pages=3),
        "language-ielts": scans.picture("ielts.png"),
        "recommendation-1": scans.pdf("letter one.pdf", text="one"),
        "recommendation-2": scans.pdf("письмо.pdf", text="two"),
    }
    for slot, path in files.items():
        slot_part = page.locator(f"#slot-{slot}")
        slot_part.locator("input[type=file]").last.set_input_files(path)
        if not javascript:
            slot_part.get_by_role("button", name="Upload").click()
        expect(page.locator(f"#slot-{slot} .kept .file")).to_have_text(path.name)
    picture(page, f"journey{tag}-06-uploaded")

    page.get_by_role("link", name="Go on: check everything").click()
    expect(page.get_by_text("Below the selection criterion: GPA 2.80").first).to_be_visible()
    picture(page, f"journey{tag}-07-check")
    page.get_by_role("button", name="Submit the application").click()
    reference = page.locator(".reference").inner_text()
    assert re.fullmatch(r"R2027A-\d{4}", reference)
    picture(page, f"journey{tag}-08-receipt")

    (bag,) = submissions.find(kept, reference)
    for file in bag.record()["files"]:
        expect(page.get_by_text(file["sha256"])).to_be_visible()
    validator = [sys.executable, "-m", "bagit", "--validate", str(bag.folder)]
    assert subprocess.run(validator, capture_output=True, check=False).returncode == 0
    verify = [sys.executable, "-m", "mobility", "submissions", "--data", str(kept.root), "verify", reference]
    assert subprocess.run(verify, cwd=CHECKOUT.root, capture_output=True, check=False).returncode == 0

    page.get_by_role("button", name="Leave this browser").click()
    page.goto("/apply/receipt")
    expect(page.get_by_text(reference)).to_have_count(0)
    page.goto(link)
    page.get_by_role("button", name="Open it").click()
    expect(page.locator(".reference")).to_have_text(reference)
    assert "back" not in page.url


def test_keys_alone_begin_answer_and_reach_every_file(
    device: Callable[..., BrowserContext], book: Rulebook, invented: Callable[..., dict[str, Any]]
) -> None:
    page = device(width=1280).new_page()

    def to(target: Locator) -> None:
        for _ in range(60):
            if target.evaluate("one => one === document.activeElement"):
                break
            page.keyboard.press("Tab")
        expect(target).to_be_focused()
        seen = target.evaluate(
            "one => { const s = getComputedStyle(one); return s.outlineStyle + s.boxShadow }"
        )
        assert seen != "nonenone", "what has the focus can be seen"

    page.goto("/apply/start?programme=usm/exchange")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    to(page.get_by_label("Your e-mail address"))
    page.keyboard.type("sampleova-keys@example.kz")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your application", exact=True)).to_be_visible()
    section, given = book.application.sections[0], invented()
    to(page.get_by_role("link", name=section.title.to("en")))
    page.keyboard.press("Enter")
    for field in section.fields:
        value = given.get(field.id)
        if field.type == "choice":
            to(page.locator(f'input[name="{field.id}"]').first)
            page.keyboard.press("Space")
        elif value and field.type not in ("rows", "yes"):
            to(page.locator(f'[name="{field.id}"]'))
            page.keyboard.type(date_text(value) if field.type == "date" else value)
    to(page.get_by_role("button", name="Save and go on"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=book.application.sections[1].title.to("en"))).to_be_visible()
    page.goto("/apply/documents")
    for picker in page.locator("section.slot input[type=file]").all():
        to(picker)
