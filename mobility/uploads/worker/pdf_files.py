"""Opens PDFs of strangers, the damaged ones too, and tells what is odd about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pikepdf
import pypdfium2

from mobility.uploads.limits import MOST_PAGES
from mobility.uploads.worker.unusable import Unusable

MAGIC = b"%PDF-"
_BROKEN = (
    pikepdf.PdfError, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What comes of an object that is missing, or not what it should be."""
_MOST_OBJECTS = 500_000
_ACTIVE = (
    ("scripts", b"/JavaScript"),
    ("scripts", b"/JS "),
    ("launch action", b"/S /Launch"),
    ("embedded files", b"/EmbeddedFile"),
)
"""What a PDF can do or carry beside its pages, and what tells it in an object as qpdf writes it down."""
_WAIT = "please wait"
"""What the page of an XFA form says in every program that cannot show it."""


@contextmanager
def opened(file: BinaryIO) -> Iterator[pikepdf.Pdf]:
    """A PDF as qpdf reads it, mended where it must be. Raises Unusable: `locked`, `broken`."""
    file.seek(0)
    try:
        with pikepdf.open(file, suppress_warnings=True, access_mode=pikepdf.AccessMode.stream) as pdf:
            yield pdf
    except pikepdf.PasswordError:
        raise Unusable("locked") from None
    except (
        pikepdf.PdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ):
        raise Unusable("broken") from None


@contextmanager
def drawable(file: BinaryIO) -> Iterator[pypdfium2.PdfDocument]:
    """A PDF as PDFium draws it. Raises Unusable: `locked`, `broken`."""
    file.seek(0)
    try:
        with pypdfium2.PdfDocument(file.read()) as document:
            yield document
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Unusable("locked" if locked else "broken") from None


def check(pdf: pikepdf.Pdf, document: pypdfium2.PdfDocument) -> None:
    """Whether both programs find the same pages, and those hold what there is to read. Raises Unusable:
    `no page`, `too many pages`, `broken`, `portfolio`, `xfa`."""
    pages = len(pdf.pages)
    if pages == 0:
        raise Unusable("no page")
    if pages > MOST_PAGES:
        raise Unusable("too many pages", pages=pages)
    if pages != len(document):
        raise Unusable("broken")
    for page in pdf.pages:
        _ = page.mediabox, page.obj.get("/Contents"), page.obj.get("/Resources")
    if "/Collection" in pdf.Root:
        raise Unusable("portfolio")
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form and _needs_rendering(pdf, document):
        raise Unusable("xfa only")


def _needs_rendering(pdf: pikepdf.Pdf, document: pypdfium2.PdfDocument) -> bool:
    """Whether the pages of an XFA form are made by the program that opens it (ISO 32000-2, 12.7.8), as the
    form says; some say so only on the page that other programs show."""
    if bool(pdf.Root.get("/NeedsRendering", False)):
        return True
    return len(document) == 1 and _WAIT in document[0].get_textpage().get_text_range().casefold()


def recovered(pdf: pikepdf.Pdf) -> bool:
    """Whether what was read so far could only be read after mending."""
    return any("damaged" in str(each) or "reconstruct" in str(each) for each in pdf.get_warnings())


def active(pdf: pikepdf.Pdf) -> list[str]:
    """What a PDF can do or carry beside its pages: scripts, launch action, embedded files."""
    found: dict[str, None] = {}
    for number, item in enumerate(pdf.objects):
        if number > _MOST_OBJECTS:
            break
        written = _written(item)
        found |= {name: None for name, mark in _ACTIVE if mark in written}
    return list(found)


def _written(item: Any) -> bytes:
    if isinstance(item, pikepdf.Stream):
        return bytes(item.stream_dict.unparse(resolved=True))
    return bytes(item.unparse(resolved=True)) if isinstance(item, pikepdf.Dictionary | pikepdf.Array) else b""
