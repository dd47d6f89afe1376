"""A page of a document as a picture to look at: nothing in it runs, and nothing can be copied out of it."""

from typing import BinaryIO

from mobility.uploads.worker import pdf_files, pictures
from mobility.uploads.worker.unusable import Unusable

_DPI = 110
_LONGEST = 1600
"""Dots of the longer side."""


def draw_page(kind: str, number: int, file: BinaryIO, target: BinaryIO) -> int:
    """Writes the page counted `number` (from 0) as a JPEG; how many pages there are. Raises Unusable."""
    if kind != "PDF":
        image = pictures.shrunk(file)
        image.thumbnail((_LONGEST, _LONGEST))
        target.write(pictures.jpeg(image))
        return 1
    with pdf_files.drawable(file) as source:
        source.init_forms()  # else what stands in fields is not drawn
        if not 0 <= number < len(source):
            raise Unusable("no page")
        page = source[number]
        scale = min(_DPI / 72, _LONGEST / max(1, *page.get_size()))
        target.write(pictures.jpeg(page.render(scale=scale).to_pil().convert("RGB")))
        return len(source)
