"""Of several processes that share a data folder one does what follows the answers, and another after it."""

from pathlib import Path

from mobility import storage
from mobility.office import tasks
from mobility.paths import CHECKOUT, Instance
from portal.background import Background
from portal.context import Context
from portal.settings import Settings, real_clock
from tests.helpers.follow_ups import until


def _wait_for_a_task(kept: Instance) -> None:
    """Adds a task, and waits until somebody has done it."""
    tasks.add(kept, "mail links", real_clock(), email="nobody@example.kz")
    until(lambda: not list(tasks.waiting(kept)), 10)


def test_one_works_at_a_time_and_the_next_takes_over(tmp_path: Path) -> None:
    settings = Settings(CHECKOUT, Instance(tmp_path), "secret", "http://localhost/apply/", (), real_clock)
    first, second = (Background(Context(settings)) for _ in range(2))
    first.start()
    _wait_for_a_task(settings.kept)
    second.start()
    with storage.lock_if_free(settings.kept.background_lock) as free:
        assert not free
    first.stop()
    _wait_for_a_task(settings.kept)  # the second does it
    second.stop()
    with storage.lock_if_free(settings.kept.background_lock) as free:
        assert free
    tasks.add(settings.kept, "mail links", real_clock(), email="nobody@example.kz")
    assert len(list(tasks.waiting(settings.kept))) == 1, "nobody works any more"
