"""Pages for what goes wrong: each says what happened, what is kept, and what to do."""

from typing import Any

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.house import house

_SAID = {
    404: ("This page is not here", "The address may be old or cut short. Your application is kept."),
    405: ("This page is not here", "The address may be old or cut short. Your application is kept."),
    413: ("The file is too large", "A file may have at most 20 MB. Go back, and choose a smaller one."),
    500: ("Something went wrong on our side", "What you saved before is kept. Try again in a minute."),
}


def register(app: Flask) -> None:
    """Gives every error of the portal a page."""
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _error)


def _stale(error: HTTPException) -> tuple[str, int]:
    title = "This page was open too long"
    said = "Your browser was closed or the cookie was lost meanwhile. Open your application again and repeat."
    return render_template("message.html", title=title, said=said), error.code or 400


def _error(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    site = house().settings.site
    if code == 404 and site and not request.path.startswith("/apply") and (site / "404.html").is_file():
        return (site / "404.html").read_text(encoding="utf-8"), 404
    title, said = _SAID.get(code, ("This did not work", "Go back and try again. What you saved is kept."))
    return render_template("message.html", title=title, said=said), code
