"""The index (SQLite) of drafts and applications: made from the folders, kept up by following the journal.

The folders are the truth. Whoever changes one writes a line into the journal; whoever asks reads the lines
that came since, and reads again the folders that they name, so that a change costs the same whatever else is
there. Where the index is missing, damaged, of another version, or the journal is not the one that it read, it
is made anew. `reconcile` also finds what no line tells: a crash before it, a file edited by hand.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from mobility import storage
from mobility.applications import bags, drafts, journal, summary
from mobility.applications.journal import Position
from mobility.applications.versioned_files import UNREADABLE
from mobility.paths import Instance

T = TypeVar("T")
_VERSION = 11
_SCHEMA = """
CREATE TABLE read (offset INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE TABLE drafts (
    hash TEXT PRIMARY KEY, short TEXT NOT NULL, call TEXT NOT NULL, created TEXT NOT NULL,
    confirmed INTEGER NOT NULL, late INTEGER NOT NULL, sealed TEXT, stamp TEXT NOT NULL
);
CREATE INDEX drafts_by_short ON drafts (short);
CREATE INDEX drafts_by_reference ON drafts (sealed);
CREATE INDEX drafts_by_time ON drafts (created);
CREATE TABLE addresses (address TEXT NOT NULL, draft TEXT NOT NULL, vouched INTEGER NOT NULL);
CREATE INDEX addresses_by_address ON addresses (address);
CREATE INDEX addresses_by_draft ON addresses (draft);
CREATE TABLE applications (
    number INTEGER PRIMARY KEY, home TEXT NOT NULL UNIQUE, reference TEXT NOT NULL, call TEXT NOT NULL,
    draft TEXT, name TEXT, state TEXT, submitted TEXT, gpa REAL, proof TEXT, holds INTEGER, rank INTEGER,
    nominated TEXT, summary TEXT, stamp TEXT NOT NULL
);
CREATE INDEX applications_by_reference ON applications (reference);
CREATE INDEX applications_by_draft ON applications (draft);
CREATE INDEX applications_by_call ON applications (call, reference);
CREATE INDEX applications_by_place ON applications (call, reference) WHERE holds > 0;
CREATE TABLE choices (
    application INTEGER NOT NULL, position INTEGER NOT NULL, programme TEXT NOT NULL
);
CREATE INDEX choices_by_application ON choices (application);
CREATE INDEX choices_by_programme ON choices (programme);
CREATE VIRTUAL TABLE words USING fts5(text);
CREATE TABLE sealed (
    reference TEXT NOT NULL, version TEXT NOT NULL, fingerprint TEXT NOT NULL,
    PRIMARY KEY (reference, version)
);
CREATE TABLE asked (application INTEGER NOT NULL, kind TEXT NOT NULL, due TEXT);
CREATE INDEX asked_by_application ON asked (application);
CREATE INDEX asked_by_kind ON asked (kind);
CREATE TABLE marks (application INTEGER NOT NULL, mark TEXT NOT NULL);
CREATE INDEX marks_by_application ON marks (application);
CREATE INDEX marks_by_mark ON marks (mark);
CREATE TABLE papers (application INTEGER NOT NULL, paper TEXT NOT NULL);
CREATE INDEX papers_by_application ON papers (application);
CREATE INDEX papers_by_paper ON papers (paper);
CREATE TABLE events (about TEXT NOT NULL, event TEXT NOT NULL);
CREATE INDEX events_by_subject ON events (about);
CREATE TABLE progress (draft TEXT PRIMARY KEY, stamp TEXT NOT NULL, lacking INTEGER);
CREATE TABLE lists (call TEXT PRIMARY KEY, changed INTEGER NOT NULL, written INTEGER NOT NULL);
"""
"""`home`: the folder of an application below that of all submissions; `stamp`: of the files that made a row;
`holds`: of how many programmes it takes a place; `nominated`: to which one, as was told; `events`: lines of
the journal by what they are about; `progress`: what drafts lack (office.progress); `lists`: how often the
applications of a call changed, and at which of these its list was written."""


def ask(instance: Instance, question: Callable[[sqlite3.Connection], T]) -> T:
    """The answer to a question, when the index has all that the journal says by now."""

    def asked(index: sqlite3.Connection) -> T:
        if index.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            _make(index, instance)
        _follow(index, instance)
        return question(index)

    return storage.in_database(instance.index, asked)


def reconcile(instance: Instance) -> int:
    """Compares the index with the dates of all folders, and reads again those that differ; how many. For the
    start of the portal, the office's commands and now and then: its time grows with what is there."""

    def compare(index: sqlite3.Connection) -> int:
        known = {row["hash"]: row["stamp"] for row in index.execute("SELECT hash, stamp FROM drafts")}
        homes = {row["home"]: row["stamp"] for row in index.execute("SELECT home, stamp FROM applications")}
        changed = _differing(known, dict(_draft_stamps(instance)))
        moved = _differing(homes, dict(_application_stamps(instance)))
        if changed or moved:
            with _change(index):
                _refresh(index, instance, changed, moved)
        return len(changed) + len(moved)

    return ask(instance, compare)


def behind(instance: Instance) -> int | None:
    """Bytes of the journal that the index has not read yet; none where no index can be asked."""
    if not instance.index.exists() or not instance.journal.exists():
        return None
    try:
        with storage.database(instance.index) as index:
            return max(0, instance.journal.stat().st_size - _position(index).offset)
    except (sqlite3.DatabaseError, TypeError):  # damaged, or being made
        return None


@contextmanager
def _change(index: sqlite3.Connection) -> Iterator[None]:
    """Keeps everybody else from changing the index until the block ends; all of it is kept, or nothing."""
    index.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if index.in_transaction:  # a full disk has ended it already
            index.execute("ROLLBACK")
        raise
    index.execute("COMMIT")


def _make(index: sqlite3.Connection, instance: Instance) -> None:
    """Makes the index anew from journal and folders."""
    with _change(index):
        if index.execute("PRAGMA user_version").fetchone()[0] == _VERSION:  # another has made it meanwhile
            return
        for (name,) in index.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words_%' "
            "AND name NOT LIKE 'sqlite_%'"
        ).fetchall():
            index.execute(f"DROP TABLE {name}")
        for statement in _SCHEMA.split(";"):
            index.execute(statement)
        _read_all(index, instance)
        index.execute(f"PRAGMA user_version = {_VERSION}")


def _read_all(index: sqlite3.Connection, instance: Instance) -> None:
    """Reads the whole journal, then every folder: what changes meanwhile has a line after those read."""
    for table in ("read", "sealed", "events"):
        index.execute(f"DELETE FROM {table}")
    events, position = journal.since(instance, Position())
    for event in events:
        _note(index, event)
    known = [row[0] for row in index.execute("SELECT hash FROM drafts")]
    homes = [row[0] for row in index.execute("SELECT home FROM applications")]
    _refresh(
        index,
        instance,
        {*known, *(name for name, _ in _draft_stamps(instance))},
        {*homes, *(name for name, _ in _application_stamps(instance))},
    )
    index.execute("INSERT INTO read VALUES (?, ?)", (position.offset, position.hash))


def _follow(index: sqlite3.Connection, instance: Instance) -> None:
    """Reads what the journal says since the last time."""
    try:
        events, _ = journal.since(instance, _position(index))
        if not events:
            return
        with _change(index):
            events, position = journal.since(instance, _position(index))  # another may have read it meanwhile
            changed: set[str] = set()
            moved: set[str] = set()
            for event in events:
                _note(index, event)
                names, homes = _named(index, instance, event)
                changed |= names
                moved |= homes
            _refresh(index, instance, changed, moved)
            index.execute("UPDATE read SET offset = ?, hash = ?", (position.offset, position.hash))
    except journal.Replaced:
        with _change(index):
            _read_all(index, instance)


def _position(index: sqlite3.Connection) -> Position:
    row = index.execute("SELECT offset, hash FROM read").fetchone()
    return Position(row["offset"], row["hash"])


def _note(index: sqlite3.Connection, event: dict[str, Any]) -> None:
    """Keeps what the journal alone says: what happened to whom, and which bags were sealed."""
    index.execute(
        "INSERT INTO events VALUES (?, ?)", (event["reference"], json.dumps(event, ensure_ascii=False))
    )
    if event["event"] == "sealed":
        kept = (event["reference"], event["version"], event["fingerprint"])
        index.execute("INSERT OR REPLACE INTO sealed VALUES (?, ?, ?)", kept)
    elif event["event"] in ("erasure begun", "erased"):
        index.execute("DELETE FROM sealed WHERE reference = ?", (event["reference"],))


def _named(index: sqlite3.Connection, instance: Instance, event: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The draft and the application's folder that an event is about, as far as they are known."""
    about = event["reference"]
    rows = index.execute(
        "SELECT hash FROM drafts WHERE short = ?1 OR sealed = ?1 UNION "
        "SELECT draft FROM applications WHERE reference = ?1",
        (about,),
    )
    names = {row[0] for row in rows if row[0]} | ({event["draft"]} if "draft" in event else set())
    homes = {row[0] for row in index.execute("SELECT home FROM applications WHERE reference = ?", (about,))}
    if not homes and event["event"] == "sealed":
        for name in names:
            with suppress(*UNREADABLE):
                draft = drafts.read(instance.drafts / name)
                homes |= {f"{draft.call}/{draft.home}"} if draft.home else set()
    return names, homes


def _refresh(
    index: sqlite3.Connection, instance: Instance, changed: Iterable[str], moved: Iterable[str]
) -> None:
    for name in changed:
        _refresh_draft(index, instance, name)
    for home in moved:
        _refresh_application(index, instance, home)


def _refresh_draft(index: sqlite3.Connection, instance: Instance, name: str) -> None:
    place = instance.drafts / name
    index.execute("DELETE FROM drafts WHERE hash = ?", (name,))
    index.execute("DELETE FROM addresses WHERE draft = ?", (name,))
    with suppress(*UNREADABLE):
        stamp = _stamp(f"{place}/draft.json")
        draft = drafts.read(place)
        index.execute(
            "INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (name, draft.short_hash, draft.call, draft.created, draft.confirmed, draft.late is not None,
             draft.sealed, stamp),
        )  # fmt: skip
        found = {(drafts.plain_address(draft.email), name, False)}
        found |= {(link.vouched, name, True) for link in draft.links if link.vouched}
        index.executemany("INSERT INTO addresses VALUES (?, ?, ?)", found)


def _refresh_application(index: sqlite3.Connection, instance: Instance, home: str) -> None:
    call, _, folder = home.partition("/")
    reference = bags.reference_of(folder)
    before = index.execute("SELECT number FROM applications WHERE home = ?", (home,)).fetchone()
    if before:
        for table in ("asked", "choices", "marks", "papers"):
            index.execute(f"DELETE FROM {table} WHERE application = ?", (before["number"],))
        index.execute("DELETE FROM words WHERE rowid = ?", (before["number"],))
        index.execute("DELETE FROM applications WHERE number = ?", (before["number"],))
    index.execute(
        "INSERT INTO lists VALUES (?, 1, 0) ON CONFLICT (call) DO UPDATE SET changed = changed + 1", (call,)
    )
    place = instance.submissions / home
    if not place.is_dir():
        return
    stamp = _application_stamp(instance, call, place)
    try:
        found = summary.of(place)
    except UNREADABLE as error:
        found = summary.unreadable(place, error)
    if found is None:
        return
    kept = {name: value for name, value in asdict(found).items() if name != "papers"}  # they have a table
    number = index.execute(
        "INSERT INTO applications VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (home, reference, call, found.draft, found.name, found.state, found.submitted, _number(found.gpa),
         found.language, len(found.holds), found.rank, found.nominated,
         json.dumps(kept, ensure_ascii=False), stamp),
    ).lastrowid  # fmt: skip
    for position, choice in enumerate(found.choices, 1):
        index.execute("INSERT INTO choices VALUES (?, ?, ?)", (number, position, choice.id))
    waited = [(number, each.kind, each.due) for each in found.asked]
    index.executemany("INSERT INTO asked VALUES (?, ?, ?)", waited)
    index.executemany("INSERT INTO papers VALUES (?, ?)", [(number, paper) for paper in found.papers])
    index.executemany("INSERT INTO marks VALUES (?, ?)", [(number, mark) for mark in found.marks])
    person = (found.name, found.native, found.email)
    text = " ".join((found.reference, *person, *(c.title for c in found.choices), *found.marks))
    index.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, text))


def _draft_stamps(instance: Instance) -> Iterator[tuple[str, str]]:
    for place in instance.drafts.glob("[!.]*"):
        with suppress(OSError):
            yield place.name, _stamp(f"{place}/draft.json")


def _application_stamps(instance: Instance) -> Iterator[tuple[str, str]]:
    for call in instance.submissions.glob("[!.]*/"):
        reviewed = {said.name for said in instance.review.glob(f"{call.name}/[!.]*")}
        for home in bags.homes(call):
            said = bags.reference_of(home.name) in reviewed
            with suppress(OSError):
                yield f"{call.name}/{home.name}", _application_stamp(instance, call.name, home, said)


def _application_stamp(instance: Instance, call: str, home: Path, reviewed: bool = True) -> str:
    """Changes when a bag comes into the application's folder, and when a file of its review changes."""
    found = [_stamp(str(home))]
    if reviewed:
        said = instance.review / call / bags.reference_of(home.name)
        found += sorted(f"{path.name} {_stamp(str(path))}" for path in said.glob("[!.]*"))
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def _stamp(path: str) -> str:
    found = os.stat(path)  # noqa: PTH116  (text: a Path for each of ten thousand takes longer than the disk)
    return f"{found.st_mtime_ns}-{found.st_ino}"


def _differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
