"""Texts of partners in three languages, by the file itself or by the list of known words."""

from pathlib import Path

import pytest

from mobility.catalogue import catalogue_file, untranslated
from mobility.catalogue.incremental import IncrementalLoader
from mobility.i18n.labels import label
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
    assert untranslated.texts(book, "ru") == {"first": ["Student exchange"]}
    assert untranslated.texts(book, "kk") == {"first": ["First University", "Student exchange"]}
    assert untranslated.texts(book, "en") == {}


def test_a_changed_list_of_words_is_read_again(words: Path) -> None:
    loader, path = IncrementalLoader(), words.parent.parent / "partners.yaml"
    loader.load(path)
    words.write_text("cities:\n  - {en: Oslo, ru: Осло, kk: Осло қаласы}\n")
    assert loader.load(path).partners[0].city.to("kk") == "Осло қаласы"  # type: ignore[attr-defined]


def test_a_word_that_stands_twice_is_told_with_its_line(words: Path) -> None:
    words.write_text("cities:\n  - {en: Oslo, ru: Осло}\n  - {en: Oslo, kk: Осло}\n")
    with pytest.raises(InvalidFile, match=r'content/words.yaml:3: .*"Oslo" stands on line 2'):
        catalogue_file.load(words.parent.parent / "partners.yaml")


@pytest.mark.parametrize("name", ["{ru: Осло}", "{en: Oslo, no: Oslo}"])
def test_a_text_without_english_or_in_another_language_is_refused(faults: Faults, name: str) -> None:
    (line,) = faults(("city: Oslo", f"city: {name}"))
    assert "{en: …, ru: …, kk: …}" in line
