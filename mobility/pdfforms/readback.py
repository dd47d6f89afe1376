"""Imports answers from the values of the form fields (AcroForm) of a filled PDF, whatever program filled it.

Fields that are not of the form are left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mobility.catalogue import answers
from mobility.catalogue.forms import Column, Field, Form
from mobility.i18n.languages import LANGUAGES, Said, said
from mobility.pdfforms import fields
from mobility.pdfforms.answer_hash import without_blanks
from mobility.pdfforms.layout import FormLayout
from mobility.yamlfiles.field_types import Text

_SHARE = 0.5
"""The part of a form's fields that a PDF must have to count as that form, so that older versions do too."""


class NotReadable(Exception):
    """No answers can be read from the file; `said` tells the applicant why and what to do."""

    def __init__(self, why: Said):
        self.said = why
        super().__init__(str(why))


@dataclass(frozen=True)
class FilledPdf:
    """What was read from a filled PDF: which form it is, its answers, and remarks on what was left out."""

    form: Form
    answers: dict[str, Any]
    remarks: tuple[Said, ...]


@dataclass(frozen=True)
class Difference:
    """A question answered differently in a PDF (`on_paper`) and in the web form, both as displayed."""

    label: Text
    on_paper: str
    given: str
    restricted: bool = False


def read(
    values: Mapping[str, str], forms: tuple[Form, ...], offers: Mapping[str, str], scripts: bool = False
) -> FilledPdf:
    """The answers in a filled PDF of one of the forms, by the values of its fields. `offers`: names of
    programmes by their ids; `scripts`: the PDF holds some. Raises NotReadable for what is no such PDF."""
    form = _form_of(values, forms)
    reading = _Reading(form, values, offers)
    found = reading.answers()
    if scripts:
        reading.remarks.append(said("The PDF holds scripts; they were not run"))
    if strange := len(set(values) - reading.known):
        reading.remarks.append(said("%(count)s fields are not of this form and were left out", count=strange))
    return FilledPdf(form, found, tuple(reading.remarks))


def differences(
    paper: FilledPdf, given: Mapping[str, Any], asked: Form, offers: Mapping[str, str]
) -> list[Difference]:
    """The questions answered differently in a PDF and on the web; only those that the form `asked` asks."""
    online = {field.id for field in asked.fields()}
    layout = FormLayout(paper.form, "en", {}, offers)
    found = []
    for field in paper.form.fields():
        on_paper, now = paper.answers.get(field.id), given.get(field.id)
        if field.id in online and without_blanks(on_paper) != without_blanks(now):
            found.append(
                Difference(
                    field.label,
                    layout.answer_text(field, on_paper),
                    layout.answer_text(field, now),
                    field.restricted,
                )
            )
    return found


def _told(layout: FormLayout, field: Field, value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(", ".join(str(cell) for cell in row.values() if cell) for row in value)
    return layout.answer_text(field, value)


def _form_of(kept: Mapping[str, Any], forms: tuple[Form, ...]) -> Form:
    shares = []
    for form in forms:
        names = {name for field in form.fields() for name, _ in _named(field)}
        shares.append((len(names & set(kept)) / len(names), form.order, form))
    share, _, form = max(shares, key=lambda found: (found[0], -found[1]))
    if share < _SHARE:
        raise NotReadable(
            said("This is another PDF, not a form of ours. Fill the form that you downloaded here")
        )
    return form


def _named(field: Field) -> Iterator[tuple[str, Column]]:
    """(PDF field name, question or column) of each PDF field that holds a question's answer."""
    if field.type != "rows":
        yield fields.field_name(field), field
    for row in range(1, field.most + 1):
        yield from ((fields.field_name(field, row, column), column) for column in field.columns)


class _Reading:
    """Reads the answers of one PDF and collects remarks."""

    def __init__(self, form: Form, kept: Mapping[str, str], offers: Mapping[str, str]):
        self.form, self.kept = form, kept
        self.known = {name for field in form.fields() for name, _ in _named(field)}
        self.remarks: list[Said] = []
        self.layouts = [FormLayout(form, language, {}, offers) for language in LANGUAGES]

    def answers(self) -> dict[str, Any]:
        """The answers by question; unanswered ones are left out."""
        found: dict[str, Any] = {}
        for field in self.form.fields():
            value = self.rows(field) if field.type == "rows" else self.value(fields.field_name(field), field)
            if value:
                found[field.id] = value
        return found

    def rows(self, field: Field) -> list[dict[str, str]]:
        rows = [
            {column.id: self.value(fields.field_name(field, n, column), column) for column in field.columns}
            for n in range(1, field.most + 1)
        ]
        return [row for row in rows if any(row.values())]

    def value(self, name: str, column: Column) -> str:
        """One answer, normalized; empty where there is none or it is not valid."""
        typed = self.kept.get(name, "")
        if column.type == "yes":
            return "yes" if typed.casefold() not in ("", "off", "no", "false", "0") else ""
        if len(typed) > (answers.MAX_PROSE if column.type == "prose" else answers.MAX_LINE):
            self.leave_out(column, said("is too long"))
            return ""
        if column.type in ("choice", "country", "language", "offer"):
            return self.chosen(column, typed)
        return answers.normalize(column, typed.replace("\r\n", "\n").replace("\r", "\n"))

    def chosen(self, column: Column, typed: str) -> str:
        """The id of a choice, given as its id or its label in any language."""
        wanted = " ".join(typed.removeprefix("/").split()).casefold()
        if wanted in ("", "off"):
            return ""
        for layout in self.layouts:
            for value, words in fields.choices(layout, column):
                if wanted in (value.casefold(), words.casefold()):
                    return value
        self.leave_out(column, said("is none of the answers to choose from"))
        return ""

    def leave_out(self, column: Column, why: Said) -> None:
        self.remarks.append(said("“%(question)s” was left out: it %(why)s", question=column.label, why=why))
