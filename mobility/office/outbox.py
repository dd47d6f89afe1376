"""A mail queue on the disk: messages are spooled at once, and delivered by a thread that tries again.

A message is a file `<id>.eml` with its `<id>.json` beside: for which application, how often it was tried,
when next, and what the server said. Sent, both are removed, since private links stand in mail. Who sends or
removes a message holds its own lock, so that nobody waits for the mails before it.
"""

import datetime
import email
import email.policy
import functools
import os
import re
import secrets
import smtplib
import ssl
import time
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mobility import storage
from mobility.applications import journal, versioned_files
from mobility.applications.review import NotPossible
from mobility.applications.versioned_files import UNREADABLE
from mobility.i18n.languages import said
from mobility.paths import Instance
from mobility.yamlfiles import email_addresses

TRIES = tuple(datetime.timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
"""How long after each failure the next try is; after the last a message waits for the officer."""
_TIMEOUT = 20
"""Seconds that a server may take for an answer."""
_LEFT_OVER = 3600
"""Seconds after which nobody writes any more what has no message."""

_GONE = said("this mail waits no more: it has gone, or was removed")
_HELD = said("this mail is held, so that it can be recalled: it goes by itself")


class BadServer(Exception):
    """The mail server is not named as it must be; the message says how."""


@dataclass(frozen=True)
class Server:
    """A mail server, and the address that mail comes from."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    tls: bool = False


@dataclass(frozen=True)
class Waiting:
    """A message in the outbox. `about`: a reference, or what journal and officer know the draft by; `to`: the
    one address that it goes to, whatever its header says; `next`: ISO 8601, None when it is not tried by
    itself any more."""

    id: str
    about: str
    spooled: str
    tries: int = 0
    next: str | None = None
    error: str = ""
    to: str = ""

    def is_held(self, now: datetime.datetime) -> bool:
        """Whether its first try waits on purpose, as that of a decision, which can be recalled."""
        return self.tries == 0 and self.next is not None and now < datetime.datetime.fromisoformat(self.next)


def server(address: str | None, sender: str | None) -> Server | None:
    """The server that smtp://user:password@host:587 or smtps://host names; none where none is named.

    smtp goes over to TLS where the server offers it, and says no password without. Raises BadServer.
    """
    if not address:
        return None
    parts = urlsplit(address)
    try:
        port = parts.port or (465 if parts.scheme == "smtps" else 25)
    except ValueError:
        port = 0
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not port:
        raise BadServer("MOBILITY_SMTP must be as smtp://user:password@mail.example.kz:587")
    if not sender or "@" not in sender:
        raise BadServer("MOBILITY_MAIL_FROM must be the address that mail comes from")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, port, sender, user, password, parts.scheme == "smtps")


def takes_smtputf8(server: Server | None) -> bool:
    """Whether the mail server writes to addresses with other than Latin letters before the @ (RFC 6531)."""
    try:
        return bool(server and _knows_smtputf8(server))
    except (OSError, smtplib.SMTPException):
        return False


def fault(server: Server) -> str:
    """Why a server would take no mail now, in a line; empty where it would."""
    try:
        with _connected(server) as line:
            if server.user:
                line.login(server.user, server.password)
    except (OSError, smtplib.SMTPException) as error:
        return _why(error)
    return ""


@functools.lru_cache
def _knows_smtputf8(server: Server) -> bool:
    with _connected(server) as line:
        return line.has_extn("smtputf8")


def spool(
    instance: Instance,
    message: EmailMessage,
    to: str,
    about: str,
    now: datetime.datetime,
    held: datetime.timedelta = datetime.timedelta(0),
    name: str = "",
) -> str:
    """Adds a message to one address to the queue, and gives its id; it is sure to be tried when this returns,
    `held` so long before. `name`: its id with `about` in it, where it must not wait twice. Raises ValueError
    where `to` is not just one address."""
    address = email_addresses.parsed(to)
    if address is None:
        raise ValueError("not one e-mail address")
    place = storage.folder(instance.outbox)
    name = name or f"{now:%Y%m%dT%H%M%S}-{about}-{secrets.token_hex(4)}"
    del message["To"]
    message["To"] = Address(username=address.local_part, domain=address.ascii_domain)
    message["Date"] = format_datetime(now)
    when = now.isoformat(timespec="seconds")
    due = (now + held).isoformat(timespec="seconds")
    note = Waiting(name, about, when, next=due, to=email_addresses.envelope(to))
    versioned_files.write_json(place / f"{name}.json", asdict(note))
    storage.write(place / f"{name}.eml", _as_bytes(message, email_addresses.needs_smtputf8(to)))
    return name


def _as_bytes(message: EmailMessage, utf8: bool) -> bytes:
    """A message as it is sent. A subject in other than ASCII is folded apart: the policies of Python 3.11
    lose the space where a line of encoded words ends (https://github.com/python/cpython/issues/92081)."""
    said = str(message["Subject"])
    if utf8 or said.isascii():
        return message.as_bytes(policy=email.policy.SMTPUTF8 if utf8 else email.policy.SMTP)
    subject = Header(said, "utf-8", header_name="Subject").encode(linesep="\r\n")
    del message["Subject"]
    return f"Subject: {subject}\r\n".encode("ascii") + message.as_bytes(policy=email.policy.SMTP)


def waiting(instance: Instance) -> Iterator[Waiting]:
    """What has not gone yet, the oldest first."""
    notes = (path.with_suffix(".json") for path in storage.oldest_first(instance.outbox.glob("*.eml")))
    yield from versioned_files.readable(notes, read)


def read(note: Path) -> Waiting:
    """What is kept of a message beside it."""
    if not note.exists() and note.with_suffix(".eml").exists():
        return Waiting(note.stem, "", "")
    return Waiting(**versioned_files.read_json(note))


def message(instance: Instance, waits: Waiting) -> EmailMessage:
    """What is written in a waiting message."""
    content = (instance.outbox / f"{waits.id}.eml").read_bytes()
    return email.message_from_bytes(content, policy=email.policy.default)


def deliver(instance: Instance, server: Server, now: datetime.datetime, all_now: bool = False) -> int:
    """Sends what is due, or all but what is held; how many went. What fails is tried again later, and tells
    why in its note. A server that does not answer is asked once, not for every mail: whoever delivers has
    other work, too. Of several who deliver at once, one does."""
    if not instance.outbox.exists():
        return 0
    sent = 0
    with storage.locked(instance.outbox):
        for waits in list(waiting(instance)):
            due = waits.next is not None and datetime.datetime.fromisoformat(waits.next) <= now
            if due or (all_now and not waits.is_held(now)):
                with _alone(instance, waits.id) as there:
                    failed = _try(instance, server, waits, now) if there else None
                sent += there and failed is None
                if failed and _is_away(failed):
                    break
    return sent


def is_waiting(instance: Instance, name: str) -> bool:
    """Whether a message has not gone."""
    return (instance.outbox / f"{name}.eml").exists()


def recall(instance: Instance, name: str) -> bool:
    """Removes a message that has not gone; whether it was still there."""
    with _alone(instance, name) as there:
        _remove(instance, name)
    return there


def stuck(instance: Instance) -> list[Waiting]:
    """What was tried and has not gone, the oldest first."""
    return [each for each in waiting(instance) if each.error]


def try_again(instance: Instance, name: str, now: datetime.datetime, by: str) -> Waiting:
    """Has a waiting message tried anew, as often as at first. Raises NotPossible where it waits no more."""
    found = _waits(instance, name)
    with _alone(instance, name) as there:
        if not there:
            raise NotPossible(_GONE)
        if found.is_held(now):
            raise NotPossible(_HELD)
        again = replace(found, tries=0, next=now.isoformat(timespec="seconds"))
        versioned_files.write_json(instance.outbox / f"{name}.json", asdict(again))
    journal.record(instance, now, "mail to be tried again", found.about, mail=name, by=by)
    return found


def take_out(instance: Instance, name: str, now: datetime.datetime, by: str) -> Waiting:
    """Removes a message that waits, which then nobody gets. Raises NotPossible where it waits no more."""
    found = _waits(instance, name)
    if not recall(instance, name):
        raise NotPossible(_GONE)
    journal.record(instance, now, "mail removed", found.about, mail=name, by=by)
    return found


def _waits(instance: Instance, name: str) -> Waiting:
    found = next((each for each in waiting(instance) if each.id == name), None)
    if found is None:
        raise NotPossible(_GONE)
    return found


def forget(instance: Instance, about: str, addresses: Iterable[str] = ()) -> None:
    """Removes waiting mail about one application (`mails_about`)."""
    for path in list(mails_about(instance, about, addresses)):
        recall(instance, path.stem)


def mails_about(instance: Instance, about: str, addresses: Iterable[str]) -> Iterator[Path]:
    """The waiting mails about one application. Where the note beside a mail cannot be read, its id tells, or
    that it goes to one of the `addresses`: ids of before did not."""
    theirs = {email_addresses.canonical(each) for each in addresses if each}
    for path in instance.outbox.glob("*.eml"):
        if _is_about(instance, path.stem, about, theirs):
            yield path


def _is_about(instance: Instance, name: str, about: str, addresses: Set[str]) -> bool:
    try:
        if known := read(instance.outbox / f"{name}.json").about:
            return known == about
    except FileNotFoundError:  # gone meanwhile
        return False
    except UNREADABLE:
        pass
    if re.search(rf"(?<![0-9A-Za-z]){re.escape(about)}(?![0-9A-Za-z])", name):
        return True
    try:
        to = str(message(instance, Waiting(name, "", ""))["To"])
    except UNREADABLE:
        return False
    return email_addresses.canonical(to) in addresses


def sweep(instance: Instance) -> None:
    """Removes what a crash left of messages more than an hour ago, by the clock of the disk: half written, or
    half removed."""
    for path in instance.outbox.glob("*"):
        name = path.name.lstrip(".").partition(".")[0]
        if path.suffix == ".eml" or not name or name == "lock" or (instance.outbox / f"{name}.eml").exists():
            continue
        with suppress(FileNotFoundError):  # removed meanwhile
            if time.time() - path.stat().st_mtime > _LEFT_OVER:
                storage.remove(path)


@contextmanager
def _alone(instance: Instance, name: str) -> Iterator[bool]:
    """Keeps everybody else from sending or removing a message; whether it is there."""
    lock = f".{name}.lock"
    with storage.locked(instance.outbox, name=lock):
        message = instance.outbox / f"{name}.eml"
        try:
            yield message.exists()
        finally:
            if not message.exists():
                storage.remove(instance.outbox / lock)


def _try(instance: Instance, server: Server, waits: Waiting, now: datetime.datetime) -> Exception | None:
    """Sends one message; what went wrong, if anything."""
    mail = message(instance, waits)
    if "From" not in mail:
        mail["From"] = server.sender
        # The same at each try: where a crash came after the sending, mailboxes know the second for the first.
        mail["Message-ID"] = f"<{waits.id}@{server.sender.rsplit('@', 1)[1].rstrip('>')}>"
    try:
        _send(server, mail, waits.to)
    except (OSError, smtplib.SMTPException) as error:
        later = TRIES[waits.tries] if waits.tries < len(TRIES) and not _final(error) else None
        failed = replace(
            waits,
            tries=waits.tries + 1,
            next=(now + later).isoformat(timespec="seconds") if later else None,
            error=_why(error),
        )
        versioned_files.write_json(instance.outbox / f"{waits.id}.json", asdict(failed))
        if later is None:
            journal.record(instance, now, "mail stuck", waits.about, mail=waits.id)
        return error
    _remove(instance, waits.id)
    journal.record(instance, now, "mail sent", waits.about, mail=waits.id)
    return None


def _send(server: Server, mail: EmailMessage, to: str) -> None:
    """Sends to the address that was kept when the mail was written; mail of before has it in its header."""
    with _connected(server) as line:
        if server.user:
            line.login(server.user, server.password)
        line.send_message(mail, to_addrs=[to] if to else None)


def _connected(server: Server) -> smtplib.SMTP:
    """A connection that has said EHLO, over TLS where that can be."""
    trusted = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE"))
    if server.tls:
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=trusted)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
    try:
        line.ehlo()
        if not server.tls and line.has_extn("starttls"):
            line.starttls(context=trusted)
            line.ehlo()
        elif not server.tls and server.user:
            raise smtplib.SMTPNotSupportedError("the server offers no TLS, and no password goes without")
    except BaseException:
        line.close()
        raise
    return line


def _is_away(error: Exception) -> bool:
    """Whether the server gave no answer at all."""
    silent = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError)
    return isinstance(error, silent) or not isinstance(error, smtplib.SMTPException)


def _final(error: Exception) -> bool:
    """Whether trying again cannot help: the server knows no such address, or takes no such message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "SMTPUTF8" in str(error)
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _why(error: Exception) -> str:
    """What went wrong, in a line; servers repeat the recipient in it, who is left out."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"recipient refused: {code}" for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__}: {error.smtp_code}"
    return f"{type(error).__name__}: {error}"[:200]


def _remove(instance: Instance, name: str) -> None:
    storage.remove(instance.outbox / f"{name}.eml")
    storage.remove(instance.outbox / f"{name}.json")
