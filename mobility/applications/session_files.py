"""Files of sessions, each named by the hash of an id that stands in a browser's cookie alone."""

import datetime
import hashlib
from pathlib import Path
from typing import Any

from mobility import storage
from mobility.applications import versioned_files


def keep(folder: Path, session_id: str, now: datetime.datetime, **facts: str) -> None:
    """Keeps a session that begins now."""
    kept = {**facts, "begun": now.isoformat(timespec="seconds")}
    versioned_files.write_json(storage.folder(folder) / _name(session_id), kept)


def find(
    folder: Path, session_id: str, now: datetime.datetime, longest: datetime.timedelta
) -> dict[str, Any] | None:
    """What is kept of a session; none where it was left, or has lasted too long."""
    try:
        kept = versioned_files.read_json(folder / _name(session_id))
    except FileNotFoundError:
        return None
    return None if _over(kept, now, longest) else kept


def end(folder: Path, session_id: str) -> None:
    """Ends a session: its cookie opens nothing from now on, wherever a copy of it is."""
    storage.remove(folder / _name(session_id))


def sweep(folder: Path, now: datetime.datetime, longest: datetime.timedelta) -> None:
    """Removes sessions that have lasted too long."""

    def over(path: Path) -> Path | None:
        return path if _over(versioned_files.read_json(path), now, longest) else None

    for path in versioned_files.readable(folder.glob("[!.]*"), over):
        if path:
            storage.remove(path)


def _over(kept: dict[str, Any], now: datetime.datetime, longest: datetime.timedelta) -> bool:
    return now - datetime.datetime.fromisoformat(kept["begun"]) > longest


def _name(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()
