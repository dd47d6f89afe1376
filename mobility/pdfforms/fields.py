"""Definitions of the PDF form fields of a form: name, kind, choices, length, and value for one applicant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mobility.catalogue.answer_text import code_choices
from mobility.catalogue.answers import MAX_LINE, MAX_PROSE
from mobility.catalogue.forms import Column, Field
from mobility.pdfforms.layout import FormLayout

_MOST = {"date": 30, "iin": 20, "gpa": 6, "ielts": 4, "toefl": 5, "passport": 20, "phone": 30}
"""Characters, with the words, spaces and points that people put in."""


FieldKind = Literal["text", "multiline", "checkbox", "radio", "combo"]


@dataclass(frozen=True)
class PdfField:
    """A form field of a PDF with its value. `value` as stored in the file, `shown` as displayed; `choices`:
    (value, label) pairs; `tip`: tooltip, which screen readers read; `most`: characters."""

    name: str
    kind: FieldKind
    tip: str
    required: bool
    value: str
    shown: str
    choices: tuple[tuple[str, str], ...] = ()
    most: int = 0


def field_name(field: Field, row: int | None = None, column: Column | None = None) -> str:
    """The name of a PDF field: the question's id; in a table `question_row_column`, rows from 1."""
    return field.id if column is None or row is None else f"{field.id}_{row}_{column.id}"


def pdf_fields(layout: FormLayout) -> Iterator[PdfField]:
    """All PDF fields of a form, filled with its answers."""
    for field in layout.form.fields():
        value = layout.given.get(field.id)
        if field.type != "rows":
            label = ". ".join(
                part
                for part in (
                    layout.text(field.label),
                    layout.condition(field),
                    layout.text(field.help).rstrip("."),
                )
                if part
            )
            yield _pdf_field(
                layout,
                field,
                field_name(field),
                label,
                field.required and not field.when and not field.optional_if,
                value,
            )
            continue
        rows = [row for row in value or () if isinstance(row, Mapping)]
        for n in range(field.most):
            row = rows[n] if n < len(rows) else {}
            for column in field.columns:
                label = f"{layout.text(field.label)}, {n + 1}: {layout.text(column.label)}"
                yield _pdf_field(
                    layout, column, field_name(field, n + 1, column), label, False, row.get(column.id)
                )


def choices(layout: FormLayout, column: Column) -> tuple[tuple[str, str], ...]:
    """The (value, label) pairs of a question with choices; empty where the answer is typed."""
    match column.type:
        case "choice":
            return tuple((option.id, layout.text(option.label)) for option in column.options)
        case "country" | "language":
            return tuple(code_choices(column.type, layout.language))
        case "offer":
            return tuple(sorted(layout.offers.items(), key=lambda offer: offer[1]))
    return ()


def _pdf_field(
    layout: FormLayout, column: Column, called: str, label: str, required: bool, value: Any
) -> PdfField:
    offered = choices(layout, column)
    kind: FieldKind = "text"
    if column.type in ("prose", "yes"):
        kind = "multiline" if column.type == "prose" else "checkbox"
    elif offered:
        kind = "radio" if column.type == "choice" and isinstance(column, Field) else "combo"
    kept = str(value or "").encode("utf-8", "ignore").decode()  # without halves of letters
    shown = layout.answer_text(column, kept)
    if kind in ("radio", "combo") and kept not in dict(offered):
        kept, shown = "", ""
    elif column.type == "date":
        kept = shown
    most = _MOST.get(column.type, MAX_PROSE if kind == "multiline" else MAX_LINE)
    return PdfField(called, kind, label, required, kept, shown, offered, max(most, len(kept)))
