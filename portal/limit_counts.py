"""Counts of limits in an SQLite file, so that the processes of a machine count together without Redis.

A storage for the library `limits`, by its own base classes. The file holds times beside keyed hashes (HMAC)
of what is counted, as there are so few addresses on the net that a plain hash tells them to whoever tries
all. It may be deleted at any time, and then all counts begin at nought.
"""

import hmac
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from limits.storage import MovingWindowSupport, Storage

from mobility import storage

T = TypeVar("T")
_VERSION = 1
_SCHEMA = f"""
DROP TABLE IF EXISTS hits;
CREATE TABLE hits (key TEXT NOT NULL, at REAL NOT NULL, until REAL NOT NULL);
CREATE INDEX hits_by_key ON hits (key, at);
CREATE INDEX hits_by_end ON hits (until);
PRAGMA user_version = {_VERSION}
"""


class SqliteStorage(Storage, MovingWindowSupport):
    """What the moving window needs of a storage; the other strategies are not used here."""

    STORAGE_SCHEME = None

    def __init__(self, path: Path, secret: str):
        super().__init__()
        self.path, self._secret = path, secret.encode()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What this storage may raise."""
        return sqlite3.Error

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Counts, unless `limit` entries of the last `expiry` seconds are there already; whether it did."""

        def count(counts: sqlite3.Connection) -> bool:
            now, name = time.time(), self._hash(key)
            counts.execute("DELETE FROM hits WHERE until < ?", (now,))
            asked = "SELECT count(*) FROM hits WHERE key = ? AND at > ?"
            (before,) = counts.execute(asked, (name, now - expiry)).fetchone()
            if before + amount > limit:
                return False
            counts.executemany("INSERT INTO hits VALUES (?, ?, ?)", [(name, now, now + expiry)] * amount)
            return True

        return self._change(count)

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002
        """Since when, and how often was counted in the last `expiry` seconds."""

        def look(counts: sqlite3.Connection) -> tuple[float, int]:
            now = time.time()
            asked = "SELECT coalesce(min(at), ?), count(*) FROM hits WHERE key = ? AND at > ?"
            since, times = counts.execute(asked, (now, self._hash(key), now - expiry)).fetchone()
            return since, times

        return self._change(look)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Of fixed windows, which are not used."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Of fixed windows, which are not used."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Of fixed windows, which are not used."""
        raise NotImplementedError

    def check(self) -> bool:
        """Whether the file can be written."""
        return self._change(lambda _: True)

    def reset(self) -> int | None:
        """Begins all counts at nought; how many entries there were."""
        return self._change(lambda counts: counts.execute("DELETE FROM hits").rowcount)

    def clear(self, key: str) -> None:
        """Begins one count at nought."""
        self._change(lambda counts: counts.execute("DELETE FROM hits WHERE key = ?", (self._hash(key),)))

    def _change(self, act: Callable[[sqlite3.Connection], T]) -> T:
        """Does something with everybody else kept out."""

        def alone(counts: sqlite3.Connection) -> T:
            counts.execute("PRAGMA synchronous=OFF")  # else closing it waits for the disk
            counts.execute("BEGIN IMMEDIATE")
            try:
                if counts.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                    for statement in _SCHEMA.split(";"):
                        counts.execute(statement)
                return act(counts)
            finally:
                counts.execute("COMMIT")

        return storage.in_database(self.path, alone)

    def _hash(self, key: str) -> str:
        return hmac.digest(self._secret, key.encode(), "sha256").hex()
