"""The officers' desk: sign-in, today, the list, an application, drafts, places, decisions, hosts, keeping."""

from flask import Blueprint

blueprint = Blueprint("office", __name__, url_prefix="/office")

from portal.office import (  # noqa: E402  (they add their pages to it)
    application,
    applications,
    catalogue,
    decisions,
    documents,
    drafts,
    hosts,
    keeping,
    mail,
    pages,
    requests,
    signin,
    today,
)

__all__ = [
    "application",
    "applications",
    "blueprint",
    "catalogue",
    "decisions",
    "documents",
    "drafts",
    "hosts",
    "keeping",
    "mail",
    "pages",
    "requests",
    "signin",
    "today",
]
