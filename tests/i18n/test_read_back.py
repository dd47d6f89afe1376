"""What records keep in English is told in the reader's language, and never made into something else."""

import pytest

from mobility.applications import completeness
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Language, say
from mobility.i18n.read_back import read_back


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("You meet the selection criterion: GPA 3.50, at least 3.00 is needed.", "GPA 3.50"),
        ("Needed is IELTS 6.0 or TOEFL 80; a proof of language with its score or level is not given yet.",
         "IELTS 6.0 или TOEFL 80"),
        ("late, by leave of the office", "после срока"),
        ("pages not looked at: Passport", "страницы не просмотрены: Паспорт"),
        ("this or that.pdf looks empty. Open it and see.", "this or that.pdf"),
        ("A TOEFL of 1 March 2027 has a total of 0 to 120; those of 1 to 6 are since 21 January 2026.",
         "1 марта 2027"),
    ],
)  # fmt: skip
def test_a_recorded_sentence_is_told_in_another_language(english: str, russian: str) -> None:
    found = read_back(english, {"Passport": _Text("Паспорт")})
    assert str(found) == english or say(found, "en") == english
    assert russian in say(found, "ru") and say(found, "ru") != english


@pytest.mark.parametrize("unknown", ["an older mark: X", "", "100 % of it", "a or b", "Иван", "level"])
def test_what_was_no_sentence_of_ours_stays(unknown: str) -> None:
    assert say(read_back(unknown, {}), "en") == unknown


class _Text:
    def __init__(self, russian: str):
        self.russian = russian

    def to(self, language: Language) -> str:
        return self.russian if language == "ru" else "Passport"


def test_every_sentence_of_the_rules_is_read_back(book: Rulebook) -> None:
    given = {**book.application.sample(), "gpa": "2.7"}
    for offer in book.catalogue.offers():
        for finding in completeness.findings(book, offer, given):
            found = read_back(str(finding.sentence), {})
            for language in ("en", "ru", "kk"):
                assert say(found, language) == finding.sentence.to(language), str(finding.sentence)
