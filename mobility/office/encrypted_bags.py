"""A sealed bag as one tar file encrypted by age (age-encryption.org), for the keys of the office.

Whoever has a key opens it without us: `age -d -i KEY bag.tar.age | tar x`. Both ways it goes through a pipe,
so that no plain copy lies about.
"""

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BufferedIOBase, BufferedReader, BufferedWriter
from typing import IO, TYPE_CHECKING, Any

import pyrage

from mobility.applications import bags
from mobility.applications.bags import Bag

if TYPE_CHECKING:  # they have no names at run time
    from obstore import ReadableFile, WritableFile

NAME = "bag.tar.age"
Recipient = pyrage.x25519.Recipient
"""A public key of the office, as age1…"""
Identity = pyrage.x25519.Identity
"""The private key of one, as AGE-SECRET-KEY-1…"""
_CHUNK = 1 << 20


class BadKey(Exception):
    """What was given is no key of age; the message says how one looks."""


class Unreadable(Exception):
    """An encrypted bag is not for any of the keys, or is not what was written."""


def recipients(keys: Iterable[str]) -> list[Recipient]:
    """The public keys that are written so. Raises BadKey."""
    try:
        return [Recipient.from_str(key.strip()) for key in keys]
    except pyrage.RecipientError:
        raise BadKey("a public key of age looks as age1…, and is made by age-keygen") from None


def identities(written: str) -> list[Identity]:
    """The private keys in a file that age-keygen wrote. Raises BadKey."""
    lines = [line.strip() for line in written.splitlines()]
    try:
        found = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise BadKey("the file must hold a private key, AGE-SECRET-KEY-1…, as age-keygen writes it")
    return found


def write(bag: Bag, keys: list[Recipient], out: "WritableFile") -> str:
    """Writes a bag encrypted for the keys; gives the SHA-256 of what was written."""
    target = _Hashing(out)
    with _piped(lambda into: _pack(bag, into)) as tar:
        pyrage.encrypt_io(tar, target, keys)
    return target.digest.hexdigest()


def read(encrypted: "ReadableFile", keys: list[Identity]) -> tuple[dict[str, str], dict[str, bytes]]:
    """The SHA-256 of each file of an encrypted bag, by its path in the bag; and its manifests whole. Raises
    Unreadable, and what reading `encrypted` raises."""
    source = _Source(encrypted)
    sums: dict[str, str] = {}
    manifests: dict[str, bytes] = {}
    try:
        with (
            _piped(lambda into: pyrage.decrypt_io(source, into, keys)) as plain,
            tarfile.open(fileobj=plain, mode="r|") as tar,
        ):
            for member in tar:
                content = tar.extractfile(member)
                name = "/".join(member.name.split("/")[2:])
                if content is None:
                    continue
                if name in (bags.MANIFEST, bags.TAG_MANIFEST):
                    manifests[name] = content.read()
                    sums[name] = hashlib.sha256(manifests[name]).hexdigest()
                else:
                    sums[name] = _digest(content)
            while plain.read(_CHUNK):  # what follows the last file is authenticated, too
                pass
    except (pyrage.DecryptError, tarfile.TarError, OSError, EOFError) as error:
        raise (source.fault or Unreadable()) from error
    return sums, manifests


def _pack(bag: Bag, into: BufferedWriter) -> None:
    with tarfile.open(fileobj=into, mode="w|") as tar:
        for path in sorted(path for path in bag.folder.rglob("*") if path.is_file()):
            tar.add(path, f"{bag.home.name}/{path.relative_to(bag.home).as_posix()}", filter=_nobodys)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A file that belongs to whoever unpacks it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


@contextmanager
def _piped(work: Callable[[BufferedWriter], object]) -> Iterator[BufferedReader]:
    """What a thread writes, to be read here; what it raises is raised when the block ends."""
    ours, theirs = os.pipe()

    def run() -> None:
        with os.fdopen(theirs, "wb") as into:
            work(into)

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        try:
            with os.fdopen(ours, "rb") as reader:
                yield reader
        except Exception:
            error = future.exception()
            if error and not isinstance(error, BrokenPipeError):  # the cause of what was met here
                raise error from None
            raise
        future.result()


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := content.read(_CHUNK):
        digest.update(piece)
    return digest.hexdigest()


class _Source(BufferedIOBase):
    """Hands on what is read, and keeps what that raised, which pyrage would tell as an OSError."""

    def __init__(self, file: "ReadableFile"):
        self._file = file
        self.fault: Exception | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        """Hands on a piece."""
        try:
            return bytes(self._file.read(size))
        except Exception as error:
            self.fault = error
            raise


class _Hashing(BufferedIOBase):
    """Hands on what is written, and hashes it."""

    def __init__(self, out: "WritableFile"):
        self._out, self.digest = out, hashlib.sha256()

    def write(self, piece: Any, /) -> int:
        """Hands on a piece."""
        self.digest.update(piece)
        self._out.write(piece)
        return len(piece)

    def flush(self) -> None:
        """Does nothing: the store is told when all has been written."""
