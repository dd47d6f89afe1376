"""What waits for others, at the desk: drafts by what they lack, reminders, mail that does not go, requests
that are not answered."""

import datetime
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from mobility.applications import drafts, journal, lookup, review
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.office import actions, outbox, progress, reminders
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.commands import A_YEAR_ON, typed
from tests.helpers.mail_server import Mailbox, receiving
from tests.helpers.mails import a_mail, mails
from tests.helpers.officer import Officer, signed_in
from tests.helpers.portal_server import Portal
from tests.helpers.told import tell


@pytest.fixture
def officer(portal: Portal) -> Officer:
    return signed_in(portal)[0]


def begun(desk: Desk, number: int) -> list[str]:
    """So many drafts, begun one after the other."""
    found = []
    for each in range(number):
        address = f"begun-{each}@example.kz"
        when = desk.now - datetime.timedelta(minutes=each)
        found.append(drafts.start(desk.instance, "2027-autumn", when, {"email": address}, address)[1].hash)
    progress.update(desk)
    return found


def reminded(kept: Instance) -> list[str]:
    return [entry["reference"] for entry in journal.entries(kept) if entry["event"] == "reminded"]


def test_the_counts_of_today_lead_to_lists_of_as_many(
    officer: Officer, desk_of: Callable[[], Desk], sent: Bag
) -> None:
    begun(desk_of(), 27)
    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "Page 2")
    page = officer.get("/office/?call=2027-autumn").text
    steps = re.findall(r'<li><a href="([^"]+)"><strong>(\d+)</strong>', page)
    assert len(steps) == 3
    for address, count in steps:
        listed = officer.get(address.replace("&amp;", "&")).text
        assert re.search(rf"\b{count} applications?\b", listed), address
        rows = len(re.findall("<tr>", listed)) - 1
        assert rows == min(int(count), 25) or (rows == -1 and count == "0"), address
    second = officer.get("/office/drafts?lacking=yes&page=2").text
    assert second.count('name="draft"') == 2, "27 of 25 a page"


def test_a_decision_that_is_not_told_leads_to_where_it_is_released(officer: Officer, sent: Bag) -> None:
    where = f"/office/applications/{sent.reference}"
    officer.post(f"{where}/decide", {"outcome": "not nominated", "seen": "0"}, at=where)
    page = officer.get("/office/").text
    assert re.search(r'href="/office/decisions\?call=2027-autumn"><strong>1</strong>', page)


def test_all_who_match_are_reminded_once_a_day_and_the_page_says_when(
    officer: Officer, portal: Portal, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    names = begun(desk_of(), 27)
    asked = {"call": "2027-autumn", "lacking": "yes"}
    for _ in "once", "twice":
        page = officer.post("/office/drafts/remind-all", asked, at="/office/drafts")
        assert page.url.endswith("lacking=yes") and "Remind all 27 who match" in page.text
        assert len(mails(kept)) == 27
    assert sorted(reminded(kept)) == sorted(name[:12] for name in names)
    assert officer.get("/office/drafts").text.count("never") == 0
    assert reminders.remind_all(desk_of(), "2027-autumn", lacking=False) == 0, "nobody is ready"
    later = replace(desk_of(), now=portal.now + datetime.timedelta(days=2))
    assert reminders.remind_all(later, "2027-autumn", most=2) == 2, "the day after"


def test_reminders_by_commands(kept: Instance) -> None:
    now = datetime.datetime.now(datetime.UTC)
    _, draft = drafts.start(kept, "2099-autumn", now, {"email": "a@example.kz"}, "a@example.kz")
    remind = ("office", "remind")
    assert "1 reminded" in typed(kept, *remind, "--call", "2099-autumn", "--lacking").output
    assert "0 reminded" in typed(kept, *remind, "--call", "2099-autumn").output
    assert "a mail is written" in typed(kept, *remind, draft.short_hash).output
    assert typed(kept, *remind).exit_code == 2
    assert lookup.begun(kept, "2099-autumn", lacking=False) == ([], 0)


def test_mail_that_does_not_go_is_tried_again_or_removed(
    officer: Officer, sent: Bag, kept: Instance, in_march: datetime.datetime
) -> None:
    mails(kept)
    for waits in list(outbox.waiting(kept)):
        outbox.recall(kept, waits.id)
    one = outbox.spool(kept, a_mail(), "gone@example.kz", sent.reference, in_march)
    other = outbox.spool(kept, a_mail(), "full@example.kz", sent.reference, in_march)
    mailbox = Mailbox()
    mailbox.refused = {"gone@example.kz": "550 no such user", "full@example.kz": "452 full"}
    with receiving(mailbox) as server:
        outbox.deliver(kept, server, in_march)
        assert re.search(r'href="/office/mail[^"]*"><strong>2</strong>', officer.get("/office/").text)
        page = officer.get("/office/mail").text
        assert page.count("recipient refused") == 2 and f"/office/applications/{sent.reference}" in page
        assert "example.kz" not in re.sub("(?s)<header.*?</header>|<footer.*", "", page), "by reference alone"
        mailbox.refused = {}
        officer.post("/office/mail", {"mail": one}, at="/office/mail")
        officer.post("/office/mail", {"mail": other, "remove": "yes"}, at="/office/mail")
        assert [waits.id for waits in outbox.waiting(kept)] == [one]
        assert outbox.deliver(kept, server, in_march) == 1
    assert "waits no more" in officer.post("/office/mail", {"mail": "../x"}, at="/office/mail").text
    done = [entry["event"] for entry in journal.entries(kept)]
    assert {"mail to be tried again", "mail removed"} <= set(done)
    assert typed(kept, "office", "mail", "--again", one).exit_code == 1


def test_a_request_that_is_not_answered_is_mailed_again(
    officer: Officer, sent: Bag, kept: Instance, portal: Portal, desk_of: Callable[[], Desk]
) -> None:
    where = f"/office/applications/{sent.reference}"
    actions.ask_correction(
        desk_of(), sent.reference, [], ["transcript"], "Page 2", datetime.date(2027, 3, 20)
    )
    before = len(mails(kept))
    page = officer.post(f"{where}/ask-again", {"round": "correction-1"}, at=where)
    assert "Asked (correction-1)" in page.text and len(mails(kept)) == before + 1
    assert "Page 2" in mails(kept)[-1] and "20 March 2027" in mails(kept)[-1]
    over = replace(desk_of(), now=portal.now + datetime.timedelta(days=9))
    with pytest.raises(NotPossible, match="the last day is over"):
        actions.ask_again(over, sent.reference)
    actions.ask_again(over, sent.reference, until=datetime.date(2027, 4, 2))
    assert "2 April 2027" in mails(kept)[-1]
    (asked,) = review.standing(kept, sent.call, sent.reference).rounds
    assert asked.in_time(over.now) and asked.id == "correction-1"
    assert [e["event"] for e in journal.entries(kept)].count("asked again") == 2
    assert "Write again" in officer.get(where).text
    command = typed(kept, "office", "ask-again", sent.reference, "--until", A_YEAR_ON)
    assert command.exit_code == 0 and "asked again (correction-1)" in command.output
    portal.now += datetime.timedelta(minutes=1)
    officer.post(f"{where}/decide", {"outcome": "not nominated", "seen": "0"}, at=where)
    assert "Write again" not in officer.get(where).text, "a decision ends it"
    with pytest.raises(NotPossible, match="no request waits"):
        actions.ask_again(desk_of(), sent.reference)


# Decisions that are told


def test_a_place_that_nobody_has_answered_in_time_stands_on_today(
    sent: Bag, portal: Portal, desk_of: Callable[[], Desk]
) -> None:
    portal.now = portal.now.replace(hour=23, minute=40)
    officer = signed_in(portal)[0]
    tell(desk_of(), sent.reference, "nominated", answer_by=portal.now.date())
    overdue = "Answer to the offered place overdue"
    assert overdue not in officer.get("/office/").text
    portal.now += datetime.timedelta(minutes=20)
    assert overdue in officer.get("/office/").text
    listed = officer.get("/office/applications?asked=unanswered").text
    assert sent.reference in listed and "15 March 2027, 23:59" in listed


def test_what_can_be_recalled_is_recalled_and_the_others_are_named(
    officer: Officer, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    tell(desk_of(), sent.reference, "not nominated")
    ticked = {"decision": ["2027A-9999/1", f"{sent.reference}/1"]}
    page = officer.post("/office/decisions/recall", ticked, at="/office/decisions").text
    assert "Recalled: it is not told any more." in page and "no application 2027A-9999" in page
    assert review.standing(kept, sent.call, sent.reference).told is None


def test_a_form_that_showed_an_earlier_version_decides_nothing(
    officer: Officer, sent: Bag, kept: Instance
) -> None:
    where = f"/office/applications/{sent.reference}"
    assert 'name="version" value="v1"' in officer.get(where).text
    assert f'value="{sent.reference}/0/v1"' in officer.get("/office/applications").text
    chosen = {"outcome": "not nominated", "seen": "0", "version": "v0"}
    assert "a correction has come" in officer.post(f"{where}/decide", chosen, at=where).text
    several = {"outcome": "not nominated", "decision": [f"{sent.reference}/0/v0"]}
    page = officer.post("/office/applications/decide", several, at="/office/applications").text
    assert "a correction has come" in page
    assert review.standing(kept, sent.call, sent.reference).drafted is None
