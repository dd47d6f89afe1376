"""Whether the pages of a PDF are blank."""

import pypdfium2

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
    scale = _LONGEST_SIDE / max(page.get_width(), page.get_height(), 1)
    bitmap = page.render(scale=scale, grayscale=True)
    row = bitmap.stride
    dots = bytes(bitmap.buffer).translate(_IS_INK)
    # Past its width, a row is filled up with what means nothing.
    dark = sum(dots[start : start + bitmap.width].count(1) for start in range(0, row * bitmap.height, row))
    return bool(dark < _LEAST_INK * bitmap.width * bitmap.height)
