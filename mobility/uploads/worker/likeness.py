"""Compares the pages of a flattened PDF with those of its source: what is drawn and read on both."""

import time
from collections import Counter

import pypdfium2
from PIL import Image, ImageChops

_LONGEST_SIDE, _CELL = 320, 8
"""Pixels: of a drawn page, and of the squares in it whose darkness is compared."""
_DARKER = 24
"""Of 255: by how much a square may differ; a letter in it makes more, smoothing less."""
SLOW = 2.0
"""Seconds of processor after which drawing a page is more than a reader waits for."""


def unlike(source: pypdfium2.PdfDocument, made: pypdfium2.PdfDocument, extra: bool) -> list[int]:
    """Which pages, counted from 0, lack something of their source or take seconds to draw; with `extra` those
    too that show more than it. Of a page whose size was changed, only that something is on it is compared."""
    return [
        number
        for number in range(len(source))
        if number >= len(made) or _unlike(source[number], made[number], extra)
    ]


def _unlike(before: pypdfium2.PdfPage, after: pypdfium2.PdfPage, extra: bool) -> bool:
    begun = time.process_time()
    drawn = _drawn(before)
    slow = time.process_time() - begun > SLOW
    return slow or _differ(drawn, _drawn(after), extra) or _lacks_letters(before, after)


def _lacks_letters(before: pypdfium2.PdfPage, after: pypdfium2.PdfPage) -> bool:
    wanted = _letters(before)
    return bool(wanted and wanted - _letters(after))


def _letters(page: pypdfium2.PdfPage) -> Counter[str]:
    """How often each letter is written on a page; the order is the program's that wrote it."""
    return Counter("".join(page.get_textpage().get_text_range().split()))


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    scale = _LONGEST_SIDE / max(page.get_width(), page.get_height(), 1)
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return image.convert("L").reduce(_CELL)


def _differ(before: Image.Image, after: Image.Image, extra: bool) -> bool:
    if before.size != after.size:
        return min(before.tobytes()) < 255 - _DARKER and min(after.tobytes()) == 255
    lacking = max(ImageChops.subtract(after, before).tobytes()) > _DARKER
    return lacking or (extra and max(ImageChops.subtract(before, after).tobytes()) > _DARKER)
