"""What people type into the web form is understood or its fault named, in three languages."""

import html
import re
from pathlib import Path
from typing import Any

import pytest

from mobility.applications import bags, drafts
from mobility.catalogue import answers
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import LANGUAGES
from mobility.office import dossier
from mobility.pdfforms import field_font
from tests.helpers import follow_ups
from tests.helpers.pdf_files import holds
from tests.helpers.scans import Scans
from tests.helpers.shared_cases import TYPED, typed_at_once
from tests.helpers.student import Answers, Student


def test_every_case_of_the_shared_table_is_taken_or_told(student: Student, book: Rulebook) -> None:
    student.begin()
    sections = {field.id: section.id for section in book.application.sections for field in section.fields}
    fields = {field.id: field for field in book.application.fields()}
    for number, cases in enumerate(typed_at_once()):
        language = LANGUAGES[number % len(LANGUAGES)]
        for name, case in cases.items():
            page = student.post(
                f"/apply/questions/{sections[name]}?language={language}",
                {name: case["typed"], "citizenship": "KZ"},
            )
            shown = html.unescape(page.text)
            kept = next(drafts.every(student.portal.settings.kept)).answers[name]
            fault = re.search(rf'id="{name}-fault">(.*?)</p>', shown, re.DOTALL)
            if "kept" in case:
                assert (kept, fault) == (case["kept"], None), case
                continue
            told = answers.validate(fields[name], kept)
            assert told and fault, case
            assert fault[1].endswith(told.to(language)), case


@pytest.mark.parametrize("case", [case for case in TYPED if case["kind"] == "latin" and "kept" in case])
def test_every_name_can_be_printed_as_it_is(case: dict[str, Any]) -> None:
    assert field_font.printable_text(case["kept"]) == case["kept"]
    assert all(char in field_font.load_font().glyphs for char in case["kept"])


@pytest.mark.parametrize(
    ("family", "given", "folder", "receipt"),
    [
        ("Đặng", "Thị Ánh", "_DANG-T", "Đặng, Thị Ánh"),
        ("O’Connor", "Şükrü", "_O-CONNOR-S", "O'Connor, Şükrü"),
        ("Məmmədov", "Əli", "_MEMMEDOV-E", "Məmmədov, Əli"),
        ("Suharto", "", "_SUHARTO", "Suharto"),
    ],
)
def test_folder_receipt_and_lists_take_every_name(
    family: str,
    given: str,
    folder: str,
    receipt: str,
    student: Student,
    invented: Answers,
    scans: Scans,
    call: Call,
    tmp_path: Path,
    book: Rulebook,
) -> None:
    student.begin()
    one = {} if given else {"one_name": "yes", "given_name_native": ""}
    student.answer(invented(family_name=family, given_name=given, **one))
    assert holds(student.get("/apply/forms/application.pdf").content, *receipt.split(", ")) == []
    student.upload_all(scans)
    assert student.post("/apply/submit").status_code == 200
    assert f"Applicant:  {receipt}\n" in student.get("/apply/receipt.txt").text
    (bag,) = bags.in_call(student.portal.settings.kept.submissions / call.id)
    assert bag.home.name.endswith(folder)
    assert receipt in follow_ups.listed(bag)
    dossier.write([bag], tmp_path / "dossier.pdf", book)
    assert holds((tmp_path / "dossier.pdf").read_bytes(), receipt) == []


@pytest.mark.parametrize("path", ["/apply/start", "/apply/link", "/apply/address"])
def test_a_likely_slip_in_an_address_is_asked_about_and_a_tick_keeps_it(path: str, student: Student) -> None:
    if path == "/apply/address":
        student.begin()
    asked = student.post(path, {"email": "aigerim@gmail.con"})
    assert asked.status_code == 422
    assert "Did you mean aigerim@gmail.com? Correct the address, or tick that it is right." in asked.text
    assert 'name="sure" value="aigerim@gmail.con"' in asked.text
    assert student.post(path, {"email": "aigerim@gmial.com", "sure": "aigerim@gmail.con"}).status_code == 422
    assert student.post(path, {"email": "aigerim@gmail.con", "sure": "aigerim@gmail.con"}).status_code == 200


def test_what_is_pasted_around_an_address_is_left_out_where_links_go(student: Student) -> None:
    student.begin(email="Aigerim <aigerim.pasted@example.kz>,")
    kept = [draft.email for draft in drafts.every(student.portal.settings.kept)]
    assert "aigerim.pasted@example.kz" in kept


@pytest.mark.parametrize(
    ("scale", "score", "says"),
    [
        ("new", "4,5", None),
        ("new", "78", "Enter a number from 1 to 6, such as 4.5"),
        ("new", "4.3", "TOEFL scores go in halves: 4.0, 4.5, 5.0"),
        ("old", "78", None),
        ("old", "4.5", "This is a score of 1 to 6: choose that scale, or enter the total of 0 to 120"),
        ("old", "78.5", "A TOEFL total of 0 to 120 is a whole number, such as 78"),
        ("", "78", "Choose an answer"),
        ("", "4.5", "Choose an answer"),
    ],
)
def test_a_toefl_is_taken_on_the_scale_that_is_chosen(
    scale: str, score: str, says: str | None, student: Student
) -> None:
    student.begin()
    given = {"mother-tongue": "kk", "language-proof": "toefl", "language-date": "01.06.2026"}
    page = student.post("/apply/questions/language", {**given, "toefl-scale": scale, "toefl-score": score})
    faults = re.findall(r'-fault"><span class="unseen">Error: </span>(.*?)</p>', html.unescape(page.text))
    assert faults == ([says] if says else [])
