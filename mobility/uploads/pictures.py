"""Images (JPEG, PNG, HEIC): validation, rotation by EXIF, and conversion to PDF pages of A4.

HEIC is what phones write. It is read through libheif, which turns it by itself (its EXIF then says 1), and
does not decode it before its pixels are asked for.
"""

import io
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, get_args

import pikepdf
import pillow_heif
from PIL import Image, ImageOps

from mobility import storage
from mobility.i18n.languages import Said, said

Format = Literal["JPEG", "PNG", "HEIF"]
FORMATS: tuple[Format, ...] = get_args(Format)
HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif", b"mif2")
)
"""What the box at the head of a HEIC file calls it (ISO/IEC 23008-12, annex B); AVIF is not taken."""
MOST_PIXELS = 120_000_000
"""Of a picture that is looked at in parts."""
MOST_DECODED = 50_000_000
"""Of a picture that is decoded whole: what the largest pictures of today's phones (48 million) need."""
A4 = (595.276, 841.89)
MARGIN = 20.0
"""Around a picture on its page, in points."""
_DPI, _QUALITY = 200, 80
_ORIENTATION = 0x0112
_one_at_a_time = threading.Lock()

pillow_heif.register_heif_opener(thumbnails=False, decode_threads=2)


class Unreadable(Exception):
    """A picture is broken, or has too many pixels: `said` tells the applicant. `path`: which picture."""

    def __init__(self, path: Path, said: Said):
        self.path, self.said = path, said
        super().__init__(str(said))


def is_heic(head: bytes) -> bool:
    """Whether a file that begins so is a HEIC picture, by its `ftyp` box."""
    return head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS


def check(path: Path, kind: Format) -> None:
    """Validates that an image is complete. Raises Unreadable.

    A PNG's checksums tell it. A JPEG has none, and is decoded at an eighth of its size; a HEIC at its full
    size. One at a time, so that no crowd of large pictures fills the memory.
    """
    with _one_at_a_time, _open(path, kind) as image:
        if image.width * image.height > (MOST_DECODED if kind == "HEIF" else MOST_PIXELS):
            raise Unreadable(path, TOO_MANY_PIXELS)
        if kind == "PNG":
            image.verify()
        else:
            image.draft("L", (256, 256))
            image.load()


def to_pdf(paths: Sequence[Path], target: Path) -> int:
    """Makes one PDF of several images in the order given, a page each, upright on A4, about 200 dots an inch;
    its number of pages. Raises Unreadable; then there is no `target`."""
    with pikepdf.new() as pdf:
        for path in paths:
            image = shrunk(path)
            add_page(pdf, image.size, _jpeg(image), image.mode)
        with storage.writing(target) as file:
            pdf.save(file, deterministic_id=True)
        return len(pdf.pages)


def to_page(path: Path, target: Path) -> int:
    """Makes a PDF of one A4 page with an image, upright: a JPEG as it is, with nothing lost; any other
    decoded and shrunk. Raises Unreadable."""
    with _open(path) as image:
        whole = image.format == "JPEG" and image.mode in ("L", "RGB")
        size, mode = image.size, image.mode
        turn = image.getexif().get(_ORIENTATION, 1)
        if whole:
            image.draft("L", (256, 256))
            image.load()  # tells whether it is whole, at an eighth of the size
    with pikepdf.new() as pdf:
        if whole:
            add_page(pdf, size, path.read_bytes(), mode, turn)
        else:
            image = shrunk(path)
            add_page(pdf, image.size, _jpeg(image), image.mode)
        with storage.writing(target) as file:
            pdf.save(file, deterministic_id=True)
    return 1


def shrunk(path: Path) -> Image.Image:
    """An image rotated upright, in grey or RGB, scaled down to what A4 at 200 dpi needs. Raises
    Unreadable."""
    with _open(path) as image:
        turned = image.getexif().get(_ORIENTATION, 1) >= 5
        width, height = reversed(image.size) if turned else image.size
        box = _box((width, height))
        room = (round(box[2] / 72 * _DPI), round(box[3] / 72 * _DPI))
        within = (room[1], room[0]) if turned else room
        if image.format == "JPEG":
            image.draft(None, within)
        if image.width * image.height > MOST_DECODED:
            raise Unreadable(path, TOO_MANY_PIXELS)
        shown = image if image.mode in ("L", "RGB") else _plain(image)
        shown.thumbnail(within, Image.Resampling.BICUBIC)
        return _plain(ImageOps.exif_transpose(shown))


def add_page(pdf: pikepdf.Pdf, size: tuple[int, int], jpeg: bytes, mode: str, turn: int = 1) -> None:
    """Adds an A4 page with one JPEG, in landscape where the image is wide. `turn`: its EXIF orientation."""
    shown = (size[1], size[0]) if turn in (5, 6, 7, 8) else size
    left, bottom, width, height = _box(shown)
    a, b, c, d, e, f = _TURNS.get(turn, _TURNS[1])
    matrix = (a * width, b * height, c * width, d * height, e * width + left, f * height + bottom)
    stream = pikepdf.Stream(
        pdf,
        jpeg,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=pikepdf.Name.DeviceGray if mode == "L" else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page = pdf.add_blank_page(page_size=_paper(shown))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
    page.Contents = pikepdf.Stream(pdf, f"q {' '.join(f'{n:.3f}' for n in matrix)} cm /Im0 Do Q".encode())


_TURNS = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
"""EXIF orientation to the matrix that turns the unit square of a PDF image upright."""


TOO_MANY_PIXELS = said("This picture has too many pixels. Make it smaller, or save it as PDF.")
_BROKEN = said(
    "This picture is broken, often because it was cut off on the way. "
    "Open it on your device; if it opens, save it again as PDF and upload that."
)


@contextmanager
def _open(path: Path, *kinds: Format) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=kinds or FORMATS) as image:
                yield image
    except Unreadable:
        raise
    except (Image.DecompressionBombError, MemoryError):
        raise Unreadable(path, TOO_MANY_PIXELS) from None
    except (OSError, SyntaxError, ValueError, RuntimeError, EOFError, TypeError, KeyError):
        raise Unreadable(path, _BROKEN) from None


def _plain(image: Image.Image) -> Image.Image:
    """Eight bits, grey or RGB, on white where it was transparent."""
    if image.mode.startswith("I") or image.mode == "F":
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _paper(size: tuple[int, int]) -> tuple[float, float]:
    return A4 if size[0] <= size[1] else (A4[1], A4[0])


def _box(size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Where a picture of that size stands on its page: left, bottom, width, height, in points."""
    paper = _paper(size)
    scale = min((paper[0] - 2 * MARGIN) / size[0], (paper[1] - 2 * MARGIN) / size[1])
    width, height = size[0] * scale, size[1] * scale
    return (paper[0] - width) / 2, (paper[1] - height) / 2, width, height
