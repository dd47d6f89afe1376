"""Texts of partners in three languages, by the file itself or by the list of known words."""

from pathlib import Path

import pytest

from mobility.catalogue import catalogue_file, untranslated
from mobility.catalogue.incremental import IncrementalLoader
from mobility.i18n.labels import label
from mobility.i18n.languages import Language
from mobility.paths import CHECKOUT
from mobility.yamlfiles.reader import InvalidFile
from tests.helpers.partners_file import GOOD, Faults

NAMES = "{en: First University, ru: Первый университет}"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    (tmp_path / "partners.yaml").write_text(GOOD.replace("name: First University", f"name: {NAMES}"))
    (tmp_path / "content").mkdir()
    path = tmp_path / "content" / "words.yaml"
    path.write_text("cities:\n  - {en: Oslo, ru: Осло, kk: Осло}\n")
    return path


def test_a_text_is_given_once_or_in_each_language(words: Path) -> None:
    book = catalogue_file.load(words.parent.parent / "partners.yaml")
    (partner,) = book.partners
    assert partner.name == "First University"
    told = [label(partner.name).to("ru"), label(partner.name).to("kk"), label(partner.city).to("kk")]
    assert told == ["Первый университет", "First University", "Осло"]
    ours = ["Invented University", "IU", "Almaty", "Invented rules", "Invented Office", "IO"]
    assert untranslated.texts(book, "ru") == {"institution": ours, "first": ["Student exchange"]}
    first = ["First University", "Student exchange"]
    assert untranslated.texts(book, "kk") == {"institution": ours, "first": first}
    assert untranslated.texts(book, "en") == {}


def test_a_proof_of_language_is_counted_too(words: Path) -> None:
    path = words.parent.parent / "partners.yaml"
    proof = "{id: own-test, name: {en: Our test, kk: Біздің тест}, help: At the Foundation Faculty}"
    text = path.read_text().replace("  statement: true", f"  further_proofs: [{proof}]\n  statement: true")
    path.write_text(text)
    book = catalogue_file.load(path)
    assert untranslated.texts(book, "ru")["requirements"] == ["Our test", "At the Foundation Faculty"]
    assert untranslated.texts(book, "kk")["requirements"] == ["At the Foundation Faculty"]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_shipped_partners_are_told_in_every_language_with_the_same_numbers(language: Language) -> None:
    book = catalogue_file.load(CHECKOUT.partners)
    assert untranslated.texts(book, language) == {}
    assert list(untranslated.other_numbers(book, language)) == []


def test_a_number_that_was_changed_in_one_language_alone_is_told(words: Path) -> None:
    path = words.parent.parent / "partners.yaml"
    notes = '{en: "SEK 10,000 by 1 May", ru: 10 000 SEK до 1 мая, kk: 2 мамырға дейін 10 000 SEK}'
    path.write_text(path.read_text().replace("    programmes:", f"    notes: {notes}\n    programmes:"))
    book = catalogue_file.load(path)
    assert list(untranslated.other_numbers(book, "ru")) == []
    assert list(untranslated.other_numbers(book, "kk")) == [("first", "2 мамырға дейін 10 000 SEK")]


def test_a_changed_list_of_words_is_read_again(words: Path) -> None:
    loader, path = IncrementalLoader(), words.parent.parent / "partners.yaml"
    assert str(loader.load(path).institution.city) == "Almaty"
    words.write_text("cities:\n  - {en: Oslo, kk: Осло қаласы}\n  - {en: Almaty, kk: Алматы қаласы}\n")
    read = loader.load(path)
    told = [label(city).to("kk") for city in (read.institution.city, read.partners[0].city)]
    assert told == ["Алматы қаласы", "Осло қаласы"]


def test_a_word_that_stands_twice_is_told_with_its_line(words: Path) -> None:
    words.write_text("cities:\n  - {en: Oslo, ru: Осло}\n  - {en: Oslo, kk: Осло}\n")
    with pytest.raises(InvalidFile, match=r'content/words.yaml:3: .*"Oslo" stands on line 2'):
        catalogue_file.load(words.parent.parent / "partners.yaml")


@pytest.mark.parametrize("name", ["{ru: Осло}", "{en: Oslo, no: Oslo}"])
def test_a_text_without_english_or_in_another_language_is_refused(faults: Faults, name: str) -> None:
    (line,) = faults(("city: Oslo", f"city: {name}"))
    assert "{en: …, ru: …, kk: …}" in line
