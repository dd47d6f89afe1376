"""Checks an uploaded file by its content: PDF, JPEG, PNG or HEIC, whole and not locked. File name and
declared type are ignored."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pikepdf

from mobility.i18n.languages import Said, said
from mobility.uploads import pictures

MOST_BYTES = 20_000_000
"""Of one file: 20 MB."""

_PDF_MAGIC, _JPEG_MAGIC, _PNG_MAGIC = b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


class Refused(Exception):
    """The file is not kept; `said` says why and what to do, in words for the applicant."""

    def __init__(self, said: Said):
        self.said = said
        super().__init__(str(said))


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken."""

    name: str
    suffix: str


PDF, JPEG, PNG = Kind("PDF", ".pdf"), Kind("JPEG", ".jpg"), Kind("PNG", ".png")
HEIC = Kind("HEIC", ".heic")
ACCEPTED = "application/pdf,image/jpeg,image/png,image/heic,image/heif,.pdf,.jpg,.jpeg,.png,.heic,.heif"
"""For a file picker, as a hint only."""


def inspect(path: Path) -> Kind:
    """Detects the kind of a file by its content. Raises Refused where it is none that we take, is broken, or
    is locked with a password."""
    with path.open("rb") as file:
        head = file.read(1024)
    if not head:
        raise Refused(said("The file is empty. Choose it again, and wait until it is wholly on your device."))
    if head.lstrip(b"\xef\xbb\xbf\r\n\t \0").startswith(_PDF_MAGIC):
        _open_pdf(path)
        return PDF
    if head.startswith(_JPEG_MAGIC):
        _check_picture(path, "JPEG")
        return JPEG
    if head.startswith(_PNG_MAGIC):
        _check_picture(path, "PNG")
        return PNG
    if pictures.is_heic(head):
        _check_picture(path, "HEIF")
        return HEIC
    raise Refused(_stranger(head))


def _stranger(head: bytes) -> Said:
    if head.startswith(b"PK\x03\x04"):
        return said("This is a Word, Excel or ZIP file. Save it as PDF and upload the PDF.")
    return said("This is not a PDF, JPEG, PNG or HEIC file. Save it as PDF and upload the PDF.")


def _open_pdf(path: Path) -> None:
    """Without repair: what needs repair may have lost pages, and a committee may not be able to open it."""
    try:
        with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Refused(_LOCKED)
            if len(pdf.pages) == 0:
                raise Refused(said("This PDF has no page. Save it again and upload it."))
            for page in pdf.pages:
                _ = page.mediabox
    except pikepdf.PasswordError:
        raise Refused(_LOCKED) from None
    except (pikepdf.PdfError, AttributeError, ValueError, TypeError, KeyError):
        raise Refused(_BROKEN) from None


def _check_picture(path: Path, kind: Literal["JPEG", "PNG", "HEIF"]) -> None:
    try:
        pictures.check(path, kind)
    except pictures.Unreadable as error:
        raise Refused(error.said) from None


_LOCKED = said(
    "This PDF is locked with a password or with restrictions. "
    "Save a copy without protection (print it to PDF) and upload that."
)
_BROKEN = said(
    "This PDF is broken, often because it was cut off on the way. "
    "Open it on your device; if it opens, save it again as PDF and upload that."
)
