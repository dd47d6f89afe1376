"""Whether the pages of a file are blank; what cannot be told is unknown."""

from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw

from mobility.uploads import inspection
from tests.helpers.scans import Scans


def check(path: Path) -> tuple[int, bool]:
    """How many pages a file has, and whether they are blank."""
    look = inspection.look(path)
    return look.pages, inspection.look_closely(path, look.kind.name, False).blank


def test_a_page_is_blank_where_nothing_is_written(scans: Scans) -> None:
    assert check(scans.pdf("blank.pdf", pages=3)) == (3, True)
    page = Image.new("L", (1240, 1754), 243)
    page.save(scans.folder / "scanned blank.pdf")
    ImageDraw.Draw(page).text((200, 300), "One line is enough", fill=40, font_size=28)
    page.save(scans.folder / "one line.pdf")
    assert check(scans.folder / "scanned blank.pdf") == (1, True)
    assert check(scans.folder / "one line.pdf") == (1, False)


def test_a_hostile_pdf_is_only_unknown(scans: Scans) -> None:
    with pytest.raises(inspection.Refused):
        check(scans.cut_pdf())
    huge = scans.folder / "huge.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(14400, 14400))
        pdf.pages[0].Contents = pikepdf.Stream(pdf, b"q 0 0 1 rg 0 0 9 9 re f Q " * 2_000_000)
        pdf.save(huge)
    assert check(huge) in ((1, True), (1, False))
