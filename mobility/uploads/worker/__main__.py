"""The worker process of the sandbox: stands ready with all libraries loaded, and forks a child for each task.

It parses nothing itself. A child sees one task and its files, and ends with it: what a file breaks or takes
over in there is gone before the next file comes, and a limit on processor time counts for one file.
"""

import gc
import io
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NoReturn

from PIL import Image

from mobility.uploads.worker import confinement, tasks
from mobility.uploads.worker.unusable import Unusable

_LONGEST_MESSAGE = 1 << 20
_MOST_HANDLES = 250
_LOWEST = 19
"""The niceness of what nobody waits for."""


def main() -> None:
    """Serves tasks until whoever started this process is gone. Its one argument: the socket they come by."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _warm_up()
    nowhere = os.open(os.devnull, os.O_RDWR)
    holds = confinement.confine()
    os.nice(5)  # pages go before files
    gc.freeze()  # children share what is loaded, as long as nobody writes into it
    for handle in (1, 2):
        os.dup2(nowhere, handle)  # what libraries print about a stranger's file
    control.send(json.dumps(holds).encode())
    running: dict[int, tuple[int, float]] = {}  # by the pidfd of a child: its id, and until when it may run
    while True:
        soonest = min((end for _, end in running.values()), default=None)
        wait = None if soonest is None else max(0.0, soonest - time.monotonic())
        ready, _, _ = select.select([control.fileno(), *running], [], [], wait)
        if control.fileno() in ready:
            message, handles, _, _ = socket.recv_fds(control, _LONGEST_MESSAGE, _MOST_HANDLES)
            if not message:
                break  # the kernel ends the children with this process
            asked = json.loads(message)
            if (pid := os.fork()) == 0:
                control.close()
                _work(asked, handles)
            running[os.pidfd_open(pid)] = pid, time.monotonic() + asked["clock"]
            for handle in handles:
                os.close(handle)
        for child, (pid, end) in list(running.items()):
            if child in ready or end <= time.monotonic():
                _end(pid)
                os.close(child)
                del running[child]


def _end(pid: int) -> None:
    """Ends a child, and what it has started; its id is nobody else's before it is waited for."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError):  # it had no time to make a group of its own
            kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _warm_up() -> None:
    """Looks at files of our own, so that what libraries do at a first file is done once for all children."""
    picture, page = io.BytesIO(), io.BytesIO()
    Image.new("L", (8, 8)).save(picture, "JPEG")
    picture.seek(0)
    tasks.join_pictures(picture, target=page)
    for file in (picture, page):
        file.seek(0)
        kind = tasks.look(True, file)["kind"]
        tuple(tasks.look_closely(kind, True, file))


def _work(asked: dict[str, Any], handles: list[int]) -> NoReturn:
    """One task in a process of its own: its answers go to the first of the handles, a line of JSON each, then
    the process ends."""
    answer, *given = handles
    target = given.pop() if asked["target"] else None
    try:
        os.setpgid(0, 0)
        if asked["behind"]:
            os.nice(_LOWEST)
        confinement.limit(**asked["limits"])
        with socket.socket(fileno=answer) as back:
            for told in _answers(asked, given, target):
                back.sendall(json.dumps(told).encode() + b"\n")
    finally:
        os._exit(0)  # the libraries that the parent has loaded have nothing to tidy up here


def _answers(asked: dict[str, Any], given: list[int], target: int | None) -> Iterator[dict[str, Any]]:
    files = [os.fdopen(handle, "rb") for handle in given]
    task = getattr(tasks, asked["task"])
    try:
        if target is not None:
            with os.fdopen(target, "wb") as out:
                told = task(*asked["arguments"], *files, target=out)
            yield {"result": told}
            return
        told = task(*asked["arguments"], *files)
        for part in told if isinstance(told, Iterator) else [told]:
            yield {"result": part}
    except Unusable as error:
        yield {"unusable": error.reason, "values": error.values}
    except (MemoryError, RecursionError):
        yield {"unusable": "too heavy", "values": {}}
    except Exception:
        yield {"failed": traceback.format_exc()[-2000:]}


if __name__ == "__main__":
    main()
