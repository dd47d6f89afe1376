"""The university and its office in the reader's language on the site; where a text is given once, in English,
and marked so."""

import re
from pathlib import Path

import pytest

from mobility.catalogue import catalogue_file, untranslated
from mobility.i18n.languages import LANGUAGES
from tests.helpers.html_pages import read
from tests.helpers.sites import build, copy_of_the_checkout

NAMES = {
    "ru": ("Казахстанско-Британский технический университет", "Департамент международного сотрудничества"),
    "kk": ("Қазақстан-Британ техникалық университеті", "Халықаралық ынтымақтастық департаменті"),
}
ENGLISH = ("Kazakh-British Technical University", "International Cooperation Department", "Almaty,")
SHORT = {"ru": ("КБТУ", "ICD"), "kk": ("ҚБТУ", "ICD")}


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("page", ["", "criteria", "contact", "how-it-works", "partners/warsaw-tech"])
def test_every_page_names_university_and_office_in_the_readers_language(
    site: Path, language: str, page: str
) -> None:
    text = read(site / language / page / "index.html").text
    assert all(name in text for name in NAMES[language])
    assert not [name for name in ENGLISH if name in text]
    source = (site / language / page / "index.html").read_text(encoding="utf-8")
    title = re.findall("<title>(.*?)</title>", source, re.S)[0]
    assert SHORT[language][0] in title and "KBTU" not in title


def test_the_city_and_the_legal_frame_are_told_in_the_readers_language(site: Path) -> None:
    assert "университет, Алматы" in read(site / "ru/contact/index.html").text
    assert "Правила организации учебного процесса" in read(site / "ru/how-it-works/index.html").text
    assert "ұйымдастыру қағидалары" in read(site / "kk/how-it-works/index.html").text


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_feed_and_calendar_carry_the_translated_names(site: Path, language: str) -> None:
    university, office = SHORT[language]
    assert f"<name>{NAMES[language][1]}</name>" in (site / language / "feed.xml").read_text(encoding="utf-8")
    assert f"NAME:{university}" in (site / language / "calls.ics").read_text(encoding="utf-8")
    assert office in read(site / language / "finder/index.html").text


def test_texts_that_are_given_once_are_shown_and_marked_as_english(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    head, mark, tail = checkout.partners.read_text().partition("\nsettings:")
    head = re.sub(r"\{en: (\w+), ru: .*\}", r"\1", head)
    head = re.sub(r"\n +en: (.*)\n +ru: .*\n +kk: .*", r" \1", head)
    assert "name: Kazakh-British Technical University\n  short_name: KBTU\n" in head
    checkout.partners.write_text(head + mark + tail)
    lacking = untranslated.texts(catalogue_file.load(checkout.partners), "kk")
    assert list(lacking) == ["institution"] and len(lacking["institution"]) == 5
    built = build(checkout, languages=LANGUAGES) / "kk"
    contact = (built / "contact/index.html").read_text(encoding="utf-8")
    assert f'<span lang="en">{ENGLISH[1]}</span>' in contact
    frame = (built / "how-it-works/index.html").read_text(encoding="utf-8")
    assert re.search(r'<a href="[^"]*V1100006976"><span lang="en">Rules of the educational process', frame)
    titles = {
        path: re.findall("<title>(.*?)</title>", path.read_text(encoding="utf-8"), re.S)
        for path in built.rglob("*.html")
    }
    assert not [path for path, found in titles.items() if "lang=" in str(found) or "KBTU" not in found[0]]
    says = (built / "finder/index.html").read_text(encoding="utf-8").split('id="om-says">')[1]
    assert "ICD" in says and "span" not in says.split("</script>")[0]
