"""One document of an application as pages to read and print: nothing in them runs, moves, or can be typed in.

What a field or a note shows becomes part of the page; links, scripts, attachments and bookmarks stay behind.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from mobility.pdfforms import embedded_font, field_font
from mobility.uploads.limits import MOST_PAGES
from mobility.uploads.worker import pdf_files, pictures
from mobility.uploads.worker.unusable import Unusable

_KEPT = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Group", "/UserUnit",
}  # fmt: skip
_LONGEST = 1200.0
"""Points of a page's longer side (A3 has 1191): larger pages, as some scanners make them, are set on A4."""
_PAD = 2.0
_MULTILINE, _PASSWORD = 1 << 12, 1 << 13


def flatten(kind: str, file: BinaryIO, target: BinaryIO) -> int:
    """Writes the pages of a document to `target`; how many there are. Raises Unusable."""
    if kind != "PDF":
        return pictures.to_page(file, target)
    with pdf_files.opened(file) as pdf:
        if len(pdf.pages) == 0:
            raise Unusable("no page")
        if len(pdf.pages) > MOST_PAGES:
            raise Unusable("too many pages", pages=len(pdf.pages))
        _draw_answers(pdf)
        pdf.flatten_annotations("all")
        for page in pdf.pages:
            for key in set(page.obj.keys()) - _KEPT:
                del page.obj[key]
        with pikepdf.new() as made:
            made.pages.extend(pdf.pages)
            for number, page in enumerate(list(made.pages)):
                if (fitted := _fitted(made, page)) is not page:
                    made.pages[number] = fitted
            made.remove_unreferenced_resources()
            made.save(target, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
            return len(made.pages)


def _fitted(pdf: pikepdf.Pdf, page: pikepdf.Page) -> pikepdf.Page:
    """The page itself, or where it is larger than A3 a page of A4 that shows it."""
    unit = float(page.obj.get("/UserUnit", 1))
    left, bottom, right, top = (float(edge) * unit for edge in page.cropbox)
    width, height = abs(right - left), abs(top - bottom)
    if width < 1 or height < 1:
        raise Unusable("page without size")
    if max(width, height) <= _LONGEST:
        return page
    turned = int(page.obj.get("/Rotate", 0)) % 180 == 90
    box = pictures.A4[::-1] if (width > height) != turned else pictures.A4
    drawing = page.as_form_xobject()
    made = pikepdf.Page(pdf.make_indirect(Dictionary(Type=Name.Page, MediaBox=Array([0, 0, *box]))))
    made.obj.Resources = Dictionary(XObject=Dictionary(Fx0=drawing))
    placed = made.calc_form_xobject_placement(
        drawing, Name.Fx0, pikepdf.Rectangle(0, 0, *box), allow_shrink=True, allow_expand=False
    )
    made.obj.Contents = Stream(pdf, placed)
    return made


def _draw_answers(pdf: pikepdf.Pdf) -> None:
    """Draws what fields hold and do not show: a program that fills a form may leave that to the reader's."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return
    redraw, fonts = bool(form.get("/NeedAppearances", False)), None
    for widget in _widgets(pdf):
        kind = _of(widget, "/FT")
        if kind == Name.Btn and "/AS" not in widget and isinstance(value := _of(widget, "/V"), Name):
            widget.AS = value
        shown = "/AP" in widget and not redraw
        words = _words(_of(widget, "/V")) if kind in (Name.Tx, Name.Ch) else ""
        drawable = words and not shown and isinstance(widget.get("/Rect"), pikepdf.Array)
        if drawable and not int(_of(widget, "/Ff") or 0) & _PASSWORD:
            fonts = fonts or embedded_font.embed(pdf)
            widget.AP = Dictionary(N=_drawn(pdf, widget, words, fonts))
    if redraw:
        form.NeedAppearances = False  # else flattening would leave the fields empty


def _widgets(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        for widget in annotations if isinstance(annotations, pikepdf.Array) else ():
            if isinstance(widget, pikepdf.Dictionary) and widget.get("/Subtype") == Name.Widget:
                yield widget


def _of(widget: Any, key: str) -> Any:
    """What a field, or those above it, say."""
    for _ in range(20):
        if key in widget:
            return widget[key]
        if "/Parent" not in widget:
            return None
        widget = widget.Parent
    return None


def _words(value: Any) -> str:
    if isinstance(value, pikepdf.Array):
        return ", ".join(_words(each) for each in value)
    return str(value) if isinstance(value, pikepdf.String) else ""


def _drawn(pdf: pikepdf.Pdf, widget: Any, words: str, fonts: Any) -> Any:
    """The words in the font of our own forms, as large as the field has room."""
    x0, y0, x1, y1 = (float(edge) for edge in widget.Rect)
    width, height = abs(x1 - x0), abs(y1 - y0)
    text = field_font.printable_text(words.replace("\r\n", "\n").replace("\r", "\n"))[:4000]
    size, lines = field_font.fit_text(text, max(width - 2 * _PAD, 1), height, min(10.5, height * 0.8))
    tall = int(_of(widget, "/Ff") or 0) & _MULTILINE or len(lines) > 1
    first = height - size * 1.1 if tall else (height - 0.714 * size) / 2
    form = Stream(pdf, embedded_font.text_appearance(lines, size, _PAD, first))
    form.Type, form.Subtype, form.FormType = Name.XObject, Name.Form, 1
    form.BBox = Array([0, 0, round(width, 3), round(height, 3)])
    form.Resources = Dictionary(Font=fonts)
    return form
