"""What a portal is started with."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mobility import outbox
from mobility.outbox import Server
from mobility.places import Instance, Places


class BadSettings(Exception):
    """The portal must not start so; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """`clock`: the present instant, with a time zone. `rehearsal`: the next call counts as open, and what is
    submitted goes to a folder of its own. `site`: the built site, where the portal serves it too. `mail`: the
    server that mail goes to; without one it waits in the outbox."""

    places: Places
    instance: Instance
    secret_key: str
    clock: Callable[[], datetime.datetime]
    rehearsal: bool = False
    https: bool = True
    site: Path | None = None
    mail: Server | None = None

    @property
    def kept(self) -> Instance:
        """Where drafts and submissions of this portal go."""
        return self.instance.rehearsal if self.rehearsal else self.instance


SHORTEST_KEY = 32


def own_key(given: str | None) -> str:
    """The secret key that a real deployment was given. Raises BadSettings where there is none to trust."""
    if not given:
        raise BadSettings(
            "MOBILITY_SECRET_KEY is not set. A real portal needs a secret key of its own: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if len(given) < SHORTEST_KEY or len(set(given)) < 10:
        raise BadSettings(
            f"MOBILITY_SECRET_KEY is too easy to guess: at least {SHORTEST_KEY} random characters are needed"
        )
    return given


def mail_server(environment: Mapping[str, str]) -> Server | None:
    """The mail server that MOBILITY_SMTP names. Raises BadSettings."""
    try:
        return outbox.server(environment.get("MOBILITY_SMTP"), environment.get("MOBILITY_MAIL_FROM"))
    except outbox.BadServer as error:
        raise BadSettings(str(error)) from error


def real_clock() -> datetime.datetime:
    """The present instant."""
    return datetime.datetime.now(datetime.UTC)
