"""Adds fillable fields (AcroForm) to a PDF, one in place of each link to `field:<name>`.

The typesetter knows the position of a link and its element in the structure tree (tagged PDF), so each link
annotation becomes a widget of a field, and its structure element a form element. The appearance of each
field is drawn here: viewers need not be asked to (no NeedAppearances).
"""

import io
from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from mobility.pdfforms import embedded_font
from mobility.pdfforms.field_font import fit_text
from mobility.pdfforms.fields import PdfField

SCHEME = "field:"
_REQUIRED, _MULTILINE, _RADIO, _COMBO = 1 << 1, 1 << 12, 1 << 15, 1 << 17
_LARGEST, _PAD, _TWO_LINES = 10.5, 2.0, 22.0
_AUTO = String(f"/{embedded_font.WRITING} 0 Tf 0 g")
_CROSS = b"q 1.3 w 1 J %(a).2f %(a).2f m %(b).2f %(b).2f l %(a).2f %(b).2f m %(b).2f %(a).2f l S Q"


def add_fields(made: bytes, fields: Iterable[PdfField], language: str) -> bytes:
    """The PDF with a form field in place of each link to one. Equal input gives equal bytes."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        _FieldWriter(pdf, fields, language).write()
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=False,
        )
        return out.getvalue()


class _FieldWriter:
    """Turns the marked links of one PDF into AcroForm fields."""

    def __init__(self, pdf: pikepdf.Pdf, fields: Iterable[PdfField], language: str):
        self.pdf, self.language = pdf, language
        self.definitions = {field.name: field for field in fields}
        self.fields: dict[str, Any] = {}
        self.fonts = embedded_font.embed(pdf)

    def write(self) -> None:
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
        """Makes a link annotation a widget; `target`: the field's name, of a radio button `name=value`."""
        name, _, choice = target.partition("=")
        field = self.definitions[name]
        for key in ("/A", "/Border", "/Contents"):
            del link[key]
        link.Subtype, link.P, link.F = Name.Widget, page, 4
        x0, y0, x1, y1 = (float(edge) for edge in link.Rect)
        if field.kind == "radio":
            self.button(link, choice, x1 - x0, field.value == choice)
            link.TU = String(f"{field.tip}: {dict(field.choices)[choice]}")
            group = self.fields.get(name) or self.group(field)
            link.Parent = group
            group.Kids.append(link)
            return
        link.FT = Name.Btn if field.kind == "checkbox" else Name.Tx
        link.T, link.TU = String(name), String(field.tip)
        link.Ff = _REQUIRED if field.required else 0
        if field.kind == "checkbox":
            self.button(link, "yes", x1 - x0, field.value == "yes")
            link.V = link.AS
        else:
            self.text(link, field, x1 - x0, y1 - y0)
        self.fields[name] = link

    def group(self, field: PdfField) -> Any:
        made = self.pdf.make_indirect(
            Dictionary(
                FT=Name.Btn,
                T=String(field.name),
                TU=String(field.tip),
                Ff=_RADIO | (_REQUIRED if field.required else 0),
                Kids=Array(),
                V=Name(f"/{field.value or 'Off'}"),
            )
        )
        self.fields[field.name] = made
        return made

    def button(self, link: Any, on: str, size: float, ticked: bool) -> None:
        cross = _CROSS % {b"a": size * 0.22, b"b": size * 0.78}
        states = {f"/{on}": self.appearance(cross, size, size), "/Off": self.appearance(b"q Q", size, size)}
        link.AP = Dictionary(N=Dictionary(states))
        link.AS = Name(f"/{on}" if ticked else "/Off")
        link.MK = Dictionary(CA=String("8"))

    def text(self, link: Any, field: PdfField, width: float, height: float) -> None:
        link.DA, link.V, link.DV = _AUTO, String(field.value), String("")
        link.Lang = String(self.language)
        tall = field.kind == "multiline" or (field.kind == "text" and height > _TWO_LINES)
        if field.kind == "combo":
            link.FT, link.Ff = Name.Ch, int(link.Ff) | _COMBO
            link.Opt = Array([String(words) for _, words in (("", " "), *field.choices)])
            link.V = String(field.shown)  # words, not codes: simple programs draw what is kept
        else:
            link.MaxLen = field.most
            link.Ff = int(link.Ff) | (_MULTILINE if tall else 0)
        if field.kind == "multiline":
            link.MK = Dictionary(BG=Array([1]))  # what is typed covers the lines that are there for a pen
        size, lines = fit_text(field.shown, width - 2 * _PAD, height, _LARGEST)
        first = height - size * 1.1 if tall or len(lines) > 1 else (height - 0.714 * size) / 2
        content = embedded_font.text_appearance(lines, size, _PAD, first) if field.shown else b"/Tx BMC EMC"
        link.AP = Dictionary(N=self.appearance(content, width, height))

    def appearance(self, content: bytes, width: float, height: float) -> Any:
        form = Stream(self.pdf, content)
        form.Type, form.Subtype, form.FormType = Name.XObject, Name.Form, 1
        form.BBox = Array([0, 0, round(width, 3), round(height, 3)])
        form.Resources = Dictionary(Font=self.fonts)
        return form
