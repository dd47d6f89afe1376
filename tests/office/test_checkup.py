"""What `mobility doctor` finds: each fault is made for real, and named with what to do."""

import datetime
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mobility import storage
from mobility.applications import journal
from mobility.catalogue.rulebook import Rulebook
from mobility.office import backup, checkup, outbox, surroundings, tasks
from mobility.office.checkup import Finding
from mobility.paths import CHECKOUT, Instance
from tests.helpers.applications import Filled, Sealed
from tests.helpers.commands import mobility
from tests.helpers.deployment import free_ports
from tests.helpers.mails import a_mail

Look = Callable[[], list[Finding]]


@pytest.fixture
def look(
    instance: Instance, filled: Filled, seal: Sealed, book: Rulebook, in_march: datetime.datetime
) -> Look:
    """What is wrong with an instance in which one application was sent."""
    seal(filled())
    os.utime(instance.root)
    return lambda: [
        found for found in checkup.of_instance(instance, book, in_march) if not found.good and found.do
    ]


def says(found: list[Finding]) -> str:
    return "\n".join(each.says for each in found)


def test_of_an_instance_that_is_well_nothing_is_said(look: Look) -> None:
    assert look() == []


def test_what_others_may_read_is_named(look: Look, instance: Instance) -> None:
    instance.receipt_key.chmod(0o644)
    assert says(look()) == "Others on this machine may look into receipt-key.pem"


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_what_another_owns_is_named(look: Look, instance: Instance) -> None:
    os.chown(instance.journal, 12345, -1)
    assert "owns journal.jsonl" in says(look())


def test_a_lost_or_broken_receipt_key_is_named(look: Look, instance: Instance) -> None:
    instance.receipt_key.write_text("rot")
    assert "cannot be read" in says(look())
    instance.receipt_key.unlink()
    assert "is gone" in says(look())


def test_a_clock_that_went_back_is_seen_by_the_journal(
    look: Look, instance: Instance, in_march: datetime.datetime
) -> None:
    journal.record(instance, in_march + datetime.timedelta(days=3), "begun", "0123")
    assert "The clock says 2027-03-15 12:30, and the journal goes to 2027-03-18 12:30" in says(look())


def test_a_changed_journal_is_named(look: Look, instance: Instance) -> None:
    text = instance.journal.read_text()
    instance.journal.write_text(text.replace('"begun"', '"began"'))
    assert "at 1 lines, the first is 2" in says(look())


def test_bags_that_the_journal_does_not_name_are_named(look: Look, instance: Instance) -> None:
    instance.journal.write_text("")
    assert says(look()) == "The journal does not name 1 of 1 bags: 2027A-0001 v1"


def test_mail_and_tasks_that_are_given_up_are_named(
    look: Look, instance: Instance, in_march: datetime.datetime
) -> None:
    name = outbox.spool(instance, a_mail(), "aigerim@example.kz", "2027A-0001", in_march)
    note = instance.outbox / f"{name}.json"
    storage.write(note, json.dumps({**json.loads(note.read_text()), "next": None, "error": "refused: 550"}))
    tasks.add(instance, "mail link", in_march, draft="nobody")
    (task,) = tasks.waiting(instance)
    given_up = replace(task, next=None)
    storage.write(instance.tasks / f"{task.id}.json", json.dumps(given_up.__dict__))
    found = says(look())
    assert "1 mails are not tried any more, the last as: refused: 550" in found
    assert "1 tasks that follow answers failed for good: 1 × mail link" in found
    assert "aigerim" not in found


def test_mail_that_waits_long_is_named(look: Look, instance: Instance, in_march: datetime.datetime) -> None:
    name = outbox.spool(instance, a_mail(), "aigerim@example.kz", "2027A-0001", in_march)
    assert look() == []
    os.utime(instance.outbox / f"{name}.eml", (0, 0))
    assert "1 mails wait, some for over an hour" in says(look())


@pytest.mark.usefixtures("look")
def test_agreements_that_end_before_studies_are_named(
    instance: Instance, book: Rulebook, in_march: datetime.datetime
) -> None:
    partner = next(iter(book.catalogue.offers())).partner
    ending = partner.agreement.model_copy(update={"valid_until": datetime.date(2027, 6, 30)})
    changed = partner.model_copy(update={"agreement": ending})
    partners = [changed if each is partner else each for each in book.catalogue.partners]
    edited = replace(book, catalogue=book.catalogue.model_copy(update={"partners": tuple(partners)}))
    wrong = [each for each in checkup.of_instance(instance, edited, in_march) if not each.good]
    assert says(wrong) == f"Agreements end before studies of autumn 2027 begin: {partner.name}"


@pytest.mark.usefixtures("look")
def test_a_backup_that_is_old_or_missing_is_named(
    instance: Instance, tmp_path: Path, in_march: datetime.datetime
) -> None:
    place = tmp_path / "backups"
    assert not checkup.of_backups(place, in_march).good
    backup.write(instance, place, in_march)
    assert checkup.of_backups(place, in_march + datetime.timedelta(days=1)).good
    assert not checkup.of_backups(place, in_march + datetime.timedelta(days=3)).good


def test_servers_that_do_not_answer_are_named() -> None:
    (nobody,) = free_ports(1)
    found = surroundings.of_settings(
        {
            "MOBILITY_SECRET_KEY": "short",
            "MOBILITY_SMTP": f"smtp://127.0.0.1:{nobody}",
            "MOBILITY_MAIL_FROM": "icd@example.kz",
            "MOBILITY_REDIS": f"redis://127.0.0.1:{nobody}/0",
            "MOBILITY_CLAMD": f"tcp://127.0.0.1:{nobody}",
        }
    )
    assert [each.good for each in found] == [False] * 4
    (unreachable,) = surroundings.of_address(f"https://127.0.0.1:{nobody}/apply/")
    assert not unreachable.good


def test_libraries_that_are_not_as_locked_are_named(tmp_path: Path) -> None:
    text = (CHECKOUT.root / "requirements.txt").read_text()
    (tmp_path / "requirements.txt").write_text(text.replace("click==", "click==0.", 1))
    assert "click is " in says([each for each in surroundings.of_machine(tmp_path) if not each.good])


@pytest.mark.usefixtures("look")
def test_the_command_says_what_to_do_and_changes_nothing(instance: Instance) -> None:
    before = {path: path.stat().st_mtime_ns for path in instance.root.rglob("*") if "index" not in path.name}
    instance.receipt_key.chmod(0o644)
    run = mobility("doctor", "--offline", "--data", str(instance.root))
    assert run.returncode == 1
    assert "WRONG  Others on this machine" in run.stdout and "→ chmod -R go= " in run.stdout
    found = json.loads(mobility("doctor", "--offline", "--json", "--data", str(instance.root)).stdout)
    assert {"good", "says", "do"} == set(found[0])
    after = {path: path.stat().st_mtime_ns for path in instance.root.rglob("*") if "index" not in path.name}
    assert after == before
