"""The journal, an append-only log: one line an event, each carrying the hash of the line before.

A line holds references and hashes, never names, so the journal may be shown to anyone. It names what changed:
the index follows it from line to line.
"""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mobility import storage
from mobility.applications import data_format, versioned_files
from mobility.paths import Instance

START = "0" * 64
"""What the first line carries in place of a hash."""


@dataclass(frozen=True)
class Position:
    """How far the journal was read: `offset` in bytes, and the hash of the line before that."""

    offset: int = 0
    hash: str = START


class Replaced(Exception):
    """The journal does not go on from a position: it is another file, or was changed before it."""


def record(instance: Instance, now: datetime.datetime, event: str, reference: str, **facts: str) -> None:
    """Adds an event; on the disk when this returns, and no slower for what stands there already."""
    with storage.locked(instance.root):
        last = storage.tail(instance.journal)
        before = _hash(last) if last else START
        entry = {"at": now.isoformat(timespec="seconds"), "event": event, "reference": reference, **facts}
        storage.append(instance.journal, versioned_files.as_json({**entry, "before": before}))


def entries(instance: Instance) -> Iterator[dict[str, Any]]:
    """The events in order; a line that a crash cut short is passed over."""
    for _, entry in _lines(instance, 0):
        if entry is not None:
            yield entry


def since(instance: Instance, position: Position) -> tuple[list[dict[str, Any]], Position]:
    """The events after a position, and the position after them; what is being written now comes the next
    time. Raises Replaced."""
    if not instance.journal.exists():
        if position.offset:
            raise Replaced
        return [], position
    found: list[dict[str, Any]] = []
    here = position
    for line, entry in _lines(instance, position.offset, whole=True):
        if here == position and (entry is None or entry.get("before") != position.hash):
            raise Replaced
        if entry is not None:
            found.append(entry)
        here = Position(here.offset + len(line) + 1, _hash(line))
    if here == position and instance.journal.stat().st_size < position.offset:
        raise Replaced
    return found, here


def breaks(instance: Instance) -> list[int]:
    """The numbers (from 1) of the lines that do not carry the hash of the line before: there, something
    was changed or taken out."""
    found, before = [], START
    for number, (line, entry) in enumerate(_lines(instance, 0), 1):
        if entry is None or entry.get("before") != before:
            found.append(number)
        before = _hash(line)
    return found


def _lines(
    instance: Instance, offset: int, whole: bool = False
) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
    """The lines from an offset on, each with its event where it is one; with `whole` up to the last line that
    is ended."""
    if not instance.journal.exists():
        return
    with instance.journal.open("rb") as file:
        file.seek(offset)
        for line in file:
            if whole and not line.endswith(b"\n"):
                return
            line = line.removesuffix(b"\n")
            try:
                entry = versioned_files.of_json(line, instance.journal)
            except data_format.TooNew:
                raise
            except ValueError:
                entry = None
            yield line, entry


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
