"""One document of an application as pages to read and print: nothing in them runs, moves, or can be typed in.

What a field or a note shows becomes part of the page; links, scripts, attachments and bookmarks stay behind.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Stream

from mobility.pdfforms import embedded_font, field_font
from mobility.uploads.limits import MOST_PAGES
from mobility.uploads.worker import likeness, pdf_files, pictures
from mobility.uploads.worker.unusable import Unusable

_KEPT = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Group", "/UserUnit",
}  # fmt: skip
_LONGEST = 1200.0
"""Points of a page's longer side (A3 has 1191): larger pages, as some scanners make them, are set on A4."""
_DPI = 150
_PAD = 2.0
_MULTILINE, _PASSWORD = 1 << 12, 1 << 13


def flatten(kind: str, file: BinaryIO, target: BinaryIO) -> int:
    """Writes a document flattened to `target`; the number of its pages. Pages that would not look as in their
    source are put in as pictures of it. Raises Unusable."""
    if kind != "PDF":
        return pictures.to_page(file, target)
    with _flat(file) as (made, _):
        made.remove_unreferenced_resources()
        made.save(target, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return len(made.pages)


def rehearse(kind: str, file: BinaryIO) -> list[int]:
    """Flattens a document for nothing; the numbers, from 1, of the pages that were put in as pictures. Raises
    Unusable."""
    if kind != "PDF":
        pictures.to_page(file, io.BytesIO())
        return []
    with _flat(file) as (_, shown_as_pictures):
        return [number + 1 for number in shown_as_pictures]


@contextmanager
def _flat(file: BinaryIO) -> Iterator[tuple[pikepdf.Pdf, list[int]]]:
    """A PDF flattened, and which of its pages, counted from 0, are pictures."""
    with pdf_files.drawable(file) as source:
        if len(source) > MOST_PAGES:
            raise Unusable("too many pages", pages=len(source))
        plain, layers = _plain(file, len(source))
        with pypdfium2.PdfDocument(plain) as drawn:
            unlike = likeness.unlike(source, drawn, extra=layers)
        with pikepdf.open(io.BytesIO(plain)) as made:
            for number in unlike:
                _show_picture(made, number, source[number])
            yield made, unlike


def _plain(file: BinaryIO, pages: int) -> tuple[bytes, bool]:
    """The pages of a PDF alone, and whether it has layers, some of which may be hidden. Where they cannot be
    taken out of it, as many empty pages."""
    out = io.BytesIO()
    try:
        with pdf_files.opened(file) as pdf, pikepdf.new() as made:
            if len(pdf.pages) != pages:
                raise Unusable("broken")
            _draw_answers(pdf)
            pdf.flatten_annotations("all")
            for page in pdf.pages:
                for key in set(page.obj.keys()) - _KEPT:
                    del page.obj[key]
            made.pages.extend(pdf.pages)
            for number, page in enumerate(list(made.pages)):
                if (fitted := _fitted(made, page)) is not page:
                    made.pages[number] = fitted
            made.save(out, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
            return out.getvalue(), "/OCProperties" in pdf.Root
    except Unusable as error:
        if error.reason == "locked":
            raise
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=pictures.A4)
        made.save(out := io.BytesIO())
    return out.getvalue(), False


def _show_picture(pdf: pikepdf.Pdf, number: int, page: pypdfium2.PdfPage) -> None:
    """Puts a picture of a page, as PDFium draws it, in the place of that page."""
    width, height = page.get_size()
    shrink = min(1.0, _LONGEST / max(width, height, 1))
    image = page.render(scale=_DPI / 72 * shrink).to_pil().convert("RGB")
    drawing = pictures.image_object(pdf, image.size, pictures.jpeg(image), image.mode)
    box = [max(1, round(side * shrink, 3)) for side in (width, height)]
    made = pikepdf.Page(pdf.make_indirect(Dictionary(Type=Name.Page, MediaBox=Array([0, 0, *box]))))
    made.obj.Resources = Dictionary(XObject=Dictionary(Im0=drawing))
    made.obj.Contents = Stream(pdf, f"{box[0]} 0 0 {box[1]} 0 0 cm /Im0 Do".encode())
    pdf.pages[number] = made


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
