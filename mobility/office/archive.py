"""The archive of a closed call in an S3-compatible store: the sealed bags as they lie in the folders, or each
as one encrypted file.

Each object is read back and its SHA-256 compared. The tag manifest goes last, when all others of its bag have
arrived: where it stands, the bag is whole, so that an archive that broke off is taken up without notes of our
own. It is plain even beside an encrypted bag, as it holds four checksums and nothing of anybody: who archives
needs no private key to know what is there. What is erased here is removed there the next time.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
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
from mobility.office import encrypted_bags
from mobility.office.encrypted_bags import Identity, Recipient
from mobility.paths import Instance

AT_ONCE = 8
"""Objects that are under way at the same time."""
_MANIFESTS = (bags.TAG_MANIFEST, bags.MANIFEST)
FAILURES = (BaseError, OSError, ValueError)
"""What the store, the network or a wrong address may raise."""


class Mixed(Exception):
    """What stands there is encrypted and this would not be, or the other way round."""


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


def write(instance: Instance, call: Call, place: S3Store, keys: Iterable[Recipient] = ()) -> Iterator[Step]:
    """Copies the bags of a call that are not there yet, encrypted where there are keys, and tells of
    each. Raises Mixed, and one of FAILURES where the store cannot be used; what has arrived stays."""
    keys = list(keys)
    if (before := _is_encrypted(place, call)) is not None and before != bool(keys):
        raise Mixed(f"{call.id} stands there {'' if before else 'not '}encrypted: go on so, or elsewhere")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for bag in bags.in_call(instance.submissions / call.id):
            name = _name(bag, bag.reference if keys else bag.home.name)
            if _read(place, f"{name}/{bags.TAG_MANIFEST}") == bag.fingerprint():
                yield Step(name, before=True)
            elif faults := bags.verify(bag):
                yield Step(name, faults=tuple(f"here: {fault}" for fault in faults))
            else:
                files = [path for path in sorted(bag.folder.rglob("*")) if path.is_file()]
                others = [path for path in files if path.name != bags.TAG_MANIFEST]
                if keys:
                    faults = _send_encrypted(place, name, bag, keys)
                else:
                    sent = pool.map(lambda path: _send(place, name, bag, path), others)  # noqa: B023
                    faults = [fault for fault in sent if fault]
                if not faults and (fault := _send(place, name, bag, bag.folder / bags.TAG_MANIFEST)):
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


def verify(instance: Instance, call: Call, place: S3Store, keys: Iterable[Identity] = ()) -> Iterator[Step]:
    """Reads the archive of a call back, bag by bag; then tells of the bags that the journal names and that
    are not there. Raises Mixed where no keys are given to encrypted bags, and one of FAILURES."""
    keys = list(keys) if (encrypted := _is_encrypted(place, call)) else []
    if encrypted and not keys:
        raise Mixed(f"{call.id} stands there encrypted, and is read with a key: --key FILE")
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
            yield Step(name, faults=tuple(_verify(place, name, files, expected, keys, pool)))
    for reference, version in sorted(sealed):
        yield Step(f"{call.id}/{reference}/{version}", faults=("not in the archive",))


def _verify(
    place: S3Store,
    name: str,
    files: set[str],
    expected: str | None,
    keys: list[Identity],
    pool: ThreadPoolExecutor,
) -> Iterator[str]:
    if bags.TAG_MANIFEST not in files:
        yield "has not arrived whole: archive the call again"
        return
    there: Mapping[str, str | None]
    manifests = {each: _bytes(place, f"{name}/{each}") for each in _MANIFESTS if each in files}
    if keys and encrypted_bags.NAME not in files:
        yield f"missing: {encrypted_bags.NAME}"
        return
    if keys:
        yield from (f"added: {file}" for file in sorted(files - {encrypted_bags.NAME, bags.TAG_MANIFEST}))
        try:
            file = obstore.open_reader(place, f"{name}/{encrypted_bags.NAME}")
            there, inside = encrypted_bags.read(file, keys)
        except encrypted_bags.Unreadable:
            yield f"changed, or not for this key: {encrypted_bags.NAME}"
            return
        expected = expected or hashlib.sha256(manifests[bags.TAG_MANIFEST]).hexdigest()
        manifests |= inside
    else:
        names = sorted(files)
        digests = pool.map(lambda file: _read(place, f"{name}/{file}"), names)
        there = dict(zip(names, digests, strict=True))
    yield from _differences(there, manifests, expected)


def _differences(
    there: Mapping[str, str | None], manifests: Mapping[str, bytes], expected: str | None
) -> Iterator[str]:
    """What of a bag's files, given by their SHA-256, is not as the manifests say."""
    if expected and there.get(bags.TAG_MANIFEST) != expected:
        yield f"changed: {bags.TAG_MANIFEST}"
    sums: dict[str, str] = {}
    for manifest in manifests.values():
        sums |= _sums(manifest)
    yield from (
        f"changed: {file}" for file in sorted(sums.keys() & there.keys()) if there[file] != sums[file]
    )
    yield from (f"missing: {file}" for file in sorted(sums.keys() - there.keys()))
    yield from (f"added: {file}" for file in sorted(there.keys() - sums.keys() - {bags.TAG_MANIFEST}))


def _send(place: S3Store, name: str, bag: Bag, path: Path) -> str:
    """Copies one file, and reads it back; what went wrong, or nothing."""
    file = path.relative_to(bag.folder).as_posix()
    obstore.put(place, f"{name}/{file}", path)
    return "" if _read(place, f"{name}/{file}") == storage.digest(path) else f"arrived otherwise: {file}"


def _send_encrypted(place: S3Store, name: str, bag: Bag, keys: list[Recipient]) -> list[str]:
    """Copies a bag encrypted, and reads back what was sent; what went wrong, or nothing."""
    path = f"{name}/{encrypted_bags.NAME}"
    with obstore.open_writer(place, path) as out:
        sent = encrypted_bags.write(bag, keys, out)
    return [] if _read(place, path) == sent else [f"arrived otherwise: {encrypted_bags.NAME}"]


def _is_encrypted(place: S3Store, call: Call) -> bool | None:
    """Whether what stands there of a call is encrypted, as its first object tells; none where nothing is."""
    first = next(_objects(place, call), None)
    return None if first is None else first.split("/")[1] == bags.reference_of(first.split("/")[1])


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


def _name(bag: Bag, home: str) -> str:
    """Where a bag stands in the store: as in the folder of submissions, or without a person's name."""
    return f"{bag.call}/{home}/{bag.version}"
