"""Waiting for what the portal does after its answers."""

import time
from collections.abc import Callable

from mobility.applications import lookup
from mobility.applications.bags import Bag
from mobility.office import tasks
from mobility.paths import Instance


def until(what: Callable[[], object], seconds: float = 40) -> None:
    """Waits until something is so."""
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.02)


def written(kept: Instance) -> None:
    """Waits until what follows the last answers is done."""
    looked(kept)
    until(lambda: not any(task.next for task in tasks.waiting(kept)) and not lookup.calls_to_list(kept), 20)


def looked(kept: Instance) -> None:
    """Waits until all uploaded files are looked at closely."""
    until(lambda: not any(kept.closer_looks.glob("[!.]*")), 60)


def listed(bag: Bag) -> str:
    """The office's list of a bag's call as CSV, once it is written."""
    written(bag.instance)
    return (bag.call_folder / "index.csv").read_text()
