"""Form definitions: loads `content/forms/*.yaml`, which web form, PDF and validation are made from.

A field's id is the name of its answer in every form: what two forms ask is typed once.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic import Field as Constrained

from mobility.catalogue import answers
from mobility.yamlfiles import loader
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.field_types import Id, Line, Prose, Strict, Translated, invalid
from mobility.yamlfiles.reader import InvalidFile, Marks, Problem

Autocomplete = Literal[
    "name", "given-name", "additional-name", "family-name", "organization", "organization-title",
    "address-line1", "address-line2", "address-level1", "address-level2", "postal-code",
    "country", "country-name", "language", "bday", "sex", "tel", "email", "url", "off",
]  # fmt: skip
"""Those tokens of https://html.spec.whatwg.org/#autofill that a form of an office may need."""
FieldType = Literal[
    "text", "latin", "prose", "date", "email", "phone", "passport", "iin", "country", "language",
    "choice", "yes", "number", "gpa", "ielts", "toefl", "ects", "offer", "rows",
]  # fmt: skip


def _written(value: Any) -> Any:
    rows = value if isinstance(value, tuple) else ()
    if not all(isinstance(row, dict) for row in rows):
        raise invalid("must be text, or rows of columns and texts")
    cells = [cell for row in rows for cell in row.values()] if rows else [value]
    if rows and None in cells:
        raise invalid("must be rows of columns and texts, such as {title: Sample, ects: '5'}")
    if not all(isinstance(cell, str) for cell in cells if cell is not None):
        raise invalid("must be text: put quotes around it")
    return value


Sample = Annotated[
    Prose | tuple[dict[str, str], ...] | None,
    BeforeValidator(_written, json_schema_input_type=Prose | tuple[dict[str, str], ...] | None),
]


class Option(Strict):
    """One of the answers to a choice."""

    id: Id
    label: Translated


class When(Strict):
    """The field is asked only where another answer of the same form is one of these."""

    field: Id
    is_: tuple[Line, ...] = Constrained(alias="is", min_length=1)


class Column(Strict):
    """One question. `sample` is the answer of the invented student; `wide` takes a whole line on paper."""

    id: Id
    type: FieldType
    label: Translated
    help: Translated | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    autocomplete: Autocomplete | None = None
    must_be: Literal["past", "future"] | None = None
    wide: bool = False


class Field(Column):
    """A question with its place in a form; of type `rows` it repeats its columns up to `most` times.
    `optional_if`: the box (a field of type `yes`) with which it may stay empty; `restricted`: its answer is
    kept apart, and left out of what the committee reads."""

    when: When | None = None
    optional_if: Id | None = None
    restricted: bool = False
    columns: tuple[Column, ...] = ()
    most: int = Constrained(default=6, ge=1, le=20)
    sample: Sample = None


class Section(Strict):
    """Questions that belong together: a page on the web, a block on paper."""

    id: Id
    title: Translated
    intro: Translated | None = None
    fields: tuple[Field, ...] = Constrained(min_length=1)


class Signature(Strict):
    """Who signs on paper, and whether a stamp is put."""

    who: Translated
    stamp: Translated | None = None


class Form(Strict):
    """A form of the office. `asked_online`: the portal asks its questions; else it is filled on paper."""

    id: Id
    title: Translated
    intro: Translated | None = None
    order: int
    asked_online: bool = False
    sections: tuple[Section, ...] = Constrained(min_length=1)
    declarations: tuple[Translated, ...] = ()
    signatures: tuple[Signature, ...] = Constrained(min_length=1)

    def fields(self) -> Iterator[Field]:
        """All questions, in order."""
        return (field for section in self.sections for field in section.fields)

    def restricted(self) -> set[str]:
        """The questions whose answers are not for the committee."""
        return {field.id for field in self.fields() if field.restricted}

    def sample(self) -> dict[str, Any]:
        """The invented student's answers."""
        return {field.id: field.sample for field in self.fields() if field.sample is not None}


def load(folder: Path) -> tuple[Form, ...]:
    """Loads the forms in `folder`, in their order. Raises InvalidFile with every problem in any of them."""
    found: list[Problem] = []
    read: list[tuple[Form, Marks, str]] = []
    for path in sorted(folder.glob("*.yaml")):
        name = f"{folder.parent.name}/{folder.name}/{path.name}"
        try:
            read.append((*loader.load(path, Form, name), name))
        except InvalidFile as error:
            found += error.problems
    if not read and not found:
        found.append(Problem(f"{folder.parent.name}/{folder.name}/", 1, "holds no form (*.yaml)"))
    found += _contradictions(read)
    if found:
        raise InvalidFile(found)
    return tuple(sorted((form for form, _, _ in read), key=lambda form: (form.order, form.id)))


def applies(field: Field, given: dict[str, Any]) -> bool:
    """Whether a conditional field (`when`) is asked of someone who gave these answers."""
    return field.when is None or given.get(field.when.field) in field.when.is_


def may_stay_empty(field: Field, given: dict[str, Any]) -> bool:
    """Whether an answer may be left out by someone who gave these answers."""
    return not field.required or (field.optional_if is not None and given.get(field.optional_if) == "yes")


def _contradictions(read: list[tuple[Form, Marks, str]]) -> Iterator[Problem]:
    """Contradictions inside a form, and between forms."""
    first: dict[str, tuple[Field, str]] = {}
    forms: dict[str, str] = {}
    for form, marks, name in read:
        where = forms.setdefault(form.id, name)
        if where != name:
            yield Problem(name, marks.line_of(("id",)), f'id "{form.id}" is that of {where}, must be unique')
        above: dict[str, Field] = {}
        boxes = [field.id for field in form.fields() if field.type == "yes"]
        for s, section in enumerate(form.sections):
            for f, field in enumerate(section.fields):
                twin, home = first.setdefault(field.id, (field, name))
                said = list(_field_faults(field, above))
                if field.optional_if and field.optional_if not in boxes:
                    hint = did_you_mean(field.optional_if, boxes)
                    fault = f'optional_if is "{field.optional_if}", must be a box of this form{hint}'
                    said.append((("optional_if",), fault))
                if field.id not in above and (other := _other_kind(field, twin)):
                    said.append(((), f"{other} as in {home}: one answer serves both"))
                if not said and (wrong := _sample_fault(field, form)):
                    said.append((("sample", *_wrong_row(field)), f"sample {wrong}"))
                above[field.id] = field
                for path, what in said:
                    line = marks.line_of(("sections", s, "fields", f, *path))
                    yield Problem(name, line, f'field "{field.id}": {what}')


_Fault = tuple[tuple[Any, ...], str]
"""Where in a field something is wrong, and what."""


def _field_faults(field: Field, above: dict[str, Field]) -> Iterator[_Fault]:
    if field.id in above:
        yield ("id",), "stands twice in this form"
    if field.when:
        yield from _when_faults(field.when, above)
    yield from _options_faults(field)
    if (field.type == "rows") != bool(field.columns):
        yield ("columns",), "columns must be given for type rows, and for no other"
    for n, column in enumerate(field.columns):
        where = f'column "{column.id}"'
        if column.type in ("rows", "yes", "offer", "prose"):
            yield ("columns", n), f"{where}: type is {column.type}, which no column can be"
        if column.id in [each.id for each in field.columns[:n]]:
            yield ("columns", n), f"{where} stands twice"
        for path, said in _options_faults(column):
            yield ("columns", n, *path), f"{where}: {said}"


def _other_kind(field: Field, twin: Field) -> str | None:
    """How a field differs in type, options or columns from the field of the same id in another form."""
    if field.type != twin.type:
        return f"type is {field.type}, must be {twin.type}"
    for what, ours, theirs in (
        ("options", field.options, twin.options),
        ("columns", field.columns, twin.columns),
    ):
        ids, wanted = [[part.id for part in parts] for parts in (ours, theirs)]
        if sorted(ids) != sorted(wanted):
            return f"{what} are {', '.join(ids)}, must be {', '.join(wanted)}"
    return None


def _options_faults(column: Column) -> Iterator[_Fault]:
    if (column.type == "choice") != bool(column.options):
        yield ("options",), "options must be given for type choice, and for no other"
    ids = [option.id for option in column.options]
    for n, again in enumerate(ids):
        if again in ids[:n]:
            yield ("options", n), f'option "{again}" stands twice'


def _when_faults(when: When, above: dict[str, Field]) -> Iterator[_Fault]:
    asked = above.get(when.field)
    if asked is None:
        said = f'when.field is "{when.field}", must be a field above it{did_you_mean(when.field, above)}'
        yield ("when", "field"), said
    elif asked.type == "choice":
        ids = [option.id for option in asked.options]
        for n, value in enumerate(when.is_):
            if value not in ids:
                said = f'when.is names "{value}", must be one of {", ".join(ids)}{did_you_mean(value, ids)}'
                yield ("when", "is", n), said


def _wrong_row(field: Field) -> Iterator[int]:
    """The first row of a sample that our own check refuses, if it has rows."""
    rows = field.sample if field.type == "rows" and isinstance(field.sample, tuple) else ()
    return itertools.islice((n for n, row in enumerate(rows) if answers.validate(field, (row,))), 1)


def _sample_fault(field: Field, form: Form) -> str | None:
    """A sample that our own check refuses would teach students a wrong answer."""
    if field.sample is None:
        needed = field.required and applies(field, form.sample())
        return "is missing: the filled sample needs an invented answer" if needed else None
    if field.type == "rows" and isinstance(field.sample, tuple):
        columns = [column.id for column in field.columns]
        unknown = next((name for row in field.sample for name in row if name not in columns), None)
        if unknown:
            hint = did_you_mean(unknown, columns)
            return f'names the column "{unknown}", must be one of {", ".join(columns)}{hint}'
        if len(field.sample) > field.most:
            return f"has {len(field.sample)} rows, must have at most {field.most}"
    fault = None if field.type == "offer" else answers.validate(field, field.sample)
    return f"is refused as an answer: {fault}" if fault else None
