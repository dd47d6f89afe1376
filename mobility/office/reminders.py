"""Reminds those who have begun an application, and not sent it, of what it lacks: one, or all of a call."""

import datetime
from collections.abc import Sequence
from contextlib import suppress

from mobility.applications import journal, lookup, private_links, search
from mobility.applications.assessment import Assessment
from mobility.applications.review import NotPossible
from mobility.catalogue import calls
from mobility.i18n.languages import said
from mobility.office import notices
from mobility.office.desk import Desk
from mobility.paths import Instance

_AT_ONCE = 500
"""Drafts that the index is asked for together: a question of SQLite takes only so many."""


AGAIN_AFTER = datetime.timedelta(days=1)
"""How long nobody is reminded anew when all are."""


def last(instance: Instance, names: Sequence[str]) -> dict[str, datetime.datetime]:
    """When each of these drafts was last reminded, of those that were."""
    found = {}
    for start in range(0, len(names), _AT_ONCE):
        short = {name[:12]: name for name in names[start : start + _AT_ONCE]}
        for event in search.history(instance, *short):
            if event["event"] == "reminded":
                found[short[event["reference"]]] = datetime.datetime.fromisoformat(event["at"])
    return found


def remind_all(desk: Desk, call: str, lacking: bool | None = None, most: int = 10**9) -> int:
    """Reminds all of a call who have begun and not sent, but for those who were within a day; so many at
    most. `lacking`: as in `lookup.begun`. How many were reminded."""
    names, _ = lookup.begun(desk.instance, call, lacking=lacking)
    before = last(desk.instance, names)
    told = 0
    for name in names:
        if told == most:
            break
        if name not in before or desk.now - before[name] > AGAIN_AFTER:
            with suppress(NotPossible):  # without an address, or too late for it
                remind(desk, name)
                told += 1
    return told


def remind(desk: Desk, name: str) -> None:
    """Mails a draft's applicant what it lacks and until when, with a private link. `name`: the hash by which
    its folder is called, or the first twelve of its letters. Raises NotPossible."""
    draft = next(private_links.those(desk.instance, lookup.drafts_called(desk.instance, name[:12])), None)
    if draft is None:
        raise NotPossible(said("there is no draft %(draft)s", draft=name[:12]))
    rules = desk.book.catalogue.calls
    if draft.sealed:
        raise NotPossible(said("%(reference)s is submitted already", reference=draft.sealed))
    if desk.now >= private_links.deadline(draft, rules):
        raise NotPossible(said("%(draft)s: it cannot be submitted any more", draft=draft.short_hash))
    if not draft.email:
        raise NotPossible(said("%(draft)s: no address was given", draft=draft.short_hash))
    call = calls.by_id(rules, draft.call)
    notices.reminder(desk, draft, Assessment(desk.book, call, draft, None, desk.now.date()).lacks)
    journal.record(desk.instance, desk.now, "reminded", draft.short_hash, by=desk.by)
