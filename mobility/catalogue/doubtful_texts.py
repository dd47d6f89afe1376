"""Texts and addresses of the edited files that are allowed, and were most likely not meant so."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from mobility.i18n.languages import LANGUAGES
from mobility.i18n.words import Words
from mobility.yamlfiles import strange_characters
from mobility.yamlfiles.errors import quoted
from mobility.yamlfiles.field_types import Text

_NO_TEXTS = {"id", "form", "setting", "email", "sample", "field", "is_"}
"""Fields whose strings are no words for readers."""
_KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_SECOND = re.escape(bytes(range(0x80, 0xC0)).decode("cp1251", "ignore"))
_GARBLED = re.compile(f"(?:[РС][{_SECOND}]){{2}}|[ÐÑ].[ÐÑ]")
"""UTF-8 that was read as cp1251, or as Latin-1."""
_LONG = 60
"""A Kazakh text of so many letters holds one that Russian lacks."""


def found(model: BaseModel) -> Iterator[tuple[str, str]]:
    """Where in a model a text or an address is doubtful (its keys and numbers, with points between), and what
    is doubtful in it."""
    for path, name, language, text in _strings(model, (), ""):
        where = ".".join(path)
        if name in ("url", "website", "page", "link"):
            yield from ((where, f"is {quoted(text)}: {said}") for said in _of_address(text))
        elif name not in _NO_TEXTS:
            yield from ((where, f"is {quoted(text)}: {said}") for said in _of_text(text, language))


def _strings(value: Any, path: tuple[str, ...], name: str) -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """Every text of a model: its path, its field, its language ("" where it is of none), and the text."""
    if isinstance(value, Words):
        inner = path if not value.translations else (*path, "en")
        yield inner, name, "en", str(value)
        for language, text in value.translations.items():
            yield (*path, language), name, language, text
    elif isinstance(value, str):
        yield path, name, name if name in LANGUAGES else "", value
    elif isinstance(value, BaseModel):
        for key in type(value).model_fields:
            yield from _strings(getattr(value, key), (*path, key), key)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _strings(each, (*path, str(key)), name)
    elif isinstance(value, tuple):
        for n, each in enumerate(value, 1):
            yield from _strings(each, (*path, str(n)), name)


def untranslated(model: BaseModel) -> Iterator[str]:
    """Where in a model of the office's forms and documents a text stands in English alone (its keys and
    numbers): readers of Russian and Kazakh see it so. Short forms such as ECTS are in every language."""

    def walk(value: Any, path: tuple[str, ...]) -> Iterator[str]:
        if isinstance(value, Text):
            if not (value.ru and value.kk) and re.search("[a-z]{3}", value.en):
                yield ".".join(path)
        elif isinstance(value, BaseModel):
            for key in type(value).model_fields:
                yield from walk(getattr(value, key), (*path, key))
        elif isinstance(value, tuple):
            for n, each in enumerate(value, 1):
                yield from walk(each, (*path, str(n)))

    return walk(model, ())


def _of_text(text: str, language: str) -> Iterator[str]:
    """The first thing that is doubtful: others often follow of it."""
    yield from itertools.islice(filter(None, (look(text, language) for look in _LOOKS)), 1)


def _no_word(text: str, _: str) -> str:
    return "" if re.search(r"\w", text) else "it holds no letter and no figure"


def _two_alphabets(text: str, _: str) -> str:
    for word in re.findall(r"[^\W\d_]+", text):
        rest = strange_characters.plain(word)
        if re.search("[A-Za-z]", word) and _CYRILLIC.search(word) and not _CYRILLIC.search(rest):
            return f'"{word}" mixes alphabets: {"; ".join(strange_characters.named(word))}'
    return ""


def _wrong_encoding(text: str, _: str) -> str:
    garbled = _GARBLED.search(text)
    return "letters were garbled when it was copied or saved: type it again" if garbled else ""


def _quote(text: str, _: str) -> str:
    if text.count('"') % 2:
        return 'a quote (") stands alone in it: delete it, or write the other'
    if re.search(r"\w'[,.]?$", text) and text.count("'") == 1:
        return "a quote (') stands alone at its end: delete it"
    if re.fullmatch("[“”„«][^“”„«»]*[“”»]", text):
        return "it stands in quotes, which readers see: delete them"
    return ""


def _tags(text: str, _: str) -> str:
    found = re.search(r"</?[a-z][a-z0-9]*(\s[^>]*)?/?>|&[a-z]{2,8};|&#[0-9]+;", text)
    return f'"{found[0]}" is shown as it stands: write plain text' if found else ""


def _remark(text: str, _: str) -> str:
    return "a remark after # needs a space before it" if re.search(r"\w#\s", text) else ""


def _language(text: str, language: str) -> str:
    letters = re.findall(r"[^\W\d_]", text)
    cyrillic = sum(bool(_CYRILLIC.match(letter)) for letter in letters)
    if language == "en" and cyrillic * 2 > len(letters):
        return "this is no English"
    if language == "ru" and _KAZAKH.search(re.sub("[Ii]", "", text)):
        return "this is Kazakh, not Russian, or has Kazakh names in it"
    if language == "kk" and cyrillic > _LONG and not _KAZAKH.search(text):
        return "this has no Kazakh letter: is it Russian?"
    if language in ("ru", "kk") and len(letters) > _LONG and not cyrillic:
        return "this has no Cyrillic letter: is it English?"
    return ""


_LOOKS: tuple[Callable[[str, str], str], ...] = (
    _no_word, _two_alphabets, _wrong_encoding, _quote, _tags, _remark, _language,
)  # fmt: skip


def _of_address(url: str) -> Iterator[str]:
    host = urlsplit(url).hostname or ""
    if url.count("://") > 1 and re.match("https?://https?:?//", url):
        yield "https:// stands in it twice"
    elif "," in host:
        yield "a comma stands in its host, where points belong"
    elif "." not in host:
        yield "its host has no point, as in kbtu.edu.kz"
    if re.search("[,.;:]$", url):
        yield f'does "{url[-1]}" belong to its end?'
    if odd := [char for char in url if char in "“”„«»‘’"]:
        yield f'"{odd[0]}" stands in it'
    if said := _two_alphabets(host, ""):
        yield said
