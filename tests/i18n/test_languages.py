"""Moments, places and words in the reader's language."""

from mobility.i18n import languages
from mobility.i18n.languages import LANGUAGES


def test_a_zone_is_named_by_its_city_in_the_readers_letters() -> None:
    assert [languages.time_zone_city("Asia/Almaty", to) for to in LANGUAGES] == ["Almaty", "Алматы", "Алматы"]
    assert [languages.time_zone_city("Asia/Ust_Nera", to) for to in LANGUAGES] == ["Ust Nera"] * 3
