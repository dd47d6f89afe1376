"""Sessions of browsers that have an application open, known to the server: they end when they are left, after
a time without use, and after a longest time.

A browser's cookie holds a random id. Here lies a file named by the hash of the id, with the hash of the link
by which the browser came in; the link's secret in it is encrypted with the id, so that what lies on the disk
opens no application.
"""

import base64
import datetime
import hashlib
import secrets
from dataclasses import dataclass, field

from cryptography.fernet import Fernet

from mobility.applications import drafts, session_files
from mobility.paths import Instance

IDLE = datetime.timedelta(days=2)
"""How long a browser stays in without a request, so that who fills a form on two evenings need not look for
the mail. The cookie carries the time of the last request, signed."""
LONGEST = datetime.timedelta(days=60)
"""How long a browser stays in at all, as long as a call with its corrections may take; the private link then
opens the application again."""


@dataclass(frozen=True)
class Session:
    """One browser with one application open. `link`: the hash of its link; `secret`: that link's own."""

    id: str = field(repr=False)
    link: str
    secret: str = field(repr=False)
    begun: datetime.datetime


def begin(instance: Instance, secret: str, now: datetime.datetime) -> str:
    """Begins a session of a browser that has shown a private link; its id, for the browser's cookie alone."""
    session_id = secrets.token_urlsafe(32)
    session_files.keep(
        instance.sessions,
        session_id,
        now,
        link=drafts.secret_hash(secret),
        secret=_cipher(session_id).encrypt(secret.encode()).decode(),
    )
    return session_id


def find(instance: Instance, session_id: str, now: datetime.datetime) -> Session | None:
    """The session with this id; none where it was left, or has lasted too long."""
    kept = session_files.find(instance.sessions, session_id, now, LONGEST)
    if kept is None:
        return None
    secret = _cipher(session_id).decrypt(kept["secret"]).decode()
    return Session(session_id, kept["link"], secret, datetime.datetime.fromisoformat(kept["begun"]))


def end(instance: Instance, session_id: str) -> None:
    """Ends a session: its cookie opens nothing from now on, wherever a copy of it is."""
    session_files.end(instance.sessions, session_id)


def sweep(instance: Instance, now: datetime.datetime) -> None:
    """Removes sessions that have lasted too long."""
    session_files.sweep(instance.sessions, now, LONGEST)


def _cipher(session_id: str) -> Fernet:
    key = hashlib.sha256(b"link of session " + session_id.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
