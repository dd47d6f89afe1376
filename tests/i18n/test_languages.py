"""Moments, places and words in the reader's language."""

from mobility.i18n import languages
from mobility.i18n.languages import LANGUAGES


def test_kazakh_letters_stand_where_the_alphabet_has_them() -> None:
    alphabet = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
    assert "".join(sorted(set(alphabet), key=languages.alphabetical)) == alphabet
    countries = ["Финляндия", "Ұлыбритания", "Қытай", "Корея"]
    assert sorted(countries, key=languages.alphabetical) == ["Корея", "Қытай", "Ұлыбритания", "Финляндия"]


def test_a_zone_is_named_by_its_city_in_the_readers_letters() -> None:
    assert [languages.time_zone_city("Asia/Almaty", to) for to in LANGUAGES] == ["Almaty", "Алматы", "Алматы"]
    assert [languages.time_zone_city("Asia/Ust_Nera", to) for to in LANGUAGES] == ["Ust Nera"] * 3
