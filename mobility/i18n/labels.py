"""Translated labels of the catalogue's fixed values: levels, terms, lengths, fields of study, agreements."""

from markupsafe import Markup, escape

from mobility.i18n.languages import Language, Said, said
from mobility.i18n.words import Words

LEVELS = {"bachelor": said("bachelor"), "master": said("master"), "doctorate": said("doctorate")}
TERMS = {"autumn": said("autumn"), "spring": said("spring")}
LENGTHS = {"semester": said("semester"), "year": said("year")}
FACTS = {
    "agreement": said("agreement"),
    "levels": said("levels"),
    "fields": said("fields"),
    "languages": said("languages of instruction"),
    "requirements": said("requirements"),
    "deadlines": said("deadlines"),
    "semesters": said("semesters"),
    "ects": said("ECTS"),
    "costs": said("costs"),
    "notes": said("notes"),
    "documents": said("documents"),
    "questions": said("questions"),
    "programmes": said("programmes"),
}
"""What a source may state."""
_FIELDS = (
    said("engineering"),
    said("economics"),
    said("education"),
    said("petroleum engineering"),
    said("business"),
    said("law"),
    said("computer science"),
    said("science"),
    said("humanities"),
    said("social sciences"),
    said("technology"),
    said("management"),
    said("languages"),
    said("political science"),
    said("nautical sciences"),
)
FIELDS = {field.text: field for field in _FIELDS}
"""The fields of study that are translated; others are shown as the catalogue writes them."""

_KINDS = (
    said("bilateral"),
    said("bilateral exchange"),
    said("memorandum"),
    said("double degree"),
)
KINDS = {kind.text: kind for kind in _KINDS}
"""The kinds of agreement that are translated; others (Erasmus+) are shown as the catalogue has them."""


_ALL = {**KINDS, **FIELDS, **FACTS, **LENGTHS, **TERMS, **LEVELS}


def label(word: str) -> Said | Words:
    """The translatable label of a catalogue value; the value itself where there is none."""
    if isinstance(word, Words) and word.translations:
        return word
    if word in _ALL:
        return _ALL[word]
    return Said(word.replace("%", "%%"))


def in_words(word: str, to: Language) -> Markup:
    """The label of a catalogue value for a page; what has no translation is marked as English."""
    if has_label(word, to):
        return escape(label(word).to(to))
    return Markup('<span lang="en">{}</span>').format(word)


def label_list(words: tuple[str, ...], to: Language) -> Markup:
    """The labels of several values for a page, in their order, with commas between."""
    return Markup(", ").join(in_words(word, to) for word in words)


def has_label(word: str, to: Language) -> bool:
    """Whether a catalogue value can be told in a language."""
    return to == "en" or word in _ALL or (isinstance(word, Words) and word.speaks(to))
