"""Questions that the index answers: applications by reference, drafts by address, the list of a call."""

import json
import sqlite3

from mobility.applications import drafts, index, twins
from mobility.applications.summary import Summary, from_json
from mobility.paths import Instance


def drafts_of_address(instance: Instance, email: str, vouched: bool = False) -> list[str]:
    """The hashes of the drafts begun with an address, the oldest first; with `vouched` also of those that
    somebody opened whom the university's sign-in knows by it."""
    return _column(
        instance,
        """SELECT DISTINCT hash FROM addresses JOIN drafts ON hash = draft
        WHERE address = ? AND vouched <= ? ORDER BY created, hash""",
        drafts.plain_address(email),
        vouched,
    )


def drafts_called(instance: Instance, short: str) -> list[str]:
    """The hashes of the drafts that journal and officers know by these letters: one, or none."""
    return _column(instance, "SELECT hash FROM drafts WHERE short = ?", short)


def draft_of(instance: Instance, reference: str) -> str | None:
    """The hash of the draft that became an application; none where it was begun elsewhere, or erased."""
    found = _column(
        instance,
        """SELECT hash FROM drafts WHERE sealed = ?1 UNION
        SELECT hash FROM applications JOIN drafts ON hash = draft WHERE reference = ?1""",
        reference,
    )
    return found[0] if found else None


def never_submitted(instance: Instance, before: str) -> list[str]:
    """The hashes of the drafts begun before an instant (ISO 8601) that did not become applications."""
    return _column(
        instance,
        """SELECT hash FROM drafts WHERE created < ? AND sealed IS NULL
        AND NOT EXISTS (SELECT 1 FROM applications WHERE draft = hash) ORDER BY created, hash""",
        before,
    )


_OF_PROGRESS = {None: "", True: "AND progress.lacking IS NOT 0", False: "AND progress.lacking = 0"}


def begun(
    instance: Instance, call: str, first: int = 0, most: int = 10**9, lacking: bool | None = None
) -> tuple[list[str], int]:
    """The hashes of the drafts of a call that are not submitted, the newest first: so many from the one
    counted `first` (from 0), and how many there are in all. `lacking`: those alone that lack something, or
    that lack nothing, when they were last looked at (office.progress)."""
    where = f"""FROM drafts LEFT JOIN progress ON progress.draft = hash WHERE call = ? AND sealed IS NULL
        AND NOT EXISTS (SELECT 1 FROM applications WHERE applications.draft = hash)
        {_OF_PROGRESS[lacking]}"""
    found = _column(
        instance, f"SELECT hash {where} ORDER BY created DESC, hash LIMIT ? OFFSET ?", call, most, first
    )
    return found, int(_column(instance, f"SELECT count(*) {where}", call)[0])


def begun_late(instance: Instance, call: str) -> list[str]:
    """The hashes of the drafts of a call that are not submitted and have a late link."""
    return _column(instance, "SELECT hash FROM drafts WHERE call = ? AND sealed IS NULL AND late = 1", call)


def calls_of_drafts(instance: Instance) -> list[str]:
    """The calls that have drafts which are not submitted."""
    return _column(instance, "SELECT DISTINCT call FROM drafts WHERE sealed IS NULL")


def home_of(instance: Instance, reference: str) -> str | None:
    """The folder of an application, below that of all submissions."""
    found = _column(instance, "SELECT home FROM applications WHERE reference = ?", reference)
    return found[0] if found else None


def is_journalled(instance: Instance, reference: str, version: str) -> bool:
    """Whether the journal says that a bag was sealed."""
    return bool(
        _column(instance, "SELECT 1 FROM sealed WHERE reference = ? AND version = ?", reference, version)
    )


def applications(instance: Instance, call: str) -> tuple[list[Summary], int]:
    """The applications of a call by their references, and how often they have changed."""

    def both(db: sqlite3.Connection) -> tuple[list[Summary], int]:
        db.execute("BEGIN")  # the two belong together
        change = db.execute("SELECT changed FROM lists WHERE call = ?", (call,)).fetchone()
        rows = db.execute("SELECT summary FROM applications WHERE call = ? ORDER BY reference", (call,))
        found = twins.marked(db, call, [from_json(json.loads(row[0])) for row in rows])
        db.execute("COMMIT")
        return found, change[0] if change else 0

    return index.ask(instance, both)


def marks_of(instance: Instance, reference: str) -> tuple[str, ...]:
    """The marks of one application, with whom it may be one person; none where there is none of that name."""

    def marks(db: sqlite3.Connection) -> tuple[str, ...]:
        question = "SELECT summary FROM applications WHERE reference = ?"
        rows = [from_json(json.loads(row[0])) for row in db.execute(question, (reference,))]
        return twins.marked(db, rows[0].call, rows)[0].marks if rows else ()

    return index.ask(instance, marks)


def lines(instance: Instance, call: str) -> list[tuple[str, ...]]:
    """Of each application of a call its reference, version, time of sending (ISO 8601), name and folder."""
    wanted = ", ".join(f"summary ->> '$.{name}'" for name in ("version", "submitted", "name", "folder"))
    question = f"SELECT reference, {wanted} FROM applications WHERE call = ? ORDER BY reference"
    return index.ask(instance, lambda db: [tuple(row) for row in db.execute(question, (call,))])


def calls(instance: Instance) -> list[str]:
    """The calls that have applications."""
    return _column(instance, "SELECT DISTINCT call FROM applications ORDER BY call")


def last_submitted(instance: Instance, call: str) -> str | None:
    """When the last application of a call was submitted (ISO 8601); none where none can be read."""
    asked = "SELECT max(submitted) FROM applications WHERE call = ? AND submitted != ''"
    return _column(instance, asked, call)[0]


def calls_to_list(instance: Instance) -> list[str]:
    """The calls whose applications changed since their list was written."""
    return _column(instance, "SELECT call FROM lists WHERE changed != written ORDER BY call")


def list_written(instance: Instance, call: str, change: int) -> None:
    """Keeps that the list of a call was written, as it was after so many changes."""
    index.ask(
        instance,
        lambda db: db.execute("UPDATE lists SET written = ? WHERE call = ?", (change, call)),
    )


def _column(instance: Instance, question: str, *given: str | int) -> list[str]:
    return index.ask(instance, lambda db: [row[0] for row in db.execute(question, given)])
