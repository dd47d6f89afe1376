"""What is asked again before an application is sent: each matter by itself, and nothing without cause."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from mobility.applications import closer_looks, completeness, drafts, submissions, warnings
from mobility.applications.drafts import Draft
from mobility.applications.kept_files import KeptFile
from mobility.catalogue.calls import Call, call_for
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from tests.helpers.assessing import assessed
from tests.helpers.scans import Scans
from tests.helpers.student import Answers


@pytest.fixture
def careful(invented: Answers) -> Answers:
    """Answers that give no cause: a strong student with papers in order."""

    def answers(**changed: str) -> dict[str, Any]:
        sure = {"gpa": "3.90", "ielts_score": "9.0", "passport_valid_until": "2035-01-01"}
        native = {"family_name_native": "Самплеова", "given_name_native": "Айгерим"}
        return invented(**{**sure, **native, "language_date": "2026-06-01", **changed})

    return answers


def told(book: Rulebook, call: Call, given: dict[str, Any], *kept: KeptFile) -> dict[str, str]:
    """The warnings on these answers and files, by their ids."""
    draft = Draft(Path("nowhere"), call.id, "", given, kept)
    return {warning.id: str(warning.says) for warning in assessed(book, call, draft).concerns}


def file(slot: str, sha256: str, pages: int = 2, blank: bool = False) -> KeptFile:
    name = f"{slot}.pdf"
    return KeptFile(sha256, slot, name, "PDF", name, 1, sha256, "", pages=pages, blank=blank)


def test_nothing_is_asked_without_cause(book: Rulebook, call: Call, careful: Answers) -> None:
    files = [file("transcript", "a"), file("recommendation-1", "b"), file("recommendation-2", "c")]
    assert told(book, call, careful(), *files) == {}
    assert told(book, call, {}) == {}


@pytest.mark.parametrize(
    ("until", "asked"), [("2028-07-30", True), ("2028-07-31", False), ("2026-12-01", True)]
)
def test_a_passport_lasts_six_months_beyond_the_return(
    book: Rulebook, call: Call, careful: Answers, until: str, asked: bool
) -> None:
    assert ("passport-ends" in told(book, call, careful(passport_valid_until=until))) is asked


def test_planned_dates_count_before_the_term(book: Rulebook, call: Call, careful: Answers) -> None:
    given = careful(passport_valid_until="2028-06-30", planned_until="2027-12-20")
    assert told(book, call, given) == {}
    given = careful(passport_valid_until="2028-06-30", planned_until="2028-02-20")
    assert "20 August 2028" in told(book, call, given)["passport-ends"]


@pytest.mark.parametrize(
    ("term", "length", "arrives", "returns"),
    [
        ("autumn", "semester", (2027, 9, 1), (2028, 1, 31)),
        ("autumn", "year", (2027, 9, 1), (2028, 7, 31)),
        ("spring", "semester", (2027, 2, 1), (2027, 7, 31)),
        ("spring", "year", (2027, 2, 1), (2028, 1, 31)),
    ],
)
def test_a_stay_without_planned_dates_is_that_of_its_term(
    book: Rulebook, term: Any, length: str, arrives: tuple[int, int, int], returns: tuple[int, int, int]
) -> None:
    plan = warnings.plan(call_for(book.catalogue.calls, term, 2027), {"exchange-length": length})
    assert plan == (datetime.date(*arrives), datetime.date(*returns))


@pytest.mark.parametrize(("taken", "asked"), [("2025-08-31", True), ("2025-09-01", False)])
def test_a_test_counts_two_years(
    book: Rulebook, call: Call, careful: Answers, taken: str, asked: bool
) -> None:
    assert ("test-too-old" in told(book, call, careful(language_date=taken))) is asked
    given = careful(language_date=taken, language_proof="statement", statement_level="c2")
    assert "test-too-old" not in told(book, call, given)


@pytest.mark.parametrize(
    ("gpa", "name"), [("2.40", "gpa-not-accepted"), ("2.99", "gpa-below"), ("3.00", None)]
)
def test_the_gpa_is_held_against_both_floors(
    book: Rulebook, call: Call, careful: Answers, gpa: str, name: str | None
) -> None:
    found = [each for each in told(book, call, careful(gpa=gpa)) if each.startswith("gpa")]
    assert found == ([name] if name else [])


def test_what_a_host_asks_beyond_is_said_of_that_host(book: Rulebook, call: Call, careful: Answers) -> None:
    offers = completeness.offered(book, call).values()
    offer = next(offer for offer in offers if offer.required("ielts"))
    found = told(book, call, careful(choice_1=offer.id, ielts_score="5.5"))
    assert "IELTS 5.5" in found[f"language-{offer.id.replace('/', '-')}"]


@pytest.mark.parametrize(
    ("family", "given", "native", "asked"),
    [
        ("Sadykova", "Aigerim", ("Садықова", "Әйгерім Нұрланқызы"), []),
        ("Tsoi", "Yuliya", ("Цой", "Юлия"), []),
        ("Dzhaksybekov", "Daniyar", ("Жақсыбеков", "Данияр"), []),
        ("Aigerim", "Sadykova", ("Садыкова", "Айгерим"), ["names-crossed"]),
        ("Ivanova", "Aigerim", ("Садыкова", "Айгерим"), ["family-name-differs"]),
        ("Sadykova", "Dana", ("Садыкова", "Жулдыз"), ["given-name-differs"]),
        ("Sadykova", "Dana", ("Садыкова", ""), []),
    ],
)
def test_names_in_two_scripts_are_one_name(
    book: Rulebook,
    call: Call,
    careful: Answers,
    family: str,
    given: str,
    native: tuple[str, str],
    asked: list[str],
) -> None:
    names = {"family_name": family, "given_name": given}
    natives = {"family_name_native": native[0], "given_name_native": native[1]}
    assert list(told(book, call, careful(**names, **natives))) == asked


def test_files_are_looked_at_beside_each_other(book: Rulebook, call: Call, careful: Answers) -> None:
    letters = [file("recommendation-1", "a"), file("recommendation-2", "a")]
    found = told(book, call, careful(), *letters)
    assert "two different people" in found["recommendation-2-same-as-recommendation-1"]
    found = told(book, call, careful(), file("transcript", "a"), file("passport", "a"))
    assert found == {"transcript-same-as-passport": "This is the same file as in “Copy of passport”."}
    twice = [file("certificates", "a"), file("certificates", "a")]
    assert list(told(book, call, careful(), *twice)) == ["certificates-same-as-certificates"]


def test_a_transcript_of_one_page_or_of_none_is_asked_about(
    book: Rulebook, call: Call, careful: Answers
) -> None:
    assert list(told(book, call, careful(), file("transcript", "a", pages=1))) == ["transcript-one-page"]
    assert list(told(book, call, careful(), file("transcript", "a", blank=True))) == ["transcript-blank"]
    assert told(book, call, careful(), file("passport", "a", pages=1)) == {}
    assert told(book, call, careful(), file("transcript", "a", pages=0)) == {}


def test_what_was_said_to_a_warning_is_in_the_sealed_record(
    instance: Instance,
    book: Rulebook,
    call: Call,
    careful: Answers,
    scans: Scans,
    in_march: datetime.datetime,
) -> None:
    _, draft = drafts.start(instance, call.id, in_march, careful())
    for slot in completeness.slots(book, call, draft.answers):
        if slot.required:
            pages = 1 if slot.id == "transcript" else 2
            path = scans.picture(f"{slot.id}.jpg") if slot.id != "transcript" else scans.pdf("t.pdf", pages)
            with path.open("rb") as stream:
                draft = drafts.keep(draft, slot, stream, path.name, in_march)
    assert [file.pages for file in draft.in_slot("transcript")] == [1]
    draft = closer_looks.catch_up(book, draft)
    draft = drafts.remark(draft, {"transcript-blank": "It is only a test."})
    record = submissions.submit(instance, book, call, draft, in_march).record()
    assert record["warnings"] == [
        {
            "id": "transcript-blank",
            "about": "Official KBTU transcript",
            "says": "t.pdf looks empty. Open it and see.",
            "answer": "It is only a test.",
        }
    ]


def test_an_answer_to_a_warning_is_kept_tidy_and_not_endless() -> None:
    assert warnings.tidy("  so\r\nit is\x07 \n") == "so\nit is"
    assert len(warnings.tidy("x" * 5000)) == warnings.MOST_REMARK


def test_a_likely_slip_in_the_address_is_asked_about(book: Rulebook, call: Call, careful: Answers) -> None:
    asked = told(book, call, careful(email="aigerim@gmail.con"))
    assert asked == {"email-slip": "The address is aigerim@gmail.con. Did you mean aigerim@gmail.com?"}


@pytest.mark.parametrize(("taken", "asked"), [("2026-01-20", True), ("2026-01-21", False)])
def test_a_toefl_of_1_to_6_is_not_older_than_its_scale(
    book: Rulebook, call: Call, careful: Answers, taken: str, asked: bool
) -> None:
    given = careful(language_proof="toefl", toefl_scale="new", toefl_score="6.0", language_date=taken)
    assert ("toefl-scale" in told(book, call, given)) is asked
