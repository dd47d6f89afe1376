"""The fields of a form's PDF: how each is named, what it may hold, and what it holds for one person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mobility.catalogue.answers import MAX_LINE, MAX_PROSE
from mobility.catalogue.forms import Column, Field
from mobility.pdfforms.layout import Drawing

_MOST = {"date": 10, "iin": 12, "gpa": 5, "ielts": 4, "toefl": 4, "passport": 20, "phone": 25}
"""Characters, with the spaces and points that people put in."""
_FIRST = {"country": ("KZ",), "language": ("kk", "ru", "en")}


@dataclass(frozen=True)
class Box:
    """A field of a PDF. `value` as it is kept there, `shown` as it is read; `choices`: value and words."""

    name: str
    kind: Literal["line", "prose", "tick", "radio", "combo"]
    tip: str
    required: bool
    value: str
    shown: str
    choices: tuple[tuple[str, str], ...] = ()
    most: int = 0


def name(field: Field, row: int | None = None, column: Column | None = None) -> str:
    """What a field is called in the PDF: the question's id; in a table with its row, from 1, and column."""
    return field.id if column is None or row is None else f"{field.id}_{row}_{column.id}"


def of(drawing: Drawing) -> Iterator[Box]:
    """All fields of a form, filled with the answers of the drawing."""
    for field in drawing.form.fields():
        value = drawing.given.get(field.id)
        if field.type != "rows":
            label = ". ".join(
                part
                for part in (
                    drawing.said(field.label),
                    drawing.condition(field),
                    drawing.said(field.help).rstrip("."),
                )
                if part
            )
            yield _box(drawing, field, name(field), label, field.required and not field.when, value)
            continue
        rows = [row for row in value or () if isinstance(row, Mapping)]
        for n in range(field.most):
            row = rows[n] if n < len(rows) else {}
            for column in field.columns:
                label = f"{drawing.said(field.label)}, {n + 1}: {drawing.said(column.label)}"
                yield _box(drawing, column, name(field, n + 1, column), label, False, row.get(column.id))


def choices(drawing: Drawing, column: Column) -> tuple[tuple[str, str], ...]:
    """What can be chosen, as kept and as shown; nothing where it is written in."""
    match column.type:
        case "choice":
            return tuple((option.id, drawing.said(option.label)) for option in column.options)
        case "country" | "language":
            names = drawing.countries if column.type == "country" else drawing.languages
            first = _FIRST[column.type]
            rest = sorted((code for code in names if code not in first), key=lambda code: names[code])
            return tuple((code, names[code]) for code in (*first, *rest))
        case "offer":
            return tuple(sorted(drawing.offers.items(), key=lambda offer: offer[1]))
    return ()


def _box(drawing: Drawing, column: Column, called: str, label: str, required: bool, value: Any) -> Box:
    offered = choices(drawing, column)
    kind: Literal["line", "prose", "tick", "radio", "combo"] = "line"
    if column.type in ("prose", "yes"):
        kind = "prose" if column.type == "prose" else "tick"
    elif offered:
        kind = "radio" if column.type == "choice" and isinstance(column, Field) else "combo"
    kept = str(value or "").encode("utf-8", "ignore").decode()  # without halves of letters
    shown = drawing.shown(column, kept)
    if kind in ("radio", "combo") and kept not in dict(offered):
        kept, shown = "", ""
    elif column.type == "date":
        kept = shown
    most = _MOST.get(column.type, MAX_PROSE if kind == "prose" else MAX_LINE)
    return Box(called, kind, label, required, kept, shown, offered, max(most, len(kept)))
