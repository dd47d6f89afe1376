"""What every page of the desk shows: who is in, and the places of the desk."""

from typing import Any

from mobility.applications.summary import STATE_NAMES
from mobility.i18n.languages import said
from portal.language import say
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


@blueprint.context_processor
def _template_values() -> dict[str, Any]:
    return {"member": access.member(), "desk_places": PLACES}


@blueprint.app_template_filter("state")
def state(word: str) -> str:
    """What a state of an application is called."""
    return say(STATE_NAMES[word]) if word in STATE_NAMES else word
