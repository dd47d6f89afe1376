"""One act on several applications: where one is not possible it goes on with the others, and says why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from mobility.applications.review import NotPossible

T = TypeVar("T")


@dataclass(frozen=True)
class Several:
    """On how many an act was done, and why not on each of the others."""

    done: int
    faults: tuple[NotPossible, ...]


def each(things: Iterable[T], act: Callable[[T], object]) -> Several:
    """Does an act on each of some things."""
    done, faults = 0, []
    for thing in things:
        try:
            act(thing)
            done += 1
        except NotPossible as fault:
            faults.append(fault)
    return Several(done, tuple(faults))
