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
        storage.write(place / "index.xlsx", spreadsheets.as_xlsx(cells, call))
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
    """The list as cells, with its head."""
    most = max((len(row.choices) for row in rows), default=1)
    found: list[list[Any]] = [
        [*_COLUMNS, *(f"choice {n + 1}" for n in range(most)), "marks", "files", "folder"]
    ]
    for row in rows:
        wishes = [*(choice.title for choice in row.choices), *[""] * (most - len(row.choices))]
        cells = [*(getattr(row, name) for name in _COLUMNS), *wishes, "; ".join(row.marks)]
        found.append([*cells, len(row.documents), row.folder])
    return found
