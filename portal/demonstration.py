"""Fills an empty rehearsal with invented applications, so that a newcomer sees the desk at work."""

import datetime
from dataclasses import replace

from mobility.applications import index, lookup
from mobility.catalogue import calls
from mobility.catalogue.rulebook import Rulebook
from mobility.office import invented
from mobility.office.desk import Desk
from portal.settings import Settings


def fill(settings: Settings, book: Rulebook) -> bool:
    """Makes twelve applications in a rehearsal that has none; whether it did."""
    kept, rules = settings.kept, book.catalogue.calls
    if kept.root.exists():
        index.reconcile(kept)
        if lookup.calls(kept):
            return False
    now = settings.clock().astimezone(calls.zone(rules))
    call = calls.open_call(rules, now) or calls.next_call(rules, now)
    opened = replace(call, opens=min(call.opens, now - datetime.timedelta(days=1)))
    invented.demonstrate(Desk(kept, book, settings.address, settings.rehearsal, now), opened)
    return True
