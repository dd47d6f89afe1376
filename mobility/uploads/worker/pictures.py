"""Pictures from phones and scanners: read whatever their kind, turned upright, and set on A4.

HEIC is what phones write. It is read through libheif, which turns it by itself (its EXIF then says 1), and
does not decode it before its pixels are asked for.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Literal, get_args

import pikepdf
import pillow_heif
from PIL import Image, ImageOps

from mobility.uploads.limits import MOST_DECODED, MOST_PIXELS
from mobility.uploads.worker.unusable import Unusable

Format = Literal["JPEG", "PNG", "HEIF"]
FORMATS: tuple[Format, ...] = get_args(Format)
HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif", b"mif2")
)
"""What the box at the head of a HEIC file calls it (ISO/IEC 23008-12, annex B); AVIF is not taken."""
A4 = (595.276, 841.89)
MARGIN = 20.0
"""Around a picture on its page, in points."""
_DPI, _QUALITY = 200, 80
_ORIENTATION = 0x0112
pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)


def is_heic(head: bytes) -> bool:
    """Whether a file that begins so is a HEIC picture, by its `ftyp` box."""
    return head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS


def check(file: BinaryIO, kind: Format) -> None:
    """Whether a picture is whole, and can be shown. Raises Unusable.

    A PNG's checksums tell it. A JPEG has none, and is decoded at an eighth of its size; a HEIC at its full
    size.
    """
    with _open(file, kind) as image:
        if kind == "PNG":
            image.verify()
        else:
            image.draft("L", (256, 256))
            image.load()


def to_pdf(*files: BinaryIO, target: BinaryIO) -> int:
    """One PDF of several pictures in the order given, a page each, upright on A4, about 200 dots an inch; its
    number of pages. Raises Unusable, with `number`: which picture."""
    with pikepdf.new() as pdf:
        for number, file in enumerate(files):
            try:
                image = shrunk(file)
            except Unusable as error:
                raise Unusable(error.reason, number=number) from None
            add_page(pdf, image.size, jpeg(image), image.mode)
        pdf.save(target, deterministic_id=True)
        return len(pdf.pages)


def to_page(file: BinaryIO, target: BinaryIO) -> int:
    """One page of A4 with the picture upright: a JPEG as it is, with nothing lost; any other decoded and
    shrunk. Raises Unusable."""
    with _open(file) as image:
        whole = image.format == "JPEG" and image.mode in ("L", "RGB")
        size, mode = image.size, image.mode
        turn = image.getexif().get(_ORIENTATION, 1)
        if whole:
            image.draft("L", (256, 256))
            image.load()  # tells whether it is whole, at an eighth of the size
    with pikepdf.new() as pdf:
        if whole:
            file.seek(0)
            add_page(pdf, size, file.read(), mode, turn)
        else:
            image = shrunk(file)
            add_page(pdf, image.size, jpeg(image), image.mode)
        pdf.save(target, deterministic_id=True)
    return 1


def shrunk(file: BinaryIO) -> Image.Image:
    """The picture upright, grey or in colour, with no more dots than A4 takes. Raises Unusable."""
    with _open(file) as image:
        turned = image.getexif().get(_ORIENTATION, 1) >= 5
        width, height = reversed(image.size) if turned else image.size
        box = _box((width, height))
        room = (max(1, round(box[2] / 72 * _DPI)), max(1, round(box[3] / 72 * _DPI)))
        within = (room[1], room[0]) if turned else room
        if image.format == "JPEG":
            image.draft(None, within)
        shown = image if image.mode in ("L", "RGB", "RGBA") else _plain(image)
        shown.thumbnail(within, Image.Resampling.BICUBIC)
        return _plain(ImageOps.exif_transpose(shown))


def add_page(pdf: pikepdf.Pdf, size: tuple[int, int], data: bytes, mode: str, turn: int = 1) -> None:
    """Adds a page of A4 with one JPEG, lying where the picture is wide. `turn`: its EXIF orientation."""
    shown = (size[1], size[0]) if turn in (5, 6, 7, 8) else size
    left, bottom, width, height = _box(shown)
    a, b, c, d, e, f = _TURNS.get(turn, _TURNS[1])
    matrix = (a * width, b * height, c * width, d * height, e * width + left, f * height + bottom)
    page = pdf.add_blank_page(page_size=_paper(shown))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image_object(pdf, size, data, mode)))
    page.Contents = pikepdf.Stream(pdf, f"q {' '.join(f'{n:.3f}' for n in matrix)} cm /Im0 Do Q".encode())


def image_object(pdf: pikepdf.Pdf, size: tuple[int, int], data: bytes, mode: str) -> pikepdf.Stream:
    """A JPEG as an image that pages of the PDF can show."""
    return pikepdf.Stream(
        pdf,
        data,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=pikepdf.Name.DeviceGray if mode == "L" else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )


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


@contextmanager
def _open(file: BinaryIO, *kinds: Format) -> Iterator[Image.Image]:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=kinds or FORMATS) as image:
                # A progressive JPEG is decoded whole, whatever the size that is asked for.
                in_parts = image.format == "JPEG" and not image.info.get("progressive")
                if image.width * image.height > (MOST_PIXELS if in_parts else MOST_DECODED):
                    raise Unusable("too many pixels")
                yield image
    except Unusable:
        raise
    except (Image.DecompressionBombError, MemoryError):
        raise Unusable("too many pixels") from None
    except Exception:  # whatever a damaged file leads a library into
        raise Unusable("broken picture") from None


def _plain(image: Image.Image) -> Image.Image:
    """Eight bits, grey or RGB, on white where it was transparent."""
    if image.mode.startswith("I") or image.mode == "F":
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def jpeg(image: Image.Image) -> bytes:
    """The picture as a JPEG."""
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
