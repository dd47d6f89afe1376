"""Forms on paper through the portal: out with the answers of one applicant, and back from any program."""

import datetime
import html
import re
import tempfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from mobility.applications import drafts, submissions
from mobility.catalogue import rulebook
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Checkout
from mobility.pdfforms import office_files, readback, render
from mobility.uploads import form_values
from tests.helpers import follow_ups
from tests.helpers.pdf_files import holds, values
from tests.helpers.portal_server import running
from tests.helpers.scans import Scans
from tests.helpers.student import Answers, Student


def get_form(student: Student, form: str = "application", language: str = "en") -> bytes:
    answer = student.get(f"/apply/forms/{form}.pdf?lang={language}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.content


def bring(student: Student, made: bytes, **more: str) -> str:
    answer = student.post("/apply/paper", more, files={"paper": ("filled.pdf", BytesIO(made))})
    return html.unescape(answer.text)


def kept(student: Student) -> dict[str, object]:
    """What was answered, but for the address with which all begin."""
    answers = next(drafts.every(student.portal.settings.kept)).answers
    return {name: value for name, value in answers.items() if name != "email"}


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_form_goes_out_with_the_answers(student: Student, book: Rulebook, language: str) -> None:
    student.begin()
    drafts.answer(next(drafts.every(student.portal.settings.kept)), {"given-name-native": "Әйгерім"})
    for form in book.forms:
        made = get_form(student, form.id, language)
        with pikepdf.open(BytesIO(made)) as document:
            assert document.Root.Lang == language
        with tempfile.TemporaryFile() as file:
            file.write(made)
            file.seek(0)
            paper = readback.read(form_values.read(file).values, book.forms, {})
        names = {field.id for field in form.fields()}
        answers = {name: value for name, value in paper.answers.items() if name != "email"}
        assert answers == ({"given-name-native": "Әйгерім"} if "given-name-native" in names else {})


def test_nobody_gets_the_form_of_another(student: Student, book: Rulebook) -> None:
    student.begin()
    stranger = Student(student.portal, book)
    assert stranger.http.get(
        student.portal.address + "/apply/forms/application.pdf", timeout=20
    ).url.endswith("/apply/")
    for path in ("/apply/forms/none.pdf", "/apply/forms/application.pdf?lang=xx", "/apply/forms/..%2Fx.pdf"):
        assert student.get(path).status_code == 404


def test_a_form_filled_elsewhere_fills_the_questions(
    student: Student,
    book: Rulebook,
    invented: Answers,
) -> None:
    student.begin()
    given = {name: value for name, value in invented().items() if value}
    names = {offer.id: offer.name for offer in book.catalogue.offers()}
    page = bring(student, render.filled(book.application, "KBTU", given, names, "kk"))
    assert f"Taken from the PDF: {len(given) - 1} of {len(given)} answers." in page
    assert kept(student) == {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if name != "email"
    }
    assert 'class="state new">To do' not in page


def test_what_was_answered_here_stays_unless_said(student: Student, book: Rulebook) -> None:
    student.begin()
    first = render.filled(book.application, "KBTU", {"family-name": "Sampleova"})
    bring(student, first)
    second = render.filled(
        book.application, "KBTU", {"family-name": "Otherova", "birth-place": "Sample Town"}
    )
    assert "Taken from the PDF: 1 of 2 answers." in bring(student, second)
    assert kept(student) == {"family-name": "Sampleova", "birth-place": "Sample Town"}
    bring(student, second, replace="yes")
    assert kept(student)["family-name"] == "Otherova"


def test_many_remarks_do_not_lose_the_application(student: Student, book: Rulebook) -> None:
    student.begin()
    with pikepdf.open(BytesIO(render.blank(book.application, "KBTU"))) as document:
        for field in document.Root.AcroForm.Fields:
            field.V = pikepdf.String("x" * 4000)
        out = BytesIO()
        document.save(out)
    page = bring(student, out.getvalue())
    assert "Taken from the PDF: " in page
    assert page.count("was left out: it is too long") == 6
    assert "more answers were left out" in page


def test_what_is_no_filled_form_is_refused_in_plain_words(student: Student) -> None:
    student.begin()
    assert "This is not a PDF, or it is broken" in bring(student, b"nothing")
    assert "Choose the PDF that you filled first." in html.unescape(student.post("/apply/paper").text)
    assert kept(student) == {}


def test_a_signed_form_that_does_not_match_is_told_beside_it(
    student: Student,
    invented: Answers,
    tmp_path: Path,
) -> None:
    student.begin()
    given = {name: value for name, value in invented().items() if value}
    draft = next(drafts.every(student.portal.settings.kept))
    drafts.answer(draft, given)
    path = tmp_path / "signed.pdf"
    path.write_bytes(get_form(student))
    page = html.unescape(student.upload("application-form", path).text)
    assert "print the form again" not in page
    drafts.answer(draft, {"phone": "+77000000009"})
    follow_ups.looked(student.portal.settings.kept)
    for place in ("/apply/documents", "/apply/check"):
        page = html.unescape(student.get(place).text)
        assert "The signed paper was printed from other answers than those given now" in page
        assert "Phone: in the PDF “+77000000000”, in your answers “+77000000009”" in page


def test_the_page_of_documents_offers_each_form_in_three_languages(student: Student) -> None:
    student.begin()
    page = student.get("/apply/documents").text
    links = re.findall(r'href="(/apply/forms/application\.pdf[^"]*)"', page)
    assert [link.rpartition("=")[2] for link in links] == ["en", "ru", "kk"]


def test_a_field_of_five_lines_stands_in_web_form_pdf_sample_and_export(
    own_checkout: Checkout, in_march: datetime.datetime, invented: Answers, scans: Scans, tmp_path: Path
) -> None:
    path = own_checkout.content / "forms" / "application.yaml"
    before = "      - id: study-programme\n"
    five = (
        "      - id: student-card\n"
        "        type: text\n"
        "        label: Number of your student card\n"
        "        help: As printed on its front\n"
        "        sample: 00-INVENTED-00\n"
    )
    path.write_text(path.read_text(encoding="utf-8").replace(before, five + before), encoding="utf-8")
    changed = rulebook.load(own_checkout)
    for made in (render.blank(changed.application, "KBTU"), render.sample(changed.application, "KBTU", "kk")):
        assert holds(made, "Number of your student card", "As printed on its front") == []
    assert holds(render.sample(changed.application, "KBTU"), "00-INVENTED-00") == []
    with running(tmp_path / "instance", in_march, checkout=own_checkout) as portal:
        student = Student(portal, changed)
        student.begin()
        assert "Number of your student card" in student.get("/apply/questions/studies").text
        student.answer({**invented(), "student-card": "77-TYPED-77"})
        assert values(get_form(student))["student-card"] == "77-TYPED-77"
        student.upload_all(scans)
        assert student.post("/apply/submit").url.endswith("/apply/receipt/v1")
        bag = next(submissions.every(portal.settings.kept))
        assert bag.record()["answers"]["student-card"] == "77-TYPED-77"


def test_the_office_s_own_form_is_offered_in_place_of_ours(
    own_checkout: Checkout, in_march: datetime.datetime, tmp_path: Path
) -> None:
    office = own_checkout.content / "downloads"
    office.mkdir()
    (office / "application.docx").write_bytes(b"PK an invented document")
    (office / "statement-kk.pdf").write_bytes(b"%PDF- an invented document")
    made = tmp_path / "made"
    book = rulebook.load(own_checkout)
    render.write_all(book.forms, made, "KBTU")
    office_files.copy_office_files(office, made, book.forms)
    assert not list(made.glob("application.pdf")) + list(made.glob("application-??.pdf"))
    assert (made / "application.docx").exists()
    assert b"an invented document" in (made / "statement-kk.pdf").read_bytes()
    assert (made / "statement.pdf").stat().st_size > 10_000
    with running(tmp_path / "instance", in_march, checkout=own_checkout) as portal:
        student = Student(portal, book)
        student.begin()
        page = student.get("/apply/documents").text
        assert 'href="/downloads/application.docx"' in page
        assert "/downloads/application.pdf" not in page
        assert "/apply/forms/application.pdf" not in page
