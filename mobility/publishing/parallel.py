"""Maps a function over many items in several processes, one on each core."""

import functools
import multiprocessing
import os
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_WORTH = 800
"""A worker is started for so many items, each some milliseconds of work: it takes a second to get ready."""
_CHUNK = 40
"""So many items are sent at one go: enough to be worth sending, and few enough to share out evenly."""


def map_on_cores(begin: Callable[[], Callable[[T], R]], items: Sequence[T]) -> list[R]:
    """Results of the function that `begin` returns, one for each item, in their order. Raises what it raises.

    Workers are new processes, not forks: a fork of a process with threads may hang. So `begin`, items and
    results must be picklable; `begin` is called once in each worker, or just here for few items.
    """
    workers = min(_cores(), len(items) // _WORTH)
    if workers < 2:
        return list(map(begin(), items))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start_worker, (pickle.dumps(begin),)) as pool:
        return list(pool.map(_work, items, chunksize=_CHUNK))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_pickled: bytes


def _start_worker(pickled: bytes) -> None:
    global _pickled
    _pickled = pickled


@functools.cache
def _function() -> Callable[[Any], Any]:
    begin: Callable[[], Callable[[Any], Any]] = pickle.loads(_pickled)
    return begin()


def _work(item: Any) -> Any:
    return _function()(item)
