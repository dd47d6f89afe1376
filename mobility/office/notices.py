"""Mails to applicants, each in their own language, put into the outbox."""

import datetime
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from mobility.applications import drafts, private_links
from mobility.applications.bags import Bag
from mobility.applications.completeness import Lack
from mobility.applications.decisions import Decided, Decision
from mobility.applications.drafts import Draft
from mobility.applications.review import Round
from mobility.catalogue import calls
from mobility.i18n.languages import Said, Translatable, said
from mobility.office import outbox
from mobility.office.desk import Desk
from mobility.office.staff import Member
from mobility.yamlfiles import email_addresses
from mobility.yamlfiles.translated_words import in_language

Line = Said | str
AFTER_REFUSAL = said(
    "You cannot take this place any more. If another one can be offered to you, you will be told."
)
_KEEP = said(
    "Whoever has this link can read and change your application: keep it, and do not pass it on. If you did "
    "not ask for it, somebody has typed your address by mistake, and you need not do anything."
)


def links(desk: Desk, found: Sequence[Draft]) -> None:
    """A private link to each of an address's applications that is not erased or moved meanwhile."""
    ours = desk.book.catalogue.institution.short_name
    subject = said("%(university)s outgoing mobility: your private link", university=ours)
    lines: list[Line] = []
    last = None
    for draft in found:
        call = calls.by_id(desk.book.catalogue.calls, draft.call)
        with suppress(drafts.Gone, private_links.Revoked):
            lines += [_which(draft, call), _link(desk, draft), _by_when(desk, draft), ""]
            last = draft
    if last:
        _send(desk, last, subject, [*lines, _KEEP])


def reminder(desk: Desk, draft: Draft, lacks: Sequence[Lack]) -> None:
    """What an application lacks that was begun and is not sent, and until when it can be."""
    ours, call = desk.book.catalogue.institution, calls.by_id(desk.book.catalogue.calls, draft.call)
    subject = said(
        "%(university)s outgoing mobility: your application is not sent yet", university=ours.short_name
    )
    lines: list[Line] = [_which(draft, call), _by_when(desk, draft), ""]
    if lacks:
        lines.append(said("It lacks:"))
        lines += [said("- %(thing)s: %(fault)s", thing=lack.title, fault=lack.message) for lack in lacks]
    else:
        lines.append(said("Nothing is missing: it only has to be sent."))
    _send(desk, draft, subject, [*lines, "", _open_here(desk, draft), "", _KEEP])


def staff_link(desk: Desk, member: Member, address: str) -> EmailMessage:
    """The mail with which a member of the staff sets up a passkey; `address`: of the page for that."""
    ours = desk.book.catalogue.institution
    mail = EmailMessage()
    mail["Subject"] = f"{ours.short_name} outgoing mobility: your way to the office's desk"
    mail.set_content(
        f"{member.name}, with this link you set up a passkey for the desk of {ours.office.name}. "
        f"It can be used once, within three days:\n\n{address}\n"
    )
    return mail


def received(desk: Desk, draft: Draft, bag: Bag) -> None:
    """The receipt of what was submitted."""
    receipt = (bag.folder / "RECEIPT.txt").read_text(encoding="utf-8")
    subject = said("Received: %(reference)s", reference=bag.reference)
    lines: list[Line] = [
        said("We have received what you sent. Keep this receipt: it is signed, and shows what arrived when."),
        "",
        receipt,
    ]
    _send(desk, draft, subject, lines, (f"receipt-{bag.reference}-{bag.version}.txt", receipt))


def asked(desk: Desk, draft: Draft, wanted: Round, names: Sequence[object]) -> None:
    """That the office asks for something, what by its names, and until when."""
    _spool(desk, draft, of_request(desk, draft, wanted, names))


def of_request(
    desk: Desk, draft: Draft, wanted: Round, names: Sequence[object], link: bool = True
) -> EmailMessage:
    """The mail that asks for something; a preview has no link, which would be a new one."""
    until = _last_minute(desk, wanted.until) if wanted.until else None
    about: dict[str, Any] = {"reference": draft.sealed, "when": until}
    if wanted.corrects:
        subject = said("%(reference)s: please correct something", **about)
        what = said("The office asks you to correct something in your application %(reference)s:", **about)
        if until:
            subject = said("%(reference)s: please correct something by %(when)s", **about)
    else:
        subject = said("%(reference)s: additional documents", **about)
        what = said("The office asks for additional documents for %(reference)s:", **about)
        if until:
            subject = said("%(reference)s: additional documents by %(when)s", **about)
    lines: list[Line] = [
        what,
        *(said("- %(name)s", name=name) for name in names),
        "",
        *_message(wanted.message),
    ]
    if until:
        lines.append(said("Please do it by %(when)s.", when=until))
    return _written(desk, draft, subject, [*lines, "", *([_open_here(desk, draft)] if link else [])])


def decided(
    desk: Desk,
    draft: Draft,
    decision: Decision,
    programme: Translatable,
    held: datetime.timedelta,
    name: str,
) -> bool:
    """What the committee decided, in a mail called `name` that is held so long; whether there is one."""
    return _spool(desk, draft, of_decision(desk, draft, decision, programme), held, name)


def of_decision(
    desk: Desk, draft: Draft, decision: Decision, programme: Translatable, link: bool = True
) -> EmailMessage:
    """The mail that tells what the committee decided; a preview has no link, which would be a new one."""
    lines: list[Line] = [outcome(decision, programme), "", *_message(decision.message)]
    subject = said("%(reference)s: the decision", reference=draft.sealed)
    if decision.outcome == "nominated":
        subject = said("%(reference)s: you are nominated", reference=draft.sealed)
    if decision.outcome == "nominated" and decision.answer_by:
        when = _last_minute(desk, decision.answer_by)
        subject = said(
            "%(reference)s: you are nominated, answer by %(when)s", reference=draft.sealed, when=when
        )
        lines.append(said("Please say by %(when)s whether you take the place.", when=when))
    return _written(desk, draft, subject, [*lines, "", *([_open_here(desk, draft)] if link else [])])


def refused(desk: Desk, draft: Draft, programme: Translatable, held: datetime.timedelta, name: str) -> bool:
    """That the host has refused the student, in a mail called `name` that is held so long; whether there is
    one."""
    subject = said("%(reference)s: the host has not accepted your nomination", reference=draft.sealed)
    lines: list[Line] = [refusal(programme), AFTER_REFUSAL, "", _open_here(desk, draft)]
    return _spool(desk, draft, _written(desk, draft, subject, lines), held, name)


def refusal(programme: Translatable) -> Said:
    """That the host has refused, in a sentence."""
    return said("The host has not accepted your nomination for %(programme)s.", programme=programme)


def standing(told: Decided, programme: Translatable) -> Said:
    """What came of a decision that was told, in a sentence."""
    refused = told.refused and not told.declined
    return refusal(programme) if refused else outcome(told.decision, programme)


def outcome(decision: Decision, programme: Translatable) -> Said:
    """A decision in a sentence."""
    if decision.outcome == "nominated":
        return said("You are nominated for %(programme)s.", programme=programme)
    if decision.outcome == "waiting list":
        return said("You are on the waiting list.")
    return said("You are not nominated this time.")


def late(desk: Desk, draft: Draft) -> None:
    """That one student may submit after the call."""
    subject = said("You may still submit your application")
    lines: list[Line] = [
        said("The office lets you submit your application later."),
        _by_when(desk, draft),
        "",
        _open_here(desk, draft),
        "",
        _KEEP,
    ]
    _send(desk, draft, subject, lines)


def withdrawn(desk: Desk, draft: Draft) -> None:
    """That an application does not count any more."""
    subject = said("%(reference)s is withdrawn", reference=draft.sealed)
    _send(
        desk, draft, subject, [said("Your application %(reference)s is withdrawn.", reference=draft.sealed)]
    )


def address_changed(desk: Desk, draft: Draft, before: str) -> None:
    """Tells an address that mail about an application goes to another one from now on, not to which."""
    ours = desk.book.catalogue.institution
    subject = said(
        "%(university)s outgoing mobility: mail goes to another address", university=ours.short_name
    )
    lines: list[Line] = [
        said(
            "Mail about an application that was begun with this address goes to another address from now on, "
            "and the links sent to this one are revoked."
        ),
        said("If that was not you, write to %(office)s.", office=ours.office.email or ours.office.name),
    ]
    _send(desk, replace(draft, email=before), subject, lines)


def _which(draft: Draft, call: calls.Call) -> Said:
    if draft.sealed:
        return said("Your application %(reference)s for %(call)s:", reference=draft.sealed, call=call.name)
    return said("Your application for %(call)s:", call=call.name)


def _by_when(desk: Desk, draft: Draft) -> Line:
    if draft.sealed:
        return said("It is submitted; here you see where it stands.")
    rules = desk.book.catalogue.calls
    until = draft.late.until if draft.late else calls.by_id(rules, draft.call).closes.isoformat()
    return said("To be submitted by %(when)s.", when=_last_minute(desk, until))


def _open_here(desk: Desk, draft: Draft) -> Line:
    with suppress(private_links.Revoked):
        if link := _link(desk, draft):
            return said("Open it here: %(link)s", link=link)
    return said("Open it with your private link.")


def _link(desk: Desk, draft: Draft) -> str:
    """A new link for a mail to the draft's address. Raises Revoked where that is changed meanwhile."""
    if not desk.address:
        return ""
    return f"{desk.address}back/{private_links.issue(desk.instance, draft, desk.now)}"


def _message(text: str) -> list[Line]:
    return [text, ""] if text else []


def _last_minute(desk: Desk, until: str) -> datetime.datetime:
    instant = calls.last_minute(datetime.datetime.fromisoformat(until))
    return instant.astimezone(calls.zone(desk.book.catalogue.calls))


def _send(
    desk: Desk, draft: Draft, subject: Said, lines: Sequence[Line], attached: tuple[str, str] | None = None
) -> None:
    message = _written(desk, draft, subject, lines)
    if attached:
        message.add_attachment(attached[1], filename=attached[0])
    _spool(desk, draft, message)


def _written(desk: Desk, draft: Draft, subject: Said, lines: Sequence[Line]) -> EmailMessage:
    """A mail in the applicant's language."""
    language = draft.language
    ours = in_language(desk.book.catalogue.institution, language)
    begin = said("REHEARSAL: nothing of this is an application.").to(language)
    written = [line.to(language) if isinstance(line, Said) else line for line in lines]
    message = EmailMessage()
    message["Subject"] = ("[R] " if desk.rehearsal else "") + subject.to(language)
    message["Auto-Submitted"] = "auto-generated"
    body = [*([begin, ""] if desk.rehearsal else []), *written, "", f"{ours.name}, {ours.office.name}"]
    message.set_content("\n".join(body) + "\n")
    return message


def _spool(
    desk: Desk,
    draft: Draft,
    message: EmailMessage,
    held: datetime.timedelta = datetime.timedelta(0),
    name: str = "",
) -> bool:
    """Puts a mail out, unless there is no address to write to; whether it did."""
    if not email_addresses.parsed(draft.email):  # none was given, or one of before today's rules
        return False
    outbox.spool(desk.instance, message, draft.email, draft.journal_name, desk.now, held, name)
    if not draft.folder.exists():  # erased meanwhile, perhaps before this mail could be found
        outbox.forget(desk.instance, draft.journal_name)
    return True
