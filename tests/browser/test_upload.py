"""Uploads in a real browser: a broken line, a tab that was closed, pictures put in order."""

import datetime
import hashlib
from collections.abc import Callable

import pikepdf
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from mobility.applications import drafts, private_links
from mobility.applications.drafts import Draft
from mobility.paths import Instance
from tests.helpers.accessibility import violations
from tests.helpers.browser_pages import begin, picture
from tests.helpers.scans import Scans

Device = Callable[..., BrowserContext]


@pytest.fixture
def page(device: Device) -> Page:
    page = device().new_page()
    page.goto("/apply/start")
    begin(page)
    page.goto("/apply/documents")
    return page


def draft_with(kept: Instance, name: str) -> Draft:
    """The draft that keeps a file of that name."""
    return next(d for d in drafts.every(kept) if any(file.name == name for file in d.files))


def without_pieces(page: Page, after_the_first: bool = False) -> None:
    """The line lets no piece of a file through, or only the first."""

    def meet(route: Route) -> None:
        first = route.request.headers.get("upload-offset") == "0"
        if route.request.method == "PATCH" and not (first and after_the_first):
            route.abort()
        else:
            route.continue_()

    page.route("**/tus/*", meet)


def test_an_upload_survives_a_broken_line(page: Page, kept: Instance, scans: Scans) -> None:
    path = scans.pdf_of(3_000_000, "broken line.pdf")
    pieces = []

    def cut(route: Route) -> None:
        if route.request.method == "PATCH":
            pieces.append(route.request.headers["upload-offset"])
            if len(pieces) == 2:
                page.context.set_offline(True)
        route.continue_()

    page.route("**/tus/*", cut)
    slot = page.locator("#slot-transcript")
    slot.locator("input[type=file]").set_input_files(path)
    expect(slot.get_by_text("The line is broken")).to_be_visible()
    expect(slot.get_by_role("button", name="Stop")).to_be_visible()
    picture(page, "upload-1-broken-line")
    assert violations(page) == []
    page.context.set_offline(False)
    expect(slot.locator(".kept .file")).to_have_text(path.name)
    assert pieces[0] == "0" and "0" not in pieces[1:], "it began again instead of going on"
    (file,) = draft_with(kept, path.name).in_slot("transcript")
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_closed_tab_loses_nothing_that_was_sent(page: Page, kept: Instance, scans: Scans) -> None:
    path = scans.pdf_of(2_000_000, "closed tab.pdf")
    without_pieces(page, after_the_first=True)
    page.locator("#slot-transcript input[type=file]").set_input_files(path)
    expect(page.get_by_text("The line is broken")).to_be_visible()
    again = page.context.new_page()
    page.close()
    again.goto("/apply/documents")
    expect(again.get_by_text("closed tab.pdf stopped on its way")).to_be_visible()
    picture(again, "upload-2-stopped-on-its-way")
    assert violations(again) == []
    began: list[str] = []
    again.on("request", lambda request: began.append(request.method) if "/tus" in request.url else None)
    again.locator("#slot-transcript input[type=file]").set_input_files(path)
    expect(again.locator("#slot-transcript .kept .file")).to_have_text(path.name)
    assert "POST" not in began, "it began again instead of going on"
    (file,) = draft_with(kept, path.name).in_slot("transcript")
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_stopped_upload_leaves_the_old_file(page: Page, scans: Scans) -> None:
    slot = page.locator("#slot-transcript")
    slot.locator("input[type=file]").set_input_files(scans.pdf("old.pdf"))
    expect(slot.locator(".kept .file")).to_have_text("old.pdf")
    without_pieces(page)
    slot.get_by_text("Replace").first.click()
    slot.locator("input[type=file]").set_input_files(scans.pdf("new.pdf", pages=2))
    expect(slot.get_by_text("The line is broken")).to_be_visible()
    slot.get_by_role("button", name="Stop").click()
    expect(slot.locator(".kept .file")).to_have_text("old.pdf")
    expect(slot.get_by_role("button", name="Stop")).to_have_count(0)


def test_pictures_are_put_in_order_and_become_one_pdf(page: Page, kept: Instance, scans: Scans) -> None:
    paths = [scans.picture(f"page {n}.jpg", (400, 800)) for n in (1, 2)]
    paths.append(scans.picture("page 3.jpg", (800, 400)))
    page.evaluate("[delete Array.prototype.with, delete Array.prototype.toSpliced]")  # as before Safari 16
    slot = page.locator("#slot-passport")
    slot.locator("input[type=file]").set_input_files(paths)
    expect(slot.locator(".order .name")).to_have_text(["page 1.jpg", "page 2.jpg", "page 3.jpg"])
    slot.get_by_role("button", name="Up: page 3.jpg").press("Enter")
    slot.get_by_role("button", name="Up: page 3.jpg").press("Enter")
    slot.get_by_role("button", name="Leave out page 1.jpg").click()
    expect(slot.locator(".order .name")).to_have_text(["page 3.jpg", "page 2.jpg"])
    picture(page, "upload-3-order")
    assert violations(page) == []
    slot.get_by_role("button", name="Make one PDF of them").click()
    expect(slot.locator(".kept .file")).to_have_text("page 3 +1.pdf")
    draft = draft_with(kept, "page 3 +1.pdf")
    (file,) = draft.in_slot("passport")
    with pikepdf.open(draft.path(file)) as pdf:
        assert [float(p.mediabox[2]) > float(p.mediabox[3]) for p in pdf.pages] == [True, False]


def test_a_refused_file_is_told_beside_its_slot_and_another_is_taken(page: Page, scans: Scans) -> None:
    slot = page.locator("#slot-transcript")
    slot.locator("input[type=file]").set_input_files(scans.locked_pdf())
    expect(slot.locator(".fault")).to_contain_text("locked with a password")
    picture(page, "upload-4-refused")
    slot.locator("input[type=file]").set_input_files(scans.pdf("open again.pdf"))
    expect(slot.locator(".kept .file")).to_have_text("open again.pdf")
    expect(slot.locator(".fault")).to_have_count(0)


def test_who_was_put_out_meanwhile_is_told_so(device: Device, kept: Instance, scans: Scans) -> None:
    page = device().new_page()
    page.goto("/apply/start")
    email = begin(page)
    page.goto("/apply/documents")
    draft = next(draft for draft in drafts.every(kept) if draft.email == email)
    mailed = private_links.issue(kept, draft, datetime.datetime.now(datetime.UTC))
    phone = device().new_page()
    phone.goto(f"/apply/back/{mailed}")
    phone.locator("main form button").click()
    expect(phone.get_by_role("heading", name="Your application", exact=True)).to_be_visible()
    page.locator("#slot-passport input[type=file]").set_input_files(scans.pdf("too late.pdf"))
    expect(page.get_by_text("This browser is not in the application any more")).to_be_visible()
