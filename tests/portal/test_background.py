"""Of several processes that share a data folder one does what follows the answers, and another after it."""

import datetime
import time
from pathlib import Path

from mobility import storage
from mobility.office import tasks
from mobility.paths import CHECKOUT, Instance
from portal.background import Background
from portal.context import Context
from portal.settings import Settings, real_clock


def _done(kept: Instance) -> bool:
    """Whether a task is done within some seconds."""
    tasks.add(kept, "mail links", datetime.datetime.now(datetime.UTC), email="nobody@example.kz")
    ends = time.monotonic() + 10
    while list(tasks.waiting(kept)) and time.monotonic() < ends:
        time.sleep(0.05)
    return not list(tasks.waiting(kept))


def test_one_works_at_a_time_and_the_next_takes_over(tmp_path: Path) -> None:
    settings = Settings(CHECKOUT, Instance(tmp_path), "secret", "http://localhost/apply/", (), real_clock)
    first, second = (Background(Context(settings)) for _ in range(2))
    first.start()
    assert _done(settings.kept)
    second.start()
    with storage.lock_if_free(settings.kept.background_lock) as free:
        assert not free
    first.stop()
    assert _done(settings.kept), "by the second"
    second.stop()
    with storage.lock_if_free(settings.kept.background_lock) as free:
        assert free
    tasks.add(settings.kept, "mail links", real_clock(), email="nobody@example.kz")
    assert len(list(tasks.waiting(settings.kept))) == 1, "nobody works any more"
