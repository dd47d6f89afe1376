"""A thread that does what follows an answer: tasks, waiting mail, lists, and now and then what has grown old.

Of all processes and hosts that share a data folder one does this: that which holds a lock, until it ends.
"""

import logging
import threading
import time
from collections.abc import Callable

from mobility import storage
from mobility.applications import drafts, index, listing, resumable, sessions
from mobility.office import digest, outbox, progress, retention, staff_sessions, tasks
from portal.context import Context
from portal.looker import Looker

log = logging.getLogger("portal")

EVERY = 1.0
"""Seconds after which tasks and mail are looked for, where nobody has called before."""
SWEEP_EVERY = 3600.0
"""Seconds between two looks for what has grown old."""
_COUNTS_EVERY = 20.0
"""Seconds between two looks at how far drafts are."""
_REST = 4
"""Lists are not written again before so many times what writing them took has passed."""


class Background:
    """The thread of one process. A page that adds a task calls `wake`, so that it is done at once."""

    def __init__(self, ctx: Context):
        self.ctx = ctx
        self._looker = Looker(ctx)
        self._called, self._ends = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)
        self._swept = self._listed = self._counted = 0.0

    def start(self) -> None:
        """Starts to work, with what an earlier run of the portal has left."""
        self._thread.start()

    def wake(self) -> None:
        """Says that there is something to do."""
        self._called.set()

    def stop(self) -> None:
        """Ends once the work at hand is done."""
        self._ends.set()
        self._called.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ends.is_set():
            with storage.lock_if_free(self.ctx.settings.kept.background_lock) as mine:
                if mine:
                    self._work_to_the_end()
            self._ends.wait(EVERY)

    def _work_to_the_end(self) -> None:
        self._looker.start()
        while not self._ends.is_set():
            self._called.clear()
            self._work()
            self._called.wait(EVERY)
        self._looker.stop()

    def _work(self) -> None:
        """Each part by itself, so that one that fails holds up no other."""
        kept, mail = self.ctx.settings.kept, self.ctx.settings.mail
        _safely("reading the rules", self.ctx.refresh)
        _safely("tasks", lambda: tasks.do_due(self.ctx.desk()))
        if mail:
            _safely("mail", lambda: outbox.deliver(kept, mail, self.ctx.now()))
        _safely("lists", self._list)
        _safely("counts", self._count)
        if mail:
            _safely("digests", lambda: digest.write_due(self.ctx.desk()))
        if time.monotonic() - self._swept > SWEEP_EVERY or not self._swept:
            self._swept = time.monotonic()
            self._sweep()

    def _list(self) -> None:
        begun = time.monotonic()
        if begun >= self._listed and listing.write_changed(self.ctx.settings.kept, self.ctx.now()):
            self._listed = time.monotonic() + _REST * (time.monotonic() - begun)

    def _count(self) -> None:
        begun = time.monotonic()
        if begun >= self._counted:
            progress.update(self.ctx.desk())
            self._counted = time.monotonic() + max(_COUNTS_EVERY, _REST * (time.monotonic() - begun))

    def _sweep(self) -> None:
        kept, now = self.ctx.settings.kept, self.ctx.now()
        _safely("old sessions", lambda: sessions.sweep(kept, now))
        _safely("old sessions of staff", lambda: staff_sessions.sweep(kept, now))
        _safely("removed drafts", lambda: drafts.sweep(kept))
        _safely("unfinished uploads", lambda: resumable.sweep(kept, now))
        _safely("what a crash left of mails", lambda: outbox.sweep(kept))
        _safely("the index", lambda: index.reconcile(kept))
        if self.ctx.settings.mail:  # else nobody could have confirmed an address
            rules = self.ctx.book.catalogue.calls
            _safely("unconfirmed drafts", lambda: retention.remove_unconfirmed(kept, rules, now))


def _safely(part: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:
        # The kind of error alone: its message may quote an address.
        log.error("The work after answers failed at %s: %s", part, type(error).__name__)
