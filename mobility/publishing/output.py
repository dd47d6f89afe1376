"""Replaces the built site in one step by a symbolic link, and only when the new one is whole."""

import fcntl
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mobility.paths import Checkout
from mobility.yamlfiles.reader import Problem


class BuildFailed(Exception):
    """The site could not be built; the last good one stands. The message says why."""


class TextFailed(BuildFailed):
    """A page or template could not be filled; `problem` says which, on which line, and why."""

    def __init__(self, problem: Problem):
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True)
class Target:
    """Where to write a new site, and where the site before stands, if there is one."""

    folder: Path
    before: Path | None

    def put(self, path: str, content: bytes) -> None:
        """Writes a file; where it is as before, the two sites share it by a hard link, so that its date still
        says when it changed."""
        target, before = self.folder / path, self.before and self.before / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if before and _has_content(before, content):
            try:
                target.hardlink_to(before)
                return
            except OSError:
                pass  # a disk without such links
        target.write_bytes(content)


def _has_content(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def replace_site(checkout: Checkout, write: Callable[[Path, Target], None]) -> Path:
    """Has a new site written and points `checkout.site` to it: `write` is given a folder to work in, and
    where to put the files of the new site. Returns the folder of the new site.

    Raises BuildFailed, or what `write` raises; then nothing that readers see has changed.
    """
    checkout.build.mkdir(parents=True, exist_ok=True)
    with _build_lock(checkout.build / ".lock"):
        name = secrets.token_hex(6)
        work, site = checkout.build / f"tree-{name}", checkout.build / "sites" / name
        try:
            work.mkdir()
            site.mkdir(parents=True)
            write(work, Target(site, checkout.site.resolve() if checkout.site.is_symlink() else None))
        except BaseException:
            shutil.rmtree(site, ignore_errors=True)
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
        _point_to(checkout, site)
    return site


def _point_to(checkout: Checkout, site: Path) -> None:
    """Points the link to the new site in one step; keeps the site before, for those who still read it."""
    before = checkout.site.resolve() if checkout.site.is_symlink() else None
    link = checkout.build / f".site-{site.name}"
    link.symlink_to(Path("sites") / site.name)
    if checkout.site.is_dir() and not checkout.site.is_symlink():
        shutil.rmtree(checkout.site)
    link.replace(checkout.site)
    for old in (checkout.build / "sites").iterdir():
        if old.resolve() not in (site.resolve(), before) and re.fullmatch("[0-9a-f]{12}", old.name):
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _build_lock(path: Path) -> Iterator[None]:
    """Locks a file, so that one build runs at a time."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
