"""The reader's language: asked for in the address, else kept in a cookie, else what the browser prefers."""

from typing import Any

from flask import Flask, Response, g, request, url_for

from mobility.i18n import languages
from mobility.i18n.languages import LANGUAGES, NAMES, Language, said

_COOKIE = "language"
_A_YEAR = 365 * 24 * 3600


def here() -> Language:
    """The language of the page that is being made."""
    if "language" not in g:
        g.language = _wanted()
    found: Language = g.language
    return found


def _(text: str, **values: Any) -> str:
    """A sentence of a view in the reader's language."""
    return said(text, **values).to(here())


def say(thing: Any) -> str:
    """Words of the office or of the domain in the reader's language."""
    return languages.say(thing, here())


def register(app: Flask) -> None:
    """Teaches the templates to speak, and remembers the reader's choice."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: languages.translations(here()).gettext(text),
        lambda one, many, count: languages.translations(here()).ngettext(one, many, count),
        newstyle=True,
    )
    app.add_template_filter(say)
    app.context_processor(_common)
    app.after_request(_remember)


def _wanted() -> Language:
    best = request.accept_languages.best_match(LANGUAGES, "en")
    words = (request.args.get("language"), request.cookies.get(_COOKIE), best)
    return next(known for word in words for known in LANGUAGES if known == word)


def _remember(response: Response) -> Response:
    if request.args.get("language") == here():
        secure = bool(request.is_secure)
        response.set_cookie(_COOKIE, here(), _A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def _common() -> dict[str, Any]:
    to = here()
    # A private link is a secret, and an answered form has no page of its own: neither is linked to.
    again = request.method == "GET" and request.endpoint != "apply.back"
    return {
        "language": to,
        "languages": NAMES,
        "this_page": request.path if again else url_for("apply.overview"),
        "site": "/" if to == "en" else f"/{to}/",
    }
