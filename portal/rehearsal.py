"""What a rehearsal has of its own: a clock that can be set, and a secret key that needs no setting."""

import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from mobility import storage
from mobility.catalogue import calls
from mobility.catalogue.rulebook import Rulebook
from portal.settings import real_clock


@dataclass(frozen=True)
class Ahead:
    """A clock that goes ahead of the real one by so much, in every process alike."""

    by: datetime.timedelta

    def __call__(self) -> datetime.datetime:
        return real_clock() + self.by


def clock(as_of: str, book: Rulebook) -> Callable[[], datetime.datetime]:
    """A clock that starts at the wanted instant, and goes on."""
    try:
        wanted = datetime.datetime.fromisoformat(as_of)
    except ValueError:
        raise click.UsageError(f"--as-of is {as_of}, must be 2027-03-15 or 2027-03-31T23:58") from None
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=calls.zone(book.catalogue.calls))
    ahead = wanted - real_clock()
    return Ahead(ahead)


def secret_key(data: Path) -> str:
    """A key of this folder's own, so that a restart keeps open applications open."""
    path = storage.folder(data) / "rehearsal.key"
    with storage.locked(data):  # two may start at once on one folder
        if not path.exists():
            storage.write(path, secrets.token_urlsafe(48))
    return path.read_text()
