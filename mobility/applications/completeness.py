"""Whether an application is complete: missing answers and documents, and what the rules say of it."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mobility.applications import contradictory_answers
from mobility.applications.drafts import Draft
from mobility.catalogue import answers, documents, eligibility, scales
from mobility.catalogue.calls import Call
from mobility.catalogue.documents import Slot
from mobility.catalogue.eligibility import Finding
from mobility.catalogue.forms import Section, applies, may_stay_empty
from mobility.catalogue.gpa import format_gpa, gpa_rule
from mobility.catalogue.partners import Offer
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Said, Translatable, said


@dataclass(frozen=True)
class Lack:
    """One thing that keeps an application from being submitted, and where it is mended."""

    kind: Literal["section", "slot"]
    id: str
    title: Translatable
    message: Said
    field: str | None = None


def offered(book: Rulebook, call: Call) -> dict[str, Offer]:
    """What can be chosen in a call."""
    return {offer.id: offer for offer in book.catalogue.offers() if call.takes(offer)}


def chosen(book: Rulebook, offers: Mapping[str, Offer], given: Mapping[str, Any]) -> tuple[Offer, ...]:
    """Those of the offers that were chosen, the first wish first."""
    wishes = [str(given.get(field.id)) for field in book.application.fields() if field.type == "offer"]
    return tuple(offers[wish] for wish in dict.fromkeys(wishes) if wish in offers)


def wished(book: Rulebook, call: Call, given: Mapping[str, Any]) -> tuple[Offer, ...]:
    """The offers that this applicant has chosen in a call, the first wish first."""
    return chosen(book, offered(book, call), given)


def slots(book: Rulebook, call: Call, given: Mapping[str, Any]) -> tuple[Slot, ...]:
    """The documents that this applicant owes in a call."""
    return owed(book, offered(book, call), given)


def owed(book: Rulebook, offers: Mapping[str, Offer], given: Mapping[str, Any]) -> tuple[Slot, ...]:
    """The documents that this applicant owes, who can choose among the offers."""
    return documents.owed(
        book.documents, given.get("citizenship"), given.get("language-proof"), chosen(book, offers, given)
    )


def asked(book: Rulebook, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the questions that this applicant is asked, in their order."""
    fields = [field for field in book.application.fields() if applies(field, dict(given))]
    return {field.id: given[field.id] for field in fields if given.get(field.id)}


def findings(book: Rulebook, offer: Offer, given: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What the rules say of this applicant at this host."""
    return eligibility.findings(book.catalogue, offer, eligibility.profile(given))


def faults(
    book: Rulebook,
    offers: Mapping[str, Offer],
    section: Section,
    given: Mapping[str, Any],
    today: datetime.date,
) -> dict[str, Said]:
    """What is wrong in a section's answers: the field's id to what to mend."""
    found = {}
    for field in section.fields:
        value = given.get(field.id)
        if not applies(field, dict(given)):
            continue
        if not value and may_stay_empty(field, dict(given)):
            continue
        wrong = contradictory_answers.box_fault(field, given)
        wrong = wrong or answers.validate(field, value, today, offers)
        if not wrong and value:
            wrong = contradictory_answers.fault(field.id, given, today)
            wrong = wrong or _rule_fault(book, offers, field.id, field.type, given)
        if wrong:
            found[field.id] = wrong
    return found


def missing(
    book: Rulebook, faults: Mapping[str, Mapping[str, Said]], slots: Iterable[Slot], draft: Draft
) -> list[Lack]:
    """All that is missing or wrong, in the order in which the applicant meets it. `faults`: what is wrong in
    each section; `slots`: the documents that are owed."""
    found = []
    for section in book.application.sections:
        labels = {field.id: field.label for field in section.fields}
        wrong = faults[section.id]
        if wrong and not any(draft.answers.get(field.id) for field in section.fields):
            begin = section.fields[0].id
            found.append(Lack("section", section.id, section.title, said("Not begun yet"), begin))
            continue
        for field_id, what in wrong.items():
            title = said("%(section)s: %(question)s", section=section.title, question=labels[field_id])
            found.append(Lack("section", section.id, title, what, field_id))
    return found + empty(slots, draft)


def empty(slots: Iterable[Slot], draft: Draft) -> list[Lack]:
    """The required slots in which there is no file yet."""
    return [
        Lack("slot", slot.id, slot.name, said("Upload this document"))
        for slot in slots
        if slot.required and not draft.in_slot(slot.id)
    ]


def none_of(slots: Sequence[Slot], draft: Draft) -> list[Lack]:
    """That not one file is there, where something is asked for and nothing of it must come."""
    if draft.files or not slots:
        return []
    return [Lack("slot", slots[0].id, said("At least one of these documents"), said("Upload this document"))]


def marks(call: Call, choices: Iterable[tuple[Offer, Iterable[Finding]]]) -> list[str]:
    """What the office should see at once about an application that is received nevertheless. `choices`: the
    offers that were chosen, each with what the rules say of it."""
    found = []
    for offer, findings in choices:
        if any(f.rule == "selection" and f.verdict == "below" for f in findings):
            found.append(said("below the selection criterion: %(programme)s", programme=offer.name))
        if offer.agreement.status == "unconfirmed":
            found.append(said("agreement not confirmed: %(host)s", host=offer.partner.name))
        if offer.agreement.expired(call.studies_begin):
            found.append(said("agreement ends before studies begin: %(programme)s", programme=offer.name))
    return [str(mark) for mark in found]


def _rule_fault(
    book: Rulebook, offers: Mapping[str, Offer], field: str, kind: str, given: Mapping[str, Any]
) -> Said | None:
    """What an answer that is well written says against the rules of taking applications."""
    profile = eligibility.profile(given)
    rule = gpa_rule(book.catalogue.requirements)
    if field == "gpa" and profile.gpa is not None and not rule.accepts(profile.gpa):
        numbers = {
            "needed": format_gpa(rule.transcript),
            "given": format_gpa(profile.gpa),
        }
        return said("A transcript is accepted from GPA %(needed)s, yours is %(given)s", **numbers)
    if kind == "toefl" and (scale := given.get("toefl-scale")):
        return scales.SCALES["toefl-6" if scale == "new" else "toefl"].fault(str(given[field]))
    if kind != "offer":
        return None
    wishes = [
        f.id for f in book.application.fields() if f.type == "offer" and given.get(f.id) == given[field]
    ]
    if wishes[0] != field:
        return said("You chose this programme already: choose another, or leave this empty")
    host = gpa_rule(book.catalogue.requirements, offers[given[field]])
    if profile.gpa is not None and rule.accepts(profile.gpa) and not host.accepts(profile.gpa):
        return said(
            "This host takes a transcript from GPA %(needed)s, yours is %(given)s: choose another",
            needed=format_gpa(host.transcript),
            given=format_gpa(profile.gpa),
        )
    return None
