"""Beside its buttons the desk shows commands: each is there, and does its work as it is printed."""

import datetime
import html
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mobility.applications import drafts
from mobility.applications.bags import Bag
from mobility.cli.main import main
from mobility.office import actions, checks, outbox
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.commands import A_YEAR_ON, typed
from tests.helpers.mail_server import Mailbox, receiving
from tests.helpers.mails import a_mail
from tests.helpers.officer import Officer, signed_in
from tests.helpers.portal_server import Portal, running

TYPED = {
    "--message": "Page 2", "--until": A_YEAR_ON, "--reason": "was in hospital", "--note": "by mail",
    "--document": "transcript", "late": "late@example.kz",
}  # fmt: skip
"""What an officer types where a command has a gap, by the word before."""


def shown(officer: Officer, *pages: str) -> set[str]:
    """The commands that stand on some pages of the desk."""
    found = set()
    for page in pages:
        answer = officer.get(f"/office/{page}")
        assert answer.status_code == 200, page
        codes = [html.unescape(code) for code in re.findall(r"<code>([^<]+)</code>", answer.text)]
        here = {code for code in codes if code.startswith("scripts/mobility")}
        assert here, page
        found |= here
    return found


def every_command(portal: Portal, sent: Bag, desk: Desk) -> Iterator[str]:
    """All that the desk shows, from the first draft to the erasure of the call."""
    officer, one = signed_in(portal)[0], f"applications/{sent.reference}"
    drafts.start(desk.instance, sent.call, desk.now, {"email": "b@example.kz"}, "b@example.kz")
    outbox.spool(desk.instance, a_mail(), "gone@example.kz", sent.reference, desk.now)
    mailbox = Mailbox()
    mailbox.refused = {"gone@example.kz": "550 no such user"}
    with receiving(mailbox) as server:
        outbox.deliver(desk.instance, server, desk.now)
    yield from shown(officer, one)
    actions.ask_correction(desk, sent.reference, [], ["transcript"], "Page 2")
    yield from shown(officer, one, "applications", "drafts", "drafts?lacking=yes", "places", "mail")
    yield from shown(officer, "catalogue")
    nominated = {"outcome": "nominated", "programme": "usm/exchange", "seen": "0"}
    officer.post(f"/office/{one}/decide", nominated, at=f"/office/{one}")
    yield from shown(officer, "decisions")
    officer.post("/office/decisions/release", {"decision": [f"{sent.reference}/1"]}, at="/office/decisions")
    yield from shown(officer, one, "decisions", "hosts/usm")
    portal.now += datetime.timedelta(days=90)
    yield from shown(signed_in(portal, "Later Officer")[0], "keeping")


def filled(command: str, data: Path) -> list[str]:
    """The words of a command, with its gaps filled, on another data folder."""
    program, *words = shlex.split(command)
    assert program == "scripts/mobility"
    for number, word in enumerate(words):
        if word == "…":
            words[number] = TYPED[words[number - 1]]
        elif word == "--data":
            words[number + 1] = str(data)
    return words


def test_every_command_that_the_desk_shows_does_its_work_as_printed(
    portal: Portal, sent: Bag, desk_of: Callable[[], Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where sheets for hosts go
    kept, done = portal.settings.kept.root, {}
    for number, command in enumerate(every_command(portal, sent, desk_of())):
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(kept, copy, ignore=shutil.ignore_patterns("index.*"))
        result = CliRunner().invoke(main, filled(command, copy))
        done[command.replace(str(kept), "DATA")] = (result.exit_code, result.output[-300:])
        shutil.rmtree(copy)
    not_yet = "is not closed yet"  # by the real clock, which commands go by
    assert {command: says for command, (code, says) in done.items() if code and not_yet not in says} == {}
    verbs = {" ".join(re.sub(" --data DATA", "", command).split()[1:3]) for command in done}
    assert verbs >= {
        "check", "dossier 2027A-0001", "nominations usm", "office additional", "office ask",
        "office ask-again", "office check", "office decide", "office erase", "office host", "office late",
        "office mail", "office places", "office recall", "office release", "office remind",
        "office withdraw", "purge 2027-autumn",
    }  # fmt: skip


def test_a_rehearsals_commands_work_on_the_rehearsal(tmp_path: Path, in_march: datetime.datetime) -> None:
    with running(tmp_path / "instance", in_march, rehearsal=True) as portal:
        page = signed_in(portal)[0].get("/office/drafts").text
    assert f"scripts/mobility office --data {tmp_path}/instance --rehearsal late " in page


def test_a_document_is_noted_by_a_command(sent: Bag, kept: Instance) -> None:
    assert typed(kept, "office", "check", sent.reference, "transcript", "Page two is missing").exit_code == 0
    assert typed(kept, "office", "check", sent.reference, "passport", "ok").exit_code == 0
    found = checks.of(kept, sent.call, sent.reference).values()
    assert sorted((each.ok, each.note) for each in found) == [(False, "Page two is missing"), (True, "")]
    for ok in ("OK", " Ok. ", "ОК"):
        says = typed(kept, "office", "check", sent.reference, "transcript", ok)
        assert says.exit_code == 0 and "transcript: ok" in says.output
        assert {each.ok for each in checks.of(kept, sent.call, sent.reference).values()} == {True}, ok
        typed(kept, "office", "check", sent.reference, "transcript", "Page two is missing")
    for nothing in ("", " "):
        assert typed(kept, "office", "check", sent.reference, "transcript", nothing).exit_code == 2
    wrong = typed(kept, "office", "check", sent.reference, "transkript", "ok")
    assert wrong.exit_code == 1 and "has no such document" in wrong.output
