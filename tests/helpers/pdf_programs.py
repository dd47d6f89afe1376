"""Other programs that fill the fields of a PDF form."""

import ctypes
import io
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium

KAZAKH = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі Ёё"
TYPED = {
    "family-name": "Sampleova",
    "given-name-native": KAZAKH,
    "courses_1_title": "Механика Ң",
    "citizenship": "Қазақстан",
    "sex": "female",
    "truth": "yes",
}
"""What the programs type into the application form, by the names of its fields."""


def by_pypdf(made: bytes) -> bytes:
    """As a program in Python fills it."""
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(BytesIO(made)))
    typed = {name: f"/{value}" if name in ("sex", "truth") else value for name, value in TYPED.items()}
    for page in writer.pages:
        writer.update_page_form_field_values(page, typed, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def by_pdfium(made: bytes) -> bytes:
    """As a reader in Chromium or Edge types and clicks into it."""
    with pypdfium2.PdfDocument(made) as document:
        document.init_forms()
        env, clicked = document.formenv, set()
        for page in document:
            for n in range(pdfium.FPDFPage_GetAnnotCount(page)):
                note = pdfium.FPDFPage_GetAnnot(page, n)
                name = _text(pdfium.FPDFAnnot_GetFormFieldName, env, note)
                if name in TYPED and name not in clicked:
                    clicked.add(name)
                    _act(env, page, note, TYPED[name])
                    pdfium.FORM_ForceToKillFocus(env)
                pdfium.FPDFPage_CloseAnnot(note)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def _act(env: Any, page: Any, note: Any, value: str) -> None:
    kind = pdfium.FPDFAnnot_GetFormFieldType(env, note)
    if kind in (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON):
        place = pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(note, place)
        at = (place.left + place.right) / 2, (place.top + place.bottom) / 2
        pdfium.FORM_OnLButtonDown(env, page, 0, *at)
        pdfium.FORM_OnLButtonUp(env, page, 0, *at)
        return
    pdfium.FORM_SetFocusedAnnot(env, note)
    if kind == pdfium.FPDF_FORMFIELD_COMBOBOX:
        count = pdfium.FPDFAnnot_GetOptionCount(env, note)
        labels = [_text(pdfium.FPDFAnnot_GetOptionLabel, env, note, n) for n in range(count)]
        pdfium.FORM_SetIndexSelected(env, page, labels.index(value), True)
    else:
        units = (value + "\0").encode("utf-16-le")
        pdfium.FORM_ReplaceSelection(env, page, (ctypes.c_ushort * (len(units) // 2)).from_buffer_copy(units))


def _text(ask: Any, *about: Any) -> str:
    size = ask(*about, None, 0)
    letters = (ctypes.c_ushort * (size // 2))()
    ask(*about, letters, size)
    return bytes(letters).decode("utf-16-le").rstrip("\0")
