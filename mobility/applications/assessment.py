"""All that the rules say of a draft at one moment: each thing worked out once, when it is first asked for."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mobility.applications import completeness, signed_forms, warnings
from mobility.applications.completeness import Lack
from mobility.applications.drafts import Draft
from mobility.applications.review import Round
from mobility.applications.signed_forms import Verdict
from mobility.applications.warnings import Concern
from mobility.catalogue import documents
from mobility.catalogue.calls import Call
from mobility.catalogue.documents import Slot
from mobility.catalogue.eligibility import Finding
from mobility.catalogue.forms import Section
from mobility.catalogue.partners import Offer
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Said


@dataclass(frozen=True)
class Parts:
    """Some of an application: sections of the form, and slots of documents."""

    sections: tuple[Section, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Assessment:
    """`asked`: what the office has asked for since the draft was submitted; `today`: in the institution's
    time zone."""

    book: Rulebook
    call: Call
    draft: Draft
    asked: Round | None
    today: datetime.date

    def of(self, draft: Draft) -> "Assessment":
        """The same of the draft as it has become."""
        return replace(self, draft=draft)

    @cached_property
    def offers(self) -> Mapping[str, Offer]:
        """What can be chosen."""
        return completeness.offered(self.book, self.call)

    @cached_property
    def choices(self) -> tuple[tuple[Offer, tuple[Finding, ...]], ...]:
        """The offers that were chosen, the first wish first, each with what the rules say of it."""
        given = self.draft.answers
        chosen = completeness.chosen(self.book, self.offers, given)
        return tuple((offer, completeness.findings(self.book, offer, given)) for offer in chosen)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The documents that belong to the whole application."""
        return completeness.owed(self.book, self.offers, self.draft.answers)

    @cached_property
    def answers(self) -> Mapping[str, Any]:
        """The answers to the questions that this applicant is asked."""
        return completeness.asked(self.book, self.draft.answers)

    @cached_property
    def faults(self) -> Mapping[str, Mapping[str, Said]]:
        """What is wrong in the answers, field by field, by the ids of the sections."""
        return {
            section.id: completeness.faults(self.book, self.offers, section, self.draft.answers, self.today)
            for section in self.book.application.sections
        }

    @cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        """How each signed form compares with the answers, by the ids of their files."""
        return signed_forms.verdicts(self.book, self.offers, self.draft, self.slots)

    @cached_property
    def signed(self) -> Mapping[str, Verdict]:
        """The signed forms that do not match the answers, by the ids of their files."""
        return {file: verdict for file, verdict in self.verdicts.items() if verdict}

    @cached_property
    def open(self) -> Parts:
        """What can be changed now: everything; in a correction what was asked for, and what is amiss because
        of it."""
        sections = self.book.application.sections
        if self.asked is None:
            return Parts(sections, self.slots)
        if not self.asked.corrects:
            offers = [offer for offer, _ in self.choices]
            return Parts((), documents.additional(self.asked.documents, offers))
        return Parts(
            tuple(each for each in sections if each.id in self.asked.sections or self.faults[each.id]),
            tuple(each for each in self.slots if each.id in self.asked.slots or self._amiss(each)),
        )

    @cached_property
    def lacks(self) -> list[Lack]:
        """What keeps the draft from being submitted, or its round from being answered."""
        if self.asked is None or self.asked.corrects:
            return completeness.missing(self.book, self.faults, self.slots, self.draft)
        slots = self.open.slots
        return completeness.empty(slots, self.draft) or completeness.none_of(slots, self.draft)

    @cached_property
    def concerns(self) -> list[Concern]:
        """All warnings."""
        chosen = tuple(offer for offer, _ in self.choices)
        return warnings.of(self.book, self.call, self.draft, chosen, self.slots, self.signed)

    @cached_property
    def warnings(self) -> list[Concern]:
        """The warnings on what can be changed now."""
        slots = {slot.id for slot in self.open.slots}
        fields = {field.id for section in self.open.sections for field in section.fields}
        return [each for each in self.concerns if each.slot in slots or each.field in fields]

    def _amiss(self, slot: Slot) -> bool:
        files = self.draft.in_slot(slot.id)
        return (slot.required and not files) or any(file.id in self.signed for file in files)
