"""Embeds the form fields' font in a PDF, as two font objects.

SHOWING holds every letter that can be printed, by two bytes each: what we put into fields is drawn with it.
WRITING is named in each field for the programs that fill it: one byte a letter, the plainest kind of font, so
that the simplest can write with it. It holds English, Russian and Kazakh. What it is called here matters to
one program: PDFium (Chromium, Edge) writes Cyrillic with another font, which lacks Kazakh letters, unless
the font of the field goes by the name of one that has no alphabet (CPDF_BAFontMap in its source).
"""

from typing import Any

import pikepdf
from fontTools import agl
from pikepdf import Array, Dictionary, Name, Stream, String

from mobility.pdfforms.field_font import load_font

SHOWING, WRITING = "Showing", "Webdings"
_KAZAKH = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"
_LETTERS = _KAZAKH + _KAZAKH.lower() + "№–—«»“”„’…°ÄÖÜßäöüÇçĞğİıŞşÉéèáíóúñåšžčłęą"
CODES = {chr(code): code for code in range(32, 127)} | {char: code for code, char in enumerate(_LETTERS, 128)}


def embed(pdf: pikepdf.Pdf) -> Any:
    """Embeds the font in a PDF once; returns the font resources that name both objects."""
    font = load_font()
    program = Stream(pdf, font.data)
    program.Length1 = len(font.data)
    return pdf.make_indirect(
        Dictionary({f"/{SHOWING}": _showing(pdf, program), f"/{WRITING}": _writing(pdf, program)})
    )


def text_appearance(shown: list[str], size: float, left: float, first: float) -> bytes:
    """The appearance stream of a text field: lines of text in the embedded font. `first`: the baseline of the
    first line. All measures in points."""
    glyphs = load_font().glyphs
    coded = ["".join(f"{glyphs[char]:04x}" for char in line if char in glyphs) for line in shown]
    head = f"/Tx BMC q BT /{SHOWING} {size:g} Tf 0 g {size * 1.25:g} TL {left:g} {first:.2f} Td"
    return f"{head} {' T* '.join(f'<{line}> Tj' for line in coded)} ET Q EMC".encode()


def _descriptor(pdf: pikepdf.Pdf, program: Any, flags: int) -> Any:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/FIELDS+NotoSans-Regular"),
            Flags=flags,
            FontBBox=Array(load_font().bounds),
            ItalicAngle=0,
            Ascent=1069,
            Descent=-293,
            CapHeight=714,
            StemV=80,
            FontFile2=program,
        )
    )


def _writing(pdf: pikepdf.Pdf, program: Any) -> Any:
    font = load_font()
    by_code = {code: char for char, code in CODES.items()}
    widths = [font.widths.get(by_code.get(code, ""), 0) for code in range(32, 256)]
    known = {codes[0]: name for name, codes in agl.LEGACY_AGL2UV.items() if name.startswith("afii")}
    names = [Name(f"/{known.get(ord(char), font.names[char])}") for char in _LETTERS]
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/FIELDS+NotoSans-Regular"),
            FirstChar=32,
            LastChar=255,
            Widths=Array(widths),
            Encoding=Dictionary(
                Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding, Differences=Array([128, *names])
            ),
            FontDescriptor=_descriptor(pdf, program, 32),
            ToUnicode=_to_unicode(pdf, {code: char for char, code in CODES.items()}, 1),
        )
    )


def _showing(pdf: pikepdf.Pdf, program: Any) -> Any:
    font = load_font()
    by_glyph = {glyph: char for char, glyph in sorted(font.glyphs.items(), reverse=True)}
    widths = " ".join(f"{glyph} [{font.widths[char]}]" for glyph, char in sorted(by_glyph.items()))
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/FIELDS+NotoSans-Regular"),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        CIDToGIDMap=Name.Identity,
        DW=600,
        W=pikepdf.Object.parse(f"[{widths}]".encode()),
        FontDescriptor=_descriptor(pdf, program, 4),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/FIELDS+NotoSans-Regular"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
            ToUnicode=_to_unicode(pdf, by_glyph, 2),
        )
    )


def _to_unicode(pdf: pikepdf.Pdf, codes: dict[int, str], size: int) -> Any:
    """The ToUnicode CMap: character codes to text, for copying, searching and screen readers."""
    digits = size * 2
    pairs = [
        f"<{code:0{digits}x}> <{char.encode('utf-16-be').hex()}>" for code, char in sorted(codes.items())
    ]
    blocks = [pairs[n : n + 100] for n in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    text = f"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <{"0" * digits}> <{"f" * digits}> endcodespacerange
{body}
endcmap CMapName currentdict /CMap defineresource pop end end"""
    return Stream(pdf, text.encode())
