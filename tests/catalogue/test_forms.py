"""Form files: what loads, and what a person who mistypes one is told, with the line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mobility.catalogue import forms, rulebook
from mobility.catalogue.forms import Form
from mobility.paths import CHECKOUT
from mobility.yamlfiles.reader import InvalidFile

SHIPPED = CHECKOUT.content / "forms"

SMALL = """\
id: small
title: A small form
order: 1
sections:
  - id: one
    title: One
    fields:
      - id: proof
        type: choice
        label: Proof
        options:
          - {id: ielts, label: IELTS}
          - {id: statement, label: Statement}
        sample: ielts
      - id: score
        type: ielts
        label: Score
        when: {field: proof, is: [ielts]}
        sample: "6.0"
      - id: courses
        type: rows
        label: Courses
        most: 2
        columns:
          - {id: title, type: text, label: Title}
          - {id: credits, type: ects, label: Credits}
        sample:
          - {title: Sample Mechanics, credits: "6"}
signatures:
  - who: Student
"""

Told = Callable[..., list[str]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """What is said of the small form after some words in it were replaced, and of other files beside it."""

    def read(*changes: tuple[str, str], **others: str) -> list[str]:
        text = SMALL
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        folder = tmp_path / "content" / "forms"
        folder.mkdir(parents=True)
        for name, content in {"small": text, **others}.items():
            (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
        with pytest.raises(InvalidFile) as wrong:
            forms.load(folder)
        return [str(problem) for problem in wrong.value.problems]

    return read


@pytest.fixture(scope="module")
def shipped() -> dict[str, Form]:
    return {form.id: form for form in forms.load(SHIPPED)}


def test_the_shipped_forms_load_in_their_order(shipped: dict[str, Form]) -> None:
    assert list(shipped) == ["application", "questionnaire", "statement"]
    assert [form.id for form in shipped.values() if form.asked_online] == ["application"]


def test_the_small_form_of_these_tests_is_right(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    assert [form.id for form in forms.load(tmp_path)] == ["small"]


def test_every_word_of_the_shipped_forms_is_in_three_languages(shipped: dict[str, Form]) -> None:
    same_in_all = {"IELTS", "TOEFL", "ECTS", "A1", "A2", "B1", "B2", "C1", "C2"}
    for form in shipped.values():
        words = [form.title, form.intro, *form.declarations]
        words += [signed for each in form.signatures for signed in (each.who, each.stamp)]
        for section in form.sections:
            words += [section.title, section.intro]
            for field in section.fields:
                parts = [field, *field.options, *field.columns]
                words += [part.label for part in parts] + [field.help]
        missing = [str(w) for w in words if w and str(w) not in same_in_all and not (w.ru and w.kk)]
        assert missing == [], form.id


def test_a_page_on_a_phone_asks_at_most_nine_questions(shipped: dict[str, Form]) -> None:
    assert max(len(section.fields) for section in shipped["application"].sections) <= 9


def test_what_two_shipped_forms_ask_is_answered_once_and_alike(shipped: dict[str, Form]) -> None:
    application = shipped["application"].sample()
    for form in shipped.values():
        both = application.keys() & form.sample().keys()
        differing = {name for name in both if form.sample()[name] != application[name]}
        assert differing <= {"statement-level"}, form.id
    assert len(application.keys() & shipped["questionnaire"].sample().keys()) >= 15


def test_the_application_keeps_asking_what_the_rules_read(shipped: dict[str, Form]) -> None:
    kinds = {field.id: field.type for field in shipped["application"].fields()}
    assert rulebook.READ_BY_RULES.items() <= kinds.items()


def test_a_field_is_asked_only_of_those_whom_it_concerns(shipped: dict[str, Form]) -> None:
    iin = next(field for field in shipped["application"].fields() if field.id == "iin")
    assert forms.applies(iin, {"citizenship": "KZ"})
    assert not forms.applies(iin, {"citizenship": "FR"})
    assert not forms.applies(iin, {})


MISTAKES = [
    (
        "label: Score",
        "label: Score\n        requierd: false",
        18,
        'unknown key "requierd", did you mean "required"?',
    ),
    ("type: ielts", "type: ilets", 16, 'did you mean "ielts"?'),
    ("type: ielts\n        label: Score", "label: Score", 15, "type is missing"),
    ("id: score", "id: Score", 15, "must be small letters, digits and single hyphens"),
    ("field: proof", "field: prof", 18, 'must be a field above it, did you mean "proof"?'),
    ("field: proof", "field: courses", 18, 'when.field is "courses", must be a field above it'),
    (
        "is: [ielts]",
        "is: [ielst]",
        18,
        'when.is names "ielst", must be one of ielts, statement, did you mean',
    ),
    ("is: [ielts]", "is: ielts", 18, "must be a list"),
    ("type: ielts", "type: choice", 15, "options must be given for type choice, and for no other"),
    ("type: rows", "type: text", 24, "columns must be given for type rows, and for no other"),
    ("{id: statement, label: S", "{id: ielts, label: S", 13, 'option "ielts" stands twice'),
    ("{id: credits, type: ects", "{id: title, type: ects", 26, 'column "title" stands twice'),
    ("type: ects", "type: choice", 26, 'column "credits": options must be given for type choice'),
    ("type: ects", "type: offer", 26, 'column "credits": type is offer, which no column can be'),
    ('        sample: "6.0"\n', "", 15, "sample is missing: the filled sample needs an invented answer"),
    ('sample: "6.0"', 'sample: "6.3"', 19, "sample is refused as an answer: IELTS bands go in halves"),
    ('sample: "6.0"', "sample: 6.0", 19, "sample is 6.0, must be text: put quotes around it"),
    ("sample: ielts", "sample: delf", 14, "sample is refused as an answer: Choose one of the answers"),
    ('credits: "6"', 'credits: "600"', 28, "sample is refused as an answer: Row 1: Enter a number"),
    ('credits: "6"', "credits: 6", 27, "must be text: put quotes around it"),
    ('credits: "6"', 'credit: "6"', 28, 'sample names the column "credit", must be one of title, credits'),
    ("most: 2", "most: 0", 23, "most is 0, must be at least 1"),
    ("most: 2", "most: 21", 23, "most is 21, must be at most 20"),
    ("order: 1", "order: first", 3, 'order is "first", must be a whole number'),
    ("  - who: Student", "  []", 29, "signatures is empty, must not be"),
    ("      - id: proof", "\t- id: proof", 8, "a tab stands here"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), MISTAKES)
def test_a_mistake_is_named_with_its_line_and_nothing_else_is_said(
    told: Told, old: str, new: str, line: int, said: str
) -> None:
    (problem,) = told((old, new))
    assert problem.startswith(f"content/forms/small.yaml:{line}: ")
    assert said in problem


def test_all_mistakes_are_named_at_once(told: Told) -> None:
    problems = told(("type: ects", "type: etcs"), ("order: 1", "order: first"), other="id: [\n")
    assert [problem.split(": ")[0] for problem in problems] == [
        "content/forms/other.yaml:1",
        "content/forms/small.yaml:3",
        "content/forms/small.yaml:26",
    ]


def test_one_answer_cannot_have_two_types_in_two_forms(told: Told) -> None:
    other = (
        SMALL.replace("id: small", "id: other").replace("type: ielts", "type: toefl").replace('"6.0"', '"80"')
    )
    assert told(other=other) == [
        'content/forms/small.yaml:15: field "score": type is ielts, '
        "must be toefl as in content/forms/other.yaml: one answer serves both"
    ]


def test_one_answer_cannot_be_chosen_from_two_lists_in_two_forms(told: Told) -> None:
    other = SMALL.replace("id: small", "id: other").replace("id: statement,", "id: paper,")
    assert told(other=other) == [
        'content/forms/small.yaml:8: field "proof": options are ielts, statement, '
        "must be ielts, paper as in content/forms/other.yaml: one answer serves both"
    ]


def test_an_unknown_autocomplete_token_is_told_with_the_one_that_was_meant(told: Told) -> None:
    problem = told(("        label: Score\n", "        label: Score\n        autocomplete: family name\n"))[0]
    assert problem.startswith("content/forms/small.yaml:18: sections.1.fields.2.autocomplete is ")
    assert problem.endswith('did you mean "family-name"?')


def test_two_forms_cannot_have_one_id(told: Told) -> None:
    assert told(twin=SMALL) == [
        'content/forms/twin.yaml:1: id "small" is that of content/forms/small.yaml, must be unique'
    ]


def test_a_question_cannot_stand_twice_in_a_form(told: Told) -> None:
    again = "  - id: two\n    title: Two\n    fields:\n      - {id: score, type: ielts, label: A}\n"
    problems = told(("signatures:", f"{again}signatures:"))
    assert problems == ['content/forms/small.yaml:32: field "score": stands twice in this form']


def test_a_folder_without_forms_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="holds no form"):
        forms.load(tmp_path)
