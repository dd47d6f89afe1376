"""All writing to the data folder: atomic, fsynced, for the owner alone (0600, 0700), no path outside its
root."""

import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, BinaryIO, TypeVar

T = TypeVar("T")
_CHUNK = 1 << 20


class OutsideRoot(Exception):
    """A path leads out of its root folder (path traversal, symbolic link)."""


class TooLarge(Exception):
    """A stream is longer than its limit; nothing of it is kept."""


class Busy(Exception):
    """Another request is writing to the same file (it holds the lock)."""


class DiskFull(OSError):
    """Too little free disk space to take a file and still keep the reserve."""

    def __init__(self) -> None:
        super().__init__(errno.ENOSPC, os.strerror(errno.ENOSPC))


LEAVING = ".leaving-"
"""Begins the name of a folder that is being removed; what a crash leaves so is removed later."""
ROOM_TO_KEEP = 500_000_000
"""Bytes that stay free, so that sealing what was already uploaded never fails for want of room."""
_ROOM_FOR_DATABASE = 1_000_000
"""With fewer bytes free SQLite cannot open a file (WAL, and its index), and says that the disk failed."""


def inside(root: Path, *parts: str) -> Path:
    """Joins `parts` to `root` safely. Raises OutsideRoot where links, dots or slashes lead out of it."""
    path = root.joinpath(*parts)
    if path == root or not os.path.realpath(path).startswith(f"{os.path.realpath(root)}/"):
        raise OutsideRoot
    return path


def folder(path: Path, flush: bool = True) -> Path:
    """Creates a folder and its missing parents, mode 0700 (mkdir -p); returns it. Without `flush` the disk is
    not waited for: `sync_folders` does, once all is in it."""
    if not path.exists():
        folder(path.parent, flush)
        path.mkdir(mode=0o700, exist_ok=True)
        if flush:
            sync(path.parent)
    return path


def sync_folders(top: Path) -> None:
    """Flushes a folder and all folders in it to the disk; their files are there already."""
    for place, _, _ in os.walk(top):
        sync(Path(place))


def sync(path: Path) -> None:
    """Flushes a file or a folder to the disk (fsync)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, content: str | bytes) -> None:
    """Writes a file atomically: whole or not at all, even over a crash."""
    with writing(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def put(path: Path, content: str) -> None:
    """Writes a new file where nobody looks yet, and flushes it; its folder is for the caller to flush."""
    with _create(path) as file:
        file.write(content.encode())
        _settle(file)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Opens a file to write atomically: it appears at `path` when the block ends, and not where that
    fails."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with _create(fresh) as file:
            yield file
            _settle(file)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync(path.parent)


def append(path: Path, line: str) -> None:
    """Appends a line to a file, flushed to the disk. A line that a crash cut short is ended first."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "rb+") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(line.encode() + b"\n")
        _settle(file)


@contextmanager
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """Opens an SQLite file, made where it is missing, that several processes read and write at once (WAL).
    For what can be made again: after a power cut the last changes may be gone, the file stays readable.
    Raises sqlite3.DatabaseError where it is damaged."""
    if not path.exists():
        with locked(path.parent):
            if not path.exists():
                making = path.with_name(f".making-{path.name}")
                remove_database(making)  # what a crash left
                _create(making).close()
                with closing(sqlite3.connect(making)) as fresh:
                    fresh.execute(
                        "PRAGMA journal_mode=WAL"
                    )  # stays so, and fails where others are in already
                making.replace(path)
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous=NORMAL")
        yield connection
    finally:
        connection.close()


def is_full(error: Exception) -> bool:
    """Whether something failed as the disk is full, or what its owner may use of it."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def in_database(path: Path, act: Callable[[sqlite3.Connection], T]) -> T:
    """What `act` gives for an SQLite file; where that is damaged, for an empty one in its place. Raises
    OSError where the disk is full, or fails."""
    try:
        return _asked(path, act)
    except sqlite3.DatabaseError as error:
        if _sqlite_code(error) not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
    remove_database(path)
    return _asked(path, act)


def _asked(path: Path, act: Callable[[sqlite3.Connection], T]) -> T:
    try:
        with database(path) as connection:
            return act(connection)
    except sqlite3.DatabaseError as error:
        code = _sqlite_code(error)
        if code not in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
            raise
        full = code == sqlite3.SQLITE_FULL or shutil.disk_usage(path.parent).free < _ROOM_FOR_DATABASE
        number = errno.ENOSPC if full else errno.EIO
        raise OSError(number, os.strerror(number), str(path)) from error


def _sqlite_code(error: sqlite3.DatabaseError) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF


def remove_database(path: Path) -> None:
    """Deletes an SQLite file with the two that stand beside it."""
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        remove(each)


def oldest_first(found: Iterable[Path]) -> list[Path]:
    """Files in the order in which they were written last; one that is gone meanwhile comes first."""

    def written(path: Path) -> int:
        try:
            return path.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    return sorted(found, key=lambda path: (written(path), path.name))


def tail(path: Path) -> bytes:
    """The last line of a text file; empty where there is none."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return b""
    with file:
        end = size = file.seek(0, os.SEEK_END)
        found = b""
        while end and b"\n" not in found.rstrip(b"\n"):
            end = max(0, end - 4096)
            file.seek(end)
            found = file.read(size - end)
    return found.rstrip(b"\n").rsplit(b"\n", 1)[-1]


def receive(stream: IO[bytes], target: Path, limit: int, reserve: int = ROOM_TO_KEEP) -> tuple[int, str]:
    """Saves a stream to a new file `target`; returns size and SHA-256. Raises TooLarge over `limit` bytes,
    DiskFull where less than `reserve` bytes would stay free; then nothing is left of it."""
    if shutil.disk_usage(target.parent).free < reserve + limit:
        raise DiskFull
    size, digest = 0, hashlib.sha256()
    try:
        with _create(target) as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                digest.update(chunk)
                file.write(chunk)
            _settle(file)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    sync(target.parent)
    return size, digest.hexdigest()


def begin(path: Path, limit: int, reserve: int = ROOM_TO_KEEP) -> None:
    """Creates an empty file for a resumable upload of up to `limit` bytes. Raises DiskFull."""
    if shutil.disk_usage(path.parent).free < reserve + limit:
        raise DiskFull
    _create(path).close()
    sync(path.parent)


def extend(path: Path, stream: IO[bytes], offset: int, limit: int) -> int:
    """Appends a stream at `offset` to a resumable upload; returns the new size, flushed to the disk. Of a
    stream that breaks, what came before the break stays.

    Raises ValueError where the file holds another number of bytes, TooLarge where it would grow over `limit`
    (it stays as it was), Busy, FileNotFoundError.
    """
    with os.fdopen(os.open(path, os.O_RDWR), "rb+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        if (size := file.seek(0, os.SEEK_END)) != offset:
            raise ValueError(size)
        try:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    file.truncate(offset)
                    raise TooLarge
                file.write(chunk)
        finally:
            _settle(file)
        return size


def copy(source: Path, target: Path) -> tuple[int, str]:
    """Copies a file; returns size and SHA-256 of what was written."""
    with source.open("rb") as stream:
        return receive(stream, target, source.stat().st_size, reserve=0)


def share(source: Path, target: Path) -> tuple[int, str]:
    """Gives a file that does not change any more a second name (hard link), or copies it where the file
    system has none; size and SHA-256 of what is there. The target's folder is for the caller to flush."""
    try:
        target.hardlink_to(source)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        return copy(source, target)
    return target.stat().st_size, digest(target)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def move(source: Path, target: Path) -> None:
    """Moves within one file system atomically (rename), flushed to the disk."""
    source.rename(target)
    sync(target.parent)


def remove(path: Path) -> None:
    """Deletes a file or a folder with all it holds, if it exists."""
    if not path.is_dir() or path.is_symlink():
        path.unlink(missing_ok=True)
        return
    while path.exists():
        try:
            shutil.rmtree(path)
        except FileNotFoundError:  # somebody else removed it, too
            continue
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:  # somebody put a file there at this moment
                raise


def remove_whole(path: Path) -> None:
    """Deletes a folder so that it is there with all it holds, or not at all, even over a crash: it gets a
    hidden name first (see `LEAVING`)."""
    if not path.name.startswith(LEAVING):
        leaving = path.with_name(f"{LEAVING}{path.name}")
        move(path, leaving)
        path = leaving
    remove(path)


@contextmanager
def locked(place: Path, make: bool = True, name: str = ".lock") -> Iterator[None]:
    """Holds an exclusive lock (flock) on a folder against other threads and processes; `name`: which of its
    locks. Where the folder is missing, or was removed while waiting: creates it, or with `make` false raises
    FileNotFoundError."""
    while True:
        if make:
            folder(place)
        handle = os.open(place / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if not _stands_at(handle, place / name):
                continue
            yield
            return
        finally:
            os.close(handle)


@contextmanager
def lock_if_free(path: Path) -> Iterator[bool]:
    """Holds an exclusive lock (flock) on a file of its own if nobody does; whether it is held."""
    folder(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def _stands_at(handle: int, path: Path) -> bool:
    """Whether an open file still is the one at a path."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
