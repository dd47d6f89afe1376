"""Checks an instance and says in plain words what is wrong and what to do: disk, rights, keys, clock, index,
mail and tasks that wait, backups, agreements. Changes nothing."""

import datetime
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mobility import storage
from mobility.applications import (
    data_format,
    drafts,
    index,
    journal,
    receipts,
    review,
    submissions,
)
from mobility.applications.review import Unreadable
from mobility.applications.versioned_files import UNREADABLE
from mobility.catalogue import calls
from mobility.catalogue.rulebook import Rulebook
from mobility.office import backlog, backup, checks, outbox, staff, tasks
from mobility.paths import Instance

_PLENTY = 10 * storage.ROOM_TO_KEEP
_FEW_FILES = 10_000
_DIFFERENCE = datetime.timedelta(minutes=2)
_LATE_MAIL = 3600
_OLD_BACKUP = datetime.timedelta(days=2)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is as it should be, what is so, and where not what to do."""

    good: bool
    says: str
    do: str = ""


def of_instance(instance: Instance, book: Rulebook, now: datetime.datetime) -> Iterator[Finding]:
    """What is found of a data folder, and of what the office edits."""
    if not instance.root.is_dir():
        yield Finding(
            False,
            f"There is no data folder {instance.root}",
            "Name it by --data, or start the portal.",
        )
        return
    yield from _rights(instance)
    yield from _disk(instance)
    yield from _receipt_key(instance)
    yield from _journal(instance, now)
    yield from _index(instance)
    yield from _unreadable(instance)
    yield from _waiting(instance)
    yield from _agreements(book, now)


def of_backups(target: Path, now: datetime.datetime) -> Finding:
    """Whether there is a backup of these days."""
    last = backup.newest(target)
    if last is None:
        return Finding(False, f"No backup in {target}", f"Make one each night: mobility backup {target}")
    made = datetime.datetime.strptime(last.name, "%Y%m%dT%H%M%S").replace(tzinfo=now.tzinfo)
    if now - made > _OLD_BACKUP:
        return Finding(False, f"The last backup is of {made.date()}", "See why the nightly one is not made.")
    return Finding(True, f"The last backup is of {_minute(made)}")


def _rights(instance: Instance) -> Iterator[Finding]:
    places = [instance.root, *sorted(instance.root.iterdir())]
    owner = instance.root.stat().st_uid
    open_ones = [path for path in places if stat.S_IMODE(path.lstat().st_mode) & 0o077]
    foreign = [path for path in places if path.lstat().st_uid != owner]
    if open_ones:
        yield Finding(
            False,
            f"Others on this machine may look into {_names(open_ones)}",
            f"chmod -R go= {instance.root}",
        )
    if foreign:
        yield Finding(
            False,
            f"Another than its owner owns {_names(foreign)}, which the portal may not write",
            f"chown -R --reference={instance.root} {instance.root}",
        )
    if os.statvfs(instance.root).f_flag & os.ST_RDONLY or not os.access(instance.root, os.W_OK):
        yield Finding(
            False,
            f"{instance.root} cannot be written",
            "See `mount`; a disk with faults is mounted read-only: dmesg says so.",
        )
    elif not open_ones and not foreign:
        yield Finding(True, "The data folder can be written by its owner, and read by nobody else")


def _disk(instance: Instance) -> Iterator[Finding]:
    found, disk = backlog.of(instance), os.statvfs(instance.root)
    room = f"{found.free / 1e9:.1f} of {found.size / 1e9:.1f} GB are free"
    if found.free < storage.ROOM_TO_KEEP:
        yield Finding(False, f"{room}: no files are taken", "Make room at once, or give it a larger disk.")
    elif found.free < _PLENTY:
        yield Finding(False, f"{room}: files are taken, but not for long", "Make room before the call's end.")
    else:
        yield Finding(True, room)
    if disk.f_files and disk.f_favail < _FEW_FILES:
        yield Finding(
            False, f"The disk has room for {disk.f_favail} more files only", "Use one made for more files."
        )


def _receipt_key(instance: Instance) -> Iterator[Finding]:
    try:
        key = receipts.public_key(instance)
    except (OSError, ValueError) as error:
        yield Finding(
            False,
            f"The key that signs receipts cannot be read: {type(error).__name__}",
            f"Take {instance.receipt_key.name} from the last backup.",
        )
        return
    if key:
        yield Finding(True, "The key that signs receipts is there")
    elif any(submissions.every(instance)):
        yield Finding(
            False,
            "The key that signs receipts is gone: new receipts get another, old ones are unknown",
            f"Take {instance.receipt_key.name} from the last backup.",
        )
    else:
        yield Finding(True, "No receipt was signed yet; the first one makes the key")


def _journal(instance: Instance, now: datetime.datetime) -> Iterator[Finding]:
    last = _last_time(instance)
    if last and last - now > _DIFFERENCE:
        yield Finding(
            False,
            f"The clock says {_minute(now)}, and the journal goes to {_minute(last.astimezone(now.tzinfo))}",
            "Set the clock right (timedatectl set-ntp true): calls open and close by it.",
        )
    else:
        yield Finding(True, f"The clock says {_minute(now)}, and the journal agrees")
    if broken := journal.breaks(instance):
        yield Finding(
            False,
            f"The journal does not follow from itself at {len(broken)} lines, the first is {broken[0]}",
            "Somebody changed it, or the disk lost lines: compare it with a backup.",
        )
    sealed, found = submissions.journalled(instance), list(submissions.every(instance))
    if unnamed := [bag for bag in found if (bag.reference, bag.version) not in sealed]:
        names = ", ".join(f"{bag.reference} {bag.version}" for bag in unnamed[:20])
        yield Finding(
            False,
            f"The journal does not name {len(unnamed)} of {len(found)} bags: {names}",
            "Lines of it are gone, or somebody put the bags there: compare it with a backup.",
        )


def _last_time(instance: Instance) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(json.loads(storage.tail(instance.journal))["at"])
    except (ValueError, KeyError, TypeError):
        return None


def _index(instance: Instance) -> Iterator[Finding]:
    behind = index.behind(instance)
    if behind is None:
        yield Finding(True, "There is no index on this host yet; the portal makes it")
    elif behind > 1_000_000:
        yield Finding(
            False,
            f"The index has not read the last {behind / 1e6:.0f} MB of the journal",
            f"Is the portal running? If it is, delete {instance.index}: it is made again.",
        )
    else:
        yield Finding(True, "The index follows the journal")


def _unreadable(instance: Instance) -> Iterator[Finding]:
    """Drafts, bags, reviews, mail and tasks that cannot be read, each by its name: they are passed over in
    lists, and stay where they are."""
    faults = []
    for kind, paths, read in (
        ("draft", instance.drafts.glob("[!.]*"), drafts.read),
        ("task", instance.tasks.glob("[!.]*.json"), tasks.read),
        ("mail", instance.outbox.glob("[!.]*.json"), outbox.read),
        ("member of the staff", instance.staff.glob("[!.]*.yaml"), staff.read),
    ):
        for path in sorted(paths):
            try:
                read(path)
            except FileNotFoundError:  # gone meanwhile, or half made by a crash
                continue
            except UNREADABLE as error:
                faults.append(f"{kind} {path.name[:24]}{_newer(error)}")
    for bag in submissions.every(instance):
        try:
            bag.record()
            review.standing(instance, bag.call, bag.reference)
            checks.of(instance, bag.call, bag.reference)
        except UNREADABLE as error:
            faults.append(f"application {bag.reference} {bag.version}{_newer(error)}")
    if faults:
        yield Finding(
            False,
            f"{len(faults)} things cannot be read: {', '.join(faults[:20])}",
            "They stay where they are. A newer version reads what is newer; compare others with a backup.",
        )
    else:
        yield Finding(True, "Every draft, application, task, mail and member of the staff can be read")


def _newer(error: Exception) -> str:
    newer = isinstance(error, data_format.TooNew) or (isinstance(error, Unreadable) and error.newer)
    return " (of a newer version)" if newer else ""


def _waiting(instance: Instance) -> Iterator[Finding]:
    mails = list(outbox.waiting(instance))
    given_up = [mail for mail in mails if mail.next is None]
    late = backlog.of(instance).oldest_mail > _LATE_MAIL
    if given_up:
        yield Finding(
            False,
            f"{len(given_up)} mails are not tried any more, the last as: {given_up[-1].error or 'no reason'}",
            "mobility office mail shows them; --send tries them again.",
        )
    if late and len(mails) > len(given_up):
        yield Finding(
            False,
            f"{len(mails) - len(given_up)} mails wait, some for over an hour",
            "See whether the mail server takes them, and the portal's log.",
        )
    if not given_up and not late:
        yield Finding(True, f"{len(mails)} mails wait, none of them long")
    if stuck := [task for task in tasks.waiting(instance) if task.next is None]:
        yield Finding(
            False,
            f"{len(stuck)} tasks that follow answers failed for good: {_counted(t.kind for t in stuck)}",
            f"The log says why; their files are in {instance.tasks}.",
        )


def _agreements(book: Rulebook, now: datetime.datetime) -> Iterator[Finding]:
    rules = book.catalogue.calls
    call = calls.open_call(rules, now) or calls.next_call(rules, now)
    ending = sorted(
        {
            offer.partner.name
            for offer in book.catalogue.offers()
            if offer.agreement.expired(call.studies_begin) and not offer.agreement.expired(now.date())
        }
    )
    if ending:
        yield Finding(
            False,
            f"Agreements end before studies of {call.name} begin: {', '.join(ending)}",
            "Renew them, or set valid_until in partners.yaml anew: mobility stale has the days.",
        )
    else:
        yield Finding(True, f"No agreement ends before studies of {call.name} begin")


def _minute(instant: datetime.datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"


def _names(paths: list[Path]) -> str:
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return ", ".join(path.name for path in paths[:3]) + more


def _counted(kinds: Iterator[str]) -> str:
    found = list(kinds)
    return ", ".join(f"{found.count(kind)} × {kind}" for kind in sorted(set(found)))
