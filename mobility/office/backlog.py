"""What waits to be done in an instance, and the room on its disk; looked up without reading what grows."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from mobility.applications import index
from mobility.paths import Instance


@dataclass(frozen=True)
class Backlog:
    """How many mails, tasks and closer looks wait; seconds since the oldest mail was written or last tried;
    `index_behind`: bytes of the journal that this host's index has not read, none where there is no index;
    bytes of the disk that are free, and that it has."""

    mails: int
    oldest_mail: float
    tasks: int
    looks: int
    index_behind: int | None
    free: int
    size: int


def of(instance: Instance) -> Backlog:
    """What waits in an instance. Raises FileNotFoundError where it is missing, OSError where its disk is."""
    disk = os.statvfs(instance.root)
    mails = _written(instance.outbox, ".eml")
    return Backlog(
        mails=len(mails),
        oldest_mail=max(0.0, time.time() - min(mails)) if mails else 0.0,
        tasks=len(_written(instance.tasks, ".json")),
        looks=len(_written(instance.closer_looks, "")),
        index_behind=index.behind(instance),
        free=disk.f_bavail * disk.f_frsize,
        size=disk.f_blocks * disk.f_frsize,
    )


def _written(folder: Path, suffix: str) -> list[float]:
    """When each file of a folder was written."""
    found = []
    if folder.is_dir():
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(suffix) and not entry.name.startswith("."):
                    try:
                        found.append(entry.stat().st_mtime)
                    except FileNotFoundError:  # done meanwhile
                        continue
    return found
