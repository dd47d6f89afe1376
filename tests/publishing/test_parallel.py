"""Work shared out to all cores: the same as if one had done it, and in processes that are no forks."""

import functools
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mobility.publishing import parallel


def marker(folder: Path) -> Callable[[int], int]:
    """Halves even numbers, and leaves a file for the process that does it."""

    def mark(number: int) -> int:
        (folder / str(os.getpid())).touch()
        if number % 2:
            raise ValueError(f"{number} is odd")
        return number // 2

    return mark


@pytest.mark.filterwarnings("error")
def test_many_items_are_shared_out_beside_threads_and_come_back_in_order(tmp_path: Path) -> None:
    done = threading.Event()
    beside = threading.Thread(target=done.wait)
    beside.start()
    made = parallel.map_on_cores(functools.partial(marker, tmp_path), range(0, 8000, 2))
    done.set()
    assert made == list(range(4000))
    helpers = {path.name for path in tmp_path.iterdir()}
    assert str(os.getpid()) not in helpers or len(os.sched_getaffinity(0)) == 1


@pytest.mark.parametrize("count", [10, 4000])
def test_what_goes_wrong_with_one_item_is_raised(count: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^7 is odd$"):
        parallel.map_on_cores(functools.partial(marker, tmp_path), [*range(0, count * 2, 2), 7])


def test_few_items_are_done_here(tmp_path: Path) -> None:
    assert parallel.map_on_cores(functools.partial(marker, tmp_path), [4, 2]) == [2, 1]
    assert [path.name for path in tmp_path.iterdir()] == [str(os.getpid())]
