"""What every page of the portal reads: the rules that hold now, the time, the call."""

import datetime
import logging
import threading
from dataclasses import replace

from flask import current_app, request

from mobility.applications import private_links
from mobility.applications.drafts import Draft
from mobility.catalogue import calls
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import last_good
from mobility.office.desk import Desk
from mobility.yamlfiles.reader import InvalidFile, Problem
from portal.settings import Settings

log = logging.getLogger("portal")


class Context:
    """Keeps the rulebook as the office edits it; `book`: the last good rules. A file that goes wrong while
    the portal runs is reported in the log, line by line, and the last good rules stay."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self._lock = threading.Lock()
        self._seen = self._stamp()
        self.book: Rulebook = self._rules()

    def refresh(self) -> None:
        """Reads the rules again where their files have changed."""
        with self._lock:
            if (stamp := self._stamp()) != self._seen:
                self._seen = stamp
                try:
                    self.book = self._rules()
                except InvalidFile as error:  # nothing is kept before there is a data folder
                    self._tell(error.problems)

    def _rules(self) -> Rulebook:
        book, problems = last_good.rules(self.settings.checkout, self.settings.kept)
        self._tell(problems)
        return book

    def _tell(self, problems: list[Problem]) -> None:
        for problem in problems:
            log.error("%s (the last good rules stay)", problem)

    def now(self) -> datetime.datetime:
        """The present instant in the institution's time zone."""
        return self.settings.clock().astimezone(calls.zone(self.book.catalogue.calls))

    def desk(self) -> Desk:
        """What mail and lists of this portal need; links in mail begin with the address of the settings."""
        settings = self.settings
        return Desk(settings.kept, self.book, settings.address, settings.rehearsal, self.now())

    def private_link(self, secret: str) -> str:
        """The whole private link of a secret."""
        return f"{self.settings.address}back/{secret}"

    def open_call(self) -> Call | None:
        """The call that takes applications now; in a rehearsal the next one counts as open."""
        now, rules = self.now(), self.book.catalogue.calls
        found = calls.open_call(rules, now)
        return found or (self._opened(calls.next_call(rules, now)) if self.settings.rehearsal else None)

    def next_call(self) -> Call:
        """The call that opens next."""
        return calls.next_call(self.book.catalogue.calls, self.now())

    def call_of(self, call_id: str) -> Call:
        """The call under which a draft was begun."""
        call = calls.by_id(self.book.catalogue.calls, call_id)
        return self._opened(call) if self.settings.rehearsal else call

    def deadline(self, draft: Draft) -> datetime.datetime:
        """The first instant at which a draft is not taken any more."""
        rules = self.book.catalogue.calls
        return private_links.deadline(draft, rules).astimezone(calls.zone(rules))

    def accepts(self, draft: Draft) -> bool:
        """Whether a draft can be filled and submitted now."""
        call = self.call_of(draft.call)  # first: in a rehearsal it opens at the moment of asking
        return call.opens <= self.now() < self.deadline(draft)

    def _opened(self, call: Call) -> Call:
        return replace(call, opens=min(call.opens, self.now()))

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        root = self.settings.checkout.root
        found = [(name, (root / name).stat()) for name in last_good.file_names(root)]
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def context() -> Context:
    """The context of the app that answers this request."""
    found: Context = current_app.extensions["portal"]
    return found


def at_the_desk() -> bool:
    """Whether the address that was asked for is one of the officers' desk."""
    return request.path.startswith("/office/")
