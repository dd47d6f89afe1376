"""Whether the pages of a PDF are blank."""

import io

import pypdfium2
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

_PAGES = 12
_LONGEST_SIDE = 600
"""Pixels: A4 at about 50 dpi, at which a line of text is still grey."""
_INK = 215
"""Of 255: what is darker counts as written on; the paper of a scan is lighter."""
_LEAST_INK = 0.0004
"""The part of a page that one short line of text darkens."""
_IS_INK = bytes(value < _INK for value in range(256))


def are_blank(document: pypdfium2.PdfDocument) -> bool:
    """Whether the first twelve pages, or all there are, hold nothing."""
    return all(_is_blank(document[number]) for number in range(min(_PAGES, len(document))))


def _is_blank(page: pypdfium2.PdfPage) -> bool:
    if _is_written_scan(page):
        return False
    scale = _LONGEST_SIDE / max(page.get_width(), page.get_height(), 1)
    bitmap = page.render(scale=scale, grayscale=True)
    row = bitmap.stride
    dots = bytes(bitmap.buffer).translate(_IS_INK)
    # Past its width, a row is filled up with what means nothing.
    dark = sum(dots[start : start + bitmap.width].count(1) for start in range(0, row * bitmap.height, row))
    return bool(dark < _LEAST_INK * bitmap.width * bitmap.height)


def _is_written_scan(page: pypdfium2.PdfPage) -> bool:
    """Whether a page is one JPEG with something on it. That is told at an eighth of its size, in a third of
    the time that drawing the page takes."""
    objects = list(page.get_objects(max_depth=1))
    if len(objects) != 1 or objects[0].type != FPDF_PAGEOBJ_IMAGE:
        return False
    if list(objects[0].get_filters()) != ["DCTDecode"]:
        return False
    try:
        with Image.open(io.BytesIO(objects[0].get_data()), formats=["JPEG"]) as image:
            image.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
            dots = image.convert("L").tobytes()
    except (OSError, ValueError, Image.DecompressionBombError):
        return False
    return dots.translate(_IS_INK).count(1) >= 10 * _LEAST_INK * len(dots)
