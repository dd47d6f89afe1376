"""Submits a draft again and again, each time in a process that is killed after one more disk call.

A program of its own, so that each process is forked from one that is warm and has no threads.
"""

import datetime
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mobility.applications import drafts, submissions
from mobility.catalogue import calls, rulebook
from mobility.paths import CHECKOUT, Instance

DISK_CALLS = ("open", "fsync", "mkdir", "rename", "replace", "link", "unlink", "rmdir")
"""Functions of `os` through which storage, pathlib and shutil change the disk, or wait for it."""


def killed_submissions(kept: Instance, folder: Path, now: datetime.datetime) -> list[Instance]:
    """Copies of `kept`, whose only draft is whole: the first as a submission left it that was killed after
    one disk call, the next as one left it that was killed after two, and so on to the last call."""
    command = [sys.executable, "-m", __name__, str(kept.root), str(folder), now.isoformat()]
    subprocess.run(command, cwd=CHECKOUT.root, check=True)
    return [Instance(path) for path in sorted(folder.iterdir(), key=lambda path: int(path.name))]


def _die_after(number: int) -> None:
    """From now on the process kills itself right after its n-th disk call."""
    made = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def then_die(*given: Any, **more: Any) -> Any:
            nonlocal made
            result = call(*given, **more)
            made += 1
            if made == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return then_die

    for name in DISK_CALLS:
        setattr(os, name, counted(getattr(os, name)))


def _main(kept: Path, folder: Path, now: datetime.datetime) -> None:
    book = rulebook.load(CHECKOUT)
    now = now.astimezone(calls.zone(book.catalogue.calls))
    (draft,) = drafts.every(Instance(kept))
    call = calls.by_id(book.catalogue.calls, draft.call)
    number, killed = 0, True
    while killed:
        number += 1
        copy = Instance(folder / str(number))
        shutil.copytree(kept, copy.root)
        (draft,) = drafts.every(copy)
        child = os.fork()
        if child == 0:
            _die_after(number)
            submissions.submit(copy, book, call, draft, now)
            os._exit(0)
        how = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert how in (0, -signal.SIGKILL), f"the submission ended with {how} at call {number}"
        killed = how != 0
    shutil.rmtree(copy.root)  # this one came to its end


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]), datetime.datetime.fromisoformat(sys.argv[3]))
