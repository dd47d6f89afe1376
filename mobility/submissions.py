"""From a whole draft to a sealed application, once; and what the office reads of all of them."""

import datetime
import zoneinfo
from collections.abc import Iterator
from typing import Any

from mobility import application, bags, calls, disk, drafts, journal
from mobility.application import Lack
from mobility.bags import Bag, Payload
from mobility.calls import Call
from mobility.catalogue import Calls
from mobility.documents import Slot
from mobility.drafts import Draft, KeptFile
from mobility.places import Instance
from mobility.rulebook import Rulebook

_DRAFT = "Internal-Sender-Identifier"


class Incomplete(Exception):
    """The application cannot be submitted yet; `lacks` says what is missing."""

    def __init__(self, lacks: list[Lack]):
        self.lacks = lacks
        super().__init__(f"missing: {len(lacks)}")


class CallClosed(Exception):
    """Applications for the draft's call are not taken at this time."""


def submit(
    instance: Instance,
    book: Rulebook,
    call: Call,
    draft: Draft,
    now: datetime.datetime,
    rehearsal: bool = False,
) -> Bag:
    """Seals the draft and gives its bag; a second time, the same bag. `now` in the institution's time zone.

    Raises Incomplete or CallClosed; then nothing has happened.
    """
    place = disk.folder(instance.submissions / call.id)
    try:
        with drafts.changing(draft) as current:
            bag = _sealed_before(instance, call.id, current)
            if bag is None:
                if call.state(now) != "open":
                    raise CallClosed
                if lacking := application.lacks(book, call, current, now.date()):
                    raise Incomplete(lacking)
                prefix = f"R{call.prefix}" if rehearsal else call.prefix
                reference = bags.next_reference(place, prefix)
                bag = _seal(instance, book, call, current, reference, now, rehearsal)
            _journal_once(instance, bag, now)
            drafts.close(current, bag.reference)
    except drafts.AlreadySealed as sealed:
        found = find(instance, sealed.reference)
        if found is None:
            raise
        bag = found[-1]
    return bag


def receipt_of(instance: Instance, draft: Draft) -> Bag | None:
    """The bag that a submitted draft became."""
    found = find(instance, draft.sealed) if draft.sealed else []
    return found[-1] if found else None


def every(instance: Instance) -> Iterator[Bag]:
    """All bags, call by call."""
    if instance.submissions.exists():
        for place in sorted(path for path in instance.submissions.iterdir() if path.is_dir()):
            yield from bags.in_call(place)


def find(instance: Instance, reference: str) -> list[Bag]:
    """The bags of one application, the oldest first; empty where there is none of that reference."""
    return [bag for bag in every(instance) if bag.reference == reference]


def left_over(
    instance: Instance, rules: Calls, now: datetime.datetime, days: int
) -> Iterator[tuple[Draft, Call]]:
    """The drafts never submitted whose call closed more than `days` days ago, each with its call."""
    for draft in drafts.every(instance):
        call = calls.by_id(rules, draft.call)
        if not draft.sealed and now - call.closes > datetime.timedelta(days=days):
            yield draft, call


def lost(instance: Instance) -> list[str]:
    """What the journal says was sealed and is not there any more, or not as it was sealed; and where the
    journal itself was changed."""
    found = [f"journal: line {n} does not follow from the line before" for n in journal.breaks(instance)]
    there = {(bag.reference, bag.version): bag for bag in every(instance)}
    for entry in journal.entries(instance):
        if entry["event"] != "sealed":
            continue
        bag = there.get((entry["reference"], entry["version"]))
        name = f"{entry['reference']} {entry['version']}"
        if bag is None:
            found.append(f"{name}: sealed on {entry['at']}, and not there any more")
        elif (bag.folder / bags.TAG_MANIFEST).exists() and bag.fingerprint() != entry["fingerprint"]:
            found.append(f"{name}: changed since it was sealed: {bags.TAG_MANIFEST}")
    return found


def _seal(
    instance: Instance,
    book: Rulebook,
    call: Call,
    draft: Draft,
    reference: str,
    now: datetime.datetime,
    rehearsal: bool,
) -> Bag:
    named = list(_named(draft, application.slots(book, call, draft.answers)))
    record = _record(book, call, draft, reference, now, rehearsal, named)
    person = (str(draft.answers["family-name"]), str(draft.answers["given-name"]))
    info = {
        "Source-Organization": book.catalogue.institution.name,
        "Bag-Group-Identifier": call.id,
        _DRAFT: draft.hash,
    }
    if rehearsal:
        info["Internal-Sender-Description"] = "Rehearsal: not an application"
    return bags.seal(
        instance.submissions / call.id,
        reference,
        person,
        record,
        [Payload(draft.path(file), name) for file, _, name in named],
        receipt_text(record),
        info,
        now,
    )


def _named(draft: Draft, slots: tuple[Slot, ...]) -> Iterator[tuple[KeptFile, Slot, str]]:
    """Each file with its slot and its path in the bag; what no slot asks for any more stays out."""
    for slot in slots:
        for position, file in enumerate(draft.in_slot(slot.id), 1):
            suffix = "." + file.stored.rsplit(".", 1)[1]
            folder = "restricted/" if slot.restricted else ""
            yield file, slot, f"{folder}{slot.stem(position)}{suffix}"


def _record(
    book: Rulebook,
    call: Call,
    draft: Draft,
    reference: str,
    now: datetime.datetime,
    rehearsal: bool,
    named: list[tuple[KeptFile, Slot, str]],
) -> dict[str, Any]:
    given = draft.answers
    choices = [
        {
            "id": offer.id,
            "partner": offer.partner.name,
            "programme": offer.programme.name,
            "agreement": offer.agreement.status,
            "findings": [
                {
                    "rule": f.rule,
                    "verdict": f.verdict,
                    "needed": f.needed,
                    "given": f.given,
                    "says": f.sentence,
                }
                for f in application.findings(book, offer, given)
            ],
        }
        for offer in application.chosen(book, call, given)
    ]
    files = [
        {
            "file": f"data/{name}",
            "document": slot.name,
            "original_name": file.name,
            "kind": file.kind,
            "size": file.size,
            "sha256": file.sha256,
            "received": file.received,
        }
        for file, slot, name in named
    ]
    return {
        "reference": reference,
        "rehearsal": rehearsal,
        "institution": book.catalogue.institution.name,
        "call": call.id,
        "submitted": now.isoformat(timespec="seconds"),
        "time_zone": book.catalogue.calls.time_zone,
        "begun": draft.created,
        "marks": application.marks(book, call, given),
        "choices": choices,
        "answers": application.asked(book, given),
        "files": files,
        "rules": book.version,
    }


def receipt_text(record: dict[str, Any]) -> str:
    """RECEIPT.txt: what was received and when, in a form that a student can keep."""
    when = moment(record)
    person = f"{record['answers']['family-name']}, {record['answers']['given-name']}"
    lines = [
        f"{record['institution']}: receipt of an application for exchange studies",
        *(["REHEARSAL: this is not an application."] if record["rehearsal"] else []),
        "",
        f"Reference:  {record['reference']}",
        f"Applicant:  {person}",
        f"Call:       {record['call']}",
        f"Received:   {calls.in_words(when, seconds=True)}",
        *(f"Choice {n}:   {c['partner']}: {c['programme']}" for n, c in enumerate(record["choices"], 1)),
        "",
        "Files, each with its size in bytes and its SHA-256:",
    ]
    for file in record["files"]:
        lines += ["", f"  {file['document']}", f"    {file['original_name']}, {file['size']} bytes"]
        lines.append(f"    {file['sha256']}")
    return "\n".join(lines) + "\n"


def moment(record: dict[str, Any]) -> datetime.datetime:
    """When the application of a record was received, in the institution's time zone."""
    zone = zoneinfo.ZoneInfo(record["time_zone"])
    return datetime.datetime.fromisoformat(record["submitted"]).astimezone(zone)


def _sealed_before(instance: Instance, call_id: str, draft: Draft) -> Bag | None:
    """The bag of a draft that a crash kept from being marked as submitted."""
    place = instance.submissions / call_id
    return next((bag for bag in bags.in_call(place) if bag.info().get(_DRAFT) == draft.hash), None)


def _journal_once(instance: Instance, bag: Bag, now: datetime.datetime) -> None:
    for entry in journal.entries(instance):
        if (
            entry["event"] == "sealed"
            and entry["reference"] == bag.reference
            and entry["version"] == bag.version
        ):
            return
    journal.record(instance, now, "sealed", bag.reference, version=bag.version, fingerprint=bag.fingerprint())
