"""Pages for what goes wrong: each says what happened, what is kept, and what to do."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from mobility import storage
from mobility.i18n.languages import LANGUAGES, Said, said
from portal.apply import browser_session, not_kept
from portal.context import at_the_desk, context
from portal.language import say
from portal.limits import journal_refusal

log = logging.getLogger("portal")


class _NoRoom(HTTPException):
    code = 507


_NOT_HERE = (
    said("This page is not here"),
    said("The address may be old or cut short. Your application is kept."),
)
_SAID = {
    404: _NOT_HERE,
    405: _NOT_HERE,
    413: (
        said("The file is too large"),
        said("A file may have at most 20 MB. Go back, and choose a smaller one."),
    ),
    429: (
        said("This was done too often"),
        said("Wait some minutes, then try again. What you saved is kept."),
    ),
    500: (
        said("Something went wrong on our side"),
        said("What you saved before is kept. Try again in a minute."),
    ),
    507: (
        said("There is no room on our side now"),
        said("What you saved before is kept. Try again in an hour."),
    ),
}
_NOT_HERE_AT_THE_DESK = (
    said("This page is not here"),
    said("The address may be old or cut short, or what stood there is erased."),
)
_SAID_AT_THE_DESK = {
    403: (
        said("This is not open to you"),
        said("Readers look, and officers act. A document that is not for the committee opens by its button."),
    ),
    404: _NOT_HERE_AT_THE_DESK,
    405: _NOT_HERE_AT_THE_DESK,
    500: (
        said("Something went wrong on our side"),
        said("Try again in a minute. If it stays so, tell whoever runs the server: its log says why."),
    ),
    507: (
        said("The disk is full"),
        said("Tell whoever runs the server to make room. What was kept before stays; nothing new is."),
    ),
}
"""What is said otherwise to those who work at the officers' desk."""
_TOO_LONG_OPEN = said(
    "Your browser was closed, the cookie was lost, or the application was left in another tab meanwhile. "
    "Open your application again and repeat."
)
_TOO_LONG_OPEN_AT_THE_DESK = said(
    "Your browser was closed or you were signed out meanwhile, so nothing was done. Open the desk and repeat."
)
_OTHER = (said("This did not work"), said("Go back and try again. What you saved is kept."))


def register(app: Flask) -> None:
    """Gives every error of the portal a page."""
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OSError, _disk_error)


def _csrf_error(error: HTTPException) -> tuple[str, int]:
    journal_refusal("form refused", request.endpoint or "")
    code, title = error.code or 400, said("This page was open too long")
    if at_the_desk():
        return _page(title, _TOO_LONG_OPEN_AT_THE_DESK, code)
    # What another origin's page sends is not ours to show.
    ours = urlsplit(request.headers.get("Origin", "")).netloc == request.host
    why = browser_session.OTHER_TAB if browser_session.draft() else _TOO_LONG_OPEN
    return not_kept.page(why, title, show=ours), code


def _http_error(error: HTTPException) -> Any:
    if isinstance(error, SecurityError):  # another host was named: no page of ours has an address there
        return Response("Bad request", 400, mimetype="text/plain")
    code = error.code or 500
    if code < 400:
        return error
    if code == 404 and (page := _not_found_page_of_the_site()):
        return page.read_text(encoding="utf-8"), 404
    words = {**_SAID, **(_SAID_AT_THE_DESK if at_the_desk() else {})}
    title, what = words.get(code, _OTHER)
    broken = {"whose": None} if code >= 500 else {}  # it may be the open application that cannot be read
    return _page(title, what, code, stays=code >= 500 and not at_the_desk(), **broken)


def _disk_error(error: OSError) -> Any:
    """A page of its own where the disk is full; any other fault is one of ours."""
    if not storage.is_full(error):
        raise error
    log.error("The disk is full")  # without the file, whose folder may be named for a person
    return _http_error(_NoRoom())


def _page(title: Said, what: Said, code: int, **more: Any) -> tuple[str, int]:
    page = render_template("message.html", title=say(title), said=say(what), desk=at_the_desk(), **more)
    return page, code


def _not_found_page_of_the_site() -> Path | None:
    """The site's own page for what is not there, in the language of the address."""
    site = context().settings.site
    if not site or request.path.startswith(("/apply", "/office")):
        return None
    first = request.path.split("/")[1]
    folder = site / first if first in LANGUAGES else site
    page = folder / "404.html"
    return page if page.is_file() else None
