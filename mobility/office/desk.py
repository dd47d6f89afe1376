"""What every act of the office needs: the instance, the rules, the portal's address and the time."""

import datetime
from dataclasses import dataclass

from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance


@dataclass(frozen=True)
class Desk:
    """What every act of the office needs: where things are kept, the rules, and the present instant.

    `address`: where private links begin, such as https://mobility.example.kz/apply/; empty where it is not
    known; `by`: who acts, as the journal says it: the id of a member of the staff, or `command`."""

    instance: Instance
    book: Rulebook
    address: str
    rehearsal: bool
    now: datetime.datetime
    by: str = "command"

    @property
    def at(self) -> str:
        """The present instant as it is kept (ISO 8601)."""
        return self.now.isoformat(timespec="seconds")


def office_address(desk: Desk) -> str:
    """Where the office's desk stands; empty where that is not known."""
    return f"{desk.address.removesuffix('apply/')}office/" if desk.address else ""


def apply_address(book: Rulebook) -> str:
    """Where private links begin, as the office has set it; empty where it has not."""
    settings = book.catalogue.settings
    if settings.portal.startswith("http"):
        return settings.portal
    return f"{settings.address.rstrip('/')}{settings.portal}" if settings.address else ""
