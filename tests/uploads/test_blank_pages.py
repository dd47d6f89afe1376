"""Whether the pages of a file are blank; what cannot be told is unknown."""

import pikepdf
from PIL import Image, ImageDraw

from mobility.uploads import blank_pages
from tests.helpers.scans import Scans


def test_a_page_is_blank_where_nothing_is_written(scans: Scans) -> None:
    assert blank_pages.check(scans.pdf("blank.pdf", pages=3)) == blank_pages.PageCheck(3, True)
    page = Image.new("L", (1240, 1754), 243)
    page.save(scans.folder / "scanned blank.pdf")
    ImageDraw.Draw(page).text((200, 300), "One line is enough", fill=40, font_size=28)
    page.save(scans.folder / "one line.pdf")
    assert blank_pages.check(scans.folder / "scanned blank.pdf") == blank_pages.PageCheck(1, True)
    assert blank_pages.check(scans.folder / "one line.pdf") == blank_pages.PageCheck(1, False)


def test_a_hostile_pdf_is_only_unknown(scans: Scans) -> None:
    assert blank_pages.check(scans.cut_pdf()) is None
    huge = scans.folder / "huge.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(14400, 14400))
        pdf.pages[0].Contents = pikepdf.Stream(pdf, b"q 0 0 1 rg 0 0 9 9 re f Q " * 2_000_000)
        pdf.save(huge)
    assert blank_pages.check(huge) in (None, blank_pages.PageCheck(1, True), blank_pages.PageCheck(1, False))
