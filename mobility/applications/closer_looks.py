"""The closer look at uploaded files, after the answer: blank pages, codes, pages that a dossier cannot show.

A draft that is owed one has an empty file among `instance.closer_looks` until it is done, so that a restart
goes on with it. What is not done when the application is sent is done then, or noted for the office.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mobility import storage
from mobility.applications import drafts, kept_files
from mobility.applications.drafts import Draft
from mobility.applications.kept_files import KeptFile
from mobility.applications.versioned_files import UNREADABLE
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from mobility.uploads import inspection, sandbox
from mobility.uploads.inspection import CloserLook

WAIT = 10
"""Seconds that sending an application waits for looks, all together."""


def owe(instance: Instance, draft: Draft) -> None:
    """Keeps on the disk that files of a draft are to be looked at."""
    mark = storage.folder(instance.closer_looks) / draft.hash
    if not mark.exists():
        storage.write(mark, b"")


def do_owed(instance: Instance, book: Rulebook, ends: Callable[[], bool]) -> None:
    """Looks at all files that are owed a look, those that have waited longest first, until `ends` says so.
    Raises sandbox.Unavailable."""
    for mark in storage.oldest_first(instance.closer_looks.glob("[!.]*")):
        try:
            draft = drafts.read(storage.inside(instance.drafts, mark.name))
        except FileNotFoundError:  # the draft was erased
            storage.remove(mark)
            continue
        except UNREADABLE:  # holds up no other; `mobility doctor` names it
            continue
        try:
            while (unseen := _unseen(draft)) and not ends():
                draft = _look(book, draft, unseen[0])
            _settle(draft, mark)
        except (FileNotFoundError, drafts.Gone):  # erased meanwhile
            storage.remove(mark)
        if ends():
            return


def catch_up(book: Rulebook, draft: Draft) -> Draft:
    """The draft after a look at what was not looked at yet. What would take too long stays so, and
    application.yaml carries a mark for it."""
    ends = time.monotonic() + WAIT
    for file in _unseen(draft):
        same_seen = file not in draft.files  # what was told of another with its content is kept of it, too
        left = int(ends - time.monotonic() + 0.5)
        if left and not same_seen:
            with suppress(sandbox.Unavailable):
                draft = _look(book, draft, file, left)
    return draft


def _unseen(draft: Draft) -> list[KeptFile]:
    return [file for file in draft.files if file.unseen]


def _look(book: Rulebook, draft: Draft, file: KeptFile, wait: int | None = None) -> Draft:
    """The draft with what a look at a file tells of all that have its content. Where somebody waits for it, a
    look that came to no end tells nothing."""
    form = book.form(file.form) if file.form else None

    def looked() -> CloserLook:
        return inspection.look_closely(draft.path(file), file.kind, form is not None, wait)

    look = looked()
    if look.pictures is None:
        if wait:
            return draft
        look = looked()  # the worker may have ended for another reason than this file

    def changed(current: Draft) -> Draft:
        files = [kept_files.seen(each, look, form) if each.id == file.id else each for each in current.files]
        return replace(current, files=tuple(kept_files.seen_like(e, files) if e.unseen else e for e in files))

    return drafts.note(draft, changed)


def _settle(draft: Draft, mark: Path) -> None:
    """Removes a draft's mark, unless another file has come meanwhile."""

    def unchanged(current: Draft) -> Draft:
        if not _unseen(current):
            storage.remove(mark)
        return current

    drafts.note(draft, unchanged)
