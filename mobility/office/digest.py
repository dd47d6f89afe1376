"""Mails to the staff: each morning what stands where and what changed, and at once what cannot wait.

Both follow the journal from where they have read it, which instance/digest.json keeps. A mail is named for
its day, or for the journal's line that it tells: one that a crash has written again takes its own place in
the outbox, and none that has gone is written again.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from email.message import EmailMessage
from functools import partial
from typing import Any

from mobility.applications import journal, lookup, search, versioned_files
from mobility.applications.journal import Position
from mobility.applications.summary import STATE_NAMES
from mobility.catalogue import calls
from mobility.catalogue.calls import Call
from mobility.i18n.languages import Language, Said, said
from mobility.office import keeping, outbox, staff
from mobility.office.desk import Desk, office_address
from mobility.office.staff import Member
from mobility.paths import Instance

DUE = datetime.time(8)
"""From when the digest of a day is written, in the institution's time zone."""
_OURS = ("digest-", "told-")
_MOST_NAMED = 20
_FOLLOWED = datetime.timedelta(days=400)
"""How long after its closing a call stands in the digest."""


@dataclass(frozen=True)
class _Change:
    """A kind of change: what several are called, by which events one is known, and what one is called that
    cannot wait; none where it can."""

    name: Said
    is_it: Callable[[dict[str, Any]], bool]
    urgent: Said | None = None


def _is(*events: str) -> Callable[[dict[str, Any]], bool]:
    return lambda entry: entry["event"] in events


def _sealed(version: str) -> Callable[[dict[str, Any]], bool]:
    return lambda entry: entry["event"] == "sealed" and bool(re.fullmatch(version, entry["version"]))


def _by_applicant(event: str) -> Callable[[dict[str, Any]], bool]:
    return lambda entry: entry["event"] == event and entry.get("by") == "applicant"


def _stuck(entry: dict[str, Any]) -> bool:
    # Not a mail of this module: each telling of it would be another that is stuck.
    return entry["event"] == "mail stuck" and not entry["mail"].startswith(_OURS)


_CHANGES = (
    _Change(said("Applications begun"), _is("begun")),
    _Change(said("Applications received"), _sealed("v1")),
    _Change(said("Corrections received"), _sealed("v([2-9]|[1-9][0-9]+)"), said("Correction received")),
    _Change(
        said("Additional documents received"),
        _sealed("additional-.*"),
        said("Additional documents have come"),
    ),
    _Change(said("Places taken"), _is("place taken"), said("The place is taken")),
    _Change(said("Places declined"), _is("place declined"), said("The place is declined")),
    _Change(
        said("Withdrawn by the applicant"), _by_applicant("withdrawn"), said("The applicant has withdrawn")
    ),
    _Change(
        said("Requests to erase"), _by_applicant("erasure asked for"), said("The applicant asks to be erased")
    ),
    _Change(said("Mail that does not go"), _stuck, said("A mail does not go")),
    _Change(said("Corrections and documents asked for"), _is("asked")),
    _Change(said("Decisions drafted"), _is("decided")),
    _Change(said("Decisions told"), _is("released")),
    _Change(said("Answers of hosts noted"), lambda entry: entry["event"].startswith("host: ")),
    _Change(said("Erased"), _is("erased")),
)


@dataclass(frozen=True)
class _Read:
    """How far the journal was told: `day`: of the last digest, ISO 8601; `daily`, `once`: as position."""

    day: str
    daily: Position
    once: Position


def write_due(desk: Desk) -> int:
    """Writes what is due to the staff; how many mails. Looks at the journal alone where nothing is."""
    today, instance = desk.now.date().isoformat(), desk.instance
    read = _read(instance)
    if read is None:
        if any(staff.every(instance)):  # what was before is not told
            here = _end(instance, Position())
            yesterday = (desk.now.date() - datetime.timedelta(days=1)).isoformat()
            _keep(instance, _Read(yesterday if desk.now.time() < DUE else today, here, here))
        return 0
    daily = desk.now.time() >= DUE and read.day < today
    size = instance.journal.stat().st_size if instance.journal.exists() else 0
    if not daily and size == read.once.offset:
        return 0
    mails, (news, here) = 0, _since(instance, read.once)
    for entry in news:
        change = _change_of(entry)
        if change and change.urgent:
            name = f"told-{entry['before'][:16]}"  # of the line before, which no other follows
            mails += _mail(desk, ("at once",), name, partial(at_once, desk, entry, change))
    read = replace(read, once=here)
    if daily:
        changes, end = _since(instance, read.daily)
        waits = _standing(desk)
        if changes or waits:
            told = partial(morning, desk, changes, waits)
            mails += _mail(desk, ("daily", "at once"), f"digest-{today}", told)
        read = replace(read, day=today, daily=end)
    _keep(instance, read)
    return mails


def morning(
    desk: Desk, changes: Iterable[dict[str, Any]], standing: Iterable[Said | str], member: Member
) -> EmailMessage:
    """The digest of a day in a member's language. `standing`: where things stand, a line each."""
    ours = desk.book.catalogue.institution.short_name
    subject = said(
        "%(university)s outgoing mobility: the desk on %(day)s", university=ours, day=desk.now.date()
    )
    told: list[Said] = []
    for change in _CHANGES:
        about = [entry["reference"] for entry in changes if _change_of(entry) is change]
        if about:
            told.append(said("- %(what)s: %(count)s", what=change.name, count=_counted(change, about)))
    lines: list[Said | str] = []
    if told:
        lines += [said("Since the last digest:"), *told, ""]
    return _written(desk, member.language, subject, [*lines, *standing])


def at_once(desk: Desk, entry: dict[str, Any], change: _Change, member: Member) -> EmailMessage:
    """What cannot wait, in a member's language."""
    reference, where = entry["reference"], office_address(desk)
    subject = said("%(reference)s: %(what)s", reference=reference, what=change.urgent)
    lines: list[Said | str] = [subject]
    if where and re.fullmatch("R?[0-9]{4}[AS]-[0-9]+", reference):
        lines += ["", f"{where}applications/{reference}"]
    return _written(desk, member.language, subject, lines)


def _standing(desk: Desk) -> list[Said | str]:
    """Where applications of the calls that are followed stand; stuck mail; what is to be erased."""
    rules, lines = desk.book.catalogue.calls, list[Said | str]()
    now_open = calls.open_call(rules, desk.now)
    known = {*lookup.calls(desk.instance), *([now_open.id] if now_open else [])}
    for call in (calls.by_id(rules, each) for each in sorted(known)):
        if desk.now < call.closes + _FOLLOWED:
            lines += _pipeline(desk, call)
        until = keeping.kept_until(desk, call)
        if until and desk.now.date() > until:
            lines += [said("%(call)s was to be kept until %(day)s: erase it.", call=call.name, day=until), ""]
    stuck = sum(1 for each in outbox.waiting(desk.instance) if each.error and not each.id.startswith(_OURS))
    if stuck:
        lines += [said("Mail that waits after a failure: %(count)s", count=stuck), ""]
    return lines


def _pipeline(desk: Desk, call: Call) -> list[Said | str]:
    counts = search.states(desk.instance, call.id)
    begun = lookup.begun(desk.instance, call.id, most=1)[1]
    found = [(said("Begun, not sent"), begun)] if begun else []
    found += [(name, counts[state]) for state, name in STATE_NAMES.items() if counts.get(state)]
    if not found:
        return []
    rows = [said("- %(what)s: %(count)s", what=name, count=count) for name, count in found]
    return [said("Applications for %(call)s:", call=call.name), *rows, ""]


def _counted(change: _Change, about: list[str]) -> str:
    """How many, and which where somebody has to look at them."""
    named = list(dict.fromkeys(about))
    if not change.urgent:
        return str(len(about))
    more = ", …" if len(named) > _MOST_NAMED else ""
    return f"{len(about)} ({', '.join(named[:_MOST_NAMED])}{more})"


def _change_of(entry: dict[str, Any]) -> _Change | None:
    return next((change for change in _CHANGES if change.is_it(entry)), None)


def _mail(desk: Desk, told: tuple[str, ...], name: str, written: Callable[[Member], EmailMessage]) -> int:
    """Writes a mail to each member who is told so, unless it has gone; how many."""
    mails = 0
    for member in staff.every(desk.instance):
        own = f"{name}-{member.id}"
        gone = any(entry.get("mail") == own for entry in search.history(desk.instance, member.id))
        if member.told in told and not gone:
            mail = written(member)
            outbox.spool(desk.instance, mail, member.address, member.id, desk.now, name=own)
            mails += 1
    return mails


def _written(desk: Desk, language: Language, subject: Said, lines: Iterable[Said | str]) -> EmailMessage:
    body = [line.to(language) if isinstance(line, Said) else line for line in lines]
    if where := office_address(desk):
        body += ["", said("The desk: %(address)s", address=where).to(language)]
    if desk.rehearsal:
        body = [said("REHEARSAL: nothing of this is an application.").to(language), "", *body]
    mail = EmailMessage()
    mail["Subject"] = ("[R] " if desk.rehearsal else "") + subject.to(language)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(re.sub(r"\n{3,}", "\n\n", "\n".join(body)) + "\n")
    return mail


def _since(instance: Instance, position: Position) -> tuple[list[dict[str, Any]], Position]:
    """The journal's lines after a position; where it is another journal, after a restore, none of it."""
    try:
        return journal.since(instance, position)
    except journal.Replaced:
        return [], _end(instance, Position())


def _end(instance: Instance, position: Position) -> Position:
    return journal.since(instance, position)[1]


def _read(instance: Instance) -> _Read | None:
    try:
        kept = versioned_files.read_json(instance.digest)
    except FileNotFoundError:
        return None
    return _Read(kept["day"], Position(**kept["daily"]), Position(**kept["once"]))


def _keep(instance: Instance, read: _Read) -> None:
    versioned_files.write_json(instance.digest, asdict(read))
