"""How many pages a PDF has, and which of them are blank.

The file is a stranger's, and is drawn by a large library: that is done in a process of its own, with little
time and memory, and what goes wrong in there means only that nothing is known.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

_PAGES, _SECONDS, _MEMORY = 12, 10, 1_000_000_000
_LONGEST_SIDE = 600
"""Pixels: A4 at about 50 dpi, at which a line of text is still grey."""
_INK = 215
"""Of 255: what is darker counts as written on; the paper of a scan is lighter."""
_LEAST_INK = 0.0004
"""The part of a page that one short line of text darkens."""
_IS_INK = bytes(value < _INK for value in range(256))


@dataclass(frozen=True)
class PageCheck:
    """`pages`: the number of pages; `blank`: whether all of them are blank (of long files, the first
    twelve)."""

    pages: int
    blank: bool


def check(path: Path) -> PageCheck | None:
    """Counts the pages of a PDF and tells whether they are blank; None where it cannot be told."""
    command = [sys.executable, "-m", "mobility.uploads.blank_pages", str(path)]
    try:
        run = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
        return PageCheck(**json.loads(run.stdout))
    except (subprocess.SubprocessError, OSError, ValueError, TypeError):
        return None


def _is_blank(page: pypdfium2.PdfPage) -> bool:
    scale = _LONGEST_SIDE / max(page.get_width(), page.get_height(), 1)
    bitmap = page.render(scale=scale, grayscale=True)
    row = bitmap.stride
    dots = bytes(bitmap.buffer).translate(_IS_INK)
    # Past its width, a row is filled up with what means nothing.
    dark = sum(dots[start : start + bitmap.width].count(1) for start in range(0, row * bitmap.height, row))
    return bool(dark < _LEAST_INK * bitmap.width * bitmap.height)


def _blanks(document: pypdfium2.PdfDocument) -> Iterator[bool]:
    for number in range(min(_PAGES, len(document))):
        yield _is_blank(document[number])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    with pypdfium2.PdfDocument(Path(sys.argv[1])) as found:
        print(json.dumps({"pages": len(found), "blank": all(_blanks(found))}))
