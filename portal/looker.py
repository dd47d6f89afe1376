"""A thread that looks closely at uploaded files, after the answers to their uploads."""

import logging
import threading

from mobility.applications import closer_looks
from portal.context import Context

log = logging.getLogger("portal")

EVERY = 1.0
"""Seconds after which files are looked for that wait for a look."""


class Looker:
    """The thread of one portal, beside that of `background`: a look may take a minute, which mail should not
    wait for."""

    def __init__(self, ctx: Context):
        self.ctx = ctx
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="looker", daemon=True)

    def start(self) -> None:
        """Starts to work, with what an earlier run of the portal has left."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the look at hand, or without it where that takes long: it is taken again."""
        self._ends.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._ends.wait(EVERY):
            try:
                self.ctx.refresh()
                closer_looks.do_owed(self.ctx.settings.kept, self.ctx.book, self._ends.is_set)
            except Exception as error:
                # The kind of error alone: its message may quote what an applicant wrote.
                log.error("Files are not looked at closely: %s", type(error).__name__)
