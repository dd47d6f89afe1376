"""The staff is told each morning and at once: once each, over restarts, in their language, and no names."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from mobility.applications import drafts, journal, review
from mobility.applications.bags import Bag
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Language
from mobility.office import actions, digest, outbox, staff
from mobility.office.desk import Desk
from mobility.office.outbox import Server
from mobility.office.staff import Told
from mobility.paths import CHECKOUT, Instance
from portal.background import Background
from portal.context import Context
from portal.settings import Settings
from tests.helpers.applications import Filled, Sealed
from tests.helpers.commands import mobility
from tests.helpers.follow_ups import until
from tests.helpers.mail_server import Mailbox, receiving
from tests.helpers.told import tell

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture
def desk(instance: Instance, book: Rulebook, in_march: datetime.datetime) -> Desk:
    """The office at half past twelve."""
    return Desk(instance, book, "https://mobility.example.kz/apply/", False, in_march)


def add(desk: Desk, name: str, told: Told = "daily", language: Language = "en") -> None:
    address = f"{name.lower()}@example.kz"
    staff.add(desk.instance, name, address, "officer", desk.now, told, language)


def mails(desk: Desk) -> dict[str, str]:
    """The mails to the staff that wait, by whom they go to."""
    found: dict[str, str] = {}
    for waits in outbox.waiting(desk.instance):
        if waits.to.startswith(("daily", "once", "never")):
            mail = outbox.message(desk.instance, waits)
            body = mail.get_body(("plain",))
            assert body
            name = waits.to.partition("@")[0]
            text = body.get_content().replace("\r", "")
            found[name] = f"{found.get(name, '')}{mail['Subject']}\n{text}"
            outbox.recall(desk.instance, waits.id)
    return found


@pytest.fixture
def nominated(desk: Desk, filled: Filled, seal: Sealed) -> Bag:
    """An application that was nominated before anybody was told of anything."""
    bag = seal(filled(choice_1="usm/exchange"))
    tell(desk, bag.reference, "nominated", "usm/exchange")
    for name, told in (("Daily", "daily"), ("Once", "at once"), ("Never", "never")):
        add(desk, name, told)  # type: ignore[arg-type]
    assert digest.write_due(desk) == 0, "what was before is not told"
    return bag


def test_the_morning_tells_what_changed_and_where_things_stand(desk: Desk, nominated: Bag) -> None:
    review.answer(desk.instance, nominated.call, nominated.reference, True, desk.now)
    seven, eight = (
        replace(desk, now=(desk.now + DAY).replace(hour=hour, minute=0, second=0)) for hour in (7, 8)
    )
    digest.write_due(seven)
    mails(desk)
    assert digest.write_due(eight) == 2
    told = mails(desk)
    assert set(told) == {"daily", "once"}
    assert "the desk on 16 March 2027" in told["daily"]
    assert f"- Places taken: 1 ({nominated.reference})" in told["daily"]
    assert "Applications for autumn 2027:\n- Place taken: 1" in told["daily"]
    assert "https://mobility.example.kz/office/" in told["daily"]
    assert "Sampleova" not in told["daily"] and "Applications received" not in told["daily"]
    assert digest.write_due(replace(eight, now=eight.now + HOUR)) == 0 and not mails(desk)


def test_what_cannot_wait_is_told_at_once_to_those_who_want_it(desk: Desk, nominated: Bag) -> None:
    actions.withdraw(desk, nominated.reference, "office")
    assert digest.write_due(desk) == 0, "the office knows what it does itself"
    journal.record(desk.instance, desk.now, "mail stuck", nominated.reference, mail="decision-1")
    actions.withdraw(desk, nominated.reference, "applicant", erase=True)
    assert digest.write_due(desk) == 2
    told = mails(desk)
    assert set(told) == {"once"}
    assert f"{nominated.reference}: A mail does not go" in told["once"]
    assert f"{nominated.reference}: The applicant asks to be erased" in told["once"]
    assert f"/office/applications/{nominated.reference}" in told["once"]
    assert digest.write_due(desk) == 0


def test_a_mail_to_the_staff_that_is_stuck_is_told_by_no_other(desk: Desk, nominated: Bag) -> None:
    actions.withdraw(desk, nominated.reference, "applicant")
    digest.write_due(desk)
    mailbox = Mailbox()
    mailbox.refused["once@example.kz"] = "550 unknown"
    with receiving(mailbox) as server:
        outbox.deliver(desk.instance, server, desk.now)
    assert [
        entry["mail"][:5] for entry in journal.entries(desk.instance) if entry["event"] == "mail stuck"
    ] == ["told-"]
    assert digest.write_due(desk) == 0


@pytest.mark.parametrize("delivered", [False, True])
def test_a_crash_before_it_is_noted_tells_nothing_twice(desk: Desk, nominated: Bag, delivered: bool) -> None:
    before = desk.instance.digest.read_text()
    actions.withdraw(desk, nominated.reference, "applicant")
    tomorrow = replace(desk, now=desk.now + DAY)
    mailbox = Mailbox()
    with receiving(mailbox) as server:
        digest.write_due(tomorrow)
        if delivered:
            outbox.deliver(desk.instance, server, tomorrow.now)
        desk.instance.digest.write_text(before)
        digest.write_due(tomorrow)
        outbox.deliver(desk.instance, server, tomorrow.now)
    to_staff = [mail["To"] for mail in mailbox.mails if "has withdrawn" in mail["Subject"]]
    mornings = [mail["To"] for mail in mailbox.mails if "the desk on" in mail["Subject"]]
    assert (to_staff, sorted(mornings)) == (["once@example.kz"], ["daily@example.kz", "once@example.kz"])


@pytest.mark.parametrize(("language", "says"), [("ru", "Места приняты: 1"), ("kk", "Орын қабылданды: 1")])
def test_each_is_told_in_their_language(desk: Desk, nominated: Bag, language: Language, says: str) -> None:
    staff.change_told(desk.instance, next(staff.every(desk.instance)), "daily", language)
    review.answer(desk.instance, nominated.call, nominated.reference, True, desk.now)
    digest.write_due(replace(desk, now=desk.now + DAY))
    assert says in mails(desk)["daily"]


def test_another_journal_after_a_restore_is_followed_from_its_end(desk: Desk, nominated: Bag) -> None:
    lines = desk.instance.journal.read_text().splitlines(keepends=True)
    desk.instance.journal.write_text("".join(lines[:2]))
    digest.write_due(desk)
    assert not mails(desk)
    journal.record(desk.instance, desk.now, "place declined", nominated.reference)
    assert digest.write_due(desk) == 1


def test_nothing_is_said_where_nothing_is(desk: Desk) -> None:
    add(desk, "Daily")
    digest.write_due(desk)
    assert digest.write_due(replace(desk, now=desk.now + DAY)) == 0


def test_the_portal_sends_it_once_a_day_over_restarts(
    tmp_path: Path, in_march: datetime.datetime, book: Rulebook
) -> None:
    kept, now = Instance(tmp_path / "instance"), [in_march]
    add(Desk(kept, book, "", False, in_march), "Daily")
    mailbox = Mailbox()

    def run(server: Server, whether: int) -> None:
        settings = Settings(
            CHECKOUT, kept, "secret", "http://localhost/apply/", (), lambda: now[0], mail=server
        )
        portal = Background(Context(settings))
        portal.start()
        until(lambda: kept.digest.exists() and now[0].date().isoformat() in kept.digest.read_text(), 20)
        until(lambda: len(mailbox.mails) >= whether, 20)
        portal.stop()

    with receiving(mailbox) as server:
        run(server, 0)
        drafts.start(kept, "2027-autumn", in_march, {}, "begun@example.kz")
        now[0] += DAY
        run(server, 1)
        run(server, 1)
    (mail,) = mailbox.mails
    assert mail["To"] == "daily@example.kz" and "Applications begun: 1" in mail.get_payload()


def test_staff_say_by_command_what_they_are_told(desk: Desk) -> None:
    add(desk, "Daily")

    def command(*words: str) -> tuple[int, str]:
        done = mobility("staff", "--data", str(desk.instance.root), *words)
        return done.returncode, done.stdout + done.stderr

    code, _ = command("tell", "daily@example.kz", "--told", "at-once", "--language", "kk")
    member = next(staff.every(desk.instance))
    assert (code, member.told, member.language) == (0, "at once", "kk")
    assert "told at once, kk" in command("list")[1]
    assert command("tell", "nobody@example.kz")[0] == 1
    assert command("tell", "daily@example.kz", "--told", "hourly")[0] == 2
