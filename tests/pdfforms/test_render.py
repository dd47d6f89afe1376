"""The forms on paper: every question to write in, every answer as it was typed, on any machine the same."""

import unicodedata
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from mobility.catalogue.forms import Field, Form
from mobility.i18n.languages import Language
from mobility.pdfforms import field_font, layout, render
from mobility.yamlfiles.field_types import COUNTRIES, LANGUAGES
from tests.helpers.pdf_files import holds, printed, squeezed, values, words
from tests.helpers.shipped_forms import HERE, SHIPPED, asking, every_form, every_language

KAZAKH = "ә ғ қ ң ө ұ ү һ і Ә Ғ Қ Ң Ө Ұ Ү Һ І"
A4 = pytest.approx((595.28, 841.89), abs=0.1)


def crosses(made: bytes) -> int:
    """How many boxes show a cross when printed: those with ink in their middle."""
    with pikepdf.open(BytesIO(made)) as document:
        boxes = [[float(edge) for edge in note.Rect] for note in document.pages[0].Annots if "/AS" in note]
    with pypdfium2.PdfDocument(printed(made)) as document:
        page = document[0]
        picture = page.render(scale=4, grayscale=True).to_pil()
        high = page.get_height()
        return sum(
            picture.getpixel((2 * (x0 + x1), int(4 * high - 2 * (y0 + y1)))) < 100 for x0, y0, x1, y1 in boxes
        )


def labels(form: Form, language: Language = "en") -> Iterator[str]:
    for field in form.fields():
        for part in (field, *field.options, *field.columns):
            yield getattr(part.label, language) or part.label.en


def on_paper(field: Field, value: Any) -> list[str]:
    """An answer as a reader expects it."""
    match field.type:
        case "rows":
            return [cell for row in value for cell in row.values()]
        case "country":
            return [COUNTRIES[value]]
        case "language":
            return [LANGUAGES[value]]
        case "date":
            year, month, day = value.split("-")
            return [f"{day}.{month}.{year}"]
        case "choice" | "yes":
            return []
    return [value]


@every_form
@every_language
def test_a_form_is_tagged_a4_in_fonts_of_its_own(form: Form, language: Language) -> None:
    for made in (render.blank(form, HERE, language), render.sample(form, HERE, language)):
        with pikepdf.open(BytesIO(made)) as document:
            assert document.Root.Lang == language
            assert document.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in document.Root
            with document.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                assert str(getattr(form.title, language)) in metadata["dc:title"]
            fonts = [font for page in document.pages for font in page.Resources.Font.values()]
            descriptors = [font.DescendantFonts[0].FontDescriptor for font in fonts]
            assert all("/FontFile2" in d or "/FontFile3" in d for d in descriptors)
            assert {str(d.FontName).split("+")[1] for d in descriptors} <= {
                "NotoSans-Regular",
                "NotoSans-Bold",
            }
            for page in document.pages:
                assert (float(page.mediabox[2]), float(page.mediabox[3])) == A4


@every_form
@every_language
def test_a_blank_form_holds_every_question_in_each_language(form: Form, language: Language) -> None:
    said = [signed.who for signed in form.signatures] + [section.title for section in form.sections]
    wanted = [getattr(text, language) for text in (form.title, *form.declarations, *said)]
    assert holds(render.blank(form, HERE, language), HERE, *labels(form, language), *wanted) == []


@every_form
def test_a_sample_holds_every_question_and_every_answer(form: Form) -> None:
    made = render.sample(form, HERE)
    answers = [
        said for field in form.fields() if field.sample is not None for said in on_paper(field, field.sample)
    ]
    assert holds(made, *labels(form), *answers) == []


@every_form
def test_a_sample_says_on_every_page_that_it_is_one(form: Form) -> None:
    with pypdfium2.PdfDocument(render.sample(form, HERE)) as document:
        for page in document:
            text = squeezed(page.get_textpage().get_text_range())
            assert squeezed(render.MARK) in text
            assert "alldatainvented" in text
    assert holds(render.blank(form, HERE), "invented") == ["invented"]


@every_form
def test_a_blank_form_holds_no_answer_and_no_tick(form: Form) -> None:
    text = words(render.blank(form, HERE))
    assert "Sampleova" not in text
    assert "×" not in text


@every_form
def test_each_page_names_form_version_and_number(form: Form) -> None:
    with pypdfium2.PdfDocument(render.blank(form, HERE)) as document:
        for number, page in enumerate(document, 1):
            text = page.get_textpage().get_text_range()
            assert f"{form.id} · version {layout.version(form)}" in text
            assert f"page {number} of {len(document)}" in text


def test_a_changed_form_has_another_version() -> None:
    assert layout.version(asking()) == layout.version(asking())
    assert layout.version(asking()) != layout.version(asking(help="New words"))


@every_form
def test_the_same_form_gives_the_same_bytes(form: Form) -> None:
    assert render.blank(form, HERE) == render.blank(form, HERE)
    assert render.sample(form, HERE) == render.sample(form, HERE)


def test_the_statement_fits_on_one_page_with_its_stamp() -> None:
    for made in (render.blank(SHIPPED["statement"], HERE), render.sample(SHIPPED["statement"], HERE)):
        with pypdfium2.PdfDocument(made) as document:
            assert len(document) == 1
        assert holds(made, "Stamp of the Foundation Faculty", "signature", "date") == []


def test_a_chosen_answer_is_ticked_and_no_other() -> None:
    options = ({"id": "semester", "label": "One semester"}, {"id": "year", "label": "One year"})
    made = render.filled(asking(type="choice", options=options), HERE, {"asked": "year"})
    assert values(made) == {"asked": "/year"}
    with pikepdf.open(BytesIO(made)) as document:
        assert [str(tick.AS) for tick in document.pages[0].Annots] == ["/Off", "/year"]
    assert crosses(made) == crosses(render.blank(asking(type="choice", options=options), HERE)) + 1


def test_a_declaration_is_ticked_only_where_it_was_made() -> None:
    form = asking(type="yes", label="All is true.")
    assert crosses(render.filled(form, HERE, {"asked": "yes"})) == 1
    assert crosses(render.filled(form, HERE, {"asked": ""})) == 0


def test_a_level_is_ticked_for_each_skill_and_the_year() -> None:
    assert words(render.sample(SHIPPED["statement"], HERE)).count("×") == 6 + 1


def test_codes_are_read_as_names_in_the_language_of_the_page() -> None:
    form = SHIPPED["application"]
    given = {
        "citizenship": "KZ",
        "mother-tongue": "kk",
        "birth-date": "2005-03-31",
        "choice-1": "agh/exchange",
    }
    offers = {"agh/exchange": "AGH, exchange"}
    english = render.filled(form, HERE, given, offers)
    assert holds(english, "Kazakhstan", "Kazakh", "31.03.2005", "AGH, exchange") == []
    kazakh = render.filled(form, HERE, given, offers, "kk")
    assert holds(kazakh, "Қазақстан", "қазақ тілі", "31.03.2005") == []


def test_a_question_for_some_says_for_whom() -> None:
    made = render.blank(SHIPPED["application"], HERE)
    assert holds(made, "IELTS overall band", "only if “Your proof of language” is: IELTS") == []


def test_kazakh_letters_come_out_as_they_were_typed() -> None:
    made = render.filled(asking(wide=True), HERE, {"asked": KAZAKH})
    assert KAZAKH in words(made)


@pytest.mark.parametrize(
    "typed",
    [
        '#panic("no")',
        '#read("form.typ") #include "form.typ"',
        "$x^2$ *bold* _it_ `raw` <label> @ref // comment /* more */ \\ [content] {code} ~ --",
        "= heading\n- list\n+ list\n/ term: x",
        '"}],"title":"other","x":[{"',
        "<script>alert(1)</script> %s {0} {{ 7*7 }}",
        "Ελληνικά Ñandú Łódź Привет № € ₸",
    ],
)
@pytest.mark.parametrize("kind", ["text", "prose"])
def test_what_was_typed_stays_text(typed: str, kind: str) -> None:
    assert holds(render.filled(asking(type=kind), HERE, {"asked": typed}), typed, "Small", "Asked") == []


def test_lines_of_a_long_answer_stay_lines() -> None:
    text = words(render.filled(asking(type="prose"), HERE, {"asked": "first\nsecond\n\nthird"}))
    assert [line.strip() for line in text.splitlines() if line.strip() in ("first", "second", "third")] == [
        "first",
        "second",
        "third",
    ]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("北京", "BeiJing"),
        ("a\u202eb\x00c\ufeffd", "abcd"),
        ("и\u0306ога", "йога"),
        ("ok 😀", ":grinning:"),
        ("\ud800x", "x"),
    ],
)
def test_what_the_fonts_lack_is_printed_in_latin_letters(typed: str, printed: str) -> None:
    assert holds(render.filled(asking(), HERE, {"asked": typed}), printed) == []


def test_every_letter_that_is_taken_as_printable_is_printed() -> None:
    composed = (char for char in map(chr, range(0x20, 0x3000)) if unicodedata.is_normalized("NFC", char))
    taken = [char for char in composed if field_font.printable(char) and char.isalnum()]
    assert holds(render.filled(asking(type="prose"), HERE, {"asked": " ".join(taken)}), *taken) == []


@pytest.mark.parametrize("typed", ["x" * 200, "word " * 40, "Қ" * 200])
def test_a_long_answer_stays_inside_the_page(typed: str) -> None:
    made = render.filled(asking(), HERE, {"asked": typed})
    assert holds(made, typed) == []
    with pypdfium2.PdfDocument(printed(made)) as document:
        page = document[0]
        text = page.get_textpage()
        answer = [n for n in range(text.count_chars()) if text.get_text_range(n, 1) == typed[0]]
        right = max(text.get_charbox(n)[2] for n in answer)
        assert right < page.get_width() / 2


def test_an_answer_longer_than_a_page_goes_on_the_next() -> None:
    typed = " ".join(f"word{n}" for n in range(1500))
    made = render.filled(asking(type="prose"), HERE, {"asked": typed})
    assert holds(made, *typed.split()) == []
    with pypdfium2.PdfDocument(made) as document:
        assert len(document) > 1


def test_rows_that_were_answered_are_followed_by_empty_ones() -> None:
    column = {"id": "title", "type": "text", "label": "Title"}
    form = asking(type="rows", most=4, columns=(column,))
    made = render.filled(
        form, HERE, {"asked": [{"title": "Sample Mechanics"}, {"title": "Sample Economics"}]}
    )
    assert holds(made, "Sample Mechanics", "Sample Economics") == []
    told = {"asked_1_title": "Sample Mechanics", "asked_2_title": "Sample Economics"}
    assert values(made) == {**told, "asked_3_title": "", "asked_4_title": ""}


def test_nothing_but_what_the_form_asks_is_printed() -> None:
    assert "N12345678" not in words(
        render.filled(asking(), HERE, {"asked": "yes", "passport-number": "N12345678"})
    )


def test_each_form_is_written_with_its_sample(tmp_path: Path) -> None:
    render.write_all(SHIPPED.values(), tmp_path / "downloads", HERE)
    assert sorted(path.name for path in (tmp_path / "downloads").iterdir()) == sorted(
        f"{name}{language}{kind}.pdf"
        for name in SHIPPED
        for language in ("", "-en", "-ru", "-kk")
        for kind in ("", "-sample")
    )
