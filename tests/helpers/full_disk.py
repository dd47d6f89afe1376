"""A disk that is full, really: a small file system in memory."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[None]:
    """Puts a small disk at a folder, made where it is missing; skips the test where that is not allowed."""
    place.mkdir(exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("to make a file system takes root, and leave to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path, room: int = 0) -> Path:
    """Fills the disk of a folder but for some bytes, with a file that it gives."""
    ballast, free = place / ".ballast", os.statvfs(place)
    ballast.write_bytes(b"0" * max(0, free.f_bavail * free.f_frsize - room))
    return ballast
