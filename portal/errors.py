"""Pages for what goes wrong: each says what happened, what is kept, and what to do."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from mobility.i18n.languages import LANGUAGES, said
from portal.context import context
from portal.language import _, say
from portal.limits import journal_refusal

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
}
_OTHER = (said("This did not work"), said("Go back and try again. What you saved is kept."))


def register(app: Flask) -> None:
    """Gives every error of the portal a page."""
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)


def _csrf_error(error: HTTPException) -> tuple[str, int]:
    journal_refusal("form refused", request.endpoint or "")
    title = _("This page was open too long")
    what = _(
        "Your browser was closed or the cookie was lost meanwhile. Open your application again and repeat."
    )
    return render_template("message.html", title=title, said=what), error.code or 400


def _http_error(error: HTTPException) -> Any:
    if isinstance(error, SecurityError):  # another host was named: no page of ours has an address there
        return Response("Bad request", 400, mimetype="text/plain")
    code = error.code or 500
    if code < 400:
        return error
    if code == 404 and (page := _not_found_page_of_the_site()):
        return page.read_text(encoding="utf-8"), 404
    title, what = _SAID.get(code, _OTHER)
    broken = {"whose": None} if code >= 500 else {}  # it may be the open application that cannot be read
    return render_template(
        "message.html", title=say(title), said=say(what), stays=code >= 500, **broken
    ), code


def _not_found_page_of_the_site() -> Path | None:
    """The site's own page for what is not there, in the language of the address."""
    site = context().settings.site
    if not site or request.path.startswith(("/apply", "/office")):
        return None
    first = request.path.split("/")[1]
    folder = site / first if first in LANGUAGES else site
    page = folder / "404.html"
    return page if page.is_file() else None
