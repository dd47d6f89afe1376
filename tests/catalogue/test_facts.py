"""What pages tell of programmes and partners: in whose words, from which source, and where none says."""

import datetime
from typing import Any

import pytest
from markupsafe import Markup, escape

from mobility.catalogue import catalogue_file, facts
from mobility.catalogue.facts import Row
from mobility.catalogue.institution import Source
from mobility.catalogue.partners import Offer, Partner
from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import CHECKOUT

RULES = catalogue_file.load(CHECKOUT.partners).requirements
SEEN = datetime.date(2026, 11, 24)
ASKS = Source(url="https://example.org/asks", seen=SEEN, states=("requirements", "levels"))
OFFERS = Source(url="https://example.org/offers", seen=SEEN, states=("programmes", "agreement"))


def offer(programme: dict[str, Any] | None = None, **host: Any) -> Offer:
    """An invented programme and its host, of which nothing is known but what is given."""
    known = {
        "id": "invented",
        "name": "Invented",
        "country": "PL",
        "city": "Town",
        "agreement": {"status": "named"},
        "programmes": ({"id": "exchange", "name": "Exchange", **(programme or {})},),
        "sources": (ASKS, OFFERS),
    }
    partner = Partner.model_validate(known | host)
    return Offer(partner, partner.programmes[0])


def told(of: Offer, to: Language = "en") -> dict[str, Row]:
    return {row.label: row for row in facts.of_programme(of, RULES, to).rows()}


def test_what_no_source_says_is_empty_and_our_own_rule_is_told() -> None:
    rows = told(offer())
    ours = {"GPA for selection", "GPA from which a transcript is taken"}
    assert {label for label, row in rows.items() if row.value} == ours
    assert rows["GPA for selection"].value == "3.00 of 4.0 (ours is 3.0; the host's own number is not known)"
    assert rows["GPA from which a transcript is taken"].value == "2.50 of 4.0"
    assert all(rows[label].sources == RULES.sources for label in ours)


def test_a_host_that_asks_more_is_named_with_its_source() -> None:
    rows = told(offer(requirements={"min_gpa": 3.4}))
    assert rows["GPA for selection"].value == "3.40 of 4.0 (ours is 3.0; the host asks 3.40)"
    assert rows["GPA for selection"].sources == (*RULES.sources, ASKS)
    assert rows["GPA from which a transcript is taken"].value == "3.40 of 4.0"
    assert rows["GPA from which a transcript is taken"].sources == (ASKS,)


def test_a_host_that_asks_less_changes_nothing_of_ours() -> None:
    rows = told(offer(requirements={"min_gpa": 2.0}))
    assert rows["GPA for selection"].value == "3.00 of 4.0 (ours is 3.0; the host asks 2.00)"
    assert rows["GPA from which a transcript is taken"].value == "2.50 of 4.0"
    assert rows["GPA from which a transcript is taken"].sources == RULES.sources


def test_a_number_is_told_as_the_host_writes_it_and_not_rounded() -> None:
    rows = told(offer(requirements={"min_gpa": 3.625}))
    assert rows["GPA for selection"].value == "3.625 of 4.0 (ours is 3.0; the host asks 3.625)"


def test_alternatives_of_language_stand_side_by_side() -> None:
    asks = {"cefr": "B2", "ielts": 6.0, "toefl": 80}
    assert told(offer(requirements=asks))["Language that the host asks"].value == (
        "level B2 (CEFR) or IELTS 6.0 or TOEFL 80"
    )


def test_a_programmes_own_word_comes_before_its_hosts_and_may_only_raise_what_is_asked() -> None:
    paper = {"status": "confirmed", "source": "Paper", "seen": "2026-01-02", "valid_until": "2027-03-31"}
    own = {
        "levels": ("doctorate",),
        "fields": ("law",),
        "requirements": {"min_gpa": 3.1, "toefl": 90},
        "deadlines": {"nomination": {"spring": "10-01"}},
        "semesters": {"autumn": "September to January"},
        "ects": 27.5,
        "seats": 0,
        "length": ("semester", "year"),
        "terms": ("spring",),
        "agreement": paper,
    }
    host = {
        "levels": ("bachelor", "master"),
        "fields": ("engineering",),
        "requirements": {"min_gpa": 3.4, "toefl": 80},
        "deadlines": {"nomination": {"autumn": "05-08", "spring": "11-02"}},
        "ects": 30.0,
    }
    rows = told(offer(own, **host))
    assert {label: row.value for label, row in rows.items() if row.value} == {
        "GPA for selection": "3.40 of 4.0 (ours is 3.0; the host asks 3.40)",
        "GPA from which a transcript is taken": "3.40 of 4.0",
        "Language that the host asks": "TOEFL 90",
        "Levels": "doctorate",
        "Fields": "law",
        "Length": "semester or year",
        "Terms": "spring",
        "Places a year": "0",
        "Agreement valid to": "31 March 2027",
        "The host takes our nominations to": "for autumn: 8 May; for spring: 1 October",
        "Semesters at the host": "autumn: September to January",
        "Usual load a semester": "27.5 ECTS",
    }
    assert rows["Levels"].sources == (ASKS, OFFERS)
    assert rows["Fields"].sources == (OFFERS,)
    assert [source.title for source in rows["Agreement valid to"].sources] == ["Paper"]


def test_a_partners_page_tells_of_which_programme_what_holds_for_one_alone() -> None:
    whole = offer(
        {"ects": 10.0, "levels": ("master",), "requirements": {"min_gpa": 3.2}}, levels=("bachelor",)
    )
    rows = {row.label: row for row in facts.of_partner(whole.partner, RULES, "en").rows()}
    assert rows["Levels"].value == "bachelor", "the partner's own word"
    assert rows["Levels"].sources == (ASKS,)
    assert rows["Usual load a semester"].value == "Exchange – 10 ECTS"
    assert rows["GPA for selection"].value == "Exchange – 3.20 of 4.0 (ours is 3.0; the host asks 3.20)"
    assert rows["Language that the host asks"].value == "", "nobody knows it"
    assert set(told(whole)) - set(rows) == {"Length", "Terms", "Places a year", "Agreement valid to"}


def test_a_programmes_words_without_translation_are_marked_as_english_on_the_partners_page() -> None:
    whole = offer({"fields": ("arts & crafts",)})
    rows = {row.label: row for row in facts.of_partner(whole.partner, RULES, "kk").rows()}
    (value,) = [row.value for row in rows.values() if "arts" in row.value]
    assert value == Markup('Exchange – <span lang="en">arts &amp; crafts</span>')
    assert escape(value) == value, "a page shows the mark, and no tags as text"


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_label_is_translated(language: Language) -> None:
    english, translated = set(told(offer())), set(told(offer(), language))
    assert len(translated) == len(english)
    assert not translated & english
