"""Text as people type or paste it, made plain: no control characters, no odd white space."""

import re

_NEW_LINE = re.compile("\r\n?|\x85")
_SPACE = re.compile(r"[^\S\n]")
"""White space of all kinds but the new line: tabs, no-break spaces, Unicode's separators of lines."""


def plain(text: str) -> str:
    """The text with new lines as \\n, a space for each other white space, and without what cannot be seen."""
    spaced = _SPACE.sub(" ", _NEW_LINE.sub("\n", text))
    return "".join(char for char in spaced if char == "\n" or char.isprintable())
