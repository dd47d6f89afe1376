"""The archive of a closed call in an S3-compatible store: the sealed bags as they lie in the folders.

Each object is read back and its SHA-256 compared. The tag manifest goes last, when all others of its bag have
arrived: where it stands, the bag is whole, so that an archive that broke off is taken up without notes of our
own. What is erased here is removed there the next time.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from mobility import storage
from mobility.applications import bags, journal, submissions
from mobility.applications.bags import Bag
from mobility.catalogue.calls import Call
from mobility.paths import Instance

AT_ONCE = 8
"""Objects that are under way at the same time."""
FAILURES = (BaseError, OSError, ValueError)
"""What the store, the network or a wrong address may raise."""


@dataclass(frozen=True)
class Step:
    """One bag that is done: its name, whether it was there already, and what went wrong, a line each."""

    name: str
    before: bool = False
    faults: tuple[str, ...] = ()


def store(address: str, endpoint: str | None) -> S3Store:
    """The store of s3://bucket/folder, at `endpoint` where that is not Amazon's; keys and region come from
    the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION). Raises ValueError."""
    if not address.startswith("s3://"):
        raise ValueError(f"{address} must be as s3://bucket/folder")
    plain = bool(endpoint and endpoint.startswith("http://"))
    return S3Store.from_url(
        address,
        config={"endpoint": endpoint} if endpoint else {},
        client_options={"allow_http": plain, "timeout": "5 min"},
    )


def write(instance: Instance, call: Call, place: S3Store) -> Iterator[Step]:
    """Copies the bags of a call that are not there yet, and tells of each. Raises one of FAILURES where the
    store cannot be used; what has arrived stays."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for bag in bags.in_call(instance.submissions / call.id):
            name = _name(bag)
            if _read(place, f"{name}/{bags.TAG_MANIFEST}") == bag.fingerprint():
                yield Step(name, before=True)
            elif faults := bags.verify(bag):
                yield Step(name, faults=tuple(f"here: {fault}" for fault in faults))
            else:
                files = [path for path in sorted(bag.folder.rglob("*")) if path.is_file()]
                others = [path for path in files if path.name != bags.TAG_MANIFEST]
                sent = pool.map(lambda path: _send(place, bag, path), others)  # noqa: B023
                faults = [fault for fault in sent if fault]
                if not faults and (fault := _send(place, bag, bag.folder / bags.TAG_MANIFEST)):
                    faults = [fault]
                yield Step(name, faults=tuple(faults))


def remove_erased(instance: Instance, call: Call, place: S3Store) -> list[str]:
    """Removes from the archive the applications that were erased here, as the journal says; which."""
    erased = {entry["reference"] for entry in journal.entries(instance) if entry["event"] == "erasure begun"}
    gone = set()
    for path in list(_objects(place, call)):
        reference = bags.reference_of(path.split("/")[1])
        if reference in erased:
            obstore.delete(place, path)
            gone.add(reference)
    return sorted(gone)


def verify(instance: Instance, call: Call, place: S3Store) -> Iterator[Step]:
    """Reads the archive of a call back, bag by bag; then tells of the bags that the journal names and that
    are not there. Raises one of FAILURES."""
    found: dict[str, set[str]] = {}
    for path in _objects(place, call):
        home, version, name = path.split("/", 3)[1:]
        found.setdefault(f"{call.id}/{home}/{version}", set()).add(name)
    sealed = {
        key: entry["fingerprint"]
        for key, entry in submissions.journalled(instance).items()
        if key[0].removeprefix("R").startswith(f"{call.prefix}-")
    }
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for name, files in sorted(found.items()):
            _, home, version = name.split("/")
            expected = sealed.pop((bags.reference_of(home), version), None)
            yield Step(name, faults=tuple(_verify(place, name, files, expected, pool)))
    for reference, version in sorted(sealed):
        yield Step(f"{call.id}/{reference}/{version}", faults=("not in the archive",))


def _verify(
    place: S3Store, name: str, files: set[str], expected: str | None, pool: ThreadPoolExecutor
) -> Iterator[str]:
    if bags.TAG_MANIFEST not in files:
        yield "has not arrived whole: archive the call again"
        return
    tags = _bytes(place, f"{name}/{bags.TAG_MANIFEST}")
    if expected and hashlib.sha256(tags).hexdigest() != expected:
        yield f"changed: {bags.TAG_MANIFEST}"
    sums = _sums(tags)
    if bags.MANIFEST in files:
        sums |= _sums(_bytes(place, f"{name}/{bags.MANIFEST}"))
    there = sorted(set(sums) & files)
    for file, digest in zip(there, pool.map(lambda file: _read(place, f"{name}/{file}"), there), strict=True):
        if digest != sums[file]:
            yield f"changed: {file}"
    yield from (f"missing: {file}" for file in sorted(set(sums) - files))
    yield from (f"added: {file}" for file in sorted(files - set(sums) - {bags.TAG_MANIFEST}))


def _send(place: S3Store, bag: Bag, path: Path) -> str:
    """Copies one file, and reads it back; what went wrong, or nothing."""
    file = path.relative_to(bag.folder).as_posix()
    obstore.put(place, f"{_name(bag)}/{file}", path)
    return (
        "" if _read(place, f"{_name(bag)}/{file}") == storage.digest(path) else f"arrived otherwise: {file}"
    )


def _read(place: S3Store, path: str) -> str | None:
    """The SHA-256 of an object; none where there is none."""
    digest = hashlib.sha256()
    try:
        for piece in obstore.get(place, path).stream():
            digest.update(piece)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


def _bytes(place: S3Store, path: str) -> bytes:
    return bytes(obstore.get(place, path).bytes())


def _objects(place: S3Store, call: Call) -> Iterator[str]:
    for batch in obstore.list(place, call.id):
        yield from (str(each["path"]) for each in batch)


def _sums(manifest: bytes) -> dict[str, str]:
    lines = (line.split("  ", 1) for line in manifest.decode().splitlines() if "  " in line)
    return {name: digest for digest, name in lines}


def _name(bag: Bag) -> str:
    """Where a bag stands in the store, as in the folder of submissions."""
    return f"{bag.call}/{bag.home.name}/{bag.version}"
