"""The office's list of a call, `index.html`, `index.csv` and `index.xlsx`, readable without the portal."""

import datetime
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jinja2

from mobility import storage
from mobility.applications import lookup, spreadsheets
from mobility.applications.summary import Summary
from mobility.i18n import languages
from mobility.paths import Instance

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
_COLUMNS = (
    "reference", "version", "state", "submitted", "name", "email", "citizenship", "level", "gpa", "language",
)  # fmt: skip
NUMBERS = ("gpa",)
"""Columns of the list whose text is a number."""
_AFTER = ("marks", "waited for", "warnings", "not answered")


def write(instance: Instance, call: str, now: datetime.datetime) -> None:
    """Writes the three files of a call anew, from the index."""
    place = instance.submissions / call
    with (
        _collector_paused(),
        storage.locked(place, name=".list.lock"),  # not that for which whoever submits waits
    ):
        found, change = lookup.applications(instance, call)
        page = _TEMPLATES.get_template("index.html")
        written = languages.moment(now)
        storage.write(place / "index.html", page.render(call=call, rows=found, written=written))
        cells = table(found)
        storage.write(place / "index.csv", spreadsheets.as_csv(cells))
        storage.write(place / "index.xlsx", spreadsheets.as_xlsx(cells, call, NUMBERS))
        lookup.list_written(instance, call, change)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pauses the garbage collector while thousands of objects are built, none of which it could free: without
    this a list of 10,000 takes half as long again."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def write_changed(instance: Instance, now: datetime.datetime) -> list[str]:
    """Writes the lists of the calls whose applications changed since; the ids of these calls."""
    found = [call for call in lookup.calls_to_list(instance) if (instance.submissions / call).is_dir()]
    for call in found:
        write(instance, call, now)
    return found


def table(rows: list[Summary]) -> list[list[Any]]:
    """The list as cells, with its head; each choice with the id of its programme."""
    most = max((len(row.choices) for row in rows), default=1)
    wishes = [name for n in range(1, most + 1) for name in (f"choice {n}", f"programme {n}")]
    found: list[list[Any]] = [[*_COLUMNS, *wishes, *_AFTER, "files", "folder"]]
    for row in rows:
        cells: list[Any] = [getattr(row, name) for name in _COLUMNS]
        for choice in row.choices:
            cells += (choice.title, choice.id)
        cells += [""] * (2 * (most - len(row.choices)))
        cells += ("; ".join(row.marks), ", ".join([each.round for each in row.asked]))
        cells += (row.warnings or "", row.unanswered or "", len(row.documents), row.folder)
        found.append(cells)
    return found
