"""An answer of a form as text for readers: names for codes, labels for choices, dates as 31.03.2005."""

from collections.abc import Mapping
from typing import Any, Literal

from mobility.catalogue.forms import Column
from mobility.i18n.languages import Language, alphabetical, country_name, language_name
from mobility.yamlfiles.field_types import COUNTRIES, LANGUAGES

_FIRST = {"country": ("KZ",), "language": ("kk", "ru", "en")}
"""What most applicants here choose stands above the rest, which are in the order of their names."""


def answer_text(question: Column, value: Any, language: Language, offers: Mapping[str, str]) -> str:
    """An answer as readers see it in a language, rows in one line. `offers`: names of programmes by id.
    What is no valid answer is shown as it was typed."""
    if isinstance(value, list | tuple):
        return "; ".join(", ".join(str(cell) for cell in row.values() if cell) for row in value)
    text = str(value or "")
    match question.type:
        case "country":
            return country_name(text, language)
        case "language":
            return language_name(text, language)
        case "offer":
            return offers.get(text, text)
        case "choice":
            return next((o.label.to(language) for o in question.options if o.id == text), text)
        case "date":
            return date_text(text)
    return text


def date_text(value: str) -> str:
    """A date of an answer (2005-03-31) as people here write it: 31.03.2005; any other text as it is."""
    parts = value.split("-")
    return ".".join(reversed(parts)) if [len(part) for part in parts] == [4, 2, 2] else value


def code_choices(kind: Literal["country", "language"], language: Language) -> list[tuple[str, str]]:
    """(code, name) of all countries or languages, in the order in which they are offered."""
    codes, named = (COUNTRIES, country_name) if kind == "country" else (LANGUAGES, language_name)
    first, names = _FIRST[kind], {code: named(code, language) for code in codes}
    rest = sorted((code for code in names if code not in first), key=lambda code: alphabetical(names[code]))
    return [(code, names[code]) for code in (*first, *rest)]
