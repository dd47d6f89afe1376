"""Every sentence that code and templates say is there in Russian and Kazakh, with the same places to fill."""

import re
from collections.abc import Iterator
from typing import cast

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from mobility.i18n.languages import DOMAINS, LANGUAGES, LOCALE, Language, said, say, translations
from mobility.paths import CHECKOUT
from mobility.publishing.site_builder import untranslated

OTHERS = [language for language in LANGUAGES if language != "en"]
PLACE = re.compile(r"%\((\w+)\)")


def sentences(domain: str) -> Iterator[str]:
    """What `scripts/translations` would collect now."""
    with (CHECKOUT.root / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(CHECKOUT.root / domain, methods, options, keywords={"said": None, "_": None})
    for _, _, message, _, _ in found:
        yield cast(str, message)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_sentence_is_translated_with_its_places(domain: str, language: Language) -> None:
    with (LOCALE / language / f"{domain}.po").open("rb") as file:
        words = {message.id: message.string for message in read_po(file, locale=language) if message.id}
    asked = set(sentences(domain))
    assert asked
    assert asked - {text for text, told in words.items() if told} == set(), "run scripts/translations"
    assert set(words) - asked == set(), "these are said no more: run scripts/translations"
    for text, told in words.items():
        assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(told)), text
        filled = dict.fromkeys(PLACE.findall(text), "x")
        assert translations(language).gettext(text) % filled


def test_no_page_of_the_office_is_missing_in_any_language() -> None:
    assert list(untranslated(CHECKOUT)) == []


def test_a_sentence_is_said_in_the_readers_language_with_what_it_holds() -> None:
    inside = said("Studies in autumn %(year)s", year=2027)
    sentence = said("%(section)s: %(question)s", section=inside, question="GPA 100%")
    assert str(sentence) == "Studies in autumn 2027: GPA 100%"
    assert sentence.to("ru") == "Учёба в осеннем семестре 2027 года: GPA 100%"
    assert say("plain", "kk") == "plain"


def test_what_no_one_translated_is_said_in_english() -> None:
    assert said("No translator has seen this").to("kk") == "No translator has seen this"
