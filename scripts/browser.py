"""Which browser of this machine drives the tests and the figures."""

import shutil

_WITHOUT_WINDOW = "chromium-headless-shell"
"""Draws no window of its own, which is half of a whole browser's work."""
_WHOLE = ("chromium", "google-chrome")


def path(whole: bool = False) -> str | None:
    """The program to start, where there is one; `whole`: as people have it."""
    names = (*_WHOLE, _WITHOUT_WINDOW) if whole else (_WITHOUT_WINDOW, *_WHOLE)
    return next(filter(None, map(shutil.which, names)), None)
