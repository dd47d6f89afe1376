"""The office's desk in a real browser: passkeys, a day without scripts, and pages that shut nobody out."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from mobility.applications import review
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import invented, outbox, staff
from mobility.office.desk import Desk
from mobility.paths import Instance
from portal.office import access
from scripts import invented_applications
from tests.helpers.accessibility import violations
from tests.helpers.follow_ups import until
from tests.helpers.mail_server import Mailbox, receiving
from tests.helpers.mails import a_mail
from tests.helpers.portal_server import Portal, running


@pytest.fixture(scope="module")
def full(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, call: Call, in_march: datetime.datetime
) -> Iterator[Portal]:
    """A rehearsal with twelve applications in all states, and two hundred that were received."""
    folder = tmp_path_factory.mktemp("full") / "instance"
    kept = Instance(folder).rehearsal
    opened = replace(call, opens=in_march - datetime.timedelta(days=3))
    invented.demonstrate(Desk(kept, book, "http://127.0.0.1/apply/", True, in_march), opened)
    invented_applications.submit(kept, book, call, 200)
    with running(folder, in_march, rehearsal=True) as portal:
        yield portal


def at_the_desk(browser: Browser, portal: Portal, width: int = 1280, scripts: bool = True) -> Page:
    device = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts, base_url=portal.address
    )
    page = device.new_page()
    page.goto(f"/office/rehearsal/{access.rehearsal_token(portal.settings.secret_key)}")
    page.get_by_role("button", name="Open the desk").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    return page


def test_a_passkey_is_set_up_by_a_mailed_link_and_lets_in_again(
    chromium: Browser, portal: Portal, in_march: datetime.datetime
) -> None:
    here = portal.address.replace("127.0.0.1", "localhost")  # passkeys are for domains
    context = portal.app.extensions["portal"]
    context.settings = replace(context.settings, address=f"{here}/apply/")
    kept = portal.settings.kept
    member = staff.add(kept, "Invented Officer", "officer@example.kz", "officer", in_march)
    secret = staff.invite(kept, member, in_march)
    page = chromium.new_context(base_url=here).new_page()
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    device |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page.goto(f"/office/setup/{secret}")
    page.get_by_role("button", name="Set up a passkey").click()
    expect(page.get_by_text("Invented Officer (officer)")).to_be_visible()
    page.goto(f"/office/setup/{secret}")
    expect(page.get_by_text("used already")).to_be_visible()
    page.goto("/office/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with your passkey").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    staff.leave(kept, member, in_march)
    staff.add(kept, "Another", "another@example.kz", "officer", in_march)
    page.goto("/office/")
    page.get_by_role("button", name="Sign in with your passkey").click()
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()


def test_an_officers_day_without_scripts(chromium: Browser, full: Portal, call: Call) -> None:
    page, kept = at_the_desk(chromium, full, scripts=False), full.settings.kept
    # The list: search, then an application with its documents.
    page.get_by_role("link", name="Received, to check").click()
    page.get_by_label("In the order of").select_option("gpa")
    page.get_by_role("button", name="Show").click()
    first = page.locator("tbody a").first
    reference = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", name=re.compile(reference))).to_be_visible()
    drawn = page.locator(".paper img").first
    drawn.scroll_into_view_if_needed()
    until(lambda: drawn.evaluate("image => image.complete && image.naturalWidth > 300"))
    page.get_by_role("button", name="Show it (who looks is recorded)").first.click()
    # A document is not in order, and that becomes the request.
    paper = page.locator(".paper").last
    paper.get_by_label("Not in order:").check()
    paper.get_by_label("What is wrong").fill("The second page is missing")
    page.get_by_role("button", name="Keep what I noted").click()
    expect(page.locator("#message")).to_contain_text("The second page is missing")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("Asked (correction-1)")).to_be_visible()
    # The next one is nominated; told, recalled, told again.
    page.get_by_role("link", name=re.compile("^Next: ")).click()
    page.locator("#decide").get_by_label("Nominated", exact=True).check()
    choices = page.get_by_label("For which choice").locator("option")
    page.get_by_label("For which choice").select_option(index=choices.count() - 1)
    page.get_by_role("button", name="Keep the decision").click()
    expect(page.get_by_text("Nobody is told before it is released", exact=False).first).to_be_visible()
    nominated = page.url.rsplit("/", 1)[1].partition("?")[0]
    page.get_by_role("link", name="Decisions").click()
    for row in page.locator("tbody tr").filter(has_not_text=nominated).all():
        row.get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Release").click()
    assert review.standing(kept, call.id, nominated).can_answer(full.now)
    page.get_by_role("button", name=f"Recall {nominated}").click()
    assert not review.standing(kept, call.id, nominated).can_answer(full.now)
    page.get_by_role("button", name="Release").click()
    assert any(mail.about == nominated for mail in outbox.waiting(kept))
    page.get_by_role("link", name="Places").click()
    expect(page.get_by_role("link", name=nominated)).to_be_visible()
    # Who has begun is reminded.
    page.get_by_role("link", name="Begun").click()
    page.get_by_label(re.compile("^Remind ")).first.check()
    page.get_by_role("button", name="Remind those who are ticked").click()
    expect(page.get_by_text("1 reminded.")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize(("width", "looked_at"), [(390, "ru"), (1280, "en")])
def test_the_desk_shuts_nobody_out(chromium: Browser, full: Portal, width: int, looked_at: str) -> None:
    page, kept = at_the_desk(chromium, full, width), full.settings.kept
    page.goto("/office/applications?state=received")
    reference = page.locator("tbody a").first.inner_text()
    page.goto("/office/places")
    host = re.findall('/office/(hosts/[^?"]+)', page.content())[0]
    newcomer = staff.add(kept, "Invented Officer", f"officer-{width}@example.kz", "officer", full.now)
    setup = f"setup/{staff.invite(kept, newcomer, full.now)}"
    outbox.spool(kept, a_mail(), "gone@example.kz", reference, full.now)
    refusing = Mailbox()
    refusing.refused = {"gone@example.kz": "550 no such user"}
    with receiving(refusing) as server:
        outbox.deliver(kept, server, full.now)
    found, one = [], f"applications/{reference}"
    for path in (
        "", "applications", one, "drafts", "places", host, "decisions", "keeping", "catalogue", "mail",
        "sign-in", setup, "setup/used", "nowhere",
    ):  # fmt: skip
        for language in ("en", "ru", "kk"):
            page.goto(f"/office/{path}?language={language}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, language)
            if language == looked_at:
                found += violations(page)
    page.goto("/office/catalogue?file=content/documents.yaml&language=ru")
    page.locator("#text").press("Control+End")
    page.locator("#text").press_sequentially("# typed\n")
    page.locator("input[name=based_on]").evaluate("field => { field.value = 'another' }")
    page.locator("#main form button.second").last.click()
    expect(page.locator(".difference")).to_be_visible()
    found += violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []
    page.context.close()


def test_keys_lead_from_one_application_to_the_next(chromium: Browser, full: Portal) -> None:
    page = at_the_desk(chromium, full)
    page.goto("/office/applications?order=name")
    one, other = page.locator("tbody a").all_inner_texts()[:2]
    page.get_by_role("link", name=one, exact=True).click()
    expect(page.get_by_role("heading", name=one)).to_be_visible()
    page.wait_for_load_state("domcontentloaded")  # by then the script listens
    page.keyboard.press("j")
    expect(page.get_by_role("heading", name=other)).to_be_visible()
    page.wait_for_load_state("domcontentloaded")
    # In a Russian layout the same key gives another letter.
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'л', code: 'KeyK', bubbles: true}))"
    )
    expect(page.get_by_role("heading", name=one)).to_be_visible()
    page.context.close()
