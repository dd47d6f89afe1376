"""The Flask app over the domain: what students see of it."""

from typing import Any

from flask import Flask, Response, abort, request, send_from_directory
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect

from mobility.applications import sessions
from mobility.applications.resumable import MOST_TOGETHER
from mobility.publishing import security_headers
from mobility.uploads.limits import MOST_BYTES
from portal import apply, errors, filters, language, logs, metrics, office, openid, static_site
from portal.apply import browser_session, resumable, signin
from portal.background import Background
from portal.context import Context, context
from portal.limits import Limits
from portal.settings import Settings

_ROOM_FOR_THE_REST_OF_A_FORM = 200_000


class _Portal(Flask):
    def log_exception(self, exc_info: Any) -> None:
        """Names the view where Flask names the address, which may hold the secret of a private link."""
        self.logger.error("%s %s failed", request.method, request.endpoint, exc_info=exc_info)


_BESIDE_A_PAGE = ("office.picture", *resumable.ENDPOINTS)


class _Sessions(SecureCookieSessionInterface):
    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Sends no cookie that would put an older session in place of the newer one that the browser may have
        by now: with what a page loads or sends beside itself, and with the answer to a form that was on its
        way, a file in it, while another tab opened an application or left it."""
        beside = request.endpoint in _BESIDE_A_PAGE
        late = request.method == "POST" and browser_session.ended()
        return not beside and not late and super().should_set_cookie(app, session)


def create_app(settings: Settings) -> Flask:
    """The portal. Raises InvalidFile where what the office edits cannot be used."""
    app = _Portal(__name__, static_url_path="/apply/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.old_keys),
        SESSION_COOKIE_NAME="__Host-application" if settings.https else "application",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=sessions.IDLE,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        MAX_CONTENT_LENGTH=MOST_BYTES + _ROOM_FOR_THE_REST_OF_A_FORM,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form may be filled over a whole evening
    )
    app.session_interface = _Sessions()
    app.extensions["portal"] = Context(settings)
    app.extensions["limits"] = Limits(settings.redis, settings.kept.limit_counts, settings.secret_key)
    app.extensions["background"] = Background(app.extensions["portal"])
    metrics.register(app)  # first: it takes the time
    if settings.json_logs:
        logs.register(app)
    app.before_request(_only_our_hosts)
    app.before_request(_the_rules_as_they_are)
    app.before_request(_room_for_several)  # before the next two, which read the form
    app.before_request(_only_named_fields)
    CSRFProtect(app)
    app.register_blueprint(apply.blueprint)
    app.register_blueprint(office.blueprint)
    if settings.sign_in:
        openid.register(app, settings.sign_in)
        app.register_blueprint(signin.blueprint)
    app.add_url_rule("/apply/shared/<path:name>", "shared", _shared)
    language.register(app)
    filters.register(app)
    errors.register(app)
    if settings.site:
        app.register_blueprint(static_site.blueprint)
    app.after_request(_guard)
    return app


def _only_our_hosts() -> None:
    """Answers 400 to a request that names another host, before anything is done."""
    _ = request.host


def _the_rules_as_they_are() -> None:
    context().refresh()


def _room_for_several() -> None:
    """A plain form may send several pictures at once, each within the limit of one file."""
    if request.endpoint == "apply.upload":
        request.max_content_length = MOST_TOGETHER + _ROOM_FOR_THE_REST_OF_A_FORM


def _only_named_fields() -> None:
    """Answers 400 to a form with a nameless field, which no browser sends, and on which CSRFProtect fails."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and None in request.form:
        abort(400)


def _shared(name: str) -> Response:
    """The colours, sizes and the mark that site and portal share."""
    return send_from_directory(
        context().settings.checkout.site_source / "theme" / "assets", name, max_age=3600
    )


OURS = ("/apply", "/office")
"""Where the addresses of the portal begin; all others are the site's."""
_OF_PAGES = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    # No path: that of a private link is a secret, and would stand in logs beside what its page loads.
    "Referrer-Policy": "strict-origin",
    **security_headers.COMMON,
}


def _guard(response: Response) -> Response:
    """No cache keeps, no frame shows, and no other origin is told what a page of the portal holds."""
    settings = context().settings
    if settings.site and not request.path.startswith(OURS):
        response.headers.update(security_headers.read(settings.checkout.headers))
        return response
    for name, value in _OF_PAGES.items():
        response.headers.setdefault(name, value)  # a page in the site's look has those of the site
    if not request.path.startswith(("/apply/static/", "/apply/shared/")):
        response.headers["Cache-Control"] = "no-store"
    return response
