"""Applications of one call with the same IIN or passport: likely one person who applied twice."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from mobility.applications.summary import Summary

_NAMED = 3
"""Of the others so many are named."""


def marked(db: sqlite3.Connection, call: str, found: Iterable[Summary]) -> list[Summary]:
    """The applications of a call, those with a twin marked so."""
    question = """SELECT group_concat(reference) FROM papers JOIN applications ON number = application
        WHERE paper IN (SELECT paper FROM papers GROUP BY paper HAVING count(*) > 1)
        AND call = ? AND state NOT LIKE 'withdrawn%' GROUP BY paper HAVING count(DISTINCT reference) > 1"""
    groups = [sorted(set(row[0].split(","))) for row in db.execute(question, (call,))]
    of = {reference: group for group in groups for reference in group}
    return [_marked(each, of[each.reference]) if each.reference in of else each for each in found]


def _marked(application: Summary, group: list[str]) -> Summary:
    others = [each for each in group[: _NAMED + 1] if each != application.reference][:_NAMED]
    more = len(group) - 1 - len(others)
    told = ", ".join(others) + (f" and {more} more" if more else "")
    return replace(application, marks=(*application.marks, f"same IIN or passport as {told}"))
