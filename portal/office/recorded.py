"""What records and the journal keep in English and by ids, in the reader's language: marks, findings,
warnings, documents, programmes, events. What the rules do not know any more is told as it was recorded.
"""

from collections.abc import Mapping
from typing import Any

from flask import g

from mobility.applications.bags import Bag
from mobility.applications.decisions import HOST_WORDS, HostWord
from mobility.applications.summary import STATE_NAMES
from mobility.catalogue import recorded_names
from mobility.catalogue.facts import offer_name
from mobility.catalogue.partners import Offer
from mobility.i18n.labels import label
from mobility.i18n.languages import Said, Translatable, said
from mobility.i18n.read_back import read_back
from mobility.office import actions, staff
from portal.context import context
from portal.language import here, say
from portal.office import blueprint
from portal.office.today import OUTCOME_NAMES

HOST_WORD_NAMES: dict[HostWord, Said] = {
    "sent": said("Sent to the host"),
    "acknowledged": said("Acknowledged by the host"),
    "accepted": said("Accepted by the host"),
    "refused": said("Refused by the host"),
}
_EVENTS: dict[str, Said] = {
    "begun": said("Application begun"),
    "link opened": said("Private link opened"),
    "links revoked": said("Private links revoked"),
    "address changed": said("Address of mail changed"),
    "late link": said("Let in after the call"),
    "reminded": said("Reminded"),
    "sealed": said("Received as %(version)s"),
    "asked": said("Asked for: %(round)s"),
    "asked again": said("Asked for again: %(round)s"),
    "checked": said("Checked, %(document)s: %(verdict)s"),
    "looked at": said("Looked at: %(document)s"),
    "decided": said("Decided: %(outcome)s"),
    "released": said("The decision was told"),
    "recalled": said("The decision was recalled"),
    "place taken": STATE_NAMES["place taken"],
    "place declined": STATE_NAMES["place declined"],
    "withdrawn": STATE_NAMES["withdrawn"],
    "erasure asked for": STATE_NAMES["withdrawn, to be erased"],
    "sheet made": said("On a sheet for the host: %(host)s"),
    "pack made": said("Documents given out to the host %(host)s: %(documents)s"),
    "dossier made": said("Dossier made"),
    "mail sent": said("Mail sent"),
    "mail stuck": said("Mail stuck"),
    "mail to be tried again": said("Mail to be tried again"),
    "mail removed": said("Mail removed"),
    "archived": said("Archived"),
    "erasure begun": said("Erasure begun"),
    "erased": said("Erased"),
    **{f"host: {word}": HOST_WORD_NAMES[word] for word in HOST_WORDS},
}
_ROUNDS = {"correction": said("correction %(number)s"), "additional": said("additional documents %(number)s")}
_NOBODY_OF_STAFF = {
    "command": said("by a command"),
    "rehearsal": said("Rehearsal"),
    "applicant": said("the applicant"),
    "office": said("the office"),
    "sign-in": said("by the university's sign-in"),
}
"""Who else the journal says did something."""
_VERDICTS = {"yes": said("in order"), "no": said("not in order")}


@blueprint.app_template_filter("recorded")
def recorded(english: str) -> str:
    """A mark, finding or warning, or a document's name, as it was recorded, in the reader's language."""
    return english if here() == "en" else say(read_back(english, _words()))


@blueprint.app_template_filter("programme_of")
def programme_of(choice: Any) -> str:
    """The programme of a choice, of a record or a list, in the reader's language."""
    is_record = isinstance(choice, dict)
    offer = _offers().get(choice["id"] if is_record else choice.id)
    if offer:
        return offer_name(offer, here())
    return f"{choice['partner']}: {choice['programme']}" if is_record else choice.title


def event_words(event: dict[str, str], names: Mapping[str, str | Translatable]) -> str:
    """An event of the journal on an application, in words; `names`: of its documents, by their slots."""
    sentence = _EVENTS.get(event["event"])
    if sentence is None:
        return event["event"]
    documents = [say(names.get(slot, slot)) for slot in event.get("documents", "").split(", ")]
    slot = event.get("document", "")
    kind, _, number = event.get("round", "").rpartition("-")
    values = {
        "version": event.get("version", ""),
        "round": Said(_ROUNDS[kind].text, {"number": number}) if kind in _ROUNDS else event.get("round", ""),
        "document": names.get(slot, slot) or said("the answers that are not for the committee"),
        "verdict": _VERDICTS.get(event.get("ok", ""), ""),
        "outcome": {**OUTCOME_NAMES}.get(event.get("outcome", ""), event.get("outcome", "")),  # type: ignore[call-overload]
        "host": _hosts().get(event.get("host", ""), event.get("host", "")),
        "documents": ", ".join(documents),
    }
    return say(Said(sentence.text, values))


def who_did(event: dict[str, str]) -> str:
    """Who did what the journal says, as far as it says that."""
    by = event.get("by", "")
    if by in _NOBODY_OF_STAFF:
        return say(_NOBODY_OF_STAFF[by])
    return staff.name_of(context().settings.kept, by) if by else ""


def document_names(bag: Bag) -> dict[str, str | Translatable]:
    """What the documents of an application are called, by their slots."""
    names: dict[str, str | Translatable] = dict(actions.slot_names(context().book, bag))
    for file in bag.record()["files"]:
        names.setdefault(file["slot"], read_back(file["document"], _words()))
    return names


def _offers() -> dict[str, Offer]:
    if "offers" not in g:
        g.offers = {offer.id: offer for offer in context().book.catalogue.offers()}
    found: dict[str, Offer] = g.offers
    return found


def _hosts() -> dict[str, Translatable]:
    return {offer.partner.id: label(offer.partner.name) for offer in _offers().values()}


def _words() -> dict[str, Any]:
    """What the names stand for that a record has in English."""
    if "words_of_records" not in g:
        g.words_of_records = recorded_names.translatable(context().book)
    words: dict[str, Any] = g.words_of_records
    return words
