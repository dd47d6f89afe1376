"""Notices and lists of the office that follow from a page, and never keep it from answering."""

from collections.abc import Callable
from typing import Any

from flask import current_app, url_for

from mobility.office.desk import Desk
from portal.context import context


def desk() -> Desk:
    """Where notices of this portal go; their links lead to where the reader is now."""
    ctx = context()
    address = url_for("apply.overview", _external=True)
    return Desk(ctx.settings.kept, ctx.book, address, ctx.settings.rehearsal, ctx.now())


def run(follows: Callable[..., None], *about: Any) -> None:
    """Spools a notice, or writes the office's list: calls the function with the desk and what it is about.
    Should that fail, what was done on the page stays done, and the log says so."""
    try:
        follows(desk(), *about)
    except Exception:
        current_app.logger.exception("%s.%s failed", follows.__module__, follows.__name__)
