"""Reads a filled PDF of a form back into answers, whatever program filled it.

Only values are read: nothing in the file is run, and what is not a field of the form is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

import pikepdf

from mobility.catalogue import answers
from mobility.catalogue.forms import Column, Field, Form
from mobility.i18n.languages import LANGUAGES, Said, said
from mobility.pdfforms import fields
from mobility.pdfforms.answer_hash import plainly
from mobility.pdfforms.layout import Drawing
from mobility.yamlfiles.field_types import Text

_MOST_FIELDS = 5000
_SHARE = 0.5
"""Of a form's fields, that a PDF must have to be one of that form; a changed form is still known by it."""


class NotReadable(Exception):
    """Nothing can be read from the file; `said` tells why and what to do."""

    def __init__(self, why: Said):
        self.said = why
        super().__init__(str(why))


@dataclass(frozen=True)
class Paper:
    """What was read: the form that it is, its answers as they are kept, and what was left out, in words."""

    form: Form
    answers: dict[str, Any]
    remarks: tuple[Said, ...]


@dataclass(frozen=True)
class Difference:
    """A question to which a paper and the web form give two answers, both as people read them."""

    label: Text
    on_paper: str
    given: str


def read(stream: IO[bytes], forms: tuple[Form, ...], offers: Mapping[str, str]) -> Paper:
    """The answers in a filled PDF of one of the forms. `offers`: names of programmes by their ids.

    Raises NotReadable for what is no such PDF."""
    try:
        with pikepdf.open(cast(BinaryIO, stream), suppress_warnings=True) as pdf:
            kept, scripts = _kept(pdf)
    except pikepdf.PasswordError:
        raise NotReadable(
            said("This PDF is locked with a password: save a copy without protection")
        ) from None
    except (pikepdf.PdfError, AttributeError, ValueError, TypeError, KeyError, RecursionError):
        raise NotReadable(said("This is not a PDF, or it is broken: save it again and upload it")) from None
    form = _form_of(kept, forms)
    reading = _Reading(form, kept, offers)
    found = reading.answers()
    if scripts:
        reading.remarks.append(said("The PDF holds scripts; they were not run"))
    if strange := len(set(kept) - reading.known):
        reading.remarks.append(said("%(count)s fields are not of this form and were left out", count=strange))
    return Paper(form, found, tuple(reading.remarks))


def differences(
    paper: Paper, given: Mapping[str, Any], asked: Form, offers: Mapping[str, str]
) -> list[Difference]:
    """Where the fields of a paper do not say what was answered on the web; only what `asked` asks counts."""
    online = {field.id for field in asked.fields()}
    drawing = Drawing(paper.form, "en", {}, offers)
    found = []
    for field in paper.form.fields():
        on_paper, now = paper.answers.get(field.id), given.get(field.id)
        if field.id in online and plainly(on_paper) != plainly(now):
            found.append(Difference(field.label, _told(drawing, field, on_paper), _told(drawing, field, now)))
    return found


def _told(drawing: Drawing, field: Field, value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(", ".join(str(cell) for cell in row.values() if cell) for row in value)
    return drawing.shown(field, value)


def _kept(pdf: pikepdf.Pdf) -> tuple[dict[str, Any], bool]:
    """The values of all fields by their names, and whether the file holds scripts."""
    root = pdf.Root
    acroform = root.get("/AcroForm")
    if acroform is not None and "/XFA" in acroform:
        raise NotReadable(
            said("This PDF holds an XFA form, which is not read. Fill the form that you downloaded here")
        )
    if acroform is None or not len(acroform.get("/Fields", ())):
        raise NotReadable(
            said(
                "This PDF has no fields to read. It may be a scan, or have been printed to PDF: "
                "upload the file in which you typed"
            )
        )
    opening = root.get("/OpenAction")
    scripts = "/JavaScript" in root.get("/Names", {}) or "/AA" in root
    scripts = scripts or (isinstance(opening, pikepdf.Dictionary) and "/JS" in opening)
    kept: dict[str, Any] = {}
    for name, field in _walk(acroform.Fields):
        scripts = scripts or "/AA" in field or "/A" in field
        kept[name] = _plain(field.get("/V"))
    return kept, scripts


def _walk(fields: Any) -> Iterator[tuple[str, Any]]:
    """All fields with their full names; a field's widgets, which have no name, are not fields.

    Raises NotReadable where there are too many, or where they stand in a circle."""
    waiting, seen = [("", field) for field in reversed(list(fields))], 0
    while waiting:
        above, field = waiting.pop()
        seen += 1
        if seen + len(waiting) > _MOST_FIELDS:
            raise NotReadable(said("This PDF has more fields than any form of ours"))
        if not isinstance(field, pikepdf.Dictionary) or "/T" not in field:
            continue
        name = f"{above}{field.T}"
        kids = [kid for kid in field.get("/Kids", ()) if "/T" in kid]
        if kids and "/V" not in field:
            waiting += [(f"{name}.", kid) for kid in reversed(kids)]
        else:
            yield name, field


def _plain(value: Any) -> str:
    if isinstance(value, pikepdf.Name):
        return str(value).removeprefix("/")
    if isinstance(value, pikepdf.String):
        return str(value)
    return ""  # a stream too: it may unpack to more than memory holds


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
    """The fields of the PDF that hold the answer to a question."""
    if field.type != "rows":
        yield fields.name(field), field
    for row in range(1, field.most + 1):
        yield from ((fields.name(field, row, column), column) for column in field.columns)


class _Reading:
    """One paper being read."""

    def __init__(self, form: Form, kept: Mapping[str, str], offers: Mapping[str, str]):
        self.form, self.kept = form, kept
        self.known = {name for field in form.fields() for name, _ in _named(field)}
        self.remarks: list[Said] = []
        self.drawings = [Drawing(form, language, {}, offers) for language in LANGUAGES]

    def answers(self) -> dict[str, Any]:
        """All that was answered."""
        found: dict[str, Any] = {}
        for field in self.form.fields():
            value = self.rows(field) if field.type == "rows" else self.value(fields.name(field), field)
            if value:
                found[field.id] = value
        return found

    def rows(self, field: Field) -> list[dict[str, str]]:
        rows = [
            {column.id: self.value(fields.name(field, n, column), column) for column in field.columns}
            for n in range(1, field.most + 1)
        ]
        return [row for row in rows if any(row.values())]

    def value(self, name: str, column: Column) -> str:
        """One answer as it is kept; empty where it is none, or none that can be."""
        typed = self.kept.get(name, "")
        if column.type == "yes":
            return "yes" if typed.casefold() not in ("", "off", "no", "false", "0") else ""
        if len(typed) > (answers.MAX_PROSE if column.type == "prose" else answers.MAX_LINE):
            self.leave(column, said("is too long"))
            return ""
        if column.type in ("choice", "country", "language", "offer"):
            return self.chosen(column, typed)
        return answers.tidy(column, typed.replace("\r\n", "\n").replace("\r", "\n"))

    def chosen(self, column: Column, typed: str) -> str:
        """The id of a choice, written as the id or in the words of any of the languages."""
        wanted = " ".join(typed.removeprefix("/").split()).casefold()
        if wanted in ("", "off"):
            return ""
        for drawing in self.drawings:
            for value, words in fields.choices(drawing, column):
                if wanted in (value.casefold(), words.casefold()):
                    return value
        self.leave(column, said("is none of the answers to choose from"))
        return ""

    def leave(self, column: Column, why: Said) -> None:
        self.remarks.append(said("“%(question)s” was left out: it %(why)s", question=column.label, why=why))
