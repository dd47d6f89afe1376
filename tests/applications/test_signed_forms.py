"""A signed paper and the answers that it was printed from: whether they still say the same."""

import datetime
import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageFilter

from mobility.applications import closer_looks, completeness, drafts, record, signed_forms
from mobility.applications.drafts import Draft
from mobility.applications.record import Submission
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from mobility.pdfforms import answer_hash, render
from mobility.uploads import inspection
from tests.helpers.assessing import assessed
from tests.helpers.scans import Scans
from tests.helpers.student import Answers


def printed(book: Rulebook, given: dict[str, Any], form: str = "application", language: Any = "en") -> bytes:
    found = book.form(form)
    assert found
    return render.filled(found, "A University", given, {}, language, "0badcafe")


def scanned(made: bytes, turned: float = 0.0) -> Image.Image:
    """The first page as a phone or a scanner sees it: grey, a little askew and blurred."""
    with pypdfium2.PdfDocument(made) as document:
        page = document[0].render(scale=150 / 72, grayscale=True).to_pil()
    return page.rotate(turned, expand=True, fillcolor=235).filter(ImageFilter.GaussianBlur(0.7))


@pytest.fixture
def draft(instance: Instance, call: Call, in_march: datetime.datetime, invented: Answers) -> Draft:
    return drafts.start(instance, call.id, in_march, invented())[1]


def codes(path: Path) -> list[str]:
    """What the codes on a file say."""
    kind = inspection.look(path).kind.name
    return list(inspection.look_closely(path, kind, form=True).codes)


def keep(book: Rulebook, call: Call, draft: Draft, path: Path, now: datetime.datetime) -> Draft:
    slot = next(s for s in completeness.slots(book, call, draft.answers) if s.id == "application-form")
    with path.open("rb") as stream:
        draft = drafts.keep(draft, slot, stream, path.name, now, form=book.application)
    return closer_looks.catch_up(book, draft)


@pytest.mark.parametrize("form", ["application", "questionnaire", "statement"])
@pytest.mark.parametrize("turned", [0, 1.5, 90, 180])
def test_the_code_is_read_off_a_scan(
    book: Rulebook, invented: Answers, tmp_path: Path, form: str, turned: float
) -> None:
    path = tmp_path / "scan.jpg"
    scanned(printed(book, invented(), form), turned).save(path, quality=60)
    found = book.form(form)
    assert found
    assert [answer_hash.read_qr_text(text, found) for text in codes(path)] == [
        answer_hash.answers_hash(found, invented())
    ]


def test_the_code_is_read_off_a_pdf_as_typeset_and_as_scanned(
    book: Rulebook, invented: Answers, tmp_path: Path
) -> None:
    made = printed(book, invented(), language="kk")
    (tmp_path / "typeset.pdf").write_bytes(made)
    scanned(made).save(tmp_path / "scanned.pdf")
    wanted = answer_hash.qr_text(
        book.application, "0badcafe", answer_hash.answers_hash(book.application, invented())
    )
    assert codes(tmp_path / "typeset.pdf") == codes(tmp_path / "scanned.pdf") == [wanted]


def test_no_code_is_read_where_there_is_none_or_the_file_is_strange(scans: Scans) -> None:
    for path in (scans.picture(), scans.pdf()):
        assert codes(path) == []
    for path in (scans.cut_pdf(), scans.bytes("odd.jpg", b"\xff\xd8\xff odd")):
        with pytest.raises(inspection.Refused):
            codes(path)


def test_a_scan_of_the_answers_given_now_matches_until_they_change(
    book: Rulebook, call: Call, draft: Draft, in_march: datetime.datetime, tmp_path: Path
) -> None:
    scanned(printed(book, draft.answers)).save(tmp_path / "scan.png")
    draft = keep(book, call, draft, tmp_path / "scan.png", in_march)
    file = draft.files[0]
    assert file.answers == file.on_paper == answer_hash.answers_hash(book.application, draft.answers)
    assert assessed(book, call, draft).signed == {}
    draft = drafts.answer(draft, {"address": "2 Sample Street"})
    told = assessed(book, call, draft).signed[file.id]
    assert "was printed from other answers" in str(told.stale)
    assert assessed(book, call, drafts.answer(draft, {"address": "1 Sample Street, Almaty"})).signed == {}


def test_a_paper_printed_before_the_last_change_does_not_match(
    book: Rulebook, call: Call, draft: Draft, in_march: datetime.datetime, tmp_path: Path
) -> None:
    scanned(printed(book, draft.answers)).save(tmp_path / "scan.png")
    draft = drafts.answer(draft, {"phone": "+77000000009"})
    draft = keep(book, call, draft, tmp_path / "scan.png", in_march)
    assert len(assessed(book, call, draft).signed) == 1


def test_a_paper_without_code_counts_by_the_time_of_its_arrival(
    book: Rulebook, call: Call, draft: Draft, in_march: datetime.datetime, scans: Scans
) -> None:
    draft = keep(book, call, draft, scans.picture(), in_march)
    assert assessed(book, call, draft).signed == {}
    draft = drafts.answer(draft, {"phone": "+77000000009"})
    assert "were changed after" in str(assessed(book, call, draft).signed[draft.files[0].id].stale)


def test_a_pdf_with_fields_is_compared_answer_by_answer(
    book: Rulebook, call: Call, draft: Draft, in_march: datetime.datetime, tmp_path: Path
) -> None:
    made = render.filled(
        book.application,
        "A University",
        {**draft.answers, "year": "3"},
        signed_forms.names(completeness.offered(book, call)),
        "ru",
        "0badcafe",
    )
    (tmp_path / "form.pdf").write_bytes(made)
    draft = keep(book, call, draft, tmp_path / "form.pdf", in_march)
    told = assessed(book, call, draft).signed[draft.files[0].id]
    assert [(str(d.label), d.on_paper, d.given) for d in told.differences] == [
        ("Year of study", "3rd", "2nd")
    ]


def test_the_office_is_told(
    book: Rulebook, call: Call, draft: Draft, in_march: datetime.datetime, scans: Scans
) -> None:
    draft = keep(book, call, draft, scans.picture(), in_march)
    draft = drafts.answer(draft, {"phone": "+77000000009"})
    told = record.of(Submission(assessed(book, call, draft), "R2027A-0001", in_march, False))
    assert "signed paper does not match the answers: Application form, signed" in told["marks"]
    about = told["files"][0]["signed_for"]
    assert about["now"] == answer_hash.answers_hash(book.application, draft.answers) != about["when_received"]
    assert about["on_paper"] is None
    assert "were changed after" in about["says"]
    json.dumps(about)


def test_a_draft_kept_before_papers_were_tied_is_read(
    book: Rulebook, call: Call, draft: Draft, in_march: datetime.datetime, scans: Scans
) -> None:
    draft = keep(book, call, draft, scans.picture(), in_march)
    path = draft.folder / "draft.json"
    kept = json.loads(path.read_text())
    for file in kept["files"]:
        del file["answers"], file["on_paper"]
    path.write_text(json.dumps(kept))
    again = drafts.read(draft.folder)
    assert (again.files[0].answers, again.files[0].on_paper) == ("", "")
    assert assessed(book, call, again).signed == {}


def test_only_open_questions_are_taken_from_a_paper_unless_said(book: Rulebook) -> None:
    given = {"family-name": "Sampleova", "phone": ""}
    read = {"family-name": "Other", "phone": "+77000000000", "marital-status": "single"}
    assert signed_forms.taken(book.application, given, read, False) == {"phone": "+77000000000"}
    assert signed_forms.taken(book.application, given, read, True) == {
        "family-name": "Other",
        "phone": "+77000000000",
    }


def test_a_filled_form_is_taken_as_an_upload(book: Rulebook, invented: Answers, tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(printed(book, invented()))
    assert inspection.look(path).kind is inspection.PDF
