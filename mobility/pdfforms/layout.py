"""A form as plain values to draw: `form.typ` sets them in type, `mobility.acroform` puts fields on them."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from babel import Locale

from mobility.catalogue.answers import MAX_PROSE
from mobility.catalogue.forms import Column, Field, Form, Section
from mobility.i18n.languages import Language
from mobility.pdfforms.field_font import drawable
from mobility.yamlfiles.field_types import COUNTRIES, LANGUAGES, Text

_MOST_LINES = 40
"""Of an answer that one page can hold as a field."""
WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "stamp": "reference {reference} · answers {hash}",
        "optional": "optional",
        "only-if": "only if “{label}” is: {answers}",
        "tick-one": "Tick one in each line",
        "number": "No.",
        "name": "name",
        "signature": "signature",
        "date": "date",
        "sign-here": "signed here by hand",
        "page": "page {n} of {all}",
        "version": "version",
        "note": "Filled sample. The student and all data are invented: write your own.",
        "invented": "filled sample, all data invented",
    },
    "ru": {
        "stamp": "номер {reference} · ответы {hash}",
        "optional": "необязательно",
        "only-if": "только если «{label}»: {answers}",
        "tick-one": "Отметьте одно в каждой строке",
        "number": "№",
        "name": "фамилия и имя",
        "signature": "подпись",
        "date": "дата",
        "sign-here": "здесь подпись от руки",
        "page": "страница {n} из {all}",
        "version": "версия",
        "note": "Образец заполнения. Студент и все данные вымышлены: пишите свои.",
        "invented": "образец заполнения, все данные вымышлены",
    },
    "kk": {
        "stamp": "нөмірі {reference} · жауаптар {hash}",
        "optional": "міндетті емес",
        "only-if": "тек «{label}» мынадай болса: {answers}",
        "tick-one": "Әр жолда біреуін белгілеңіз",
        "number": "№",
        "name": "аты-жөні",
        "signature": "қолы",
        "date": "күні",
        "sign-here": "осы жерге қол қойылады",
        "page": "{all} беттің {n}-беті",
        "version": "нұсқасы",
        "note": "Толтыру үлгісі. Студент пен барлық дерек ойдан алынған: өзіңіздікін жазыңыз.",
        "invented": "толтыру үлгісі, барлық дерек ойдан алынған",
    },
}


def version(form: Form) -> str:
    """Tells one definition of a form from another; printed on every page."""
    return hashlib.sha256(form.model_dump_json().encode()).hexdigest()[:8]


def page(drawing: "Drawing", institution: str, fillable: bool) -> dict[str, Any]:
    """All that `form.typ` draws. Where `fillable`, places to write in are marked, and what they hold is left
    to `mobility.acroform`."""
    form, language, given = drawing.form, drawing.language, drawing.given
    words = WORDS[language]
    others = {key: text for key, text in form.title if key != language and text}
    return {
        "language": language,
        "institution": drawable(institution),
        "document": drawing.said(form.title),
        "title": drawing.said(form.title),
        "titles": [{"language": key, "title": drawable(text)} for key, text in others.items()],
        "intro": drawing.said(form.intro),
        "person": drawable(" ".join(str(given.get(name) or "") for name in ("family-name", "given-name"))),
        "footer": f"{form.id} · {words['version']} {version(form)}",
        "fillable": fillable,
        "stamp": "",
        "code": "",
        "mark": "",
        "note": "",
        "sign-here": "",
        "words": words,
        "sections": [drawing.section(section) for section in form.sections],
        "declarations": [drawing.said(words) for words in form.declarations],
        "signatures": [
            {"who": drawing.said(each.who), "stamp": drawing.said(each.stamp)} for each in form.signatures
        ],
    }


class Drawing:
    """One form in one language with one person's answers, as plain values to draw."""

    def __init__(self, form: Form, language: Language, given: Mapping[str, Any], offers: Mapping[str, str]):
        self.form, self.language, self.given, self.offers = form, language, given, offers
        places = Locale(language)
        self.countries = {code: places.territories.get(code, name) for code, name in COUNTRIES.items()}
        self.languages = {code: places.languages.get(code, name) for code, name in LANGUAGES.items()}

    def said(self, words: Text | None) -> str:
        """Words in the language of the page; in English where they are not translated."""
        return drawable(words.to(self.language)) if words else ""

    def section(self, section: Section) -> dict[str, Any]:
        """Two short questions share a line, a wide one has its own; like choices become one table."""
        blocks: list[dict[str, Any]] = []
        for options, group in itertools.groupby(section.fields, lambda field: field.options):
            fields = [self.field(field) for field in group]
            if len(options) > 2 and len(fields) > 1:
                labels = [self.said(option.label) for option in options]
                blocks.append({"options": labels, "fields": fields})
            else:
                blocks += _lines(blocks, fields)
        if len(section.fields) == 1 and str(section.fields[0].label) == str(section.title):
            blocks[0]["fields"][0]["label"] = ""  # the title of the section says it
        return {"title": self.said(section.title), "intro": self.said(section.intro), "blocks": blocks}

    def field(self, field: Field) -> dict[str, Any]:
        """A question, and its answer."""
        value = self.given.get(field.id)
        rows = list(self.rows(field, value or ())) if field.type == "rows" else []
        kind = field.type if field.type in ("choice", "yes", "rows", "prose") else "line"
        value_shown = self.shown(field, value) if kind in ("line", "prose") else ""
        return {
            "name": field.id,
            "kind": kind,
            "label": self.said(field.label),
            "help": self.said(field.help),
            "optional": not field.required,
            "condition": self.condition(field),
            "wide": field.wide or kind in ("yes", "rows", "prose"),
            "value": value_shown,
            "endless": len(value_shown) > MAX_PROSE or value_shown.count("\n") > _MOST_LINES,
            "ticked": value == "yes",
            "options": [
                {"id": o.id, "label": self.said(o.label), "ticked": o.id == value} for o in field.options
            ],
            "columns": [{"id": c.id, "label": self.said(c.label), "wide": c.wide} for c in field.columns],
            "rows": rows,
            "long": len(rows) > 12 or any(len(cell) > 30 for row in rows for cell in row),
        }

    def rows(self, field: Field, typed: Iterable[Mapping[str, str]]) -> Iterator[list[str]]:
        """The rows that were answered, then empty ones to write in."""
        answered = list(typed)
        for row in answered + [{}] * (field.most - len(answered)):
            yield [self.shown(column, row.get(column.id)) for column in field.columns]

    def condition(self, field: Field) -> str:
        """For whom a conditional question is."""
        if field.when is None:
            return ""
        above = next(f for f in self.form.fields() if f.id == field.when.field)
        answers = [self.shown(above, value) for value in field.when.is_]
        words = WORDS[self.language]["only-if"]
        return words.format(label=self.said(above.label), answers=", ".join(answers))

    def shown(self, column: Column, value: Any) -> str:
        """An answer as it stands on paper: names for codes, dates as people here write them."""
        text = str(value or "")
        match column.type:
            case "country":
                text = self.countries.get(text, text)
            case "language":
                text = self.languages.get(text, text)
            case "offer":
                text = self.offers.get(text, text)
            case "choice":
                text = next((self.said(o.label) for o in column.options if o.id == text), text)
            case "date":
                parts = text.split("-")
                text = ".".join(reversed(parts)) if [len(part) for part in parts] == [4, 2, 2] else text
        return drawable(text)


def _lines(before: list[dict[str, Any]], fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fields laid out in lines of one or two; the first may join the last line of `before`."""
    lines: list[dict[str, Any]] = []
    for field in fields:
        last = (before + lines)[-1:]
        room = last and not last[0]["options"] and len(last[0]["fields"]) == 1
        if room and not field["wide"] and not last[0]["fields"][0]["wide"]:
            last[0]["fields"].append(field)
        else:
            lines.append({"options": [], "fields": [field]})
    return lines
