"""Compares signed forms of an application with its answers: which of them do not match any more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mobility.applications.drafts import Draft
from mobility.applications.kept_files import KeptFile
from mobility.catalogue.documents import Slot
from mobility.catalogue.forms import Form
from mobility.catalogue.partners import Offer
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Said
from mobility.pdfforms import answer_hash, readback
from mobility.pdfforms.readback import Difference


@dataclass(frozen=True)
class Verdict:
    """The comparison of one signed form with the answers: `stale` says why it does not match them;
    `differences` are those of its fields that can still be read; `now` is the hash of the answers."""

    now: str
    stale: Said | None
    differences: tuple[Difference, ...]

    def __bool__(self) -> bool:
        return bool(self.stale or self.differences)


def verdicts(
    book: Rulebook, offers: Mapping[str, Offer], draft: Draft, slots: Iterable[Slot]
) -> dict[str, Verdict]:
    """How the signed forms in the slots compare with the answers, by the ids of their files."""
    return {
        file.id: _verdict(form, book, offers, draft, file)
        for slot in slots
        if slot.form and (form := book.form(slot.form))
        for file in draft.in_slot(slot.id)
    }


def names(offers: Mapping[str, Offer]) -> dict[str, str]:
    """What programmes are called, by their ids."""
    return {offer.id: offer.name for offer in offers.values()}


def taken(asked: Form, given: Mapping[str, Any], read: Mapping[str, Any], replace: bool) -> dict[str, Any]:
    """The answers to take over from a filled PDF: those that the web form asks and that were not given yet;
    with `replace` all of them."""
    names = {field.id for field in asked.fields()}
    return {
        name: value
        for name, value in read.items()
        if name in names and value != given.get(name) and (replace or not given.get(name))
    }


def _verdict(
    form: Form, book: Rulebook, offers: Mapping[str, Offer], draft: Draft, file: KeptFile
) -> Verdict:
    now = answer_hash.answers_hash(form, draft.answers)
    stale = answer_hash.stale(file.answers, file.on_paper, now)
    return Verdict(now, stale, _differences(form, book, offers, draft, file))


def _differences(
    form: Form, book: Rulebook, offers: Mapping[str, Offer], draft: Draft, file: KeptFile
) -> tuple[Difference, ...]:
    named = names(offers)
    try:
        paper = readback.read(file.fields, (form,), named)
    except readback.NotReadable:
        return ()
    return tuple(readback.differences(paper, draft.answers, book.application, named))
