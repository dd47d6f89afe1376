"""What every page of the desk shows: who is in, and the places of the desk."""

import shlex
from typing import Any

from flask import request

from mobility.applications import private_links
from mobility.applications.summary import STATE_NAMES
from mobility.i18n.languages import said
from mobility.yamlfiles import email_addresses
from portal.context import context
from portal.language import _, say
from portal.office import access, blueprint

PLACES = {
    "office.today": said("Today"),
    "office.applications": said("Applications"),
    "office.drafts": said("Begun"),
    "office.places": said("Places"),
    "office.waiting_decisions": said("Decisions"),
    "office.catalogue": said("Catalogue"),
    "office.keeping": said("Keep and erase"),
}

_OF_APPLICATIONS = ("office", "purge", "nominations", "dossier", "submissions", "doctor")
"""The commands that work on applications, and so on a data folder."""
_LAST_PAGE = 10**6
"""The index counts no further than its numbers go."""


def page_here() -> int:
    """Which page of a list the address asks for, from 1."""
    return min(max(1, request.args.get("page", 1, type=int)), _LAST_PAGE)


@blueprint.context_processor
def _template_values() -> dict[str, Any]:
    return {
        "member": access.member(),
        "desk_places": PLACES,
        "mail_server": context().settings.mail is not None,
    }


def told_by_mail(reference: str) -> str:
    """How the student of an application hears of what was just done."""
    draft = private_links.of_reference(context().settings.kept, reference)
    if draft is None or not email_addresses.parsed(draft.email):
        return _("There is no address to write to: tell the student yourself.")
    if context().settings.mail is None:
        return _("A mail to the student is written, and waits: no mail server is set.")
    return _("A mail to the student is written.")


@blueprint.app_template_filter()
def as_typed(command: str) -> str:
    """A command of `mobility` as it is typed in the checkout, with the data folder that this portal has."""
    settings = context().settings
    group, _space, rest = command.removeprefix("mobility ").partition(" ")
    words = ["scripts/mobility", group]
    if group in _OF_APPLICATIONS:
        root = settings.instance.root
        words += [] if root == settings.checkout.root / "instance" else ["--data", shlex.quote(str(root))]
        words += ["--rehearsal"] if settings.rehearsal else []
    return " ".join([*words, rest]).rstrip()


@blueprint.app_template_filter("state")
def state(word: str) -> str:
    """What a state of an application is called."""
    return say(STATE_NAMES[word]) if word in STATE_NAMES else word
