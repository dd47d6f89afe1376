"""A filled PDF comes back: its answers are taken, and nothing else that it may hold."""

import tempfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from mobility.catalogue import answers, forms
from mobility.catalogue.forms import Form
from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import CHECKOUT
from mobility.pdfforms import answer_hash, readback, render
from mobility.pdfforms.answer_hash import without_blanks
from mobility.pdfforms.readback import NotReadable
from mobility.uploads import form_values
from tests.helpers.pdf_files import printed
from tests.helpers.pdf_programs import TYPED, by_pdfium, by_pypdf
from tests.helpers.shared_cases import typed_at_once
from tests.helpers.shipped_forms import HERE, every_form, every_language

FORMS = forms.load(CHECKOUT.content / "forms")
APPLICATION = FORMS[0]
OFFERS = {"warsaw/exchange": "Warsaw, exchange", "seoul/exchange": "Seoul, exchange"}


def read(made: bytes) -> readback.FilledPdf:
    with tempfile.TemporaryFile() as file:
        file.write(made)
        file.seek(0)
        found = form_values.read(file)
    return readback.read(found.values, FORMS, OFFERS, found.scripts)


def changed(made: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(made)) as document:
        change(document)
        document.save(out)
    return out.getvalue()


def with_value(name: str, value: Any) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        next(field for field in document.Root.AcroForm.Fields if name == field.T).V = value

    return changed(render.blank(APPLICATION, HERE), change)


@every_form
@every_language
def test_what_was_answered_is_read_back(form: Form, language: Language) -> None:
    given = form.sample() | ({"choice-1": "seoul/exchange"} if form.id == "application" else {})
    given.pop("choice-2", None)
    paper = read(render.filled(form, HERE, given, OFFERS, language))
    assert paper.form.id == form.id
    assert {name: without_blanks(value) for name, value in paper.answers.items()} == {
        name: without_blanks(value) for name, value in given.items()
    }
    assert paper.remarks == ()


@every_form
def test_a_blank_form_gives_no_answer(form: Form) -> None:
    paper = read(render.blank(form, HERE))
    assert (paper.form.id, paper.answers, paper.remarks) == (form.id, {}, ())


@pytest.mark.parametrize("fill", [by_pypdf, by_pdfium])
def test_what_another_program_filled_is_read(fill: Any) -> None:
    paper = read(fill(render.blank(APPLICATION, HERE, "kk")))
    assert paper.remarks == ()
    assert paper.answers.pop("courses")[0]["title"] == TYPED["courses_1_title"]
    assert paper.answers == {
        "family-name": "Sampleova",
        "given-name-native": TYPED["given-name-native"],
        "citizenship": "KZ",
        "sex": "female",
        "truth": "yes",
    }


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("gpa", "3,25", "3.25"),
        ("citizenship", "казахстан", "KZ"),
        ("citizenship", "PL", "PL"),
        ("mother-tongue", "қазақ тілі", "kk"),
        ("choice-1", "warsaw, exchange", "warsaw/exchange"),
        ("motivation", "first\r\nsecond\rthird\x00\u202e", "first\nsecond\nthird"),
        ("family-name", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_what_was_typed_is_kept_as_the_web_form_keeps_it(name: str, typed: str, kept: str) -> None:
    assert read(with_value(name, pikepdf.String(typed))).answers == {name: kept}


@pytest.mark.parametrize("cases", typed_at_once())
def test_what_people_type_into_a_pdf_is_understood_as_on_the_web(cases: dict[str, Any]) -> None:
    def change(document: pikepdf.Pdf) -> None:
        for field in document.Root.AcroForm.Fields:
            if case := cases.get(str(field.T)):
                field.V = pikepdf.String(case["typed"])

    language = LANGUAGES[len(repr(cases)) % len(LANGUAGES)]
    found = read(changed(render.blank(APPLICATION, HERE, language), change)).answers
    asked = {field.id: field for field in APPLICATION.fields()}
    for name, case in cases.items():
        told = answers.validate(asked[name], found[name])
        assert found[name] == case["kept"] if "kept" in case else case["says"] in str(told)
    assert found.keys() == cases.keys()


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("motivation", "x" * 1_000_000, "“Why do you want to go there” was left out: it is too long"),
        ("family-name", "x" * 201, "“Family name” was left out: it is too long"),
        ("citizenship", "Atlantis", "“Citizenship” was left out: it is none of the answers to choose from"),
        ("choice-1", "A dream", "“First choice” was left out: it is none of the answers to choose from"),
    ],
)
def test_what_cannot_be_an_answer_is_left_out_and_told(name: str, typed: str, says: str) -> None:
    paper = read(with_value(name, pikepdf.String(typed)))
    assert paper.answers == {}
    assert [str(remark) for remark in paper.remarks] == [says]


@pytest.mark.parametrize(
    "value", [pikepdf.Array([1, 2]), pikepdf.Dictionary(S=pikepdf.Name.JavaScript), 7, True]
)
def test_a_value_that_is_no_text_is_none(value: Any) -> None:
    assert read(with_value("family-name", value)).answers == {}


def test_fields_that_the_form_does_not_have_are_left_out() -> None:
    def change(document: pikepdf.Pdf) -> None:
        for name in ("marks", "__class__"):
            field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=pikepdf.String(name), V=pikepdf.String("x"))
            document.Root.AcroForm.Fields.append(document.make_indirect(field))

    paper = read(changed(render.blank(APPLICATION, HERE), change))
    assert paper.answers == {}
    assert [str(remark) for remark in paper.remarks] == ["2 fields are not of this form and were left out"]


def test_scripts_are_told_and_not_run() -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )

    paper = read(changed(render.filled(APPLICATION, HERE, {"family-name": "Sampleova"}), change))
    assert paper.answers == {"family-name": "Sampleova"}
    assert [str(remark) for remark in paper.remarks] == ["The PDF holds scripts; they were not run"]


def put(document: pikepdf.Pdf, fields: list[pikepdf.Dictionary]) -> None:
    """Puts other fields in the place of the form's own, whose boxes go from the pages."""
    for page in document.pages:
        page.obj.Annots = pikepdf.Array()
    document.Root.AcroForm.Fields = pikepdf.Array(fields)


def looped(document: pikepdf.Pdf) -> None:
    field = document.make_indirect(pikepdf.Dictionary(T=pikepdf.String("a")))
    field.Kids = pikepdf.Array([field])
    put(document, [field])


def branching(document: pikepdf.Pdf) -> None:
    """A few objects that are a billion fields."""
    below = [document.make_indirect(pikepdf.Dictionary(T=pikepdf.String("z"), V=pikepdf.String("x")))]
    for name in "abcdef":
        kids = pikepdf.Array(below * 30)
        below = [document.make_indirect(pikepdf.Dictionary(T=pikepdf.String(name), Kids=kids))]
    put(document, below)


def crowded(document: pikepdf.Pdf) -> None:
    put(document, [pikepdf.Dictionary(T=pikepdf.String(f"f{n}")) for n in range(6000)])


def with_xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm.XFA = document.make_stream(b"<xdp/>")


def foreign(document: pikepdf.Pdf) -> None:
    names = ("email", "phone")
    put(document, [pikepdf.Dictionary(T=pikepdf.String(name), V=pikepdf.String("x")) for name in names])


def twisted(document: pikepdf.Pdf) -> None:
    put(document, [])
    document.Root.AcroForm = pikepdf.Array([1])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (with_xfa, "XFA"),
        (foreign, "not a form of ours"),
        (looped, "more fields"),
        (branching, "more fields"),
        (crowded, "more fields"),
        (twisted, "broken"),
    ],
)
def test_a_strange_pdf_is_refused_with_a_word(change: Callable[[pikepdf.Pdf], None], says: str) -> None:
    with pytest.raises(NotReadable, match=says):
        read(changed(render.blank(APPLICATION, HERE), change))


def test_what_is_no_filled_pdf_is_refused_with_a_word() -> None:
    blank = render.blank(APPLICATION, HERE)
    locked = BytesIO()
    with pikepdf.open(BytesIO(blank)) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="invented", user="invented"))
    for made, says in (
        (b"", "not a PDF"),
        (b"PK\x03\x04 not a PDF", "not a PDF"),
        (render.sample(APPLICATION, HERE), "no fields"),
        (locked.getvalue(), "password"),
    ):
        with pytest.raises(NotReadable, match=says):
            read(made)


def test_what_was_printed_to_pdf_has_no_fields_to_read() -> None:
    with pytest.raises(NotReadable, match="no fields"):
        read(printed(render.blank(APPLICATION, HERE)))


def test_differences_are_told_as_people_read_them() -> None:
    given = {"family-name": "Sampleova", "citizenship": "KZ", "birth-date": "2005-01-01"}
    paper = read(render.filled(APPLICATION, HERE, given))
    told = readback.differences(paper, {**given, "citizenship": "PL", "sex": "male"}, APPLICATION, OFFERS)
    assert [(str(each.label), each.on_paper, each.given) for each in told] == [
        ("Sex, as in your passport", "", "Male"),
        ("Citizenship", "Kazakhstan", "Poland"),
    ]
    assert readback.differences(paper, given, APPLICATION, OFFERS) == []


@pytest.mark.parametrize("empty", [None, "", [], [{}], [{"title": "", "code": ""}] * 8])
def test_a_study_plan_that_was_left_empty_comes_back_as_empty(empty: Any) -> None:
    given = {"family-name": "Sampleova", "courses": empty}
    paper = read(render.filled(APPLICATION, HERE, given))
    assert readback.differences(paper, given, APPLICATION, OFFERS) == []
    now = answer_hash.answers_hash(APPLICATION, given)
    assert answer_hash.stale(now, answer_hash.answers_hash(APPLICATION, {**paper.answers}), now) is None
