"""What lists say of one application: its newest version, later documents, and where it stands."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from mobility.applications import bags, decisions, review
from mobility.applications.record import language_proof, moment
from mobility.applications.review import Standing, Unreadable
from mobility.catalogue import person_names
from mobility.i18n import languages
from mobility.i18n.languages import Said, said

STATE_NAMES: dict[str, Said] = {
    "": said("Received, to check"),
    "correction asked for": said("Correction asked for"),
    review.DRAFTED: said("Decided, not told yet"),
    "nominated": said("Nominated, to answer"),
    "waiting list": said("On the waiting list"),
    "place taken": said("Place taken"),
    "place declined": said("Place declined"),
    "not nominated": said("Not nominated"),
    "refused by the host": said("Refused by the host"),
    "withdrawn": said("Withdrawn"),
    "withdrawn, to be erased": said("Asks to be erased"),
    "cannot be read": said("Cannot be read"),
}
"""What each state of an application is called, in the order of the work."""

_LATE = "late, by leave of the office"
"""All that a list tells of a late link; earlier versions wrote the reason behind it."""


class Choice(NamedTuple):
    """A programme that was chosen. `id`: partner/programme; `title`: as people call it."""

    id: str
    title: str


class Document(NamedTuple):
    """A file of an application: which document it is, and its path in the application's folder."""

    name: str
    path: str


class Asked(NamedTuple):
    """What the office waits for. `kind`: correction, additional, or answer to an offered place; `round`:
    which request; `due`: the first instant at which it is too late, ISO 8601."""

    kind: str
    round: str
    due: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """One application in a list. `draft`: the hash of the draft that was sealed; `state`: where it stands, in
    a word; `submitted`: ISO 8601; `received`: the same for people; `folder`: below that of the call;
    `native`: the name in Kazakh or Russian; `holds`: the programmes of which it takes a place; `nominated`:
    to which one, as was told; `waits`, `rank`: for which it is on the waiting list, if that is said, and
    where; `decided`: the number of the last decision, 0 where there is none; `papers`: hashes of IIN and
    passport number, by which one sees who applies twice; `asked`: which requests wait for an answer;
    `warnings`: how many the applicant was told, `unanswered`: to how many of them nothing was said."""

    reference: str
    call: str
    folder: str
    state: str
    marks: tuple[str, ...]
    draft: str = ""
    version: str = ""
    submitted: str = ""
    received: str = ""
    name: str = ""
    native: str = ""
    email: str = ""
    citizenship: str = ""
    level: str = ""
    gpa: str = ""
    language: str = ""
    choices: tuple[Choice, ...] = ()
    documents: tuple[Document, ...] = ()
    holds: tuple[str, ...] = ()
    nominated: str | None = None
    waits: str | None = None
    rank: int | None = None
    decided: int = 0
    papers: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    warnings: int = 0
    unanswered: int = 0


def of(home: Path) -> Summary | None:
    """The summary of the application in a folder; none where it holds no sealed version."""
    found = list(bags.in_home(home))
    if not any(bag.version.startswith("v") for bag in found):
        return None
    bag = bags.newest(found)
    record = bag.record()
    given = record["answers"]
    there = review.standing(bag.instance, bag.call, bag.reference)
    told = there.decision
    waits = told if told and told.outcome == "waiting list" else None
    return Summary(
        reference=bag.reference,
        call=bag.call,
        draft=bag.draft,
        version=bag.version,
        state=state(there),
        folder=home.name,
        submitted=record["submitted"],
        received=languages.moment(moment(record)),
        name=person_names.full(given),
        native=person_names.native(given),
        email=given["email"],
        citizenship=given["citizenship"],
        level=given["level"],
        gpa=str(given["gpa"]),
        language=language_proof(given),
        choices=tuple(
            Choice(choice["id"], f"{choice['partner']}: {choice['programme']}")
            for choice in record["choices"]
        ),
        marks=tuple(_LATE if mark.startswith(_LATE) else mark for mark in record["marks"]),
        documents=tuple(
            Document(file["document"], f"{each.version}/{file['file']}")
            for each in bags.that_count(found)
            for file in (record if each is bag else each.record())["files"]
        ),
        holds=there.holds,
        nominated=told.programme if told and told.outcome == "nominated" else None,
        waits=waits.programme if waits else None,
        rank=waits.rank if waits else None,
        decided=decisions.last_number(there.decisions),
        asked=waiting_for(there),
        warnings=len(record.get("warnings", ())),
        unanswered=sum(1 for each in record.get("warnings", ()) if not each["answer"]),
        papers=tuple(_hash(given[name]) for name in ("iin", "passport-number") if given.get(name)),
    )


def unreadable(home: Path, error: Exception) -> Summary:
    """What a list says of an application whose files cannot be read."""
    newer = isinstance(error, Unreadable) and error.newer
    newer_says = said("kept by a newer version: mobility doctor names it")
    says = newer_says if newer else said("application.yaml cannot be read: mobility doctor names it")
    return Summary(
        reference=bags.reference_of(home.name),
        call=home.parent.name,
        folder=home.name,
        state="cannot be read",
        marks=(str(says),),
    )


def from_json(kept: dict[str, Any]) -> Summary:
    """A summary as it was before it was kept as JSON, which is used up."""
    kept["choices"] = tuple([Choice(*each) for each in kept["choices"]])
    kept["marks"] = tuple(kept["marks"])
    kept["asked"] = tuple([Asked(*each) for each in kept["asked"]])
    kept["holds"] = tuple(kept["holds"])
    kept["documents"] = tuple([Document(*each) for each in kept["documents"]])
    return Summary(**kept)


def waiting_for(there: Standing) -> tuple[Asked, ...]:
    """The requests that wait for an answer, in time or not: of each kind the newest, as it replaces those
    before it. A decision that came after a correction was asked ends that; additional documents are waited
    for while the place is held. And the answer to an offered place."""
    if there.withdrawn:
        return ()
    newest = {each.corrects: each for each in there.rounds if each.corrects or there.holds}
    decided = max((decisions.when(each.decision.decided) for each in there.decisions), default=None)
    offered = there.told if there.is_nominated and not there.answer and not there.drafted else None
    return (
        *((Asked("answer", "answer", offered.decision.answer_by),) if offered else ()),
        *(
            Asked("correction" if corrects else "additional", each.id, each.until)
            for corrects, each in newest.items()
            if not each.done and not (corrects and decided and decisions.when(each.asked) < decided)
        ),
    )


def state(there: Standing) -> str:
    """Where an application stands, in a word; empty where it was received and no more."""
    if there.withdrawn:
        return "withdrawn, to be erased" if there.withdrawn.erase else "withdrawn"
    if there.drafted:
        return review.DRAFTED
    if there.told and there.told.refused:
        return "refused by the host"
    if there.answer:
        return "place taken" if there.answer.takes else "place declined"
    if there.decision:
        return there.decision.outcome
    return "correction asked for" if waiting_for(there) else ""


def _hash(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()
