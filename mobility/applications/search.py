"""The applications of a call by filter, words and order, a page at a time, from the index."""

import json
import re
import sqlite3
from dataclasses import dataclass

from mobility.applications import index, twins
from mobility.applications.summary import Summary, from_json
from mobility.paths import Instance

ORDERS = {
    "reference": "reference",
    "name": "name COLLATE NOCASE, reference",
    "gpa": "gpa DESC, reference",
    "received": "submitted DESC, reference",
    "state": "state, reference",
}
"""By what applications can be put in order."""


@dataclass(frozen=True)
class Wanted:
    """Which applications, all where nothing is said. `state`: one of what `states` gives; `mark`: a mark
    whole; `programme`: partner/programme, or a partner alone; `choice`: which wish that is, or that there is
    one; `words`: all of them stand in reference, name, address, choices or marks, their ends left out;
    `called`: programmes, each with what else it is called, which counts as standing there; `asked`: which
    kind of request waits for an answer (correction, additional); `due_before`: and was due before an
    instant."""

    call: str
    state: str | None = None
    mark: str = ""
    programme: str = ""
    choice: int = 0
    words: str = ""
    called: tuple[tuple[str, str], ...] = ()
    asked: str = ""
    due_before: str = ""
    order: str = "reference"


def find(instance: Instance, wanted: Wanted, first: int = 0, most: int = 10**9) -> tuple[list[Summary], int]:
    """So many applications from the one counted `first` (from 0), and how many there are in all."""
    where, given = _where(wanted)
    order = ORDERS.get(wanted.order, "reference")

    def both(db: sqlite3.Connection) -> tuple[list[Summary], int]:
        rows = db.execute(
            f"SELECT summary FROM applications WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
            (*given, most, first),
        )
        found = twins.marked(db, wanted.call, [from_json(json.loads(row[0])) for row in rows])
        (count,) = db.execute(f"SELECT count(*) FROM applications WHERE {where}", given).fetchone()
        return found, count

    return index.ask(instance, both)


def beside(instance: Instance, wanted: Wanted, reference: str) -> tuple[str | None, str | None]:
    """The references before and after an application in a list; none at its ends. One that is not in the list
    any more, as something was done with it, stands where it stood."""
    where, given = _where(wanted)
    order = ORDERS.get(wanted.order, "reference")
    if wanted.state is not None and wanted.order == "state":  # the others have one state, it had that, too
        order = "reference"
    question = f"""SELECT before, after FROM (SELECT reference,
        lag(reference) OVER (ORDER BY {order}) AS before, lead(reference) OVER (ORDER BY {order}) AS after
        FROM applications WHERE ({where}) OR (call = ? AND reference = ?)) WHERE reference = ?"""
    asked = (*given, wanted.call, reference, reference)
    found = index.ask(instance, lambda db: db.execute(question, asked).fetchone())
    return (found["before"], found["after"]) if found else (None, None)


def count(instance: Instance, wanted: Wanted) -> int:
    """How many applications are so."""
    return find(instance, wanted, most=0)[1]


def states(instance: Instance, call: str) -> dict[str, int]:
    """How many applications of a call stand where."""
    return _counted(instance, "SELECT state, count(*) FROM applications WHERE call = ? GROUP BY state", call)


def marks(instance: Instance, call: str) -> dict[str, int]:
    """How many applications of a call carry which mark, the most frequent first, those with a twin last."""
    question = """SELECT mark, count(*) FROM marks JOIN applications ON number = application
        WHERE call = ? GROUP BY mark ORDER BY count(*) DESC, mark"""
    twice = index.ask(instance, lambda db: len(twins.groups(db, call)))
    return {**_counted(instance, question, call), **({str(twins.MARK): twice} if twice else {})}


def days(instance: Instance, call: str) -> dict[str, int]:
    """How many applications of a call were received on which day (ISO 8601), in the order of days."""
    question = """SELECT substr(submitted, 1, 10) AS day, count(*) FROM applications
        WHERE call = ? AND submitted != '' GROUP BY day ORDER BY day"""
    return _counted(instance, question, call)


def grades(instance: Instance, call: str, width: float = 0.1) -> dict[float, int]:
    """How many applications of a call have a GPA from which number on, in steps of `width`."""
    question = """SELECT CAST(gpa / ? AS INTEGER) AS step, count(*) FROM applications
        WHERE call = ? AND gpa IS NOT NULL GROUP BY step ORDER BY step"""
    counted = index.ask(instance, lambda db: db.execute(question, (width - 1e-9, call)).fetchall())
    return {round(step * width, 2): count for step, count in counted}


def wishes(instance: Instance, call: str) -> dict[str, tuple[int, int, int]]:
    """How many chose a programme first, second and third, by programme; withdrawn applications left out."""
    question = """SELECT programme, sum(position = 1), sum(position = 2), sum(position = 3)
        FROM choices JOIN applications ON number = application
        WHERE call = ? AND state NOT LIKE 'withdrawn%' GROUP BY programme"""
    rows = index.ask(instance, lambda db: db.execute(question, (call,)).fetchall())
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def holding(instance: Instance, calls: list[str]) -> list[Summary]:
    """The applications of some calls that take a place, told or not."""
    question = f"""SELECT summary FROM applications WHERE holds > 0
        AND call IN ({", ".join("?" * len(calls))}) ORDER BY reference"""
    return _summaries(instance, question, *calls)


def nominated(instance: Instance, call: str, partner: str) -> list[Summary]:
    """The applications of a call that were told of a nomination to a partner, whether it is still among their
    choices or not."""
    question = """SELECT summary FROM applications WHERE call = ? AND nominated LIKE ? || '/%'
        ORDER BY reference"""
    return _summaries(instance, question, call, partner)


def waiting(instance: Instance, call: str) -> list[Summary]:
    """The applications of a call on the waiting list, in its order: by rank, then by GPA."""
    question = """SELECT summary FROM applications WHERE call = ? AND state = 'waiting list'
        ORDER BY rank IS NULL, rank, gpa DESC, reference"""
    return _summaries(instance, question, call)


def _summaries(instance: Instance, question: str, *given: str) -> list[Summary]:
    rows = index.ask(instance, lambda db: db.execute(question, given).fetchall())
    return [from_json(json.loads(row[0])) for row in rows]


def history(instance: Instance, *about: str) -> list[dict[str, str]]:
    """What the journal says of references and drafts, in its order."""
    marks = ", ".join("?" * len(about))
    question = f"SELECT event FROM events WHERE about IN ({marks}) ORDER BY rowid"
    rows = index.ask(instance, lambda db: db.execute(question, about).fetchall())
    return [json.loads(row[0]) for row in rows]


def events(instance: Instance, prefix: str, kinds: tuple[str, ...]) -> dict[str, int]:
    """Of how many references with a common beginning, ended by a hyphen, the journal says which event."""
    question = f"""SELECT json_extract(event, '$.event') AS kind, count(DISTINCT about) FROM events
        WHERE about >= ? AND about < ? AND kind IN ({", ".join("?" * len(kinds))}) GROUP BY kind"""
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return index.ask(
        instance, lambda db: {row[0]: row[1] for row in db.execute(question, (prefix, after, *kinds))}
    )


def _counted(instance: Instance, question: str, call: str) -> dict[str, int]:
    return index.ask(instance, lambda db: {row[0]: row[1] for row in db.execute(question, (call,))})


def _where(wanted: Wanted) -> tuple[str, list[str | int]]:
    parts = ["call = ?"]
    given: list[str | int] = [wanted.call]
    if wanted.state is not None:
        parts.append("state = ?")
        given.append(wanted.state)
    if wanted.mark == str(twins.MARK):
        parts.append(twins.HAS_A_TWIN)
        given.append(wanted.call)
    elif wanted.mark:
        parts.append("number IN (SELECT application FROM marks WHERE mark = ?)")
        given.append(wanted.mark)
    if wanted.programme or wanted.choice:
        chosen = []
        if wanted.programme:
            chosen.append("(programme = ? OR programme LIKE ? || '/%')")
            given += [wanted.programme, wanted.programme]
        if wanted.choice:
            chosen.append("position = ?")
            given.append(wanted.choice)
        parts.append(f"number IN (SELECT application FROM choices WHERE {' AND '.join(chosen)})")
    if wanted.asked:
        waited = "SELECT application FROM asked WHERE kind = ?"
        given.append(wanted.asked)
        if wanted.due_before:
            waited += " AND due <= ?"
            given.append(wanted.due_before)
        parts.append(f"number IN ({waited})")
    for word in dict.fromkeys(re.findall(r"\w+", wanted.words)):
        called = _called(wanted, word.casefold())
        wish = f"SELECT application FROM choices WHERE programme IN ({', '.join('?' * len(called))})"
        parts.append(f"number IN (SELECT rowid FROM words WHERE words MATCH ? UNION {wish})")
        given += [f'"{word}"*', *called]
    return " AND ".join(parts), given


def _called(wanted: Wanted, word: str) -> list[str]:
    """The programmes in whose other names a word begins like that."""
    begins = re.compile(rf"\b{re.escape(word)}")
    return list(
        dict.fromkeys(programme for programme, name in wanted.called if begins.search(name.casefold()))
    )
