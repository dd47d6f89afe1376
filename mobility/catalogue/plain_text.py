"""Text as people type or paste it, made plain: no control characters, no odd white space, usual digits."""

import re
import unicodedata

_NEW_LINE = re.compile("\r\n?|\x85")
_SPACE = re.compile(r"[^\S\n]")
"""White space of all kinds but the new line: tabs, no-break spaces, Unicode's separators of lines."""
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}
"""Letters, digits and signs as Chinese and Japanese keyboards type them."""


def plain(text: str) -> str:
    """The text with new lines as \\n, a space for each other white space, and without what cannot be seen."""
    spaced = _SPACE.sub(" ", _NEW_LINE.sub("\n", text))
    return "".join(char for char in spaced if char == "\n" or char.isprintable())


def in_ascii_digits(text: str) -> str:
    """The text with digits of any script as 0 to 9, and full-width letters and signs as usual ones."""
    usual = text.translate(_FULL_WIDTH)
    return "".join(char if char.isascii() else str(unicodedata.decimal(char, char)) for char in usual)
