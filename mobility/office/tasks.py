"""Work that follows an answer, on the disk until it is done: mail to write, a call to erase.

A page adds a task and answers; a thread does it soon after, or the next start of the portal, where a crash
came between. So no answer waits for what comes after it, or tells by its time what was found.
"""

import datetime
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mobility import storage
from mobility.applications import drafts, private_links, submissions, versioned_files
from mobility.applications.drafts import Draft
from mobility.applications.review import NotPossible
from mobility.office import keeping, notices, reminders
from mobility.office.desk import Desk
from mobility.paths import Instance

log = logging.getLogger("mobility")

AGAIN_AFTER = tuple(datetime.timedelta(minutes=m) for m in (1, 5, 30, 120, 720))
"""How long after each failure a task is tried again; then it stays, for whoever runs the portal to see."""

_AT_ONCE = 25
"""Applications that are erased, or applicants reminded, before other tasks have their turn."""


@dataclass(frozen=True)
class Task:
    """What is to be done. `kind`: one of DO; `about`: the arguments of its function; `next`: when it is
    tried, ISO 8601; none: not any more by itself."""

    id: str
    kind: str
    about: dict[str, str]
    next: str | None
    tries: int = 0


def add(instance: Instance, kind: str, now: datetime.datetime, **about: str) -> None:
    """Keeps a task; it is sure to be tried when this returns."""
    if kind not in DO:
        raise ValueError(kind)
    name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    storage.folder(instance.tasks)
    _keep(instance, Task(name, kind, about, now.isoformat()))


def waiting(instance: Instance) -> Iterator[Task]:
    """All tasks that are not done, the oldest first."""
    yield from versioned_files.readable(storage.oldest_first(instance.tasks.glob("[!.]*.json")), read)


def read(path: Path) -> Task:
    """The task in a file."""
    return Task(**versioned_files.read_json(path))


def do_due(desk: Desk) -> int:
    """Does what is due; how many tasks that were. One that fails is tried again later, and holds up no other.
    Of several who do this at once, one does."""
    if not any(instance_tasks := list(waiting(desk.instance))):
        return 0
    done = 0
    with storage.locked(desk.instance.tasks):
        for task in instance_tasks:
            path = desk.instance.tasks / f"{task.id}.json"
            due = task.next is not None and (
                task.tries == 0  # at once, though the clock may have gone back since
                or datetime.datetime.fromisoformat(task.next) <= desk.now
            )
            if due and path.exists():
                done += _do(desk, task)
    return done


def _do(desk: Desk, task: Task) -> bool:
    try:
        with suppress(drafts.Gone):  # erased while it is done: nobody waits for it any more
            DO[task.kind](desk, **task.about)
    except Exception as error:
        # The kind of error alone: its message may quote an address.
        log.error("task %s %s failed: %s", task.kind, task.id, type(error).__name__)
        later = AGAIN_AFTER[task.tries] if task.tries < len(AGAIN_AFTER) else None
        again = (desk.now + later).isoformat() if later else None
        _keep(desk.instance, replace(task, tries=task.tries + 1, next=again))
        return False
    storage.remove(desk.instance.tasks / f"{task.id}.json")
    return True


def _keep(instance: Instance, task: Task) -> None:
    versioned_files.write_json(instance.tasks / f"{task.id}.json", asdict(task))


def _mail_links(desk: Desk, email: str) -> None:
    """Mails its links to an address that has applications."""
    notices.links(desk, private_links.live(desk.instance, desk.book.catalogue.calls, email, desk.now))


def _mail_link(desk: Desk, draft: str) -> None:
    """Mails one application's link, whenever the last one was mailed."""
    if found := _draft(desk, draft):
        notices.links(desk, [found])


def _mail_receipt(desk: Desk, draft: str, version: str) -> None:
    found = _draft(desk, draft)
    if found and found.sealed:
        bag = next(each for each in submissions.find(desk.instance, found.sealed) if each.version == version)
        notices.received(desk, found, bag)


def _mail_withdrawn(desk: Desk, draft: str) -> None:
    if found := _draft(desk, draft):
        notices.withdrawn(desk, found)


def _tell_old_address(desk: Desk, draft: str, email: str) -> None:
    if found := _draft(desk, draft):
        notices.address_changed(desk, found, email)


def _draft(desk: Desk, name: str) -> Draft | None:
    """The draft whose folder is so called; none where it was erased meanwhile."""
    try:
        return drafts.read(storage.inside(desk.instance.drafts, name))
    except FileNotFoundError:
        return None


def _purge(desk: Desk, call: str, by: str) -> None:
    """Erases a part of a call, so that mail goes meanwhile, and adds itself for the rest."""
    with suppress(NotPossible):  # asked for twice: nothing is left of it
        if keeping.purge(replace(desk, by=by), call, most=_AT_ONCE) is None:
            add(desk.instance, "purge call", desk.now, call=call, by=by)


def _remind_all(desk: Desk, call: str, by: str, lacking: str) -> None:
    """Reminds a part of those who have begun, so that mail goes meanwhile, and adds itself for the rest."""
    only = {"yes": True, "no": False}.get(lacking)
    if reminders.remind_all(replace(desk, by=by), call, only, most=_AT_ONCE) == _AT_ONCE:
        add(desk.instance, "remind all", desk.now, call=call, by=by, lacking=lacking)


DO: dict[str, Callable[..., None]] = {
    "mail links": _mail_links,
    "mail link": _mail_link,
    "mail receipt": _mail_receipt,
    "mail withdrawal": _mail_withdrawn,
    "tell old address": _tell_old_address,
    "purge call": _purge,
    "remind all": _remind_all,
}
"""What each kind of task does. All of them may be done twice: what a crash cut short is done again."""
