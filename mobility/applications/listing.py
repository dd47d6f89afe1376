"""The office's list of a call, `index.html`, `index.csv` and `index.xlsx`, readable without the portal."""

import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2

from mobility import storage
from mobility.applications import bags, review, spreadsheets
from mobility.applications.bags import Bag
from mobility.applications.record import language_proof, moment
from mobility.i18n import languages

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


def write(place: Path, now: datetime.datetime) -> None:
    """Writes the three files of the call's folder anew from its bags."""
    with storage.locked(place):
        rows = [_row(list(found)) for _, found in groupby(bags.in_call(place), lambda bag: bag.reference)]
        page = _TEMPLATES.get_template("index.html")
        written = languages.moment(now)
        storage.write(place / "index.html", page.render(call=place.name, rows=rows, written=written))
        table = _table(rows)
        storage.write(place / "index.csv", spreadsheets.as_csv(table))
        storage.write(place / "index.xlsx", spreadsheets.as_xlsx(table, place.name))


def _row(found: list[Bag]) -> dict[str, Any]:
    """An application by its last version, with the documents that came later."""
    bag = bags.newest(found)
    record = bag.record()
    given = record["answers"]
    return {
        "reference": bag.reference,
        "version": bag.version,
        "state": _state(bag),
        "folder": bag.home.name,
        "submitted": record["submitted"],
        "received": languages.moment(moment(record)),
        "name": f"{given['family-name']}, {given['given-name']}",
        "email": given["email"],
        "citizenship": given["citizenship"],
        "level": given["level"],
        "gpa": given["gpa"],
        "language": language_proof(given),
        "choices": [f"{choice['partner']}: {choice['programme']}" for choice in record["choices"]],
        "marks": record["marks"],
        "files": [
            {"document": file["document"], "path": f"{each.version}/{file['file']}"}
            for each in bags.that_count(found)
            for file in each.record()["files"]
        ],
    }


def _state(bag: Bag) -> str:
    """Where the application stands, in a word; what the office says lies beside the submissions."""
    there = review.standing(bag.instance, bag.call, bag.reference)
    if there.withdrawn:
        return "withdrawn, to be erased" if there.withdrawn.erase else "withdrawn"
    if there.answer:
        return "place taken" if there.answer.takes else "place declined"
    if there.decision:
        return there.decision.outcome
    return "correction asked for" if any(each.corrects and not each.done for each in there.rounds) else ""


def _table(rows: list[dict[str, Any]]) -> list[list[Any]]:
    """The list as cells, with its head."""
    most = max((len(row["choices"]) for row in rows), default=1)
    table: list[list[Any]] = [
        [*_COLUMNS, *(f"choice {n + 1}" for n in range(most)), "marks", "files", "folder"]
    ]
    for row in rows:
        wishes = [*row["choices"], *[""] * (most - len(row["choices"]))]
        cells = [*(row[name] for name in _COLUMNS), *wishes, "; ".join(row["marks"]), len(row["files"])]
        table.append([*cells, row["folder"]])
    return table
