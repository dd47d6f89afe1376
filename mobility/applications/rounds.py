"""Corrections and additional documents: parts of a submitted application that the office has opened again. A
correction is sealed as the next version, additional documents as a bag of their own; earlier bags stay.
"""

import datetime
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mobility import storage
from mobility.applications import bags, closer_looks, drafts, record, review, submissions
from mobility.applications.assessment import Assessment, Parts
from mobility.applications.bags import Bag
from mobility.applications.drafts import Draft
from mobility.applications.kept_files import KeptFile
from mobility.applications.record import Submission
from mobility.applications.review import Round
from mobility.catalogue.calls import Call
from mobility.catalogue.forms import Section
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from mobility.uploads import inspection


class Over(Exception):
    """The round is not open any more."""


def of(instance: Instance, draft: Draft) -> Round | None:
    """The round that is open in a draft."""
    if not draft.round:
        return None
    there = review.standing(instance, draft.call, draft.reference)
    return next(each for each in there.rounds if each.id == draft.round)


def is_open(instance: Instance, draft: Draft, asked: Round, now: datetime.datetime) -> bool:
    """Whether a round of a draft can be answered."""
    return review.standing(instance, draft.call, draft.reference).is_open(asked, now)


def assess(instance: Instance, book: Rulebook, call: Call, draft: Draft, today: datetime.date) -> Assessment:
    """What the rules say of a draft, or of the round of it that is open."""
    return Assessment(book, call, draft, of(instance, draft), today)


def as_sent(instance: Instance, assessment: Assessment) -> Parts:
    """What a correction asks for and is still just as it was sent."""
    draft, asked = assessment.draft, assessment.asked
    if asked is None:
        return Parts((), ())
    sent = bags.newest(submissions.find(instance, draft.reference)).record()

    def sums(slot_id: str) -> list[str]:
        return sorted(file["sha256"] for file in sent["files"] if file["slot"] == slot_id)

    def answers(section: Section, given: Mapping[str, Any]) -> list[Any]:
        return [given.get(field.id) or "" for field in section.fields]

    return Parts(
        tuple(
            section
            for section in assessment.book.application.sections
            if section.id in asked.sections
            if answers(section, draft.answers) == answers(section, sent["answers"])
        ),
        tuple(
            slot
            for slot in assessment.slots
            if slot.id in asked.slots and (before := sums(slot.id))
            if sorted(file.sha256 for file in draft.in_slot(slot.id)) == before
        ),
    )


def begin(instance: Instance, draft: Draft, asked: Round, now: datetime.datetime) -> Draft:
    """Opens a round in the draft of a submitted application, with what was sent last; one that is open there
    stays. Raises Over, drafts.Gone, and bags.Damaged where the disk has not kept what was sent."""

    def opened(current: Draft) -> Draft:
        there = review.standing(instance, draft.call, draft.reference)
        begun = next((each for each in there.rounds if each.id == current.round), None)
        if begun and there.is_open(begun, now):
            return current
        if not there.is_open(asked, now):
            raise Over
        if begun:
            drafts.close(current, draft.reference)
        before = bags.newest(submissions.find(instance, draft.reference))
        sent = before.record()
        files = _taken_back(before, draft, sent["files"]) if asked.corrects else ()
        remarks = {each["id"]: each["answer"] for each in sent["warnings"] if each["answer"]}
        return replace(current, answers=sent["answers"], files=files, remarks=remarks, round=asked.id)

    begun = drafts.note(draft, opened)
    if any(file.unseen for file in begun.files):
        closer_looks.owe(instance, begun)
    return begun


def give_up(draft: Draft) -> None:
    """Closes the round that is open in a draft, and lets go what was put into it."""
    if draft.round and draft.sealed:
        with drafts.changing(draft) as current:
            drafts.close(current, draft.sealed)


def submit(
    instance: Instance,
    book: Rulebook,
    call: Call,
    draft: Draft,
    now: datetime.datetime,
    rehearsal: bool = False,
) -> Bag:
    """Seals the answer to the round that is open in the draft; a second time, the same bag. Raises Over,
    submissions.Incomplete, drafts.AlreadySealed, bags.Damaged."""
    with drafts.changing(draft) as current:
        asked = of(instance, current)
        if asked is None or current.sealed is None:
            raise drafts.AlreadySealed(current.reference)
        bag = submissions.sealed_before(instance, current)
        if bag is None:
            if not is_open(instance, current, asked, now):
                raise Over
            assessment = Assessment(book, call, current, asked, now.date())
            if assessment.lacks:
                raise submissions.Incomplete(assessment.lacks)
            bag = _seal(instance, assessment, asked, now, rehearsal)
        review.done(instance, call.id, current.sealed, asked, bag.version)
        submissions.keep_in_journal(instance, bag, now)
        drafts.close(current, current.sealed)
    return bag


def _seal(
    instance: Instance, assessment: Assessment, asked: Round, now: datetime.datetime, rehearsal: bool
) -> Bag:
    reference = assessment.draft.reference
    found = submissions.find(instance, reference)
    first = found[0].record()["submitted"]
    submission = Submission(assessment, reference, now, rehearsal, first)
    written = record.of(submission) if asked.corrects else record.of_additional(submission)
    version = bags.next_version(found, "v" if asked.corrects else "additional-")
    return bags.seal_again(found[0], version, submissions.contents(instance, submission, written), now)


def _taken_back(bag: Bag, draft: Draft, sent: Sequence[dict[str, Any]]) -> tuple[KeptFile, ...]:
    """The files of a bag, copied into the draft again as they arrived first: all, or none."""
    taken: list[KeptFile] = []
    try:
        for file in sent:
            taken.append(_copy(bag, draft, file))
    except bags.Damaged:
        for kept in taken:
            storage.remove(draft.path(kept))
        raise
    return tuple(taken)


def _copy(bag: Bag, draft: Draft, file: dict[str, Any]) -> KeptFile:
    file_id = secrets.token_hex(8)
    stored = f"{file_id}.{file['file'].rsplit('.', 1)[1]}"
    try:
        size, sha256 = storage.copy(bag.folder / file["file"], draft.folder / stored)
    except FileNotFoundError:
        raise bags.Damaged(file["file"]) from None
    if sha256 != file["sha256"]:
        storage.remove(draft.folder / stored)
        raise bags.Damaged(file["file"])
    paper = file.get("signed_for") or {}
    return KeptFile(
        id=file_id,
        slot=file["slot"],
        name=file["original_name"],
        kind=file["kind"],
        stored=stored,
        size=size,
        sha256=sha256,
        received=file["received"],
        answers=paper.get("when_received") or "",
        on_paper=paper.get("on_paper") or "",
        pages=file.get("pages", 0),
        blank=file.get("blank") or False,
        active=tuple(file.get("active", ())),
        recovered=file.get("recovered", False),
        unscanned=file.get("unscanned", False),
        form=paper.get("form") or "",
        unseen=file.get("unseen", False),
        pictures=tuple(file.get("pictures", ())),
        unshown=file.get("unshown", False),
        fields=_fields(draft.folder / stored) if paper else {},
    )


def _fields(path: Path) -> dict[str, str]:
    """What is typed into a signed form that was taken before; nothing where it cannot be read again."""
    try:
        return inspection.look(path, form=True).fields
    except inspection.Refused:
        return {}
