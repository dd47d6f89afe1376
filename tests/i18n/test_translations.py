"""Every sentence that code and templates say is there in Russian and Kazakh, with the same places to fill."""

import ast
import re
from collections.abc import Iterator

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from mobility.i18n.languages import DOMAINS, LANGUAGES, LOCALE, Language, said, say, translations
from mobility.paths import CHECKOUT
from mobility.publishing.page_check.page_files import untranslated

OTHERS = [language for language in LANGUAGES if language != "en"]
PLACE = re.compile(r"%\((\w+)\)")


def sentences(domain: str) -> Iterator[str | tuple[str, str]]:
    """What `scripts/translations` would collect now, with a plural where there is one."""
    with (CHECKOUT.root / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        CHECKOUT.root / domain, methods, options, keywords={"said": None, "_": None, "ngettext": (1, 2)}
    )
    for _, _, message, _, _ in found:
        yield message if isinstance(message, str) else (message[0], message[1])


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_sentence_is_translated_with_its_places(domain: str, language: Language) -> None:
    with (LOCALE / language / f"{domain}.po").open("rb") as file:
        words = {message.id: message.string for message in read_po(file, locale=language) if message.id}
    asked = set(sentences(domain))
    assert asked
    whole = {text for text, told in words.items() if told and all(told)}
    assert asked - whole == set(), "run scripts/translations"
    assert set(words) - asked == set(), "these are said no more: run scripts/translations"
    for message, translated in words.items():
        text = message if isinstance(message, str) else message[1]
        for told in [translated] if isinstance(translated, str) else translated:
            assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(told)), text
        filled = dict.fromkeys(PLACE.findall(text), "x")
        assert translations(language).gettext(text) % filled


def hidden(source: str) -> Iterator[str]:
    """Sentences that stand in f-strings, or are f-strings: extractors see these with some Pythons only, or
    never."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            yield from (ast.unparse(each) for each in ast.walk(node) if says(each, ast.Constant))
        elif says(node, ast.JoinedStr):
            yield ast.unparse(node)


def says(node: ast.AST, first: type[ast.expr]) -> bool:
    """Whether this is said(…) or _(…) of such an expression."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[text, *_]):
            return name in ("said", "_") and isinstance(text, first)
    return False


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_sentence_hides_in_an_f_string(domain: str) -> None:
    for path in (CHECKOUT.root / domain).rglob("*.py"):
        assert list(hidden(path.read_text())) == [], path


@pytest.mark.parametrize(
    "way", ["f'{_(\"A\")}'", "f'{x} · {said(\"A\").to(x)}'", "said(f'{x}')", "l.said(f'{x}')"]
)
def test_a_hidden_sentence_is_found(way: str) -> None:
    assert list(hidden(way))


@pytest.mark.parametrize("way", ["f'{drawing.said(field.label)}'", "said('A').to(f'{x}')", "f'{x}'"])
def test_what_is_no_hidden_sentence_is_left(way: str) -> None:
    assert not list(hidden(way))


@pytest.mark.parametrize("folder", ["mobility", "portal"])
def test_why_an_act_is_not_possible_can_be_said_in_every_language(folder: str) -> None:
    for path in (CHECKOUT.root / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="NotPossible"), args=[ast.Constant() | ast.JoinedStr(), *_]):
                    pytest.fail(f"{path}:{node.lineno}: said(…) is missing")


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


@pytest.mark.parametrize(
    ("count", "form"), [(1, "1 заявка."), (2, "2 заявки."), (12, "12 заявок."), (21, "21 заявка.")]
)
def test_numbers_take_the_form_that_russian_gives_them(count: int, form: str) -> None:
    said = translations("ru").ngettext("%(num)s application.", "%(num)s applications.", count)
    assert said % {"num": count} == form


def test_no_kazakh_ending_hangs_on_the_name_of_the_office() -> None:
    """Vowel harmony: which ending is right depends on a name that the office may change."""
    glued = re.compile(r"(%\(office\)s|office\.(short_)?name *\}\}|parts\.ask\([^}]*\) *\}\})-\w")
    texts = [*(LOCALE / "kk").glob("*.po"), *(CHECKOUT.content / "pages" / "kk").rglob("*.md")]
    assert [path.name for path in texts if glued.search(path.read_text(encoding="utf-8"))] == []
