"""Pictures of pages become one PDF: in order, upright, or the one that cannot be read is named."""

from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from mobility.uploads import inspection, printable
from tests.helpers.scans import red_corner


def test_pages_of_phone_pictures_keep_their_order_and_stand_upright(tmp_path: Path) -> None:
    made, upright = tmp_path / "made.pdf", []
    paths = []
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = turn
        image = Image.open(red_corner(tmp_path / "upright.png"))
        method = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(turn)  # what the orientation undoes
        for kind in ("heic", "jpg"):
            paths.append(tmp_path / f"{turn}.{kind}")
            (image if method is None else image.transpose(method)).save(paths[-1], exif=exif.tobytes())
        one = tmp_path / f"{turn}.pdf"
        printable.flatten(paths[-1], {"heic": "HEIC", "jpg": "JPEG"}[kind], one)
        upright.append(one)
    inspection.join_pictures(paths, made)
    with pypdfium2.PdfDocument(made) as pdf:
        pages = [page.render().to_pil().convert("RGB") for page in pdf]
    assert len(pages) == 16
    for one in upright:
        with pypdfium2.PdfDocument(one) as pdf:
            pages.append(pdf[0].render().to_pil().convert("RGB"))
    for page in pages:
        assert page.width > page.height
        red = page.getpixel((int(page.width * 0.12), int(page.height * 0.12)))
        white = page.getpixel((int(page.width * 0.88), int(page.height * 0.88)))
        assert red[0] > 200 > 80 > red[1], red
        assert min(white) > 240


def test_odd_pictures_become_pages(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    deep = Image.new("I;16", (50, 50), 65535)
    ink = Image.new("CMYK", (50, 50), (0, 0, 0, 0))
    paths = [tmp_path / name for name in ("clear.png", "deep.png", "ink.jpg")]
    for image, path in zip((clear, deep, ink), paths, strict=True):
        image.save(path)
    made = tmp_path / "made.pdf"
    inspection.join_pictures(paths, made)
    with pypdfium2.PdfDocument(made) as pdf:
        for page in pdf:
            image = page.render().to_pil().convert("L")
            assert image.getpixel((image.width // 2, image.height // 2)) > 240
    with pikepdf.open(made) as pdf:
        spaces = [str(page.Resources.XObject.Im0.ColorSpace) for page in pdf.pages]
    assert spaces == ["/DeviceRGB", "/DeviceGray", "/DeviceRGB"]


def test_a_picture_that_cannot_be_read_stops_the_pdf_and_is_named(tmp_path: Path) -> None:
    good, bad = red_corner(tmp_path / "good.jpg"), tmp_path / "bad.heic"
    bad.write_bytes(red_corner(tmp_path / "whole.heic").read_bytes()[:600])
    with pytest.raises(inspection.RefusedOne) as error:
        inspection.join_pictures([good, bad], tmp_path / "made.pdf")
    assert error.value.number == 1
    assert not (tmp_path / "made.pdf").exists()
