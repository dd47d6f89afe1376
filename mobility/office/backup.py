"""Backups of a running instance, each a folder that `sha256sum -c` verifies without us, and their restore.

A draft is copied with its bags under its lock, so that no backup holds a submitted draft without its bag, or
a bag beside a draft that could be submitted again. The journal is copied first: what is newer than its end
may be there, what it names is. Left out is what is made again (index, dossiers, counts of limits), browsers'
sessions and files that were still arriving. Files that never change are hard links to the backup before.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mobility import storage
from mobility.applications import bags, data_format, drafts, journal, submissions
from mobility.applications.drafts import Draft
from mobility.applications.journal import Position
from mobility.applications.versioned_files import UNREADABLE
from mobility.paths import Instance

SUMS = "manifest-sha256.txt"
SKIP = 1000
"""References that a restore leaves out: those after the backup may stand on somebody's receipt."""
_MAKING = ".making-"
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}")
_NEVER_CHANGES = re.compile(r"submissions/.*/(v|additional-)[0-9]+/.*|drafts/[0-9a-f]+/(?!draft\.json$).*")
_COPIED_BEFORE = ("journal.jsonl", "drafts", "submissions")
_MADE_AGAIN = ("index.sqlite3", "limits.sqlite3", "dossiers", "sessions", "staff-sessions", "rehearsal")
"""What is left out, of a file with what stands beside it (-wal); all else that a portal keeps is copied."""


class NotEmpty(Exception):
    """The folder to restore into holds something."""


class NoBackup(Exception):
    """The folder is not a whole backup, as the message says."""


class _Erased(Exception):
    """An application was erased while it was copied."""


@dataclass
class Restored:
    """What came of a restore: how many files and bags, mail that will go (again), each fault in a line."""

    files: int
    bags: int = 0
    mails: int = 0
    faults: list[str] = field(default_factory=list)


def write(instance: Instance, target: Path, now: datetime.datetime) -> Path:
    """Makes a backup in a folder of its own in `target`, and gives that; it has its name only when it is
    whole. Whoever is erased meanwhile is not in it."""
    before = newest(target)
    building = storage.folder(target / f"{_MAKING}{now:%Y%m%dT%H%M%S}")
    try:
        while True:
            storage.remove(building)
            with suppress(_Erased):
                _Copy(instance, storage.folder(building), before).all()
                break
        finished = target / f"{now:%Y%m%dT%H%M%S}"
        storage.move(building, finished)
    finally:
        storage.remove(building)
    return finished


def newest(target: Path) -> Path | None:
    """The last whole backup in a folder."""
    return max(_every(target), default=None)


def thin_out(target: Path, keep: int) -> tuple[list[Path], list[Path]]:
    """Removes all but the last backups, as who was erased stands in old ones, and what a crash left. Gives
    those that went, and those of other data than the last: of a folder that is not mounted now, or was
    restored from an earlier one. They stay, as they may be all that is left of it."""
    every = sorted(_every(target))
    strange = [each for each in every[:-1] if not _goes_on(each, every[-1])]
    leaving = [each for each in every[:-keep] if each not in strange]
    for path in (*leaving, *target.glob(f"{storage.LEAVING}*"), *target.glob(f"{_MAKING}*")):
        storage.remove_whole(path)
    return leaving, strange


def _goes_on(before: Path, after: Path) -> bool:
    """Whether the journal in a backup goes on from that in one before."""
    old, new = Instance(before).journal, Instance(after).journal
    if not old.exists():
        return True
    if not new.exists():
        return False
    with old.open("rb") as one, new.open("rb") as other:
        while piece := one.read(1 << 20):
            if other.read(len(piece)) != piece:
                return False
    return True


def check(backup: Path) -> Iterator[str]:
    """What of a backup is not as it was written, a line each. Raises NoBackup."""
    for name, expected in _sums(backup).items():
        path = backup / name
        if not path.is_file():
            yield f"missing: {name}"
        elif storage.digest(path) != expected:
            yield f"changed: {name}"


def restore(backup: Path, instance: Instance, now: datetime.datetime, skip: int = SKIP) -> Restored:
    """Fills an empty folder from a backup, and verifies every bag in it. What is damaged is restored as it
    is, and named. Raises NotEmpty, NoBackup, data_format.TooNew."""
    if instance.root.exists() and any(instance.root.iterdir()):
        raise NotEmpty
    data_format.of(Instance(backup))
    found = Restored(len(_sums(backup)), faults=list(check(backup)))
    for name in _sums(backup):
        source = backup / name
        if source.is_file():
            target = instance.root.joinpath(*name.split("/"))
            storage.folder(target.parent)
            storage.copy(source, target)
    for counter in instance.submissions.glob(f"*/{bags.LAST_REFERENCE}"):
        bags.keep_last_number(counter.parent, (bags.last_number(counter.parent) or 0) + skip)
    for bag in submissions.every(instance):
        found.bags += 1
        found.faults += [f"{bag.reference} {bag.version}: {fault}" for fault in bags.verify(bag)]
        submissions.keep_in_journal(instance, bag, now)
    found.faults += submissions.lost(instance)
    found.mails = sum(1 for _ in instance.outbox.glob("*.eml"))
    journal.record(instance, now, "restored", "", backup=backup.name)
    return found


class _Copy:
    """One backup being written. `before`: the one whose unchanged files it shares."""

    def __init__(self, instance: Instance, target: Path, before: Path | None):
        self.instance, self.target, self.before = instance, target, before
        self.known = _sums(before) if before else {}
        self.sums: dict[str, str] = {}

    def all(self) -> None:
        """Copies all. Raises _Erased."""
        end = self._journal()
        if self.before and not _goes_on(self.before, self.target):
            self.before = None  # of other data, in which files of these names may hold something else
        homes = [
            home for call in sorted(self.instance.submissions.glob("[!.]*/")) for home in bags.homes(call)
        ]
        there = {place.name for place in drafts.places(self.instance) if self._draft(place)}
        for home in homes:
            found = next(bags.in_home(home), None)
            if found and found.draft not in there:  # its draft is gone; with one it is copied already
                self._files(home.rglob("*"))
        self._files(self.instance.submissions.glob(f"*/{bags.LAST_REFERENCE}"))
        for path in sorted(self.instance.root.glob("[!.]*")):
            if path.name not in _COPIED_BEFORE and not path.name.startswith(_MADE_AGAIN):
                self._files([path, *path.rglob("*")])
        events, _ = journal.since(self.instance, end)
        if any(event["event"] in ("erasure begun", "erased", "draft purged") for event in events):
            raise _Erased
        lines = (f"{digest}  {name}\n" for name, digest in sorted(self.sums.items()))
        storage.write(self.target / SUMS, "".join(lines))

    def _journal(self) -> Position:
        _, end = journal.since(self.instance, Position())
        if self.instance.journal.exists():
            with self.instance.journal.open("rb") as file:
                written = file.read(end.offset)
            storage.write(self.target / self.instance.journal.name, written)
            self.sums[self.instance.journal.name] = storage.digest(self.target / self.instance.journal.name)
        return end

    def _draft(self, place: Path) -> bool:
        """Copies a draft with its bags; false where it is gone, or cannot be read and tells of no bags."""
        try:
            with storage.locked(place, make=False):
                self._files(place.glob("[!.]*"))
                for home in self._homes(drafts.read(place)):
                    self._files(home.rglob("*"))
        except UNREADABLE as error:
            if storage.is_full(error):
                raise
            return False
        return True

    def _homes(self, draft: Draft) -> list[Path]:
        """The folders of a draft's bags; of drafts from before these were kept, by the reference."""
        place = self.instance.submissions / draft.call
        if draft.home:
            return [place / draft.home]
        return sorted(place.glob(f"{draft.sealed}_*")) if draft.sealed else []

    def _files(self, paths: Iterable[Path]) -> None:
        for path in paths:
            name = path.relative_to(self.instance.root).as_posix()
            if name in self.sums or path.name.endswith(".lock") or path.is_symlink() or not path.is_file():
                continue
            with suppress(FileNotFoundError):  # gone meanwhile: mail that went, a task that is done
                self.sums[name] = self._file(path, name)

    def _file(self, source: Path, name: str) -> str:
        target = storage.folder((self.target / name).parent) / source.name
        old = self.before / name if self.before and _NEVER_CHANGES.fullmatch(name) else None
        if old and old.is_file():
            _, digest = storage.share(old, target)
            if digest == self.known.get(name):
                return digest
            storage.remove(target)  # damaged in the backup before: taken anew
        return storage.copy(source, target)[1]


def _every(target: Path) -> list[Path]:
    return [path for path in target.glob("*") if _NAME.fullmatch(path.name) and (path / SUMS).is_file()]


def _sums(backup: Path) -> dict[str, str]:
    """The files of a backup with their SHA-256. Raises NoBackup."""
    try:
        lines = (backup / SUMS).read_text(encoding="utf-8").splitlines()
        sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        for name in sums:
            storage.inside(backup, *name.split("/"))
    except OSError:
        raise NoBackup(f"it has no {SUMS}") from None
    except (ValueError, storage.OutsideRoot):
        raise NoBackup(f"its {SUMS} is damaged") from None
    return sums
