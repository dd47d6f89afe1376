"""The hash of the answers that a form carries, and the code in which it is printed."""

import pytest

from mobility.catalogue.rulebook import Rulebook
from mobility.pdfforms import answer_hash
from tests.helpers.student import Answers


def test_the_hash_follows_what_the_form_asks_and_nothing_else(book: Rulebook, invented: Answers) -> None:
    form, given = book.application, invented()
    now = answer_hash.answers_hash(form, given)
    assert len(now) == 10
    assert answer_hash.answers_hash(form, dict(reversed(given.items()))) == now
    assert answer_hash.answers_hash(form, {**given, "marital-status": "single", "needs": ""}) == now
    rows = [{**row, "note": ""} for row in given["courses"]]
    assert answer_hash.answers_hash(form, {**given, "courses": rows}) == now
    assert answer_hash.answers_hash(form, {**given, "toefl-score": "90"}) == now  # asked of others only
    assert answer_hash.answers_hash(form, {**given, "phone": "+77000000009"}) != now
    assert answer_hash.answers_hash(form, {**given, "courses": [{"title": "Other"}]}) != now


@pytest.mark.parametrize(
    ("received_under", "on_paper", "now", "says"),
    [
        ("", "", "b", None),
        ("b", "", "b", None),
        ("a", "b", "b", None),
        ("b", "a", "b", "was printed from other answers"),
        ("a", "", "b", "were changed after the signed paper was uploaded"),
    ],
)
def test_the_code_on_the_paper_counts_before_the_time_of_arrival(
    received_under: str, on_paper: str, now: str, says: str | None
) -> None:
    said = answer_hash.stale(received_under, on_paper, now)
    assert (says in str(said)) if says else said is None


@pytest.mark.parametrize("text", ["https://example.org", "MOBILITY:QUESTIONNAIRE:0BADCAFE:0123456789", ""])
def test_another_code_is_no_hash(book: Rulebook, text: str) -> None:
    assert answer_hash.read_qr_text(text, book.application) == ""


def test_rows_without_anything_in_them_are_no_answer() -> None:
    for empty in (None, "", [], [{}], [{"title": "", "ects": ""}, {}]):
        assert answer_hash.without_blanks(empty) == ""
    rows = [{"title": "Algebra", "ects": ""}, {"title": "", "ects": ""}]
    assert answer_hash.without_blanks(rows) == [{"title": "Algebra"}]
