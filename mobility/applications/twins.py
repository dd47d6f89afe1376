"""Applications of one call with the same IIN or passport: likely one person who applied twice."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from mobility.applications.summary import Summary
from mobility.i18n.languages import Said, said

MARK: Said = said("same IIN or passport as another")
"""By which all of them are found."""
_AS = said("same IIN or passport as %(others)s")
_AND_MORE = said("%(others)s and %(count)s more")
_NAMED = 3
"""Of the others so many are named."""
# CROSS JOIN: SQLite reads the few papers first, not all applications of the call.
_TWICE = """FROM papers CROSS JOIN applications ON number = application
    WHERE paper IN (SELECT paper FROM papers GROUP BY paper HAVING count(*) > 1)
    AND call = ? AND state NOT LIKE 'withdrawn%' GROUP BY paper HAVING count(DISTINCT reference) > 1"""
HAS_A_TWIN = f"""state NOT LIKE 'withdrawn%'
    AND number IN (SELECT application FROM papers WHERE paper IN (SELECT paper {_TWICE}))"""
"""The condition in SQL that an application has a twin in a call, the one value that it is given."""


def groups(db: sqlite3.Connection, call: str) -> dict[str, list[str]]:
    """The references of a call that have a twin, each with those of its group."""
    rows = db.execute(f"SELECT group_concat(reference) {_TWICE}", (call,))
    found = [sorted(set(row[0].split(","))) for row in rows]
    return {reference: group for group in found for reference in group}


def marked(db: sqlite3.Connection, call: str, found: Iterable[Summary]) -> list[Summary]:
    """The applications of a call, those with a twin marked so."""
    of = groups(db, call)
    return [_marked(each, of[each.reference]) if each.reference in of else each for each in found]


def _marked(application: Summary, group: list[str]) -> Summary:
    others = [each for each in group[: _NAMED + 1] if each != application.reference][:_NAMED]
    told, more = ", ".join(others), len(group) - 1 - len(others)
    named = Said(_AND_MORE.text, {"others": told, "count": more}) if more else told
    return replace(application, marks=(*application.marks, str(Said(_AS.text, {"others": named}))))
