"""Waiting for what the portal does after its answers."""

import time

from mobility.applications import lookup
from mobility.applications.bags import Bag
from mobility.office import tasks
from mobility.paths import Instance


def written(kept: Instance) -> None:
    """Waits until what follows the last answers is done."""
    looked(kept)
    ends = time.monotonic() + 20
    while any(task.next for task in tasks.waiting(kept)) or lookup.calls_to_list(kept):
        assert time.monotonic() < ends, "tasks are not done"
        time.sleep(0.01)


def looked(kept: Instance) -> None:
    """Waits until all uploaded files are looked at closely."""
    ends = time.monotonic() + 60
    while any(kept.closer_looks.glob("[!.]*")):
        assert time.monotonic() < ends, "files are not looked at"
        time.sleep(0.05)


def listed(bag: Bag) -> str:
    """The office's list of a bag's call as CSV, once it is written."""
    written(bag.instance)
    return (bag.call_folder / "index.csv").read_text()
