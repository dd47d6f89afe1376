"""The journal, an append-only log: one line an event, each carrying the hash of the line before.

A line holds references and hashes, never names, so the journal may be shown to anyone.
"""

import datetime
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from mobility import storage
from mobility.paths import Instance

_START = "0" * 64


def record(instance: Instance, now: datetime.datetime, event: str, reference: str, **facts: str) -> None:
    """Adds an event; on the disk when this returns."""
    with storage.locked(instance.root):
        lines = _lines(instance)
        before = hashlib.sha256(lines[-1].encode()).hexdigest() if lines else _START
        entry = {"at": now.isoformat(timespec="seconds"), "event": event, "reference": reference, **facts}
        storage.append(instance.journal, json.dumps({**entry, "before": before}, ensure_ascii=False))


def entries(instance: Instance) -> Iterator[dict[str, Any]]:
    """The events in order; a line that a crash cut short is passed over."""
    for line in _lines(instance):
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            continue


def breaks(instance: Instance) -> list[int]:
    """The numbers (from 1) of the lines that do not carry the hash of the line before: there, something
    was changed or taken out."""
    found, before = [], _START
    for number, line in enumerate(_lines(instance), 1):
        try:
            carried = json.loads(line).get("before")
        except json.JSONDecodeError:
            carried = None
        if carried != before:
            found.append(number)
        before = hashlib.sha256(line.encode()).hexdigest()
    return found


def _lines(instance: Instance) -> list[str]:
    if not instance.journal.exists():
        return []
    return instance.journal.read_text(encoding="utf-8").splitlines()
