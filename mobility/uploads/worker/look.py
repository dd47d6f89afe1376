"""Looks at a file: at once what kind it is, whether it is whole and what it holds; later its pages."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf

from mobility.uploads.worker import blank_pages, flatten, form_fields, pdf_files, pictures, qr_codes
from mobility.uploads.worker.unusable import Unusable

_JPEG_MAGIC, _PNG_MAGIC = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


def look(form: bool, file: BinaryIO) -> dict[str, Any]:
    """What a file is, told by its content; `form`: whether it may be a form of ours, with fields to read.
    Raises Unusable where we take no such file."""
    head = file.read(1024)
    if not head:
        raise Unusable("empty")
    if kind := _picture(head):
        pictures.check(file, kind)
        return {"kind": "HEIC" if kind == "HEIF" else kind}
    if pdf_files.MAGIC in head:
        return _pdf(form, file)
    raise Unusable("office file" if head.startswith(b"PK\x03\x04") else "other kind")


def look_closely(kind: str, form: bool, file: BinaryIO) -> Iterator[dict[str, Any]]:
    """What takes longer to tell of a file that we took: whether it is blank; with `form` what its codes say;
    then, in a second answer, which pages a dossier shows as pictures. That needs all of them drawn."""
    told: dict[str, Any] = {"blank": False, "codes": []}
    if kind == "PDF":
        with pdf_files.drawable(file) as document:
            told["blank"] = blank_pages.are_blank(document)
            told["codes"] = qr_codes.in_pdf(document) if form else []
    elif form:
        told["codes"] = qr_codes.in_picture(file)
    yield told
    yield {**told, "pictures": flatten.rehearse(kind, file)}


def _picture(head: bytes) -> pictures.Format | None:
    if head.startswith(_JPEG_MAGIC):
        return "JPEG"
    if head.startswith(_PNG_MAGIC):
        return "PNG"
    return "HEIF" if pictures.is_heic(head) else None


def _pdf(form: bool, file: BinaryIO) -> dict[str, Any]:
    with pdf_files.opened(file) as pdf, pdf_files.drawable(file) as document:
        pdf_files.check(pdf, document)
        return {
            "kind": "PDF",
            "pages": len(pdf.pages),
            "active": pdf_files.active(pdf),
            "fields": _fields(pdf) if form else {},
            "recovered": pdf_files.recovered(pdf),
        }


def _fields(pdf: pikepdf.Pdf) -> dict[str, str]:
    try:
        return form_fields.values(pdf)
    except (Unusable, AttributeError, LookupError, TypeError, ValueError):
        return {}


def read_fields(file: BinaryIO) -> dict[str, Any]:
    """The values of a PDF's form fields, and whether it holds scripts. Raises Unusable."""
    if pdf_files.MAGIC not in file.read(1024):
        raise Unusable("broken")
    with pdf_files.opened(file) as pdf:
        return {"values": form_fields.values(pdf), "scripts": "scripts" in pdf_files.active(pdf)}
