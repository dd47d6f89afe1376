"""Does an act of the portal or the office again and again, each time in a process to which a fault comes one
disk call later: it is killed, the folder turns read-only, or fsync fails. With strace also: it is killed at a
system call that writes, whoever makes it (SQLite too).

A program of its own, so that each process is forked from one that is warm and has no threads.
"""

import datetime
import errno
import itertools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mobility import storage
from mobility.applications import completeness, drafts, journal, lookup, rounds, submissions
from mobility.catalogue import calls, rulebook
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, decisions
from mobility.office.desk import Desk
from mobility.paths import CHECKOUT, Instance
from mobility.uploads import sandbox

DISK_CALLS = ("open", "fsync", "mkdir", "rename", "replace", "link", "unlink", "rmdir")
"""Functions of `os` through which storage, pathlib and shutil change the disk, or wait for it."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
SYSTEM_CALLS = (
    "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "mkdir", "rename", "link", "linkat", "unlink",
    "unlinkat", "rmdir",
)  # fmt: skip
REPLACEMENT = "a-replacement.pdf"
"""The file beside the kept folders that `replace` uploads."""


@dataclass(frozen=True)
class Given:
    """What an act works on: an instance with one application or draft in it."""

    instance: Instance
    book: Rulebook
    now: datetime.datetime
    file: Path

    @property
    def desk(self) -> Desk:
        return Desk(self.instance, self.book, "", False, self.now)

    @property
    def draft(self) -> drafts.Draft:
        (found,) = drafts.every(self.instance)
        return found

    @property
    def call(self) -> Call:
        return calls.by_id(self.book.catalogue.calls, self.draft.call)

    @property
    def reference(self) -> str:
        return self.draft.reference


def _submit(given: Given) -> None:
    submissions.submit(given.instance, given.book, given.call, given.draft, given.now)


def _replace(given: Given) -> None:
    slots = completeness.slots(given.book, given.call, given.draft.answers)
    passport = next(slot for slot in slots if slot.id == "passport")
    with given.file.open("rb") as stream:
        drafts.keep(given.draft, passport, stream, "another.pdf", given.now)


def _correct(given: Given) -> None:
    with suppress(drafts.AlreadySealed):
        rounds.submit(given.instance, given.book, given.call, given.draft, given.now)


def _decide(given: Given) -> None:
    decisions.decide(given.desk, given.reference, "not nominated")


def _release(given: Given) -> None:
    with suppress(decisions.NotPossible):  # it was told already
        decisions.release(given.desk, given.reference)


def _erase(given: Given) -> None:
    with suppress(actions.NotPossible):  # nothing is there any more
        actions.erase(given.desk, "2027A-0001")


def _index(given: Given) -> None:
    storage.remove_database(given.instance.index)
    lookup.applications(given.instance, "2027-autumn")


def _journal(given: Given) -> None:
    journal.record(given.instance, given.now, "begun", "0123456789ab")


ACTS: dict[str, Callable[[Given], None]] = {
    "submit": _submit,
    "replace": _replace,
    "correct": _correct,
    "decide": _decide,
    "release": _release,
    "erase": _erase,
    "index": _index,
    "journal": _journal,
}


def _killed(number: int, _: str) -> bool:
    if number == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return False


def _read_only(number: int, name: str) -> bool:
    """From that call on nothing can be changed any more."""
    return number <= 0 and name != "fsync"


def _fsync_fails(number: int, name: str) -> bool:
    """From that call on the disk confirms nothing any more."""
    return number <= 0 and name == "fsync"


FAULTS: dict[str, tuple[Callable[[int, str], bool], int]] = {
    "killed": (_killed, 0),
    "read-only": (_read_only, errno.EROFS),
    "fsync": (_fsync_fails, errno.EIO),
}
"""Whether the call that is so many calls after the fatal one (below 0: after it) fails, and with what."""
TRACED = "killed in the kernel"
"""The fault that takes strace, and its time."""


def faulty(
    act: str, fault: str, kept: Instance, folder: Path, now: datetime.datetime, step: int = 1
) -> Iterator[Given]:
    """Copies of `kept`: the first as the act left it to which the fault came at its first disk call, and so
    on to the last call; with `step` only each so manieth."""
    words = [act, fault, str(kept.root), str(folder), now.isoformat(), str(step)]
    subprocess.run([sys.executable, "-m", __name__, *words], cwd=CHECKOUT.root, check=True)
    book = rulebook.load(CHECKOUT)
    zone = calls.zone(book.catalogue.calls)
    for path in sorted(folder.iterdir(), key=lambda path: int(path.name)):
        yield Given(Instance(path), book, now.astimezone(zone), kept.root.parent / REPLACEMENT)


def again(act: str, given: Given) -> None:
    """Does the act once more, with nothing in the way."""
    ACTS[act](given)


def _arm(fault: str, number: int) -> Callable[[], int]:
    """From now on the fault comes at the n-th disk call; gives how many were made."""
    fails, error = FAULTS[fault]
    made = 0

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def with_fault(*given: Any, **more: Any) -> Any:
            nonlocal made
            if name == "open" and not (len(given) > 1 and given[1] & WRITING):
                return call(*given, **more)
            made += 1
            if fails(number - made, name):
                raise OSError(error, os.strerror(error))
            return call(*given, **more)

        return with_fault

    for name in DISK_CALLS:
        setattr(os, name, counted(name, getattr(os, name)))
    return lambda: made


def _forked(act: str, given: Given, fault: str, number: int) -> int:
    """How a process ended that does the act until the fault comes: 0 where it came to its end before."""
    child = os.fork()
    if child == 0:
        made = _arm(fault, number)
        with suppress(OSError):
            ACTS[act](given)
        os._exit(0 if made() < number else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _traced(act: str, given: Given, call: str, number: int) -> int:
    """The same, killed as it makes its n-th such system call."""
    child = os.fork()
    if child == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        ACTS[act](given)
        os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    inject = f"inject={call}:signal=SIGKILL:when={number}"
    words = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject, "-p", str(child)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr
        assert "attached" in strace.stderr.readline()
        os.kill(child, signal.SIGCONT)
        how = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        strace.communicate()
    return how


def _main(act: str, fault: str, kept: Path, folder: Path, now: datetime.datetime, step: int) -> None:
    book = rulebook.load(CHECKOUT)
    now = now.astimezone(calls.zone(book.catalogue.calls))
    sandbox.start()
    count = itertools.count(1)
    for call in SYSTEM_CALLS if fault == TRACED else ("any",):
        for number in itertools.count(1, step):
            given = Given(Instance(folder / str(next(count))), book, now, kept.parent / REPLACEMENT)
            shutil.copytree(kept, given.instance.root)
            traced = fault == TRACED
            how = _traced(act, given, call, number) if traced else _forked(act, given, fault, number)
            assert how in (0, 1, -signal.SIGKILL), f"{act} ended with {how} at call {number}"
            if how == 0:  # no fault came to this one
                shutil.rmtree(given.instance.root)
                break


if __name__ == "__main__":
    _act, _fault, _kept, _folder, _now, _step = sys.argv[1:]
    _main(_act, _fault, Path(_kept), Path(_folder), datetime.datetime.fromisoformat(_now), int(_step))
