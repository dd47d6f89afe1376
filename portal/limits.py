"""How often one client, one recipient of mail and one application may do what costs others something.

Counted by the library `limits` (the engine of Flask-Limiter, whose decorators answer before a view can keep
what was typed): in an SQLite file for all processes of a host, or in Redis where MOBILITY_REDIS names one, so
that several hosts count together. A limit that is reached is told on the page and stands in the journal.
"""

import datetime
import ipaddress
import logging
from pathlib import Path

from flask import current_app, request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from mobility.applications import journal, private_links
from mobility.i18n.languages import said
from mobility.yamlfiles import email_addresses
from portal.context import context
from portal.limit_counts import SqliteStorage

log = logging.getLogger("portal")

CLIENT = "120/10 minutes; 600/day"
"""What one address on the net may begin, or have mailed: a whole campus may stand behind one."""
GUESSES = "120/minute"
"""Links that one address on the net may try."""
LINKS = f"1/{private_links.AGAIN_AFTER // datetime.timedelta(minutes=1)} minutes"
"""Requests for the links of one address that count: none is mailed more often."""
RECIPIENT = "12/hour; 30/day"
"""What makes mail to one address, from all the net."""
DRAFT = "6/hour; 12/day"
"""Changes of the address of one application."""
_JOURNAL = "30/minute"


TOO_OFTEN = said("This was done too often from here or for this address. Wait an hour, then try again.")


class Limits:
    """Counts for one app: in `redis`, else in the file `counts`, where `secret` hides whom. Where that cannot
    be used, this process counts by itself meanwhile."""

    def __init__(self, redis: str | None, counts: Path, secret: str):
        shared = storage_from_string(redis) if redis else SqliteStorage(counts, secret)
        self._memory = MovingWindowRateLimiter(MemoryStorage())
        self._shared = MovingWindowRateLimiter(shared)
        self._where = "Redis" if redis else counts.name

    def reached(self, limits: str, *key: str) -> bool:
        """Counts one more time; whether that is over one of the limits. What one refuses does not count for
        those behind it: else a flood of a minute would use up a day."""
        return not all(self._hit(item, *key) for item in parse_many(limits))

    def _hit(self, item: RateLimitItem, *key: str) -> bool:
        try:
            return self._shared.hit(item, *key)
        except Exception as error:
            log.error("%s does not answer, and is not counted in: %s", self._where, type(error).__name__)
        return self._memory.hit(item, *key)


def reached(limits: str, what: str, by: str) -> bool:
    """Counts one more time that `by` does `what`; whether that is over one of the limits, which the journal
    is told without `by`."""
    over = again(limits, what, by)
    if over:
        journal_refusal("limit reached", what)
    return over


def again(limits: str, what: str, by: str) -> bool:
    """As `reached`, of what is no fault of anybody's: the journal is not told."""
    return _counts().reached(limits, what, by)


def client() -> str:
    """The address on the net from which the request comes, as the web server before us tells it. Of IPv6 the
    first half: whoever has one such address has all that begin so."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or f"{int(found) >> 64:x}/64")


def recipient(email: str) -> str:
    """A mailbox, however its address is written: many take what follows a + as the same, some leave out
    dots."""
    name, _, domain = email_addresses.canonical(email).rpartition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


def journal_refusal(event: str, where: str) -> None:
    """Records what was refused, and where; of a flood only so much that the disk does not fill."""
    if not _counts().reached(_JOURNAL, "journal", event):
        ctx = context()
        journal.record(ctx.settings.kept, ctx.now(), event, where, method=request.method)


def _counts() -> Limits:
    found: Limits = current_app.extensions["limits"]
    return found
