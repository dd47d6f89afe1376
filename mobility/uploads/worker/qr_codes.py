"""Reads the QR codes on a scan or on the pages of a PDF."""

from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2
import zxingcpp
from PIL import Image

from mobility.uploads.worker import pictures

_PAGES = 3
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_LONGEST_SIDE = 2600
"""Pixels: A4 at about 220 dpi, at which a code of 15 mm is read with ease."""


def in_picture(file: BinaryIO) -> list[str]:
    """What the QR codes say on a picture."""
    file.seek(0)
    with Image.open(file, formats=pictures.FORMATS) as image:
        image.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
        image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        return _texts(image.convert("L"))


def in_pdf(document: pypdfium2.PdfDocument) -> list[str]:
    """What the QR codes say on the first of the first pages that has any."""
    return next(filter(None, map(_texts, _pages(document))), [])


def _texts(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image, _QR)]


def _pages(document: pypdfium2.PdfDocument) -> Iterator[Image.Image]:
    for number in range(min(_PAGES, len(document))):
        page = document[number]
        scale = _LONGEST_SIDE / max(page.get_width(), page.get_height(), 1)
        yield page.render(scale=scale, grayscale=True).to_pil()
