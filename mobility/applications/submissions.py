"""Submitting: a complete draft becomes a sealed bag, once; finding the bags of all applications."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mobility import storage
from mobility.applications import bags, drafts, journal, lookup, private_links, receipts, record
from mobility.applications.assessment import Assessment
from mobility.applications.bags import Bag, Contents, Payload
from mobility.applications.completeness import Lack
from mobility.applications.drafts import Draft
from mobility.applications.record import Submission
from mobility.catalogue import calls
from mobility.catalogue.calls import Call
from mobility.catalogue.partners import Calls
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance


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

    Raises Incomplete, CallClosed, or bags.Damaged where the disk has not kept a file as it arrived; then
    nothing has happened.
    """
    place = storage.folder(instance.submissions / call.id)
    try:
        with drafts.changing(draft) as current:
            bag = sealed_before(instance, current)
            if bag is None:
                if not call.opens <= now < private_links.deadline(current, book.catalogue.calls):
                    raise CallClosed
                assessment = Assessment(book, call, current, None, now.date())
                if assessment.lacks:
                    raise Incomplete(assessment.lacks)
                prefix = f"R{call.prefix}" if rehearsal else call.prefix
                reference = bags.reference_of(current.home) or bags.next_reference(place, prefix)
                submission = Submission(assessment, reference, now, rehearsal)
                current = replace(current, home=bags.home_name(reference, submission.person))
                drafts.write(current)
                bag = bags.seal(place, contents(instance, submission, record.of(submission)), now)
                _journal(instance, bag, now)
            else:
                keep_in_journal(instance, bag, now)
            drafts.close(current, bag.reference)
    except drafts.AlreadySealed as sealed:
        found = find(instance, sealed.reference)
        if not found:
            raise
        bag = bags.newest(found)
    return bag


def of_draft(instance: Instance, draft: Draft) -> list[Bag]:
    """The bags of a submitted draft, the oldest first; no index is asked, since who submits in a crowd would
    have it read all that the others have sent meanwhile."""
    if draft.home:
        return list(bags.in_home(instance.submissions / draft.call / draft.home))
    return find(instance, draft.reference) if draft.sealed else []  # from before its folder was kept


def every(instance: Instance, reference: str | None = None) -> Iterator[Bag]:
    """All bags, or those of one application, call by call, as they lie in the folders."""
    if instance.submissions.exists():
        for place in sorted(path for path in instance.submissions.iterdir() if path.is_dir()):
            yield from bags.in_call(place, reference)


def find(instance: Instance, reference: str) -> list[Bag]:
    """The bags of one application, the oldest first; empty where there is none of that reference."""
    home = lookup.home_of(instance, reference)
    return list(bags.in_home(instance.submissions / home)) if home else []


def left_over(
    instance: Instance, rules: Calls, now: datetime.datetime, days: int
) -> Iterator[tuple[Draft, Call]]:
    """The drafts never submitted whose call closed more than `days` days ago, each with its call; of no days
    (or fewer) those that cannot be submitted any more."""
    over = datetime.timedelta(days=max(0, days))
    for draft in drafts.every(instance):
        call = calls.by_id(rules, draft.call)
        if not draft.sealed and now - private_links.deadline(draft, rules) > over:
            yield draft, call


def lost(instance: Instance) -> list[str]:
    """Bags that the journal names and that are missing or changed, and lines where the journal itself was
    changed."""
    found = [f"journal: line {n} does not follow from the line before" for n in journal.breaks(instance)]
    there = {(bag.reference, bag.version): bag for bag in every(instance)}
    for entry in journalled(instance).values():
        bag = there.get((entry["reference"], entry["version"]))
        name = f"{entry['reference']} {entry['version']}"
        if bag is None:
            found.append(f"{name}: sealed on {entry['at']}, and not there any more")
        elif (bag.folder / bags.TAG_MANIFEST).exists() and bag.fingerprint() != entry["fingerprint"]:
            found.append(f"{name}: changed since it was sealed: {bags.TAG_MANIFEST}")
    return found


def journalled(instance: Instance) -> dict[tuple[str, str], dict[str, Any]]:
    """What the journal says of each bag that was sealed and not erased since, by reference and version."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in journal.entries(instance):
        if entry["event"] == "sealed":
            found[entry["reference"], entry["version"]] = entry
        elif entry["event"] in ("erasure begun", "erased"):
            found = {key: kept for key, kept in found.items() if key[0] != entry["reference"]}
    return found


def contents(instance: Instance, submission: Submission, written: dict[str, Any]) -> Contents:
    """All that goes into the bag of a submission whose record is `written`, with a signed receipt."""
    assessment = submission.assessment
    info = {
        "Source-Organization": str(assessment.book.catalogue.institution.name),  # in English alone
        "Bag-Group-Identifier": assessment.call.id,
        bags.SENDER: _sender(submission.draft),
    }
    if submission.rehearsal:
        info["Internal-Sender-Description"] = "Rehearsal: not an application"
    shown, apart = record.apart(assessment.book, written)
    return Contents(
        reference=submission.reference,
        person=submission.person,
        record=shown,
        apart=apart,
        payload=tuple(
            Payload(submission.draft.path(file), name, file.sha256) for file, _, name in submission.files()
        ),
        receipt=receipts.sign(instance, record.receipt(written)),
        info=info,
    )


def sealed_before(instance: Instance, draft: Draft) -> Bag | None:
    """The bag of a draft that a crash kept from being marked as submitted."""
    return next((bag for bag in of_draft(instance, draft) if bag.sender == _sender(draft)), None)


def keep_in_journal(instance: Instance, bag: Bag, now: datetime.datetime) -> None:
    """Records in the journal that a bag was sealed, where that is not recorded yet."""
    if not lookup.is_journalled(instance, bag.reference, bag.version):
        _journal(instance, bag, now)


def _journal(instance: Instance, bag: Bag, now: datetime.datetime) -> None:
    facts = {"version": bag.version, "fingerprint": bag.fingerprint(), "draft": bag.draft}
    journal.record(instance, now, "sealed", bag.reference, **facts)


def _sender(draft: Draft) -> str:
    """The identifier of a draft, or of one round of it, in bag-info.txt."""
    return f"{draft.hash}/{draft.round}" if draft.round else draft.hash
