"""How far drafts are: how much each lacks to be sent, kept in the index by the background, for the counts."""

import sqlite3
from contextlib import suppress

from mobility.applications import drafts, index
from mobility.applications.assessment import Assessment
from mobility.catalogue import calls
from mobility.office.desk import Desk


def update(desk: Desk) -> int:
    """Looks again at the drafts that changed since the last time, or since the rules did; how many."""
    places = {path.name: path for path in desk.instance.drafts.glob("[!.]*")}
    stamps = {}
    for name, place in places.items():
        with suppress(FileNotFoundError):
            stamps[name] = f"{(place / 'draft.json').stat().st_mtime_ns} {desk.book.version}"
    asked = "SELECT draft, stamp FROM progress"
    known = index.ask(desk.instance, lambda db: {row[0]: row[1] for row in db.execute(asked)})
    changed = {name: stamp for name, stamp in stamps.items() if known.get(name) != stamp}
    rows = [(name, stamp, _lacking(desk, name)) for name, stamp in changed.items()]
    gone = [(name,) for name in known.keys() - stamps.keys()]

    def keep(db: sqlite3.Connection) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT OR REPLACE INTO progress VALUES (?, ?, ?)", rows)
        db.executemany("DELETE FROM progress WHERE draft = ?", gone)
        db.execute("COMMIT")

    if rows or gone:
        index.ask(desk.instance, keep)
    return len(rows)


def _lacking(desk: Desk, name: str) -> int | None:
    """How many things a draft lacks; none where it is sent, or cannot be read."""
    with suppress(OSError, KeyError, TypeError, ValueError):
        draft = drafts.read(desk.instance.drafts / name)
        if not draft.sealed:
            call = calls.by_id(desk.book.catalogue.calls, draft.call)
            return len(Assessment(desk.book, call, draft, None, desk.now.date()).lacks)
    return None
