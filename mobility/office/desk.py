"""What every act of the office needs: the instance, the rules, the portal's address and the time."""

import datetime
from dataclasses import dataclass

from mobility.applications.review import NotPossible
from mobility.catalogue import calls
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import said
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


def call_named(desk: Desk, call_id: str) -> Call:
    """The call with an id such as 2027-autumn. Raises NotPossible."""
    try:
        return calls.by_id(desk.book.catalogue.calls, call_id)
    except ValueError as error:
        raise NotPossible(
            said('there is no call "%(call)s": calls are named as 2027-autumn, 2028-spring', call=call_id)
        ) from error


def office_address(desk: Desk) -> str:
    """Where the office's desk stands; empty where that is not known."""
    return f"{desk.address.removesuffix('apply/')}office/" if desk.address else ""


def apply_address(book: Rulebook) -> str:
    """Where private links begin, as the office has set it; empty where it has not."""
    settings = book.catalogue.settings
    if settings.portal.startswith("http"):
        return settings.portal
    return f"{settings.address.rstrip('/')}{settings.portal}" if settings.address else ""
