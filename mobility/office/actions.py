"""The office's actions on applications: ask, let late, withdraw, erase.

Each keeps what was done beside the bags and in the journal, and tells the applicant by mail.
"""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from mobility import storage
from mobility.applications import (
    bags,
    completeness,
    decisions,
    drafts,
    journal,
    private_links,
    review,
    rounds,
    submissions,
    summary,
    versioned_files,
)
from mobility.applications.bags import Bag
from mobility.applications.decisions import Decided
from mobility.applications.drafts import Draft
from mobility.applications.review import NotPossible, Round, Standing, Withdrawal
from mobility.applications.versioned_files import UNREADABLE
from mobility.catalogue import calls, documents, facts
from mobility.catalogue.partners import Offer
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Said, Translatable, said
from mobility.i18n.words import Words
from mobility.office import dossier, notices, outbox
from mobility.office.desk import Desk, call_named
from mobility.paths import Instance
from mobility.yamlfiles import email_addresses

_FAR = datetime.timedelta(days=3 * 365)
"""No last day is so far away but by a slip in its year."""


def end_of(desk: Desk, day: datetime.date) -> datetime.datetime:
    """The first instant after a day, in the institution's time zone. Raises NotPossible."""
    if day - desk.now.date() > _FAR:
        raise NotPossible(said("%(day)s is years away: is the year right?", day=day))
    zone = calls.zone(desk.book.catalogue.calls)
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), zone)


def until_end_of(desk: Desk, day: datetime.date | None) -> str | None:
    """The first instant after a day, as it is kept; none where no day is named. Raises NotPossible."""
    if day is None:
        return None
    end = end_of(desk, day)
    if end <= desk.now:
        raise NotPossible(said("%(day)s is over", day=day))
    return end.isoformat(timespec="seconds")


def ask_correction(
    desk: Desk,
    reference: str,
    sections: Sequence[str],
    slots: Sequence[str],
    message: str,
    until: datetime.date | None = None,
) -> Round:
    """Asks an applicant to correct parts of the form and documents. Raises NotPossible."""
    bag, draft, wanted = _correction(desk, reference, sections, slots, message, until)
    return _ask(desk, bag, draft, "correction", wanted)


def preview_correction(
    desk: Desk,
    reference: str,
    sections: Sequence[str],
    slots: Sequence[str],
    message: str,
    until: datetime.date | None = None,
) -> EmailMessage:
    """The mail that `ask_correction` would send. Raises NotPossible."""
    bag, draft, wanted = _correction(desk, reference, sections, slots, message, until)
    asked = replace(wanted, id="correction-")
    return notices.of_request(desk, draft, asked, _named(desk, bag, asked), link=False)


def _correction(
    desk: Desk,
    reference: str,
    sections: Sequence[str],
    slots: Sequence[str],
    message: str,
    until: datetime.date | None,
) -> tuple[Bag, Draft, Round]:
    bag, draft = found(desk, reference)
    known_sections = [section.id for section in desk.book.application.sections]
    known_slots = [file["slot"] for file in bag.record()["files"]]
    known_slots += [slot for slot in slot_names(desk.book, bag) if slot not in known_slots]
    for section in sections:
        if section not in known_sections:
            there_is = ", ".join(known_sections)
            raise NotPossible(
                said('there is no part of the form "%(name)s": %(known)s', name=section, known=there_is)
            )
    for slot in slots:
        if slot not in known_slots:
            raise NotPossible(
                said('there is no document "%(name)s": %(known)s', name=slot, known=", ".join(known_slots))
            )
    if not message.strip():
        raise NotPossible(said("say in the message what is wrong"))
    if not sections and not slots:
        raise NotPossible(said("nothing is asked for: name a part of the form or a document"))
    wanted = Round("", desk.at, message, until_end_of(desk, until), tuple(sections), tuple(slots))
    return bag, draft, wanted


def open_additional(
    desk: Desk,
    reference: str,
    names: Sequence[str],
    message: str,
    until: datetime.date | None = None,
) -> Round:
    """Asks a nominated student for additional documents: those named, else those that the host asks for after
    the nomination. Raises NotPossible."""
    bag, draft = found(desk, reference)
    there = review.standing(desk.instance, bag.call, reference)
    if there.decision is None or not there.is_nominated:
        raise NotPossible(said("%(reference)s is not nominated", reference=reference))
    wanted = tuple(documents.additional_document(name) for name in names)
    ids = [each.id for each in wanted]
    if twice := next((each for each in wanted if ids.count(each.id) > 1), None):
        raise NotPossible(said("%(document)s is asked for twice", document=twice.name))
    if not wanted and (offer := _offer(desk, there.decision.programme)):
        wanted = documents.after_nomination(offer)
    if not wanted:
        raise NotPossible(said("no source says what this host asks for: name the documents"))
    asked = Round("", desk.at, message, until_end_of(desk, until), documents=wanted)
    return _ask(desk, bag, draft, "additional", asked)


def ask_again(desk: Desk, reference: str, round_id: str = "", until: datetime.date | None = None) -> Round:
    """Mails a request again that is not answered, with another last day where one is named. `round_id`: which
    one, as correction-1; the last where none is named. Raises NotPossible."""
    bag, draft = found(desk, reference)
    end = until_end_of(desk, until)
    with storage.locked(review.folder(desk.instance, bag.call, reference)):
        there = review.standing(desk.instance, bag.call, reference)
        if there.withdrawn:
            raise NotPossible(said("%(reference)s is withdrawn", reference=reference))
        waiting = [each for each in unanswered(there) if round_id in ("", each.id)]
        if not waiting:
            raise NotPossible(said("%(reference)s: no request waits for an answer", reference=reference))
        asked = waiting[-1]
        if end:
            asked = review.extend(desk.instance, bag.call, reference, asked, end)
        elif not asked.in_time(desk.now):
            raise NotPossible(said("%(reference)s: the last day is over: name another", reference=reference))
    journal.record(desk.instance, desk.now, "asked again", reference, round=asked.id, by=desk.by)
    notices.asked(desk, draft, asked, _named(desk, bag, asked))
    return asked


def unanswered(there: Standing) -> list[Round]:
    """The requests that wait for an answer, in time or not, the oldest first."""
    names = [asked.round for asked in summary.waiting_for(there)]
    return [each for each in there.rounds if each.id in names]


def withdraw(
    desk: Desk, reference: str, by: Literal["applicant", "office"], reason: str = "", erase: bool = False
) -> None:
    """Takes an application out, as its applicant wants, and tells so. Raises NotPossible."""
    draft, is_new = record_withdrawal(desk, reference, by, reason, erase)
    if is_new:
        notices.withdrawn(desk, draft)


def record_withdrawal(
    desk: Desk, reference: str, by: Literal["applicant", "office"], reason: str = "", erase: bool = False
) -> tuple[Draft, bool]:
    """Takes an application out without telling so: its draft, and whether it was not withdrawn before. Raises
    NotPossible."""
    bag, draft = found(desk, reference)
    rounds.give_up(draft)
    before = review.standing(desk.instance, bag.call, reference).withdrawn
    withdrawal = Withdrawal(desk.at, by, reason, erase)
    review.withdraw(desk.instance, bag.call, reference, withdrawal, desk.now)
    told = review.standing(desk.instance, bag.call, reference).told  # by now nothing more is released
    if told:
        recall_mail(desk, reference, told)
    return draft, before is None


def recall_mail(desk: Desk, reference: str, told: Decided) -> bool:
    """Removes the mail on a decision; whether it had not gone."""
    removed = [outbox.recall(desk.instance, name) for name in decisions.mail_ids(reference, told)]
    return any(removed)


def let_late(desk: Desk, email: str, call_id: str, until: datetime.date, reason: str) -> tuple[Draft, str]:
    """Lets one student submit after the call: in the application begun with this address, or in a new one.
    Gives it with the secret of a private link to hand over. Raises NotPossible."""
    call = call_named(desk, call_id)
    end = end_of(desk, until)
    if end <= max(call.closes, desk.now):
        raise NotPossible(said("%(day)s is not after the closing of the call and today", day=until))
    if not reason.strip():
        raise NotPossible(said("say why: it is kept with the application"))
    if not email_addresses.parsed(email):
        raise NotPossible(said("%(address)s is not one e-mail address", address=email))
    theirs = [each for each in private_links.of_address(desk.instance, email) if each.call == call_id]
    for each in theirs:
        if each.sealed and not review.standing(desk.instance, call_id, each.sealed).withdrawn:
            raise NotPossible(
                said(
                    "%(reference)s is submitted with this address: ask for a correction there",
                    reference=each.sealed,
                )
            )
    begun = [each for each in theirs if not each.sealed]
    if begun:
        draft = begun[-1]
        secret = private_links.issue(desk.instance, draft, desk.now, mailed=False)
    else:
        secret, draft = drafts.start(desk.instance, call_id, desk.now, {"email": email}, email, office=True)
    draft = private_links.let_late(draft, end, reason, desk.now)
    journal.record(
        desk.instance,
        desk.now,
        "late link",
        draft.journal_name,
        call=call_id,
        until=end.isoformat(timespec="seconds"),
        by=desk.by,
    )
    notices.late(desk, draft)
    return draft, secret


def erase(desk: Desk, reference: str) -> list[Path]:
    """Erases all that is kept of one application but the journal's lines, which name nobody: bags, dossiers,
    review, draft, links, waiting mail. Gives the folders that are gone. Raises NotPossible where there is
    nothing of that reference; what a crash left over, a second time removes."""
    drafts.sweep(desk.instance)
    return erase_one(desk, reference)


def erase_one(desk: Desk, reference: str) -> list[Path]:
    """Erases one application as `erase` does, but for what a crash left of drafts: for whoever erases many.
    Raises NotPossible."""
    places, draft = _to_erase(desk, reference)
    journal.record(desk.instance, desk.now, "erasure begun", reference, by=desk.by)
    known_as, addresses = _mailed_as(reference, draft)
    for name in known_as:  # before the folders by which a second time, after a crash, finds what to erase
        outbox.forget(desk.instance, name, addresses)
    if draft:  # first of these: from now on nobody is in
        private_links.forget(desk.instance, draft, even_sealed=True)
    for place in places:
        storage.remove_whole(place) if place.is_dir() else storage.remove(place)
    for name in known_as:  # what was written meanwhile
        outbox.forget(desk.instance, name, addresses)
    journal.record(desk.instance, desk.now, "erased", reference)
    return places


def would_erase(desk: Desk, reference: str) -> list[Path]:
    """What `erase` would remove now, but for links. Raises NotPossible."""
    places, draft = _to_erase(desk, reference)
    known_as, addresses = _mailed_as(reference, draft)
    mails = {mail for name in known_as for mail in outbox.mails_about(desk.instance, name, addresses)}
    return [*places, *([draft.folder] if draft else []), *sorted(mails)]


def _mailed_as(reference: str, draft: Draft | None) -> tuple[set[str], set[str]]:
    """By what mail of an application is known, and to whom it goes."""
    return ({reference, draft.short_hash}, draft.addresses) if draft else ({reference}, set())


def _to_erase(desk: Desk, reference: str) -> tuple[list[Path], Draft | None]:
    """The folders and files of an application, and the draft by which its applicant comes in. Raises
    NotPossible where nothing is kept of it."""
    versions, draft = _kept_of(desk.instance, reference)
    places = {bag.home for bag in versions}
    places |= set(desk.instance.review.glob(f"*/{reference}"))
    for leaving in (f"*/{storage.LEAVING}{reference}", f"*/{storage.LEAVING}{reference}_*"):  # by a crash
        places |= {*desk.instance.review.glob(leaving), *desk.instance.submissions.glob(leaving)}
    places |= set(dossier.kept(desk.instance, reference))
    if draft is None:  # lost, or not to be read
        places |= {path for path in _drafts_of(desk.instance, versions) if path.exists()}
    if not places and draft is None:
        raise NotPossible(said("nothing is kept of %(what)s", what=reference))
    return sorted(places), draft


def _kept_of(instance: Instance, reference: str) -> tuple[list[Bag], Draft | None]:
    """The bags of an application and its draft, as found in the folders where a full disk leaves no index:
    erasing is what makes room."""
    try:
        return submissions.find(instance, reference), private_links.of_reference(instance, reference)
    except OSError as error:
        if not storage.is_full(error):
            raise
    versions = list(submissions.every(instance, reference))
    return versions, next(versioned_files.readable(_drafts_of(instance, versions), drafts.read), None)


def _drafts_of(instance: Instance, versions: Sequence[Bag]) -> Iterator[Path]:
    """Where the draft of an application is kept, as its bags say."""
    for bag in versions:
        with suppress(*UNREADABLE, storage.OutsideRoot):
            if name := bag.draft:
                yield storage.inside(instance.drafts, name)


def programme_name(desk: Desk, home: Path, programme: str | None) -> Translatable:
    """What a programme is called, host first: as it is called now, in every language; else as the application
    in a folder has it among the choices of its newest version, or of an earlier one; else its id."""
    if programme is None:
        return Said("")
    if offer := _offer(desk, programme):
        return facts.translatable_name(offer)
    for bag in reversed([each for each in bags.in_home(home) if each.version.startswith("v")]):
        for choice in bag.record()["choices"]:
            if choice["id"] == programme:
                return Words(f"{choice['partner']}: {choice['programme']}")
    return Words(programme)


def _ask(
    desk: Desk, bag: Bag, draft: Draft, kind: Literal["correction", "additional"], wanted: Round
) -> Round:
    asked = review.ask(desk.instance, bag.call, bag.reference, kind, wanted, desk.by)
    notices.asked(desk, draft, asked, _named(desk, bag, asked))
    return asked


def _named(desk: Desk, bag: Bag, asked: Round) -> list[object]:
    """What a request asks for, as its applicant calls it."""
    slots = slot_names(desk.book, bag)
    call = calls.by_id(desk.book.catalogue.calls, bag.call)
    wished = completeness.wished(desk.book, call, bag.record()["answers"]) if asked.documents else ()
    names = documents.named_by_hosts(wished)
    titles = {section.id: section.title for section in desk.book.application.sections}
    return [
        *(titles[section] for section in asked.sections),
        *(slots.get(slot, slot) for slot in asked.slots),
        *(documents.named(document.name, names) for document in asked.documents),
    ]


def found(desk: Desk, reference: str) -> tuple[Bag, Draft]:
    """The newest version of an application, and the draft through which its applicant is reached. Raises
    NotPossible."""
    versions = submissions.find(desk.instance, reference)
    draft = private_links.of_reference(desk.instance, reference)
    if not versions:
        raise NotPossible(
            said(
                "no application %(reference)s in %(folder)s",
                reference=reference,
                folder=desk.instance.submissions,
            )
        )
    if draft is None:
        raise NotPossible(
            said("%(reference)s: its draft is lost, by which the applicant is reached", reference=reference)
        )
    return bags.newest(versions), draft


def _offer(desk: Desk, programme: str | None) -> Offer | None:
    return next((offer for offer in desk.book.catalogue.offers() if offer.id == programme), None)


def slot_names(book: Rulebook, bag: Bag) -> dict[str, Translatable]:
    """What the documents that an applicant owes are called, by slot."""
    call = calls.by_id(book.catalogue.calls, bag.call)
    return {slot.id: slot.name for slot in completeness.slots(book, call, bag.record()["answers"])}
