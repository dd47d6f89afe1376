"""One look at a file: what kind it is, whether it is whole, and what it holds."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf

from mobility.uploads.worker import blank_pages, form_fields, pdf_files, pictures, qr_codes
from mobility.uploads.worker.unusable import Unusable

_JPEG_MAGIC, _PNG_MAGIC = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


def look(form: bool, file: BinaryIO) -> Iterator[dict[str, Any]]:
    """What a file is, told by its content; `form`: whether it may be a form of ours, with a code and fields.
    What takes longer comes in a second answer. Raises Unusable where we take no such file."""
    head = file.read(1024)
    if not head:
        raise Unusable("empty")
    if kind := _picture(head):
        pictures.check(file, kind)
        told = {"kind": "HEIC" if kind == "HEIF" else kind}
        yield told
        if form:
            yield {**told, "codes": qr_codes.in_picture(file)}
    elif pdf_files.MAGIC in head:
        yield from _pdf(form, file)
    else:
        raise Unusable("office file" if head.startswith(b"PK\x03\x04") else "other kind")


def _picture(head: bytes) -> pictures.Format | None:
    if head.startswith(_JPEG_MAGIC):
        return "JPEG"
    if head.startswith(_PNG_MAGIC):
        return "PNG"
    return "HEIF" if pictures.is_heic(head) else None


def _pdf(form: bool, file: BinaryIO) -> Iterator[dict[str, Any]]:
    with pdf_files.opened(file) as pdf, pdf_files.drawable(file) as document:
        pdf_files.check(pdf, document)
        told = {
            "kind": "PDF",
            "pages": len(pdf.pages),
            "active": pdf_files.active(pdf),
            "fields": _fields(pdf) if form else {},
            "recovered": pdf_files.recovered(pdf),
        }
        yield told
        told["blank"] = blank_pages.are_blank(document)
        yield {**told, "codes": qr_codes.in_pdf(document) if form else []}


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
