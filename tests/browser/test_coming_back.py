"""A student comes back to an application: interrupted, asked for a correction, late, nominated. On a phone in
a real browser, with and without JavaScript, with an officer at the desk."""

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mobility.applications import bags, submissions
from mobility.applications.bags import Bag
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions
from mobility.office.desk import Desk
from tests.helpers.browser_pages import fill_section, picture
from tests.helpers.mails import links_in, mails
from tests.helpers.portal_server import Portal
from tests.helpers.scans import Scans
from tests.helpers.student import AIGERIM
from tests.helpers.told import tell

Phone = Callable[[], BrowserContext]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def phone(request: pytest.FixtureRequest, chromium: Browser, portal: Portal) -> Iterator[Phone]:
    """A phone that has never been here."""
    made: list[BrowserContext] = []

    def make() -> BrowserContext:
        screen = {"width": 390, "height": 844}
        context = chromium.new_context(
            viewport=screen, base_url=portal.address, java_script_enabled=request.param
        )
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


class Way:
    """What a student does on the pages of the portal."""

    def __init__(self, page: Page, book: Rulebook, scans: Scans):
        self.page, self.book, self.scans = page, book, scans

    def begin(self) -> None:
        self.page.goto("/apply/start?programme=usm/exchange")
        self.page.get_by_label("Your e-mail address").fill(AIGERIM)
        self.page.get_by_role("button", name="Begin").click()
        expect(self.page.get_by_role("heading", name="Your application", exact=True)).to_be_visible()

    def answer(self, given: dict[str, Any], *only: str) -> None:
        for section in self.book.application.sections:
            if not only or section.id in only:
                self.page.goto(f"/apply/questions/{section.id}")
                fill_section(self.page, self.book, section.id, given)
                self.page.get_by_role("button", name="Save and go on").click()

    def upload(self, *only: str) -> None:
        self.page.goto("/apply/documents")
        found = self.page.locator("section.slot").evaluate_all("all => all.map(one => one.id)")
        for slot in found:
            name = slot.removeprefix("slot-")
            if name != "certificates" and (not only or name in only):
                self.put(name, f"{name}.pdf")

    def put(self, slot: str, name: str) -> None:
        part = self.page.locator(f"#slot-{slot}")
        part.locator("input[type=file]").last.set_input_files(self.scans.pdf(name, pages=2, text=name))
        button = part.locator(".picker button").last
        if button.is_visible():
            button.click()
        expect(self.page.locator(f"#slot-{slot} .kept .file").last).to_have_text(name)

    def send(self) -> str:
        self.page.goto("/apply/check")
        self.page.get_by_role("button", name=re.compile("Submit the application|Send the correction")).click()
        expect(self.page.locator(".done-panel")).to_be_visible()
        return self.page.locator(".reference").inner_text()


def mailed_link(portal: Portal) -> str:
    """The link in the last mail that carries one."""
    return [link for mail in mails(portal.settings.kept) for link in links_in(mail)][-1]


def open_mailed_link(page: Page, portal: Portal) -> None:
    """Follows the link in the last mail, and presses its button."""
    page.goto(mailed_link(portal))
    page.get_by_role("button", name="Open it").click()


def faultless(page: Page) -> None:
    """Fails where the accessibility checker finds anything."""
    if page.evaluate("true"):
        found = Axe().run(page).response["violations"]
        assert [f"{each['id']}: {each['nodes'][0]['target']}" for each in found] == []


def test_an_interrupted_way_goes_on_from_the_mail_on_another_phone(
    phone: Phone, portal: Portal, book: Rulebook, scans: Scans, invented: Callable[..., dict[str, Any]]
) -> None:
    first = Way(phone().new_page(), book, scans)
    first.begin()
    first.answer(invented(choice_1="usm/exchange"), "about-you", "passport")
    first.upload("passport")
    first.page.goto("/apply/questions/studies")
    first.page.fill('[name="gpa"]', "5.0")
    first.page.get_by_role("button", name="Save and go on").click()
    first.page.context.close()

    second = Way(phone().new_page(), book, scans)
    second.page.goto("/apply/link")
    second.page.get_by_label("Your e-mail address").fill("nobody")
    second.page.get_by_role("button", name="Mail it").click()
    expect(second.page.locator("#error-summary")).to_be_visible()
    portal.now += datetime.timedelta(hours=1)
    second.page.get_by_label("Your e-mail address").fill(AIGERIM)
    second.page.get_by_role("button", name="Mail it").click()
    expect(second.page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    open_mailed_link(second.page, portal)
    assert "back" not in second.page.url
    studies = second.page.locator(".tasks > li", has_text="Your studies at KBTU")
    expect(studies.get_by_text("To finish")).to_be_visible()
    picture(second.page, "journeys-interrupted")
    second.page.goto("/apply/questions/studies")
    assert second.page.locator('[name="gpa"]').input_value() == "5.0"
    second.answer(invented(choice_1="usm/exchange"))
    second.page.goto("/apply/documents")
    expect(second.page.locator("#slot-passport .kept .file")).to_have_text("passport.pdf")
    second.upload()
    reference = second.send()
    second.page.goto("/apply/")
    expect(second.page.locator(".reference")).to_have_text(reference)


def test_a_corrected_way_opens_only_what_was_asked_for(
    phone: Phone,
    portal: Portal,
    desk_of: Callable[[], Desk],
    book: Rulebook,
    scans: Scans,
    sent: Bag,
) -> None:
    portal.now += datetime.timedelta(days=20)
    until = datetime.date(2027, 4, 20)
    actions.ask_correction(
        desk_of(), sent.reference, ["contact"], ["transcript"], "Page 2 is missing.", until
    )

    again = Way(phone().new_page(), book, scans)
    open_mailed_link(again.page, portal)
    expect(again.page.get_by_text("Page 2 is missing.")).to_be_visible()
    picture(again.page, "journeys-asked")
    again.page.get_by_role("button", name="Correct it").click()
    expect(again.page.locator(".tasks a")).to_have_count(2)
    again.page.get_by_role("link", name="How we reach you").click()
    again.page.fill('[name="phone"]', "nothing")
    again.page.get_by_role("button", name="Save and go on").click()
    expect(again.page.locator("#phone-fault")).to_be_visible()
    again.page.fill('[name="phone"]', "+77001112233")
    again.page.get_by_role("button", name="Save and go on").click()
    again.page.goto("/apply/documents")
    expect(again.page.locator("section.slot")).to_have_count(3)  # the phone stands in two signed forms
    again.page.locator("#slot-transcript").get_by_role("button", name="Remove").click()
    again.put("transcript", "both pages.pdf")
    again.page.get_by_role("link", name="Go on: check everything").click()
    expect(again.page.locator("a.change")).to_have_count(2)
    picture(again.page, "journeys-correction-check")
    assert again.send() == sent.reference
    first, second = submissions.find(portal.settings.kept, sent.reference)
    assert bags.verify(first) == [] and bags.verify(second) == []
    assert second.record()["answers"]["phone"] == "+77001112233"
    again.page.goto("/apply/status")
    expect(again.page.locator(".tasks").get_by_role("link", name="Receipt")).to_have_count(2)
    picture(again.page, "journeys-corrected")


def test_a_late_way_is_open_for_one_student(
    phone: Phone,
    portal: Portal,
    call: Call,
    desk_of: Callable[[], Desk],
    book: Rulebook,
    scans: Scans,
    invented: Callable[..., dict[str, Any]],
) -> None:
    way = Way(phone().new_page(), book, scans)
    way.begin()
    portal.now = call.closes + datetime.timedelta(minutes=10)
    way.page.goto("/apply/")
    expect(way.page.get_by_text("you can still submit to")).to_be_visible()
    portal.now = call.closes + datetime.timedelta(days=1)
    way.page.goto("/apply/documents")
    expect(way.page.get_by_text("opens on")).to_be_visible()
    expect(way.page.get_by_text("it can give you a late link")).to_be_visible()
    picture(way.page, "journeys-closed")
    actions.let_late(desk_of(), AIGERIM, call.id, datetime.date(2027, 4, 5), "was in hospital")
    open_mailed_link(way.page, portal)
    expect(way.page.get_by_text("By leave of the office")).to_be_visible()
    way.answer(invented(choice_1="usm/exchange"))
    way.upload()
    reference = way.send()
    (bag,) = submissions.find(portal.settings.kept, reference)
    assert "late, by leave of the office" in bag.record()["marks"]


def test_a_nominated_way_ends_with_a_place_and_all_documents(
    phone: Phone,
    portal: Portal,
    desk_of: Callable[[], Desk],
    book: Rulebook,
    scans: Scans,
    sent: Bag,
) -> None:
    tell(desk_of(), sent.reference, "nominated", answer_by=datetime.date(2027, 5, 1))
    way = Way(phone().new_page(), book, scans)
    open_mailed_link(way.page, portal)
    expect(way.page.get_by_text("You are nominated for Universiti Sains Malaysia")).to_be_visible()
    picture(way.page, "journeys-nominated")
    way.page.get_by_role("button", name="Send my answer").click()
    expect(way.page.get_by_text("Choose one of the two first.")).to_be_visible()
    way.page.get_by_label("Yes, I take it").check()
    way.page.get_by_role("button", name="Send my answer").click()
    expect(way.page.get_by_text("You took the place on")).to_be_visible()
    actions.open_additional(desk_of(), sent.reference, ["Health insurance"], "Before the summer, please.")
    way.page.goto("/apply/")
    way.page.get_by_role("button", name="Upload the documents").click()
    expect(way.page.get_by_role("button", name="Done: send them")).to_have_count(0)
    way.put("additional-health-insurance", "policy.pdf")
    way.page.goto("/apply/documents")
    picture(way.page, "journeys-additional")
    way.page.get_by_role("button", name="Done: send them").click()
    expect(way.page.get_by_role("heading", name="Your documents are received")).to_be_visible()
    assert [bag.version for bag in submissions.find(portal.settings.kept, sent.reference)] == [
        "v1",
        "additional-1",
    ]
    way.page.goto("/apply/withdraw")
    way.page.get_by_role("link", name="No, keep it").click()
    expect(way.page.get_by_text("You took the place on")).to_be_visible()


def test_no_page_after_the_submission_shuts_anybody_out(
    chromium: Browser,
    portal: Portal,
    desk_of: Callable[[], Desk],
    book: Rulebook,
    scans: Scans,
    invented: Callable[..., dict[str, Any]],
) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 700}, base_url=portal.address)
    way = Way(context.new_page(), book, scans)
    way.begin()
    faultless(way.page)
    way.answer(invented(choice_1="usm/exchange", gpa="2.8"))
    way.upload()
    for path in ("", "documents", "check", "erase", "address"):
        way.page.goto(f"/apply/{path}")
        faultless(way.page)
    reference = way.send()
    actions.ask_correction(
        desk_of(), reference, ["contact"], ["transcript"], "Page 2", datetime.date(2027, 4, 9)
    )
    tell(desk_of(), reference, "nominated", answer_by=datetime.date(2027, 5, 1))
    pages = ["receipt", "status", "withdraw", "erase", "link", "link/sent", "verify", "back/nothing"]
    for path in pages:
        way.page.goto(f"/apply/{path}")
        faultless(way.page)
        picture(way.page, f"after-{path.replace('/', '-')}-320")
    for path, button in (("link", "Mail it"), ("verify", "Verify"), ("address", "Use this address")):
        way.page.goto(f"/apply/{path}")
        way.page.locator("input[type=email]").fill("nobody") if path != "verify" else None
        way.page.get_by_role("button", name=button, exact=True).click()
        faultless(way.page)
    way.page.goto("/apply/status")
    way.page.get_by_role("button", name="Correct it").click()
    for path in ("", "questions/contact", "documents", "check"):
        way.page.goto(f"/apply/{path}")
        faultless(way.page)
        picture(way.page, f"round-{path.replace('/', '-')}-320")
    portal.now = datetime.datetime(2027, 4, 10, tzinfo=portal.now.tzinfo)
    way.page.goto("/apply/documents")
    faultless(way.page)
    way.page.goto("/apply/erase")
    way.page.get_by_role("button", name="Withdraw, and have it erased").click()
    faultless(way.page)
    way.page.goto("/apply/start")
    faultless(way.page)
    context.close()
