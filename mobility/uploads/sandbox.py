"""Runs parsers of strangers' files in worker processes with limits: no secrets, no network, no other files.

A pool of ours and not Pebble's, whose workers send pickled results and carry the server's environment: a
worker that a file has taken over would own the portal. Here one process is started clean (an empty
environment, nothing inherited), loads the libraries, shuts itself in, and forks a child for each task, which
takes a few milliseconds. Files go to it as handles that are open already, answers come back as JSON.

Many threads may call `run`; as many tasks run at once as there are cores, shared among the processes of a
portal (`share`). The worker is started at the first task, or by `start`, and ends with this process, however
that ends.
"""

import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

log = logging.getLogger("uploads")

WORKERS = max(2, min(4, os.cpu_count() or 2))
"""Tasks that run at once."""
_MOST_WAITING = 24
"""Tasks that wait for their turn; so many threads of a server at most are held up by large files."""
_MOST_ANSWER = 8_000_000
_SLACK = 5.0
"""Seconds that the worker may take beyond a task's limit to end it."""
_STARTING = 60.0
_BEHIND = 3
"""How many times a task's seconds one that nobody waits for may take by the clock, as others go before it."""


class Unusable(Exception):
    """A file cannot be used; `reason` names why, `values` belong to it. `too heavy`: parsing it took more
    time or memory than it may; `unreadable`: it ended the process, or failed as nothing may; `busy`: too
    many other files wait."""

    def __init__(self, reason: str, values: dict[str, Any]):
        self.reason, self.values = reason, values
        super().__init__(reason)


class Unavailable(Exception):
    """The worker cannot be started."""

    def __init__(self) -> None:
        super().__init__("the process in which files are read cannot be started")


@dataclass(frozen=True)
class Limits:
    """What one task may use: bytes of address space, seconds (of the clock, and of the processor), bytes of a
    written file, open files."""

    memory: int = 900_000_000
    seconds: int = 15
    file_size: int = 60_000_000
    files: int = 64


class _Pool:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.room = threading.BoundedSemaphore(WORKERS)
        self.behind = threading.BoundedSemaphore(1)
        self.queue = threading.BoundedSemaphore(WORKERS + _MOST_WAITING)
        self.worker: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.protections: tuple[str, ...] = ()

    def ready(self) -> socket.socket:
        """The socket of a worker that stands ready."""
        with self.lock:
            if self.control is None or self.worker is None or self.worker.poll() is not None:
                self.stop()
                self.start()
            assert self.control
            return self.control

    def start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.worker = subprocess.Popen(
                [sys.executable, "-I", "-m", "mobility.uploads.worker", str(theirs.fileno())],
                env={},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        ours.settimeout(_STARTING)
        try:
            told = ours.recv(10_000)
        except OSError:
            told = b""
        if not told:
            self.worker.kill()
            self.worker.wait()
            raise Unavailable
        ours.settimeout(None)
        self.control, self.protections = ours, tuple(json.loads(told))

    def stop(self) -> None:
        if self.control:
            self.control.close()
        if self.worker:
            self.worker.kill()  # its children die with it
            self.worker.wait()
        self.control = self.worker = None

    def give(self, message: bytes, handles: list[int]) -> None:
        """Hands a task over; once more, to a new worker, where the old one is gone."""
        try:
            socket.send_fds(self.ready(), [message], handles)
        except OSError:
            with self.lock:
                self.stop()
            socket.send_fds(self.ready(), [message], handles)


_pool = _Pool()


def share(processes: int) -> None:
    """Leaves this process its part of the tasks that run at once, where several have the same cores. To be
    called before the first task."""
    _pool.room = threading.BoundedSemaphore(max(1, WORKERS // processes))


def start() -> None:
    """Starts the worker, so that the first file does not wait for it. Raises Unavailable."""
    _pool.ready()


def protections() -> tuple[str, ...]:
    """Which protections hold on this machine. Raises Unavailable."""
    _pool.ready()
    return _pool.protections


def run(
    task: str,
    *arguments: Any,
    files: Sequence[IO[bytes]] = (),
    target: IO[bytes] | None = None,
    limits: Limits = Limits(),
    behind: bool = False,
) -> Any:
    """What a task of `mobility.uploads.worker.tasks` gives for some open files; `target`: an open file that
    it fills. Of a task that answers more than once, the last that came before its time was over. The answer
    is plain values, and no more to be trusted than the files. `behind`: nobody waits for it, so it takes no
    other's place, and what the processor has left; of such tasks one runs at once. Raises Unusable,
    Unavailable."""
    clock = limits.seconds * _BEHIND if behind else limits.seconds
    asked = {"task": task, "arguments": arguments, "target": target is not None, "limits": asdict(limits)}
    asked |= {"clock": clock, "behind": behind}
    message = json.dumps(asked).encode()
    given = [file.fileno() for file in (*files, *([target] if target else ()))]
    if behind:
        with _pool.behind:
            return _result(task, *_done(message, given, clock))
    if not _pool.queue.acquire(blocking=False):
        raise Unusable("busy", {})
    try:
        with _pool.room:
            told = _done(message, given, clock)
    finally:
        _pool.queue.release()
    return _result(task, *told)


def _done(message: bytes, given: list[int], seconds: int) -> tuple[list[bytes], bool]:
    """What a task answers, line by line, and whether its time was over."""
    begun = time.monotonic()
    answer, theirs = socket.socketpair()
    with answer:
        with theirs:
            _pool.give(message, [theirs.fileno(), *given])
        lines = _read(answer, begun + seconds + _SLACK).splitlines()
    return lines, time.monotonic() - begun > seconds * 0.9


def _result(task: str, lines: list[bytes], overran: bool) -> Any:
    """The last result among the answers; only where there is none, what went wrong counts."""
    answers = [_parsed(line) for line in lines]
    if results := [each["result"] for each in answers if "result" in each]:
        return results[-1]
    last = answers[-1] if answers else {}
    if "failed" in last:
        log.warning("The task %s failed: %.2000r", task, last["failed"])
    values = last.get("values")
    why = str(last.get("unusable") or ("too heavy" if overran else "unreadable"))
    raise Unusable(why, values if isinstance(values, dict) else {})


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):  # cut off, as the process ended in it
        return {}
    return found if isinstance(found, dict) else {}


def _read(answer: socket.socket, end: float) -> bytes:
    """What a task says until it ends, or its time is over."""
    told = bytearray()
    while len(told) <= _MOST_ANSWER and (left := end - time.monotonic()) > 0:
        answer.settimeout(left)
        try:
            piece = answer.recv(1 << 16)
        except OSError:
            break
        if not piece:
            break
        told += piece
    return bytes(told)
