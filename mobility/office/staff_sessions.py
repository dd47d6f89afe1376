"""Sessions of staff at the desk, known to the server: they end when they are left, and after a day's work.

A browser's cookie holds a random id; here lies a file named by its hash, with the id of the member.
"""

import datetime
import secrets

from mobility.applications import session_files
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
    session_files.keep(instance.staff_sessions, session_id, now, member=member_id)
    return session_id


def member_id(instance: Instance, session_id: str, now: datetime.datetime) -> str | None:
    """Whose session this is; none where it was left, or has lasted too long."""
    kept = session_files.find(instance.staff_sessions, session_id, now, LONGEST)
    return str(kept["member"]) if kept else None


def member(instance: Instance, session_id: str, now: datetime.datetime) -> Member | None:
    """The member whose session this is; none where they are of the staff no more."""
    found = member_id(instance, session_id, now)
    return staff.find(instance, found) if found else None


def end(instance: Instance, session_id: str) -> None:
    """Ends a session: its cookie opens nothing from now on, wherever a copy of it is."""
    session_files.end(instance.staff_sessions, session_id)


def sweep(instance: Instance, now: datetime.datetime) -> None:
    """Removes sessions that have lasted too long."""
    session_files.sweep(instance.staff_sessions, now, LONGEST)
