"""Notices from the portal's pages: put into the outbox, and never in the way of what they are about."""

from collections.abc import Callable
from typing import Any

from flask import current_app, url_for

from mobility.notices import Post
from portal.house import house


def post() -> Post:
    """Where notices of this portal go; their links lead to where the reader is now."""
    here = house()
    address = url_for("apply.overview", _external=True)
    return Post(here.settings.kept, here.book, address, here.settings.rehearsal, here.now())


def quietly(notice: Callable[..., None], *about: Any) -> None:
    """Spools a notice; should that fail, what was done stays done, and the log says so."""
    try:
        notice(post(), *about)
    except Exception:
        current_app.logger.exception("A notice could not be put into the outbox")
