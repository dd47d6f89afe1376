"""How long the applications of a call are kept, and the erasure of all of them, with a certificate.

Erasing takes one application after another, so that whatever ends it, the next time goes on. The journal
tells what was erased since it began: the certificate counts by that, and names nobody.
"""

import calendar
import datetime
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mobility import storage
from mobility.applications import bags, drafts, journal, listing, lookup, private_links, search
from mobility.applications.drafts import Draft
from mobility.applications.review import NotPossible
from mobility.catalogue.calls import Call
from mobility.i18n import languages
from mobility.i18n.languages import said
from mobility.office import actions, retention
from mobility.office.desk import Desk, call_named
from mobility.paths import Instance

COPIES = {
    "sheet made": "sheet for a host",
    "pack made": "pack of documents for a host",
    "dossier made": "dossier",
}
"""What the journal says of copies that were given out, and what such a copy is called."""
_LISTS = ("index.html", "index.csv", "index.xlsx")


@dataclass(frozen=True)
class Kept:
    """What is kept of a call. `holding`: how many of the applications take a place; `drafts`: begun and never
    sent, `open` of them can be sent still, and stay; `copies`: of how many applications what was given out;
    `archived`: the call was copied into a store; `until`: until when they are to be kept, if that is set;
    `begun`: erasing was begun, and has not ended."""

    call: Call
    applications: int
    holding: int
    drafts: int
    open: int
    copies: dict[str, int]
    archived: bool
    until: datetime.date | None
    closed: bool
    over: bool
    begun: bool

    @property
    def anything(self) -> bool:
        """Whether there is anything to tell, or to erase."""
        return bool(self.applications or self.drafts or self.begun)


def of_call(desk: Desk, call_id: str) -> Kept:
    """What is kept of a call, and would be erased. Raises NotPossible where the call is none."""
    call = call_named(desk, call_id)
    until = kept_until(desk, call)
    begun, closed = lookup.begun(desk.instance, call.id, most=1)[1], desk.now >= call.closes
    late = list(private_links.those(desk.instance, lookup.begun_late(desk.instance, call.id)))
    return Kept(
        call=call,
        applications=sum(search.states(desk.instance, call.id).values()),
        holding=len(search.holding(desk.instance, [call.id])),
        drafts=begun,
        open=len(late) - len(_never_to_be_sent(desk, late)) if closed else begun,
        copies=search.events(desk.instance, _prefix(desk, call), tuple(COPIES)),
        archived=_is_archived(desk, call),
        until=until,
        closed=closed,
        over=until is not None and desk.now.date() > until,
        begun=_begun(desk, call) is not None,
    )


def every(desk: Desk) -> list[Kept]:
    """What is kept of each call that has anything, or whose erasure has not ended, the newest first."""
    places = desk.instance.submissions
    folders = [path.name for path in places.glob("[!.]*")]  # those too of which everything else is gone
    found = []
    for call in sorted({*folders, *lookup.calls_of_drafts(desk.instance)}, reverse=True):
        with suppress(NotPossible):  # somebody's own folder
            found.append(of_call(desk, call))
    return [each for each in found if each.anything]


def kept_until(desk: Desk, call: Call) -> datetime.date | None:
    """The last day on which the applications of a call are to be kept; none where nothing is set."""
    settings = desk.book.catalogue.settings
    months = settings.keep_months_of.get(call.id, settings.keep_months)
    if months is None:
        return None
    year, month = divmod(call.closes.month - 1 + months, 12)
    year, month = call.closes.year + year, month + 1
    return datetime.date(year, month, min(call.closes.day, calendar.monthrange(year, month)[1]))


def purge(
    desk: Desk, call_id: str, most: int = 10**9, told: Callable[[int], object] = lambda _: None
) -> Path | None:
    """Erases all applications and drafts of a call, and writes a certificate; at most so many applications at
    once, then it gives none and is to be called again. `told`: how many are done. Raises NotPossible."""
    call = call_named(desk, call_id)
    if desk.now < call.closes:
        raise NotPossible(said("the call %(call)s is not closed yet", call=call_id))
    with storage.locked(desk.instance.certificates):
        references = _in_folders(desk, call)
        last = len(references) <= most
        begun: list[Draft] = []
        if last:  # all drafts are read once, not for each part
            references = _references(desk, call)
            begun = _never_to_be_sent(desk, [draft for draft in _drafts(desk, call) if not draft.sealed])
        if _begun(desk, call) is None:
            if not references and not begun:
                raise NotPossible(said("nothing is kept of %(what)s", what=call_id))
            journal.record(desk.instance, desk.now, "purge begun", call.id, by=desk.by)
            for name in _LISTS:  # first: they name everybody
                storage.remove(desk.instance.submissions / call.id / name)
        drafts.sweep(desk.instance)
        for done, reference in enumerate(references if last else references[:most], 1):
            with suppress(NotPossible):  # gone meanwhile
                actions.erase_one(desk, reference)
            told(done)
        if not last:
            return None
        for draft in begun:
            with suppress(drafts.Gone):
                retention.remove(desk.instance, draft, desk.now)
        if (desk.instance.submissions / call.id).is_dir():
            listing.write(desk.instance, call.id, desk.now)
        return _certify(desk, call)


def certificates(instance: Instance) -> list[Path]:
    """The certificates, the newest first."""
    return sorted(instance.certificates.glob("[!.]*.txt"), key=lambda path: path.name[-19:], reverse=True)


def certificate(instance: Instance, name: str) -> str | None:
    """What a certificate says; none where there is none of that name."""
    found = next((path for path in certificates(instance) if path.name == name), None)
    return found.read_text(encoding="utf-8") if found else None


def _certify(desk: Desk, call: Call) -> Path:
    begun = _begun(desk, call)
    assert begun
    erased, removed = _gone_since(desk, call, begun)
    began = datetime.datetime.fromisoformat(begun["at"]).astimezone(desk.now.tzinfo)
    copies = search.events(desk.instance, _prefix(desk, call), tuple(COPIES))
    given = [f"- {COPIES[name]}: of {count}" for name, count in copies.items()]
    if _is_archived(desk, call):
        given.append("- the archive of the call: the next `mobility archive` removes what is erased")
    ours = desk.book.catalogue.institution
    lines = [
        "Certificate of erasure",
        "",
        f"{ours.name}, {ours.office.name}",
        *(["REHEARSAL: nothing of this was an application."] if desk.rehearsal else []),
        "",
        f"Call:                  {call.id}",
        f"Begun:                 {languages.moment(began, seconds=True)}, by {begun['by']}",
        f"Ended:                 {languages.moment(desk.now, seconds=True)}, by {desk.by}",
        f"Applications erased:   {erased}",
        f"Never sent, erased:    {removed}",
        "",
        "Erased of each are the sealed documents and answers, requests and decisions, dossiers among the",
        "data, what the applicant had begun, private links, and mail that had not gone. What is left is the",
        "journal, which names nobody: references, times and checksums.",
        "",
        "Copies that the journal knows of, by the number of applications; to be deleted where they are:",
        *(given or ["- none"]),
        "To be deleted too, and not counted by the journal: lists that were saved (XLSX, CSV), backups made",
        "before, and what was copied from the folders by hand.",
    ]
    path = desk.instance.certificates / f"{call.id}-{began:%Y%m%dT%H%M%S}.txt"
    storage.write(path, "\n".join(lines) + "\n")
    counts = {"applications": str(erased), "drafts": str(removed)}
    journal.record(desk.instance, desk.now, "purged", call.id, by=desk.by, **counts)
    return path


def _is_archived(desk: Desk, call: Call) -> bool:
    about_all = search.history(desk.instance, "")
    return any(entry["event"] == "archived" and entry.get("call") == call.id for entry in about_all)


def _begun(desk: Desk, call: Call) -> dict[str, Any] | None:
    """The journal's line of an erasure that has not ended."""
    begun = None
    for entry in search.history(desk.instance, call.id):
        if entry["event"] == "purge begun":
            begun = begun or entry
        elif entry["event"] == "purged":
            begun = None
    return begun


def _gone_since(desk: Desk, call: Call, begun: dict[str, Any]) -> tuple[int, int]:
    """How many applications and drafts of a call the journal says are gone since a line of it."""
    erased, removed, since = set[str](), set[str](), False
    for entry in journal.entries(desk.instance):
        event, about = entry["event"], entry["reference"]
        since = since or entry == begun
        if since and event == "erased" and about.startswith(_prefix(desk, call)):
            erased.add(about)
        elif since and event == "draft purged" and entry.get("call") == call.id:
            removed.add(about)
    return len(erased), len(removed)


def _references(desk: Desk, call: Call) -> list[str]:
    """The applications of which anything is kept in a call."""
    sealed = {draft.sealed for draft in _drafts(desk, call) if draft.sealed}
    return sorted({*_in_folders(desk, call), *sealed})


def _in_folders(desk: Desk, call: Call) -> list[str]:
    """The applications that have a folder in a call, and those of which a crash left one half removed."""
    found: set[str] = set()
    for place in (desk.instance.submissions / call.id, desk.instance.review / call.id):
        if place.is_dir():
            names = (path.name.removeprefix(storage.LEAVING) for path in place.iterdir() if path.is_dir())
            found |= {bags.reference_of(name) for name in names}
    return sorted(each for each in found if re.fullmatch(f"{_prefix(desk, call)}[0-9]+", each))


def _drafts(desk: Desk, call: Call) -> list[Draft]:
    return [draft for draft in drafts.every(desk.instance) if draft.call == call.id]


def _never_to_be_sent(desk: Desk, begun: list[Draft]) -> list[Draft]:
    rules = desk.book.catalogue.calls
    return [draft for draft in begun if desk.now >= private_links.deadline(draft, rules)]


def _prefix(desk: Desk, call: Call) -> str:
    """How the references of a call begin."""
    return f"{'R' if desk.rehearsal else ''}{call.prefix}-"
