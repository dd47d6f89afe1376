"""The font of PDF form fields, subset to the printable characters; measures, fits and wraps text with it."""

import functools
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from anyascii import anyascii

FONTS = Path(__file__).parent / "fonts"
FONT = FONTS / "NotoSans-Regular.ttf"
_BLOCKS = (
    (0x20, 0x7F), (0xA0, 0x3E2), (0x3F0, 0x530), (0x1E00, 0x2000), (0x2010, 0x2028), (0x2030, 0x203B),
    (0x2C60, 0x2C80),
)  # fmt: skip
"""Printable code points: Latin, Greek, Cyrillic with all letters of Kazakh, marks, and their punctuation."""
_LEADING = 1.25
"""Line spacing, in font sizes."""


@dataclass(frozen=True)
class SubsetFont:
    """A TrueType font: file `data`; glyph ids, `names` and `widths` by character. Measures in 1/1000 of the
    font size."""

    data: bytes
    glyphs: dict[str, int]
    names: dict[str, str]
    widths: dict[str, int]
    bounds: tuple[int, int, int, int]

    def width(self, text: str) -> int:
        """The width of a line of text, in 1/1000 of the font size."""
        return sum(self.widths.get(char, 0) for char in text)


@functools.cache
def load_font() -> SubsetFont:
    """Subsets the font of all form fields, once a process; the bytes are the same on every machine."""
    # Here, as importing it takes a tenth of a second, and most commands make no form.
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(layout_features=[], hinting=False, glyph_names=True, name_IDs=[6])
    font = TTFont(FONT, recalcTimestamp=False, lazy=True)
    wanted = [code for code in font.getBestCmap() if printable(chr(code))]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    stream = io.BytesIO()
    font.save(stream, reorderTables=None)
    head = font["head"]
    names = {chr(code): name for code, name in font.getBestCmap().items()}
    return SubsetFont(
        stream.getvalue(),
        {char: font.getGlyphID(name) for char, name in names.items()},
        names,
        {char: font["hmtx"][name][0] for char, name in names.items()},
        (head.xMin, head.yMin, head.xMax, head.yMax),
    )


def printable(char: str) -> bool:
    """Whether our fonts have this character; others would be missing in print."""
    if char in "\n№€₸−×":
        return True
    named = not unicodedata.category(char).startswith("C")
    return named and any(low <= ord(char) < high for low, high in _BLOCKS)


def printable_text(text: str) -> str:
    """The text with characters that our fonts lack transliterated to Latin letters (control characters
    dropped)."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(char if printable(char) else _latin(char) for char in composed)


def fit_text(text: str, width: float, height: float, largest: float) -> tuple[float, list[str]]:
    """The largest font size, at most `largest`, at which the text fits a box, and its wrapped lines. Sizes
    and box in points."""
    size = largest
    while size > 4:
        lines = wrap_text(text, width / size * 1000)
        if len(lines) == 1 or (1 + (len(lines) - 1) * _LEADING) * size <= height:
            return size, lines
        size -= 0.25
    return size, lines


def wrap_text(text: str, width: float) -> list[str]:
    """Wraps a text to lines of `width` (1/1000 of the font size); words longer than a line are broken."""
    font, lines = load_font(), []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if font.width(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *whole, line = _broken(word, width)
            lines += whole
        lines.append(line)
    return lines


def _broken(word: str, width: float) -> list[str]:
    pieces, taken = [""], 0
    for char in word:
        wide = load_font().widths.get(char, 0)
        if pieces[-1] and taken + wide > width:
            pieces.append("")
            taken = 0
        pieces[-1] += char
        taken += wide
    return pieces


def _latin(char: str) -> str:
    return "" if unicodedata.category(char).startswith("C") else anyascii(char)
