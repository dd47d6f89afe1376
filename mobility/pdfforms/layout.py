"""The template data of a form's PDF: plain values that `form.typ` typesets; `acroform` then adds fields."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mobility.catalogue.answer_text import answer_text
from mobility.catalogue.answers import MAX_PROSE
from mobility.catalogue.forms import Column, Field, Form, Section
from mobility.i18n.labels import label
from mobility.i18n.languages import Language
from mobility.pdfforms.field_font import printable_text
from mobility.yamlfiles.field_types import Text

_MOST_LINES = 40
"""Lines of an answer that one page can hold as a field."""
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
    """The version of a form's definition: a short hash, printed on every page."""
    return hashlib.sha256(form.model_dump_json().encode()).hexdigest()[:8]


def page(layout: "FormLayout", institution: str, fillable: bool) -> dict[str, Any]:
    """The template data of `form.typ`. Where `fillable`, the positions of fields are marked by links, and
    their values are left to `acroform`."""
    form, language, given = layout.form, layout.language, layout.given
    words = WORDS[language]
    others = {key: text for key, text in form.title if key != language and text}
    return {
        "language": language,
        "institution": printable_text(label(institution).to(language)),
        "document": layout.text(form.title),
        "title": layout.text(form.title),
        "titles": [{"language": key, "title": printable_text(text)} for key, text in others.items()],
        "intro": layout.text(form.intro),
        "person": printable_text(
            " ".join(str(given.get(name) or "") for name in ("family-name", "given-name"))
        ),
        "footer": f"{form.id} · {words['version']} {version(form)}",
        "fillable": fillable,
        "stamp": "",
        "code": "",
        "mark": "",
        "note": "",
        "sign-here": "",
        "words": words,
        "sections": [layout.section(section) for section in form.sections],
        "declarations": [layout.text(words) for words in form.declarations],
        "signatures": [
            {"who": layout.text(each.who), "stamp": layout.text(each.stamp)} for each in form.signatures
        ],
    }


class FormLayout:
    """Builds the template data of one form in one language with one person's answers."""

    def __init__(self, form: Form, language: Language, given: Mapping[str, Any], offers: Mapping[str, str]):
        self.form, self.language, self.given, self.offers = form, language, given, offers

    def text(self, words: Text | None) -> str:
        """A translated text in the language of the page; in English where it is not translated."""
        return printable_text(words.to(self.language)) if words else ""

    def section(self, section: Section) -> dict[str, Any]:
        """A section's blocks: two short questions share a line, a wide one has its own; choices with the same
        options become one table."""
        blocks: list[dict[str, Any]] = []
        for options, group in itertools.groupby(section.fields, lambda field: field.options):
            fields = [self.field(field) for field in group]
            if len(options) > 2 and len(fields) > 1:
                labels = [self.text(option.label) for option in options]
                blocks.append({"options": labels, "fields": fields})
            else:
                blocks += _lines(blocks, fields)
        if len(section.fields) == 1 and str(section.fields[0].label) == str(section.title):
            blocks[0]["fields"][0]["label"] = ""  # the title of the section says it
        return {"title": self.text(section.title), "intro": self.text(section.intro), "blocks": blocks}

    def field(self, field: Field) -> dict[str, Any]:
        """A question with its answer."""
        value = self.given.get(field.id)
        rows = list(self.rows(field, value or ())) if field.type == "rows" else []
        kind = field.type if field.type in ("choice", "yes", "rows", "prose") else "line"
        value_shown = self.answer_text(field, value) if kind in ("line", "prose") else ""
        return {
            "name": field.id,
            "kind": kind,
            "label": self.text(field.label),
            "help": self.text(field.help),
            "optional": not field.required,
            "condition": self.condition(field),
            "wide": field.wide or kind in ("yes", "rows", "prose"),
            "value": value_shown,
            "endless": len(value_shown) > MAX_PROSE or value_shown.count("\n") > _MOST_LINES,
            "ticked": value == "yes",
            "options": [
                {"id": o.id, "label": self.text(o.label), "ticked": o.id == value} for o in field.options
            ],
            "columns": [{"id": c.id, "label": self.text(c.label), "wide": c.wide} for c in field.columns],
            "rows": rows,
            "long": len(rows) > 12 or any(len(cell) > 30 for row in rows for cell in row),
        }

    def rows(self, field: Field, typed: Iterable[Mapping[str, str]]) -> Iterator[list[str]]:
        """The rows of a repeated question: those answered, then empty ones up to its limit."""
        answered = list(typed)
        for row in answered + [{}] * (field.most - len(answered)):
            yield [self.answer_text(column, row.get(column.id)) for column in field.columns]

    def condition(self, field: Field) -> str:
        """The note of a conditional question that says to whom it applies; else an empty string."""
        if field.when is None:
            return ""
        above = next(f for f in self.form.fields() if f.id == field.when.field)
        answers = [self.answer_text(above, value) for value in field.when.is_]
        words = WORDS[self.language]["only-if"]
        return words.format(label=self.text(above.label), answers=", ".join(answers))

    def answer_text(self, column: Column, value: Any) -> str:
        """An answer as printed."""
        return printable_text(answer_text(column, value, self.language, self.offers))


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
