"""Forms as PDF: blank, to print and fill by hand; filled; and a sample filled by an invented student.

Tagged for screen readers (PDF/UA-1). The same form and answers give the same bytes, always.
"""

import datetime
import hashlib
import itertools
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import typst
from anyascii import anyascii
from babel import Locale

from mobility.fields import COUNTRIES, LANGUAGES, Text
from mobility.forms import Column, Field, Form, Section

Language = Literal["en", "ru", "kk"]

MARK = "SAMPLE / ҮЛГІ / ОБРАЗЕЦ"
_HERE = Path(__file__).parent
_BLOCKS = ((0x20, 0x7F), (0xA0, 0x250), (0x370, 0x530), (0x1E00, 0x2000), (0x2010, 0x2028), (0x2030, 0x203B))
"""What can be printed: Latin, Greek and Cyrillic with all letters of Kazakh, and their punctuation."""
_EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
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


def blank(form: Form, institution: str, language: Language = "en") -> bytes:
    """The form to print and fill by hand."""
    return _typeset(_page(form, institution, language, {}, {}))


def filled(
    form: Form,
    institution: str,
    given: Mapping[str, Any],
    offers: Mapping[str, str] | None = None,
    language: Language = "en",
) -> bytes:
    """The form with someone's answers, to print and sign. `offers`: names of the programmes by their ids.

    Answers that the form does not ask are left out, and those not given stay places to write in.
    """
    return _typeset(_page(form, institution, language, given, offers or {}))


def sample(form: Form, institution: str, language: Language = "en") -> bytes:
    """The form as the invented student fills it; every page says so."""
    page = _page(form, institution, language, form.sample(), {})
    words = _WORDS[language]
    page |= {
        "document": f"{page['title']} ({words['invented']})",
        "mark": MARK,
        "note": words["note"],
        "sign-here": words["sign-here"],
    }
    page["footer"] += f" · {words['invented']}"
    return _typeset(page)


def write_all(forms: Iterable[Form], folder: Path, institution: str) -> None:
    """Writes `<id>.pdf` and `<id>-sample.pdf` of each form into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for form in forms:
        (folder / f"{form.id}.pdf").write_bytes(blank(form, institution))
        (folder / f"{form.id}-sample.pdf").write_bytes(sample(form, institution))


def version(form: Form) -> str:
    """Tells one definition of a form from another; printed on every page."""
    return hashlib.sha256(form.model_dump_json().encode()).hexdigest()[:8]


def printable(char: str) -> bool:
    """Whether the fonts have this character; others would be left out on paper."""
    if char in "\n№€₸−×":
        return True
    named = not unicodedata.category(char).startswith("C")
    return named and any(low <= ord(char) < high for low, high in _BLOCKS)


def _typeset(page: Mapping[str, Any]) -> bytes:
    compiled = typst.compile(
        str(_HERE / "form.typ"),
        root=str(_HERE),
        font_paths=[str(_HERE / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"form": json.dumps(page, ensure_ascii=False)},
        timestamp=_EPOCH,
        pdf_standards=["ua-1"],
    )
    assert isinstance(compiled, bytes)
    return compiled


def _page(
    form: Form, institution: str, language: Language, given: Mapping[str, Any], offers: Mapping[str, str]
) -> dict[str, Any]:
    """All that `form.typ` draws."""
    drawing = _Drawing(form, language, given, offers)
    words = _WORDS[language]
    others = {key: text for key, text in form.title if key != language and text}
    return {
        "language": language,
        "institution": _drawable(institution),
        "document": drawing.said(form.title),
        "title": drawing.said(form.title),
        "titles": [{"language": key, "title": _drawable(text)} for key, text in others.items()],
        "intro": drawing.said(form.intro),
        "person": _drawable(" ".join(str(given.get(name) or "") for name in ("family-name", "given-name"))),
        "footer": f"{form.id} · {words['version']} {version(form)}",
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


class _Drawing:
    """One form in one language with one person's answers, as plain values to draw."""

    def __init__(self, form: Form, language: Language, given: Mapping[str, Any], offers: Mapping[str, str]):
        self.form, self.language, self.given, self.offers = form, language, given, offers
        places = Locale(language)
        self.countries = {code: places.territories.get(code, name) for code, name in COUNTRIES.items()}
        self.languages = {code: places.languages.get(code, name) for code, name in LANGUAGES.items()}

    def said(self, words: Text | None) -> str:
        """Words in the language of the page; in English where they are not translated."""
        return _drawable((getattr(words, self.language) or words.en) if words else "")

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
        return {
            "kind": kind,
            "label": self.said(field.label),
            "help": self.said(field.help),
            "optional": not field.required,
            "condition": self.condition(field),
            "wide": field.wide or kind in ("yes", "rows", "prose"),
            "value": self.shown(field, value) if kind in ("line", "prose") else "",
            "ticked": value == "yes",
            "options": [{"label": self.said(o.label), "ticked": o.id == value} for o in field.options],
            "columns": [{"label": self.said(c.label), "wide": c.wide} for c in field.columns],
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
        words = _WORDS[self.language]["only-if"]
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
        return _drawable(text)


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


def _drawable(text: str) -> str:
    """The text with what cannot be printed written in Latin letters."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(char if printable(char) else _latin(char) for char in composed)


def _latin(char: str) -> str:
    return "" if unicodedata.category(char).startswith("C") else anyascii(char)
