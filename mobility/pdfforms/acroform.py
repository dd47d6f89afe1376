"""Puts fillable fields (AcroForm) on a PDF whose places to write in are marked by links to `field:<name>`.

The typesetter knows where a place lies and where it stands in the structure that screen readers go by; so
each link becomes a field in its place, and its element in that structure becomes a form element. Everything
that is shown in a field is drawn here: no reader has to be asked to do it.
"""

import io
from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from mobility.pdfforms import embedded_font
from mobility.pdfforms.field_font import fitted
from mobility.pdfforms.fields import Box

SCHEME = "field:"
_REQUIRED, _MULTILINE, _RADIO, _COMBO = 1 << 1, 1 << 12, 1 << 15, 1 << 17
_LARGEST, _PAD, _TWO_LINES = 10.5, 2.0, 22.0
_AUTO = String(f"/{embedded_font.WRITING} 0 Tf 0 g")
_CROSS = b"q 1.3 w 1 J %(a).2f %(a).2f m %(b).2f %(b).2f l %(a).2f %(b).2f m %(b).2f %(a).2f l S Q"


def put(made: bytes, boxes: Iterable[Box], language: str) -> bytes:
    """The PDF with a field in place of each link to one. Equal input gives equal bytes."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        _Fields(pdf, boxes, language).put()
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=False,
        )
        return out.getvalue()


class _Fields:
    def __init__(self, pdf: pikepdf.Pdf, boxes: Iterable[Box], language: str):
        self.pdf, self.language = pdf, language
        self.boxes = {box.name: box for box in boxes}
        self.fields: dict[str, Any] = {}
        self.fonts = embedded_font.add(pdf)

    def put(self) -> None:
        parents = pikepdf.NumberTree(self.pdf.Root.StructTreeRoot.ParentTree)
        for page in self.pdf.pages:
            for link in page.get("/Annots", Array()):
                target = str(link.get("/A", Dictionary()).get("/URI", ""))
                if target.startswith(SCHEME):
                    self.widget(link, page.obj, target.removeprefix(SCHEME))
                    element = parents[int(link.StructParent)]
                    element.S = Name.Form
                    element.K = Array([kid for kid in element.K if kid.get("/Type") == Name.OBJR])
        self.pdf.Root.AcroForm = self.pdf.make_indirect(
            Dictionary(
                Fields=Array(self.fields.values()),
                DA=_AUTO,
                DR=Dictionary(Font=self.fonts),
            )
        )

    def widget(self, link: Any, page: Any, target: str) -> None:
        """Turns a link into the widget of a field; `target`: its name, and for a radio button its value."""
        name, _, choice = target.partition("=")
        box = self.boxes[name]
        for key in ("/A", "/Border", "/Contents"):
            del link[key]
        link.Subtype, link.P, link.F = Name.Widget, page, 4
        x0, y0, x1, y1 = (float(edge) for edge in link.Rect)
        if box.kind == "radio":
            self.button(link, choice, x1 - x0, box.value == choice)
            link.TU = String(f"{box.tip}: {dict(box.choices)[choice]}")
            group = self.fields.get(name) or self.group(box)
            link.Parent = group
            group.Kids.append(link)
            return
        link.FT, link.T, link.TU = Name.Btn if box.kind == "tick" else Name.Tx, String(name), String(box.tip)
        link.Ff = _REQUIRED if box.required else 0
        if box.kind == "tick":
            self.button(link, "yes", x1 - x0, box.value == "yes")
            link.V = link.AS
        else:
            self.text(link, box, x1 - x0, y1 - y0)
        self.fields[name] = link

    def group(self, box: Box) -> Any:
        made = self.pdf.make_indirect(
            Dictionary(
                FT=Name.Btn,
                T=String(box.name),
                TU=String(box.tip),
                Ff=_RADIO | (_REQUIRED if box.required else 0),
                Kids=Array(),
                V=Name(f"/{box.value or 'Off'}"),
            )
        )
        self.fields[box.name] = made
        return made

    def button(self, link: Any, on: str, size: float, ticked: bool) -> None:
        cross = _CROSS % {b"a": size * 0.22, b"b": size * 0.78}
        states = {f"/{on}": self.drawn(cross, size, size), "/Off": self.drawn(b"q Q", size, size)}
        link.AP = Dictionary(N=Dictionary(states))
        link.AS = Name(f"/{on}" if ticked else "/Off")
        link.MK = Dictionary(CA=String("8"))

    def text(self, link: Any, box: Box, width: float, height: float) -> None:
        link.DA, link.V, link.DV = _AUTO, String(box.value), String("")
        link.Lang = String(self.language)
        tall = box.kind == "prose" or (box.kind == "line" and height > _TWO_LINES)
        if box.kind == "combo":
            link.FT, link.Ff = Name.Ch, int(link.Ff) | _COMBO
            link.Opt = Array([String(words) for _, words in (("", " "), *box.choices)])
            link.V = String(box.shown)  # words, not codes: simple programs draw what is kept
        else:
            link.MaxLen = box.most
            link.Ff = int(link.Ff) | (_MULTILINE if tall else 0)
        if box.kind == "prose":
            link.MK = Dictionary(BG=Array([1]))  # what is typed covers the lines that are there for a pen
        size, lines = fitted(box.shown, width - 2 * _PAD, height, _LARGEST)
        first = height - size * 1.1 if tall or len(lines) > 1 else (height - 0.714 * size) / 2
        link.AP = Dictionary(
            N=self.drawn(
                embedded_font.lines(lines, size, _PAD, first) if box.shown else b"/Tx BMC EMC", width, height
            )
        )

    def drawn(self, content: bytes, width: float, height: float) -> Any:
        form = Stream(self.pdf, content)
        form.Type, form.Subtype, form.FormType = Name.XObject, Name.Form, 1
        form.BBox = Array([0, 0, round(width, 3), round(height, 3)])
        form.Resources = Dictionary(Font=self.fonts)
        return form
