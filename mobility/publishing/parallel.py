"""Work on all cores of the machine."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

R = TypeVar("R")
Task = Callable[[], R]


def on_all(tasks: Sequence[Task[R]]) -> list[R]:
    """What the tasks return, in their order. Raises what a task raises.

    The workers are forked: what the tasks know is shared as it stands, and only results are sent.
    """
    with multiprocessing.get_context("fork").Pool(_cores(), _take, (tasks,)) as pool:
        return pool.map(_do, range(len(tasks)), chunksize=1)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_tasks: Sequence[Task[Any]]


def _take(tasks: Sequence[Task[Any]]) -> None:
    global _tasks
    _tasks = tasks
    gc.freeze()  # what the parent knew is not garbage: it need not be gone through again and again
    gc.enable()  # whatever the parent does


def _do(number: int) -> Any:
    return _tasks[number]()
