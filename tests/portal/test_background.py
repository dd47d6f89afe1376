"""Of several processes that share a data folder one does what follows the answers, and another after it."""

from pathlib import Path

from mobility import storage
from mobility.applications import closer_looks, drafts, sessions
from mobility.office import staff_sessions, tasks
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


def test_what_cannot_be_read_holds_up_nothing_else(tmp_path: Path) -> None:
    settings = Settings(CHECKOUT, Instance(tmp_path), "secret", "http://localhost/apply/", (), real_clock)
    kept, now = settings.kept, real_clock()
    for place in (kept.tasks, kept.outbox, kept.sessions, kept.staff, kept.closer_looks, kept.drafts / "odd"):
        storage.folder(place)
    for path in (
        kept.tasks / "0.json", kept.outbox / "0.json", kept.outbox / "0.eml", kept.sessions / "0",
        kept.staff / "0.yaml", kept.drafts / "odd/draft.json", kept.closer_looks / "odd",
    ):  # fmt: skip
        path.write_text("{")
    sessions.begin(kept, "a secret", now - sessions.LONGEST * 2)
    _, draft = drafts.start(kept, "2027-autumn", now, {})
    closer_looks.owe(kept, draft)
    background = Background(Context(settings))
    background.start()
    _wait_for_a_task(kept)
    until(lambda: [path.name for path in kept.sessions.iterdir()] == ["0"])
    until(lambda: [path.name for path in kept.closer_looks.iterdir()] == ["odd"])
    background.stop()


def test_sessions_that_lasted_too_long_are_removed(tmp_path: Path) -> None:
    settings = Settings(CHECKOUT, Instance(tmp_path), "secret", "http://localhost/apply/", (), real_clock)
    kept, now = settings.kept, real_clock()
    sessions.begin(kept, "a secret", now - sessions.LONGEST * 2)
    staff_sessions.begin(kept, "officer1", now - staff_sessions.LONGEST * 2)
    staying = staff_sessions.begin(kept, "officer1", now)
    background = Background(Context(settings))
    background.start()
    until(lambda: not list(kept.sessions.iterdir()) and len(list(kept.staff_sessions.iterdir())) == 1)
    background.stop()
    assert staff_sessions.member_id(kept, staying, now) == "officer1"
