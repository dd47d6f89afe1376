"""Answers: what is kept of what was typed, and what a person is told to mend."""

import datetime
from typing import Any

import pytest

from mobility.catalogue import answers, forms, iin, scales
from mobility.paths import CHECKOUT
from tests.helpers.shared_cases import NUMBERS, TYPED, question


def fault(*asked: Any, **more: Any) -> str | None:
    """What is wrong, in English."""
    found = answers.validate(*asked, **more)
    return str(found) if found else None


def row_faults(*asked: Any) -> dict[tuple[int, str], str]:
    return {place: str(found) for place, found in answers.validate_rows(*asked).items()}


TODAY = datetime.date(2027, 3, 15)


COURSES = question(
    "rows",
    columns=(
        {"id": "title", "type": "text", "label": "Title"},
        {"id": "ects", "type": "ects", "label": "ECTS", "required": False},
    ),
)


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: f"{case['scale']} {case['typed']}")
def test_every_number_of_the_shared_table_is_taken_or_refused(case: dict[str, Any]) -> None:
    asked = question(case["scale"].partition("-")[0])
    scale = scales.SCALES[case["scale"]]
    told = {"none": None, "bounds": scale.bounds, "steps": scale.steps, "other": scale.other}
    assert scale.fault(answers.normalize(asked, case["typed"])) == told[case["fault"]]


@pytest.mark.parametrize("case", TYPED, ids=lambda case: f"{case['kind']} {case['typed']}")
def test_what_people_type_is_understood_or_its_fault_is_named(case: dict[str, Any]) -> None:
    asked = question(case["kind"])
    found = answers.normalize(asked, case["typed"])
    assert found == case.get("kept", case["typed"])
    told = fault(asked, found)
    assert told is None if "kept" in case else case["says"] in str(told)
    assert answers.normalize(asked, found) == found  # what a PDF holds and a form shows comes back the same


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  Алматы,   ул. Толе би 59 ", "Алматы, ул. Толе би 59"),
        ("text", "ә ғ қ ң ө ұ ү һ і", "ә ғ қ ң ө ұ ү һ і"),
        ("text", "no\x00 con\x07trol \u202echars", "no control chars"),
        ("prose", "one\r\ntwo  spaces\r\n", "one\ntwo  spaces"),
        ("prose", "учиться\xa0в\u202fПекине\tи\u2028дальше", "учиться в Пекине и дальше"),
        ("prose", "old\rMac\x85EBCDIC", "old\nMac\nEBCDIC"),
        ("text", "Нур\xa0 Султан", "Нур Султан"),
        ("date", "31 March", "31 March"),
        ("gpa", "3,25", "3.25"),
        ("ielts", " 6,5 ", "6.5"),
        ("ects", "7,5", "7.5"),
        ("text", "3,25", "3,25"),
        ("text", "x" * 5000, "x" * 201),
        ("prose", "x" * 50_000, "x" * 10_001),
        ("prose", "x" * 5000, "x" * 5000),
    ],
)
def test_an_answer_is_kept_as_it_was_meant(kind: str, typed: str, kept: str) -> None:
    assert answers.normalize(question(kind), typed) == kept


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "#panic() $x$ <b>"),
        ("latin", "O'Connor-Müller"),
        ("latin", "Aigerim Sample"),
        ("latin", "X"),
        ("date", "2005-03-31"),
        ("date", "2004-02-29"),
        ("email", "a.b+c@sub.example.kz"),
        ("phone", "+77012345678"),
        ("passport", "N00000000"),
        ("iin", "000101000003"),
        ("country", "KZ"),
        ("language", "kk"),
        ("yes", "yes"),
        ("number", "2"),
        ("gpa", "0"),
        ("gpa", "4.0"),
        ("gpa", "3.25"),
        ("ielts", "0"),
        ("ielts", "9"),
        ("ielts", "6.5"),
        ("toefl", "120"),
        ("ects", "7.5"),
    ],
)
def test_a_right_answer_passes(kind: str, value: str) -> None:
    assert fault(question(kind), value, TODAY) is None


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("date", "0005-03-31", "Enter the year with four digits"),
        ("email", "aigerim", "Enter an e-mail address"),
        ("email", "a@b@c.kz", "Enter one e-mail address only"),
        ("email", "a b@c.kz", "Enter an e-mail address"),
        ("iin", "000101000004", "twelve digits, one of them is not right"),
        ("iin", "00010100000", "twelve digits"),
        ("country", "Kazakhstan", "Choose one of the countries"),
        ("language", "Kazakh", "Choose one of the languages"),
        ("yes", "no", "Tick the box"),
        ("gpa", "4.01", "Enter a number from 0 to 4"),
        ("gpa", "-1", "Enter a number from 0 to 4"),
        ("gpa", "3.2.5", "Enter a number"),
        ("gpa", "nan", "Enter a number"),
        ("gpa", "1e0", "Enter a number"),
        ("ielts", "6.3", "IELTS bands go in halves"),
        ("ielts", "9.5", "Enter a number from 0 to 9"),
        ("toefl", "121", "Enter a number from 0 to 120"),
        ("ects", "121", "Enter a number from 0 to 120"),
        ("text", "x" * 201, "at most 200 characters. Of this, the first 200 are kept"),
        ("prose", "x" * 3001, "at most 3000 characters"),
        ("prose", "x" * 10_001, "Of this, the first 10000 are kept"),
    ],
)
def test_a_wrong_answer_says_what_to_mend(kind: str, value: str, said: str) -> None:
    assert said in str(fault(question(kind), value, TODAY))


@pytest.mark.parametrize(
    ("kind", "typed"), [("date", "31 mart 2005"), ("iin", "ИИН 000101000003"), ("gpa", "3,25")]
)
def test_what_was_kept_as_typed_is_refused_until_it_is_saved_again(kind: str, typed: str) -> None:
    asked = question(kind)
    assert fault(asked, typed) is not None
    assert fault(asked, answers.normalize(asked, typed)) is None


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("000101000003", True),  # the first weights give the check digit
        ("000101000013", False),
        ("000101000033", False),
        ("000000000000", True),
        ("999999999999", False),
        ("900101000030", False),
        ("00010100000a", False),
        ("0001010000031", False),
        ("", False),
    ],
)
def test_the_check_digit_of_an_iin_is_counted(number: str, right: bool) -> None:
    assert iin.is_valid(number) is right


def by_the_decree(first: str) -> int:
    """The check digit of eleven digits as the decree words it: 10 where the number is not given out."""
    digits = [int(digit) for digit in first]
    once = (
        sum(digit * weight for digit, weight in zip(digits, (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), strict=True))
        % 11
    )
    if once != 10:
        return once
    return (
        sum(digit * weight for digit, weight in zip(digits, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), strict=True))
        % 11
    )


def test_exactly_one_last_digit_is_right_or_none_where_both_weights_give_ten() -> None:
    second_weights = never = 0
    for serial in range(3000):
        first = f"0001010{serial:04}"
        wanted = by_the_decree(first)
        right = [digit for digit in range(10) if iin.is_valid(f"{first}{digit}")]
        assert right == ([wanted] if wanted < 10 else []), first
        once = sum(int(digit) * (n + 1) for n, digit in enumerate(first)) % 11
        second_weights += once == 10 and wanted < 10
        never += wanted == 10
    assert second_weights and never


@pytest.mark.parametrize(
    ("must_be", "value", "said"),
    [
        ("past", "2027-03-14", None),
        ("past", "2027-03-15", "The date must be in the past"),
        ("future", "2027-03-16", None),
        ("future", "2027-03-15", "The date must be in the future"),
    ],
)
def test_a_date_is_held_against_today(must_be: str, value: str, said: str | None) -> None:
    assert fault(question("date", must_be=must_be), value, TODAY) == said


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("text", "Enter an answer"),
        ("country", "Choose an answer"),
        ("offer", "Choose an answer"),
        ("yes", "Tick the box to go on"),
    ],
)
def test_only_what_is_required_may_not_be_left_out(kind: str, said: str) -> None:
    assert fault(question(kind), "") == said
    assert fault(question(kind), None) == said
    assert fault(question(kind, required=False), "") is None


def test_a_choice_is_one_of_its_options() -> None:
    sex = question("choice", options=({"id": "female", "label": "Female"}, {"id": "male", "label": "Male"}))
    assert fault(sex, "female") is None
    assert fault(sex, "Female") == "Choose one of the answers"
    assert fault(sex, ["female"]) == "must be one answer"


def test_a_programme_is_one_that_is_offered_now() -> None:
    assert fault(question("offer"), "agh/exchange", offers={"agh/exchange"}) is None
    assert "not offered now" in (fault(question("offer"), "gone/exchange", offers={"agh/exchange"}) or "")


def test_a_fault_in_a_row_is_named_with_its_row_and_column() -> None:
    rows = [{"title": "Mechanics", "ects": "6"}, {"title": "", "ects": "many"}]
    assert fault(COURSES, rows) == "Row 2: Enter an answer"
    assert row_faults(COURSES, rows) == {
        (1, "title"): "Enter an answer",
        (1, "ects"): "Enter a number from 0 to 120, such as 6",
    }


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"title": "Mechanics", "ects": "6"}], None),
        ([{"title": "Mechanics"}], None),
        ([], "Fill at least one row"),
        ("Mechanics", "must be rows"),
        (["Mechanics"], "must be rows"),
    ],
)
def test_rows_are_rows(rows: Any, said: str | None) -> None:
    assert fault(COURSES, rows) == said


def test_the_invented_student_answers_every_form_rightly() -> None:
    for form in forms.load(CHECKOUT.content / "forms"):
        for field in form.fields():
            asked = forms.applies(field, form.sample()) and field.type != "offer"
            said = fault(field, form.sample().get(field.id), TODAY) if asked else None
            assert said is None, f"{form.id}: {field.id}: {said}"
