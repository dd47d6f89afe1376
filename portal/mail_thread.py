"""The thread that sends the mail waiting in the outbox: no page ever waits for a mail server."""

import logging
import threading
import time

from mobility.office import outbox
from portal.settings import Settings

log = logging.getLogger("portal")

INTERVAL = 3.0
"""Seconds between two looks into the outbox."""


def start(settings: Settings) -> None:
    """Starts sending, where a mail server is named."""
    if settings.mail:
        threading.Thread(target=_deliver_forever, args=(settings,), name="postman", daemon=True).start()


def _deliver_forever(settings: Settings) -> None:
    while settings.mail:
        try:
            outbox.deliver(settings.kept, settings.mail, settings.clock())
        except Exception:
            log.exception("The outbox could not be read")
        time.sleep(INTERVAL)
