"""What is made in great number and kept is not looked through for garbage while it is made."""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def unswept(work: Callable[P, R]) -> Callable[P, R]:
    """`work` without the collector of garbage: over ten thousand partners it takes twice the time of reading.

    Only for work whose things do not point at each other in rings.
    """

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return run
