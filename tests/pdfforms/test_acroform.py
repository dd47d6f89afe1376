"""The fields of the forms: fillable by any program, in every language, and for those who do not see them."""

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from mobility.catalogue import forms
from mobility.catalogue.forms import Form
from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import CHECKOUT
from mobility.pdfforms import render
from tests.helpers.pdf_files import holds, values, words
from tests.helpers.pdf_programs import KAZAKH, TYPED, by_pdfium, by_pypdf
from tests.helpers.shipped_forms import HERE, asking, every_form, every_language

SHIPPED = {form.id: form for form in forms.load(CHECKOUT.content / "forms")}


@every_form
@every_language
def test_every_question_has_its_field_with_a_tip(form: Form, language: Language) -> None:
    with pikepdf.open(BytesIO(render.blank(form, HERE, language))) as document:
        fields = {str(field.T): field for field in document.Root.AcroForm.Fields}
        for field in form.fields():
            if field.type == "rows":
                names = [f"{field.id}_{n}_{c.id}" for n in range(1, field.most + 1) for c in field.columns]
            else:
                names = [field.id]
                assert field.label.to(language) in str(fields[field.id].TU)
            assert set(names) <= set(fields)
            for name in names:
                assert str(fields.pop(name).TU)
        assert not fields


@every_form
def test_fields_stand_in_the_structure_for_screen_readers(form: Form) -> None:
    with pikepdf.open(BytesIO(render.blank(form, HERE, "kk"))) as document:
        parents = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
        for page in document.pages:
            assert page.Tabs == "/S"
            for widget in page.get("/Annots", ()):
                assert widget.Subtype == "/Widget"
                element = parents[int(widget.StructParent)]
                assert element.S == "/Form"
                assert [kid.Obj.objgen for kid in element.K] == [widget.objgen]


def test_fields_say_what_they_take() -> None:
    made = render.blank(SHIPPED["application"], HERE)
    with pikepdf.open(BytesIO(made)) as document:
        fields = {str(field.T): field for field in document.Root.AcroForm.Fields}
        assert (fields["iin"].MaxLen, fields["birth-date"].MaxLen) == (20, 30)
        required = {name for name, field in fields.items() if int(field.get("/Ff", 0)) & 2}
        assert {"family-name", "birth-date", "citizenship", "sex", "truth"} <= required
        assert not {"iin", "ielts-score", "needs", "courses_1_title"} & required
        assert int(fields["motivation"].Ff) & 1 << 12
        assert [str(word) for word in fields["citizenship"].Opt][:2] == [" ", "Kazakhstan"]
        assert {str(kid.TU) for kid in fields["sex"].Kids} == {
            "Sex, as in your passport: Female",
            "Sex, as in your passport: Male",
        }


@every_form
@pytest.mark.parametrize("language", LANGUAGES)
def test_qpdf_finds_no_fault(form: Form, language: Language, tmp_path: Path) -> None:
    for n, made in enumerate(
        (
            render.blank(form, HERE, language),
            render.filled(form, HERE, form.sample(), {}, language, "0badcafe"),
        )
    ):
        path = tmp_path / f"{n}.pdf"
        path.write_bytes(made)
        run = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr


@every_form
@every_language
def test_answers_stand_in_the_fields_and_on_the_page(form: Form, language: Language) -> None:
    made = render.filled(form, HERE, form.sample(), {}, language, "0badcafe")
    held = values(made)
    for field in form.fields():
        if field.type in ("text", "latin", "prose", "email") and field.sample:
            assert held[field.id] == field.sample
            assert holds(made, str(field.sample)) == []
    assert made == render.filled(form, HERE, form.sample(), {}, language, "0badcafe")


def test_each_page_carries_the_reference_and_the_hash() -> None:
    form = SHIPPED["application"]
    made = render.filled(form, HERE, form.sample(), {}, "en", "0badcafe")
    with pypdfium2.PdfDocument(made) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert all("reference 0badcafe · answers " in page for page in pages)


def test_an_answer_too_long_for_its_box_is_set_smaller_and_whole() -> None:
    typed = "ұ" * 30 + " " + "word " * 30
    assert holds(render.filled(asking(type="text"), HERE, {"asked": typed.strip()}), typed) == []


@pytest.mark.parametrize("fill", [by_pypdf, by_pdfium])
def test_other_programs_fill_it_and_every_kazakh_letter_shows(fill: Any) -> None:
    blank = render.blank(SHIPPED["application"], HERE, "kk")
    made = fill(blank)
    text = words(made)
    assert all(letter in text for letter in KAZAKH)
    assert holds(made, KAZAKH, "Sampleova", "Механика Ң", "Қазақстан") == []
    held = values(made)
    assert {name: held[name].strip("/") for name in TYPED} == TYPED
    assert ink(made, blank, "given-name-native") > 0.03
    assert ink(made, blank, "family-name") > 0.02


def ink(made: bytes, blank: bytes, name: str) -> float:
    """The share of a field's place that is darker than in the blank form."""
    with pikepdf.open(BytesIO(blank)) as document:
        rect = next(w.Rect for p in document.pages for w in p.Annots if w.get("/T") == name)
        x0, y0, x1, y1 = (float(edge) * 3 for edge in rect)
    shares = []
    for one in (made, blank):
        with pypdfium2.PdfDocument(one) as document:
            document.init_forms()
            picture = document[0].render(scale=3, grayscale=True).to_pil()
        place = picture.crop((int(x0), picture.height - int(y1), int(x1), picture.height - int(y0)))
        dark = sum(place.histogram()[:128])
        shares.append(dark / (place.width * place.height))
    return shares[0] - shares[1]
