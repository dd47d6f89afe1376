"""Reads `content/forms/*.yaml`: one definition a form, which web form, PDF and checks all read.

A field's id is the name of its answer in every form: what two forms ask is typed once.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field as Constrained
from pydantic import ValidationError

from mobility import answers, explain, yamlfile
from mobility.fields import Id, Line, Prose, Strict, Words
from mobility.yamlfile import Marks, Problem, Wrong

Kind = Literal[
    "text", "latin", "prose", "date", "email", "phone", "passport", "iin", "country", "language",
    "choice", "yes", "number", "gpa", "ielts", "toefl", "ects", "offer", "rows",
]  # fmt: skip


class Option(Strict):
    """One of the answers to a choice."""

    id: Id
    label: Words


class When(Strict):
    """The field is asked only where another answer of the same form is one of these."""

    field: Id
    is_: tuple[Line, ...] = Constrained(alias="is", min_length=1)


class Column(Strict):
    """One question. `sample` is the answer of the invented student; `wide` takes a whole line on paper."""

    id: Id
    type: Kind
    label: Words
    help: Words | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    autocomplete: Line | None = None
    must_be: Literal["past", "future"] | None = None
    wide: bool = False


class Field(Column):
    """A question with its place in a form; of type `rows` it repeats its columns up to `most` times."""

    when: When | None = None
    columns: tuple[Column, ...] = ()
    most: int = Constrained(default=6, ge=1, le=20)
    sample: Prose | tuple[dict[str, str], ...] | None = None


class Section(Strict):
    """Questions that belong together: a page on the web, a block on paper."""

    id: Id
    title: Words
    intro: Words | None = None
    fields: tuple[Field, ...] = Constrained(min_length=1)


class Signature(Strict):
    """Who signs on paper, and whether a stamp is put."""

    who: Words
    stamp: Words | None = None


class Form(Strict):
    """A form of the office. `asked_online`: the portal asks its questions; else it is filled on paper."""

    id: Id
    title: Words
    intro: Words | None = None
    order: int
    asked_online: bool = False
    sections: tuple[Section, ...] = Constrained(min_length=1)
    declarations: tuple[Words, ...] = ()
    signatures: tuple[Signature, ...] = Constrained(min_length=1)

    def fields(self) -> Iterator[Field]:
        """All questions, in order."""
        return (field for section in self.sections for field in section.fields)

    def sample(self) -> dict[str, Any]:
        """The invented student's answers."""
        return {field.id: field.sample for field in self.fields() if field.sample is not None}


def load(folder: Path) -> tuple[Form, ...]:
    """The forms in `folder`, in their order. Raises Wrong with all that is wrong in any of them."""
    found: list[Problem] = []
    read: list[tuple[Form, Marks, str]] = []
    for path in sorted(folder.glob("*.yaml")):
        name = f"{folder.name}/{path.name}"
        try:
            value, marks = yamlfile.read(path, name)
            read.append((Form.model_validate(value), marks, name))
        except Wrong as error:
            found += error.problems
        except ValidationError as error:
            found += explain.problems(error, Form, marks, name, lambda loc: ("", loc))
    if not read and not found:
        found.append(Problem(f"{folder.name}/", 1, "holds no form (*.yaml)"))
    found += _contradictions(read)
    if found:
        raise Wrong(found)
    return tuple(sorted((form for form, _, _ in read), key=lambda form: (form.order, form.id)))


def applies(field: Field, given: dict[str, Any]) -> bool:
    """Whether the field is asked of one who gave these answers."""
    return field.when is None or given.get(field.when.field) in field.when.is_


def _contradictions(read: list[tuple[Form, Marks, str]]) -> Iterator[Problem]:
    first: dict[str, tuple[str, str]] = {}
    for form, marks, name in read:
        here: set[str] = set()
        for s, section in enumerate(form.sections):
            for f, field in enumerate(section.fields):
                line = marks.line_of(("sections", s, "fields", f))
                kind, where = first.setdefault(field.id, (field.type, name))
                said = []
                if field.id in here:
                    said.append("stands twice in this form")
                elif kind != field.type:
                    said.append(f"type is {field.type}, must be {kind} as in {where}: one answer serves both")
                if field.when and field.when.field not in here:
                    said.append(f'when.field is "{field.when.field}", must be a field above it')
                if (field.type == "choice") != bool(field.options):
                    said.append("options must be given for type choice, and for no other")
                if (field.type == "rows") != bool(field.columns):
                    said.append("columns must be given for type rows, and for no other")
                if not said and (fault := _sample_fault(field, form)):
                    said.append(f"sample {fault}")
                here.add(field.id)
                yield from (Problem(name, line, f'field "{field.id}": {what}') for what in said)


def _sample_fault(field: Field, form: Form) -> str | None:
    """A sample that our own check refuses would teach students a wrong answer."""
    if field.sample is None:
        needed = field.required and applies(field, form.sample())
        return "is missing: the filled sample needs an invented answer" if needed else None
    return None if field.type == "offer" else answers.fault(field, field.sample)
