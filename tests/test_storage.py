"""What stands on the disk is whole for everybody who comes at the same moment."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mobility import storage


def test_a_database_that_many_open_at_once_for_the_first_time_is_ready_for_each(tmp_path: Path) -> None:
    def add(place: Path) -> None:
        def insert(db: sqlite3.Connection) -> None:
            db.execute("BEGIN IMMEDIATE")
            db.execute("CREATE TABLE IF NOT EXISTS visits (number INTEGER)")
            db.execute("INSERT INTO visits VALUES (1)")
            db.execute("COMMIT")

        storage.in_database(place, insert)

    with ThreadPoolExecutor(8) as pool:
        for number in range(20):
            place = tmp_path / f"{number}.sqlite3"
            (tmp_path / f".making-{place.name}").write_bytes(b"left by a crash")
            list(pool.map(add, [place] * 8))
            counted = storage.in_database(
                place, lambda db: db.execute("SELECT count(*) FROM visits").fetchone()
            )
            assert counted[0] == 8
    assert not list(tmp_path.glob(".making-*"))
