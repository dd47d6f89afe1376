"""Sessions of staff at the desk, known to the server: they end when they are left, and after a day's work.

A browser's cookie holds a random id; here lies a file named by its hash, with the id of the member.
"""

import datetime
import hashlib
import json
import secrets

from mobility import storage
from mobility.office import staff
from mobility.office.staff import Member
from mobility.paths import Instance

IDLE = datetime.timedelta(hours=1)
"""How long a browser stays in without a request."""
LONGEST = datetime.timedelta(hours=12)
"""How long a browser stays in at all."""


def begin(instance: Instance, member_id: str, now: datetime.datetime) -> str:
    """Begins a session of a member who has signed in; its id, for the browser's cookie alone."""
    session_id = secrets.token_urlsafe(32)
    storage.folder(instance.staff_sessions)
    kept = {"member": member_id, "begun": now.isoformat(timespec="seconds")}
    storage.write(instance.staff_sessions / _name(session_id), json.dumps(kept))
    return session_id


def member_id(instance: Instance, session_id: str, now: datetime.datetime) -> str | None:
    """Whose session this is; none where it was left, or has lasted too long."""
    try:
        kept = json.loads((instance.staff_sessions / _name(session_id)).read_text())
    except FileNotFoundError:
        return None
    over = now - datetime.datetime.fromisoformat(kept["begun"]) > LONGEST
    return None if over else str(kept["member"])


def member(instance: Instance, session_id: str, now: datetime.datetime) -> Member | None:
    """The member whose session this is; none where they are of the staff no more."""
    found = member_id(instance, session_id, now)
    return staff.find(instance, found) if found else None


def end(instance: Instance, session_id: str) -> None:
    """Ends a session: its cookie opens nothing from now on, wherever a copy of it is."""
    storage.remove(instance.staff_sessions / _name(session_id))


def sweep(instance: Instance, now: datetime.datetime) -> None:
    """Removes sessions that have lasted too long."""
    for path in instance.staff_sessions.glob("[!.]*"):
        if now - datetime.datetime.fromisoformat(json.loads(path.read_text())["begun"]) > LONGEST:
            storage.remove(path)


def _name(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()
