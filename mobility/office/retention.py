"""How long what was never submitted is kept, and its removal."""

import datetime

from mobility.applications import drafts, journal, lookup, private_links
from mobility.catalogue.partners import Calls
from mobility.office import outbox
from mobility.paths import Instance

UNCONFIRMED_FOR = datetime.timedelta(days=30)
"""How long after its beginning an application stays at least whose address nobody has confirmed."""


def remove_unconfirmed(instance: Instance, rules: Calls, now: datetime.datetime) -> int:
    """Removes applications that were begun long ago, cannot be submitted any more, and whose address nobody
    has confirmed; how many. Late links that the office gave are its own matter."""
    gone = 0
    before = (now - UNCONFIRMED_FOR).isoformat(timespec="seconds")
    for draft in private_links.those(instance, lookup.never_submitted(instance, before)):
        over = now >= private_links.deadline(draft, rules)
        if over and not draft.confirmed and not draft.sealed and not draft.late:
            remove(instance, draft, now)
            gone += 1
    return gone


def remove(instance: Instance, draft: drafts.Draft, now: datetime.datetime) -> None:
    """Removes one application that was never submitted, with its links and waiting mail. Raises
    drafts.AlreadySealed."""
    private_links.forget(instance, draft)
    outbox.forget(instance, draft.short_hash, draft.addresses)
    journal.record(instance, now, "draft purged", draft.short_hash, call=draft.call)
