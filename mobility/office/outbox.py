"""A mail queue on the disk: messages are spooled at once, and delivered by a thread that tries again.

A message is a file `<id>.eml` with its `<id>.json` beside: for which application, how often it was tried,
when next, and what the server said. Sent, both are removed, since private links stand in mail.
"""

import datetime
import email
import email.policy
import json
import os
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from mobility import storage
from mobility.applications import journal
from mobility.paths import Instance

TRIES = tuple(datetime.timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
"""How long after each failure the next try is; after the last a message waits for the officer."""
_TIMEOUT = 20
"""Seconds that a server may take for an answer."""


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
    """A message in the outbox. `about`: a reference, or what journal and officer know the draft by; `next`:
    ISO 8601, None when it is not tried by itself any more."""

    id: str
    about: str
    spooled: str
    tries: int = 0
    next: str | None = None
    error: str = ""


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


def spool(instance: Instance, message: EmailMessage, about: str, now: datetime.datetime) -> str:
    """Adds a message to the queue, and gives its id; it is sure to be tried when this returns."""
    place = storage.folder(instance.outbox)
    name = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    message["Date"] = format_datetime(now)
    when = now.isoformat(timespec="seconds")
    storage.write(place / f"{name}.json", json.dumps(asdict(Waiting(name, about, when, next=when))))
    storage.write(place / f"{name}.eml", message.as_bytes(policy=email.policy.SMTP))
    return name


def waiting(instance: Instance) -> Iterator[Waiting]:
    """What has not gone yet, the oldest first."""
    for path in sorted(instance.outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
        note = path.with_suffix(".json")
        yield Waiting(**json.loads(note.read_text())) if note.exists() else Waiting(path.stem, "", "")


def message(instance: Instance, waits: Waiting) -> EmailMessage:
    """What is written in a waiting message."""
    content = (instance.outbox / f"{waits.id}.eml").read_bytes()
    return email.message_from_bytes(content, policy=email.policy.default)


def deliver(instance: Instance, server: Server, now: datetime.datetime, all_now: bool = False) -> int:
    """Sends what is due, or all; how many went. What fails is tried again later, and tells why in its note.
    Of several who deliver at once, one does."""
    if not instance.outbox.exists():
        return 0
    sent = 0
    with storage.locked(instance.outbox):
        for waits in list(waiting(instance)):
            due = waits.next is not None and datetime.datetime.fromisoformat(waits.next) <= now
            if due or all_now:
                sent += _try(instance, server, waits, now)
    return sent


def forget(instance: Instance, about: str) -> None:
    """Removes waiting mail about one application."""
    for waits in list(waiting(instance)):
        if waits.about == about:
            _remove(instance, waits)


def _try(instance: Instance, server: Server, waits: Waiting, now: datetime.datetime) -> bool:
    mail = message(instance, waits)
    if "From" not in mail:
        mail["From"] = server.sender
        mail["Message-ID"] = make_msgid(waits.id, server.sender.rsplit("@", 1)[1].rstrip(">"))
    try:
        _send(server, mail)
    except (OSError, smtplib.SMTPException) as error:
        later = TRIES[waits.tries] if waits.tries < len(TRIES) and not _final(error) else None
        failed = replace(
            waits,
            tries=waits.tries + 1,
            next=(now + later).isoformat(timespec="seconds") if later else None,
            error=_why(error),
        )
        storage.write(instance.outbox / f"{waits.id}.json", json.dumps(asdict(failed)))
        return False
    _remove(instance, waits)
    journal.record(instance, now, "mail sent", waits.about, mail=waits.id)
    return True


def _send(server: Server, mail: EmailMessage) -> None:
    trusted = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE"))
    if server.tls:
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=trusted)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
    with line:
        line.ehlo()
        if not server.tls and line.has_extn("starttls"):
            line.starttls(context=trusted)
            line.ehlo()
        elif not server.tls and server.user:
            raise smtplib.SMTPNotSupportedError("the server offers no TLS, and no password goes without")
        if server.user:
            line.login(server.user, server.password)
        line.send_message(mail)


def _final(error: Exception) -> bool:
    """Whether trying again cannot help: the server knows no such address, or takes no such message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _why(error: Exception) -> str:
    """What went wrong, in a line; servers repeat the recipient in it, who is left out."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"recipient refused: {code}" for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__}: {error.smtp_code}"
    return f"{type(error).__name__}: {error}"[:200]


def _remove(instance: Instance, waits: Waiting) -> None:
    storage.remove(instance.outbox / f"{waits.id}.eml")
    storage.remove(instance.outbox / f"{waits.id}.json")
