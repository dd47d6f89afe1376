"""The rules of eligibility, case by case from the shared table."""

from typing import Any

import pytest

from mobility.catalogue import answers, catalogue_file, eligibility, partners
from mobility.catalogue.eligibility import Profile
from mobility.i18n.languages import LANGUAGES
from mobility.paths import CHECKOUT
from mobility.yamlfiles.field_types import MonthDay
from tests.helpers.shared_cases import (
    CASES,
    CASES_OF_SETTINGS,
    HALF_FILLED,
    NUMBERS,
    follow_the_other_page,
    offer_of,
    question,
)
from tests.helpers.sites import copy_of_the_checkout


@pytest.fixture(scope="module")
def book() -> partners.Catalogue:
    return catalogue_file.load(CHECKOUT.partners)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_every_case_of_the_shared_table_holds(case: dict[str, Any], book: partners.Catalogue) -> None:
    found = eligibility.findings(book, offer_of(case), Profile(**case["profile"]))
    verdicts: dict[str, str | None] = {finding.rule: finding.verdict for finding in found}
    verdicts["answer"] = eligibility.overall_answer(found)
    for rule, expected in case["expect"].items():
        assert verdicts.get(rule, "absent") == expected, rule
    sentences = " ".join(finding.sentence.to("en") for finding in found)
    for part in case.get("says", ()):
        assert part in sentences


@pytest.fixture(scope="module")
def other_book(tmp_path_factory: pytest.TempPathFactory) -> partners.Catalogue:
    checkout = copy_of_the_checkout(tmp_path_factory.mktemp("other"))
    follow_the_other_page(checkout.partners)
    return catalogue_file.load(checkout.partners)


@pytest.mark.parametrize("case", CASES_OF_SETTINGS, ids=lambda case: case["case"])
def test_every_case_holds_where_the_office_follows_the_other_page(
    case: dict[str, Any], other_book: partners.Catalogue
) -> None:
    test_every_case_of_the_shared_table_holds(case, other_book)
    test_every_finding_has_a_sentence_for_the_applicant(case, other_book)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_every_finding_has_a_sentence_for_the_applicant(
    case: dict[str, Any], book: partners.Catalogue
) -> None:
    for finding in eligibility.findings(book, offer_of(case), Profile(**case["profile"])):
        for language in LANGUAGES:
            sentence = finding.sentence.to(language)
            assert sentence.endswith(".")
            assert "%" not in sentence


@pytest.mark.parametrize("given", HALF_FILLED, ids=repr)
def test_no_half_filled_profile_is_told_more_than_its_reasons_say(
    given: Profile, book: partners.Catalogue
) -> None:
    scored = given.proof == "statement" or given.score is not None
    nothing = given.gpa is None and given.level is None and not scored
    for offer in book.offers():
        found = eligibility.findings(book, offer, given)
        answer = eligibility.overall_answer(found)
        verdicts = {each.verdict for each in found}
        assert (answer == "yes") == (verdicts == {"met"}), offer.id
        if answer in ("yes", "so-far"):
            assert verdicts <= {"met", "unknown"}
        if nothing:
            assert answer is None
        asked = [each for each in found if "ask the ICD" in each.sentence.to("en")]
        assert scored or all(each.rule != "language" for each in asked)
        if asked and answer is not None:
            assert answer in ("unknown", "almost", "no"), "no kind of yes over a reason to ask"


def test_the_table_stands_on_the_published_numbers(book: partners.Catalogue) -> None:
    rules = book.requirements
    assert (rules.min_gpa, rules.min_gpa_transcript, rules.ielts, rules.toefl) == (3.0, 2.5, 5.5, 65)
    assert book.calls.spring.opens == MonthDay(10, 1)
    assert book.calls.autumn.closes == MonthDay(3, 31)


def test_a_profile_reads_the_score_of_the_proof_that_is_named() -> None:
    given = {
        "gpa": "3.10",
        "language-proof": "toefl",
        "toefl-score": "80",
        "ielts-score": "9",
        "level": "master",
    }
    assert eligibility.profile(given) == Profile(gpa=3.1, level="master", proof="toefl", score=80.0)


@pytest.mark.parametrize(
    ("scale", "score", "proof", "kept"),
    [
        ("new", "4,5", "toefl-6", None),
        ("new", "4.5", "toefl-6", 4.5),
        ("old", "80", "toefl", 80.0),
        (None, "80", "toefl", 80.0),
        (None, "4.5", "toefl", None),
    ],
)
def test_a_toefl_is_read_on_the_scale_that_is_named(
    scale: str | None, score: str, proof: str, kept: float | None
) -> None:
    given = eligibility.profile({"language-proof": "toefl", "toefl-scale": scale, "toefl-score": score})
    assert (given.proof, given.score) == (proof, kept)


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: f"{case['scale']} {case['typed']}")
def test_a_number_that_cannot_be_is_judged_by_no_rule(case: dict[str, Any]) -> None:
    test, _, new = case["scale"].partition("-")
    typed = answers.normalize(question(test), case["typed"])
    if test == "gpa":
        read = eligibility.profile({"gpa": typed}).gpa
    else:
        given = {"language-proof": test, "toefl-scale": "new" if new else "old", f"{test}-score": typed}
        read = eligibility.profile(given).score
    assert read == (None if case["fault"] != "none" else float(typed))
