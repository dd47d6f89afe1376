"""Reads the QR codes on a scan or on the pages of a PDF.

The file is a stranger's, and is looked at by large libraries: that is done in a process of its own, with
little time and memory, and what goes wrong in there means only that no code was read.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image

from mobility.uploads import pictures

_PAGES, _SECONDS, _MEMORY = 3, 15, 2_000_000_000
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_LONGEST_SIDE = 2600
"""Pixels: A4 at about 220 dpi, at which a code of 15 mm is read with ease."""


def read(path: Path) -> list[str]:
    """What the QR codes say on a picture, or on the first pages of a PDF; nothing where none can be read."""
    command = [sys.executable, "-m", "mobility.uploads.qr_codes", str(path)]
    try:
        run = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
        return [str(text) for text in json.loads(run.stdout)]
    except (subprocess.SubprocessError, OSError, ValueError):
        return []


def _pages(path: Path) -> Iterator[Image.Image]:
    with path.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    if not is_pdf:
        with Image.open(path, formats=pictures.FORMATS) as image:
            image.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
            image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            yield image.convert("L")
        return
    with pypdfium2.PdfDocument(path) as document:
        for number in range(min(_PAGES, len(document))):
            page = document[number]
            scale = _LONGEST_SIDE / max(page.get_width(), page.get_height(), 1)
            yield page.render(scale=scale, grayscale=True).to_pil()


def _found(path: Path) -> list[str]:
    for image in _pages(path):
        if texts := [found.text for found in zxingcpp.read_barcodes(image, _QR)]:
            return texts
    return []


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    print(json.dumps(_found(Path(sys.argv[1]))))
