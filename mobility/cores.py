"""Work on all cores of the machine."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def on_all(work: Callable[[T], R], things: Sequence[T]) -> list[R]:
    """`work` of each thing, in their order. Raises what `work` raises.

    The workers are forked: what `work` knows is shared as it stands, and only things and results are sent.
    """
    with multiprocessing.get_context("fork").Pool(_cores(), _take, (work,)) as pool:
        return pool.map(_do, things, chunksize=1)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_work: Callable[[Any], Any]


def _take(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work
    gc.freeze()  # what the parent knew is not garbage: it need not be gone through again and again


def _do(thing: Any) -> Any:
    return _work(thing)
