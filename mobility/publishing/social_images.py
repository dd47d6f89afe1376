"""Open Graph images (PNG), shown with links to the site that are sent on: one of each country, one of all.

Not one of each partner: for 10,000 of them the build would draw for minutes, and the link's title names the
partner already.
"""

import io

from PIL import Image, ImageDraw, ImageFont

from mobility.pdfforms.field_font import FONTS, printable_text

SIZE = (1200, 630)
"""What Open Graph readers show uncut."""
_LEFT, _WIDTH = 90, 1020
_GROUND, _ACCENT, _TITLE, _QUIET = "#0b4a57", "#f2b35b", "#ffffff", "#cfe0e2"
_HILLS = (((560, 480, 1660, 1580), "#0d5361"), ((860, 430, 1560, 1130), "#10606f"))


def draw(above: str, title: str, below: str) -> bytes:
    """An image as PNG: a line, a large title, a line. Too long a text is set smaller, then cut."""
    picture = Image.new("RGB", SIZE, _GROUND)
    pen = ImageDraw.Draw(picture)
    for box, colour in _HILLS:
        pen.ellipse(box, fill=colour)
    pen.rectangle((_LEFT, 180, _LEFT + 96, 188), fill=_ACCENT)
    font, line = _fitted(above, "NotoSans-Bold.ttf", 40, 28)
    pen.text((_LEFT, 150), line, _ACCENT, font, anchor="ls")
    font, line = _fitted(title, "NotoSans-Bold.ttf", 112, 28)
    pen.text((_LEFT, 335), line, _TITLE, font, anchor="ls")
    font, line = _fitted(below, "NotoSans-Regular.ttf", 40, 28)
    pen.text((_LEFT, 410), line, _QUIET, font, anchor="ls")
    made = io.BytesIO()
    picture.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(made, "PNG")
    return made.getvalue()


def _fitted(text: str, name: str, largest: int, smallest: int) -> tuple[ImageFont.FreeTypeFont, str]:
    """The font in the size at which the text fits on a line; the text, cut where none is small enough."""
    line = printable_text(" ".join(text.split()))
    for size in range(largest, smallest - 1, -4):
        font = ImageFont.truetype(FONTS / name, size)
        if font.getlength(line) <= _WIDTH:
            return font, line
    while font.getlength(line + "…") > _WIDTH:
        line = line[:-1].rstrip()
    return font, line + "…"
