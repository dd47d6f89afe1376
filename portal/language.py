"""The reader's language: asked for in the address, else kept in a cookie, else what the browser prefers."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import Rule

from mobility.i18n import languages
from mobility.i18n.languages import LANGUAGES, NAMES, Language, said
from portal.context import at_the_desk, context

_WITH_SECRETS = ("apply.back", "office.setup", "office.rehearsal", "office.back_from_university")
"""Pages whose address holds a secret, which no link of theirs is to carry."""
_STANDS_ON = {
    "apply.answer_place": "apply.status",
    "apply.begin_round": "apply.status",
    "apply.submit": "apply.check",
    "apply.choose": "apply.welcome",
    "sign_in.open_other": "apply.overview",
}
"""Forms that do not stand on the page above their own address, and the pages on which they do."""
_OF_THE_PAGE = ("call", "file")
"""Fields of the desk's forms that say of what the page tells."""
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
    return {
        "language": to,
        "languages": {} if request.endpoint in _WITH_SECRETS else NAMES,
        "this_page": _this_page(),
        "site": "/" if to == "en" else f"/{to}/",
    }


def _this_page() -> str:
    """The address of this page, up to where its language stands. The answer to a form has none of its own,
    and takes that of the page on which the form stands."""
    rule = _page_rule()
    if rule is None or rule.endpoint in _WITH_SECRETS:
        return f"{url_for('office.today' if at_the_desk() else 'apply.overview')}?"
    # Written from its parts: //another.host, which is no page, would be read as a host.
    given = request.view_args or {}
    page = url_for(rule.endpoint, **{name: given[name] for name in rule.arguments})
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "language"]
    with suppress(RequestEntityTooLarge):  # then the form is not read
        query += [(name, request.form[name]) for name in _OF_THE_PAGE if name in request.form]
    return f"{page}?{urlencode(query)}{'&' if query else ''}"


def _page_rule() -> Rule | None:
    """What leads to this page by GET; of a form the page on which it stands: the nearest above its address,
    where nothing else is said."""
    here_now = request.url_rule
    if here_now is None or request.method != "POST":
        return here_now
    pages = [rule for rule in current_app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    if here_now.endpoint in _STANDS_ON:
        return next(rule for rule in pages if rule.endpoint == _STANDS_ON[here_now.endpoint])
    of_address = {rule.rule.rstrip("/"): rule for rule in pages}
    address = here_now.rule.rstrip("/")
    while address and address not in of_address:
        address = address.rpartition("/")[0]
    return of_address.get(address)
