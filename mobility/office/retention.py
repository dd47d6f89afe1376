"""How long what was never submitted is kept, and its removal."""

import datetime

from mobility.applications import drafts, journal, lookup, private_links
from mobility.office import outbox
from mobility.paths import Instance

UNCONFIRMED_FOR = datetime.timedelta(days=30)
"""How long after its beginning an application stays whose address nobody has confirmed: longer than a call is
open, so that whoever fills it by the first link can."""


def remove_unconfirmed(instance: Instance, now: datetime.datetime) -> int:
    """Removes applications that were never submitted, were begun long ago, and whose address nobody has
    confirmed; how many. Late links that the office gave are its own matter."""
    gone = 0
    before = (now - UNCONFIRMED_FOR).isoformat(timespec="seconds")
    for draft in private_links.those(instance, lookup.never_submitted(instance, before)):
        if not draft.confirmed and not draft.sealed and not draft.late:
            remove(instance, draft, now)
            gone += 1
    return gone


def remove(instance: Instance, draft: drafts.Draft, now: datetime.datetime) -> None:
    """Removes one application that was never submitted, with its links and waiting mail. Raises
    drafts.AlreadySealed."""
    private_links.forget(instance, draft)
    outbox.forget(instance, draft.short_hash)
    journal.record(instance, now, "draft purged", draft.short_hash, call=draft.call)
