"""What is kept and what is refused, told by content alone."""

import pytest

from mobility.uploads import inspection
from tests.helpers.scans import Scans


def refusal(path) -> str:
    with pytest.raises(inspection.Refused) as refused:
        inspection.look(path)
    return str(refused.value)


def test_a_pdf_is_taken_whatever_its_name(scans: Scans) -> None:
    assert inspection.look(scans.pdf("transcript.docx")).kind is inspection.PDF


def test_a_jpeg_and_a_png_are_taken(scans: Scans) -> None:
    assert inspection.look(scans.picture("photo.jpg")).kind is inspection.JPEG
    assert inspection.look(scans.picture("photo.png")).kind is inspection.PNG


def test_a_picture_under_a_pdf_name_is_a_picture(scans: Scans) -> None:
    photo = scans.picture("photo.jpg")
    assert inspection.look(photo.rename(photo.with_name("passport.pdf"))).kind is inspection.JPEG


def test_a_pdf_with_a_password_is_refused(scans: Scans) -> None:
    assert "locked" in refusal(scans.locked_pdf())


def test_a_pdf_that_only_restricts_is_taken(scans: Scans) -> None:
    assert inspection.look(scans.locked_pdf(owner_only=True)).kind is inspection.PDF


def test_a_pdf_that_was_cut_off_is_refused(scans: Scans) -> None:
    assert "broken" in refusal(scans.cut_pdf())


def test_a_pdf_that_is_only_a_heading_is_refused(scans: Scans) -> None:
    assert "broken" in refusal(scans.bytes("x.pdf", b"%PDF-1.7\n<html>no</html>"))


def test_a_picture_that_was_cut_off_is_refused(scans: Scans) -> None:
    for name in ("photo.jpg", "photo.png"):
        whole = scans.picture(name).read_bytes()
        assert "broken" in refusal(scans.bytes(f"cut-{name}", whole[: len(whole) // 2]))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.pdf", b"", "empty"),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>", "not a PDF"),
        ("letter.pdf", b"PK\x03\x04rest of a Word file", "Word"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PDF"),
        ("IMG_0001.jpg", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "broken"),
        ("program.pdf", b"MZ\x90\x00", "not a PDF"),
    ],
)
def test_anything_else_is_refused_with_one_sentence_that_helps(
    scans: Scans, name: str, content: bytes, said: str
) -> None:
    assert said in refusal(scans.bytes(name, content))
