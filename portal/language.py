"""The reader's language: asked for in the address, else kept in a cookie, else what the browser prefers."""

from typing import Any

from flask import Flask, Response, g, request, url_for

from mobility.i18n import languages
from mobility.i18n.languages import LANGUAGES, NAMES, Language, said
from portal.context import context

_WITH_SECRETS = ("apply.back", "office.setup", "office.rehearsal")
"""Pages whose address holds a secret, which no link of theirs is to carry."""
_A_YEAR = 365 * 24 * 3600


def here() -> Language:
    """The language of the page that is being made."""
    if "language" not in g:
        g.language = _wanted()
    found: Language = g.language
    return found


def prefer(language: Language) -> None:
    """Makes the page in a language, unless the reader has chosen one."""
    if _chosen() is None:
        g.language = language


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
    app.context_processor(_template_values)
    app.after_request(_remember)


def _wanted() -> Language:
    best = request.accept_languages.best_match(LANGUAGES, "en")
    return _chosen() or _known(best) or "en"


def _chosen() -> Language | None:
    return _known(request.args.get("language")) or _known(request.cookies.get(_cookie()))


def _cookie() -> str:
    return "__Host-language" if context().settings.https else "language"


def _known(word: str | None) -> Language | None:
    return next((known for known in LANGUAGES if known == word), None)


def _remember(response: Response) -> Response:
    if request.args.get("language") == here():
        secure = context().settings.https
        response.set_cookie(_cookie(), here(), _A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def _template_values() -> dict[str, Any]:
    to = here()
    # An answered form has no page of its own; //another.host, which is no page, would be read as a host.
    secret = request.endpoint in _WITH_SECRETS
    again = request.method == "GET" and request.endpoint and not secret
    return {
        "language": to,
        "languages": {} if secret else NAMES,
        "this_page": request.path
        if again and request.endpoint not in _WITH_SECRETS
        else url_for("apply.overview"),
        "site": "/" if to == "en" else f"/{to}/",
    }
