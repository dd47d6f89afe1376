"""Sealed applications on disk: each version a BagIt bag (RFC 8493) that anyone can verify without us.

A bag is put together in a hidden folder beside its final place and gets its name in one rename, so that a
half-made one never looks like a whole one.
"""

import datetime
import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mobility import storage
from mobility.applications import bag_check, review, versioned_files
from mobility.applications.data_format import FORMAT
from mobility.catalogue.documents import slug
from mobility.paths import Instance

MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
RECORD = "data/application.yaml"
RESTRICTED = "data/restricted/"
"""Where the files stand that are not for the committee."""
APART = f"{RESTRICTED}application.yaml"
"""What of the record is not for the committee."""
_HELD = ("answers", "choices", "files", "marks", "submitted", "time_zone")
"""What every record holds; without one of these it is none."""
LAST_REFERENCE = ".last-reference"
"""The file in a call's folder with the number that was given last."""
SENDER = "Internal-Sender-Identifier"
"""The line of bag-info.txt that says from which draft a bag was sealed."""
_REFERENCE = re.compile(r"R?[0-9]{4}[AS]-[0-9]{4,}")


class Damaged(Exception):
    """A file is not any more what arrived; sealing it would vouch for something else."""


@dataclass(frozen=True)
class Payload:
    """A file to go into a bag: from where, its path below `data/`, and the SHA-256 with which it arrived."""

    source: Path
    name: str
    sha256: str


@dataclass(frozen=True)
class Contents:
    """All that goes into a bag. `person`: family and given name, for the folder's name; `record` becomes
    application.yaml, `apart` what of it is restricted, `receipt` RECEIPT.txt, `info` lines of
    bag-info.txt."""

    reference: str
    person: tuple[str, str]
    record: dict[str, Any]
    apart: dict[str, Any]
    payload: tuple[Payload, ...]
    receipt: str
    info: dict[str, str]


@dataclass(frozen=True)
class Bag:
    """A sealed bag: its folder, and the reference of its application."""

    folder: Path
    reference: str

    @property
    def version(self) -> str:
        """v1, v2 after a correction, additional-1."""
        return self.folder.name

    @property
    def home(self) -> Path:
        """The folder of the application, which holds all its bags."""
        return self.folder.parent

    @property
    def call_folder(self) -> Path:
        """The folder of the call, which holds all its applications."""
        return self.home.parent

    @property
    def call(self) -> str:
        """The id of the call."""
        return self.call_folder.name

    @property
    def instance(self) -> Instance:
        """What keeps the bag."""
        return Instance(self.call_folder.parent.parent)

    def record(self) -> dict[str, Any]:
        """What `application.yaml` holds, with what stands apart. Raises review.Unreadable."""
        found, apart = self.shown_record(), self._read(APART) if (self.folder / APART).exists() else {}
        answers = {**found["answers"], **apart.get("answers", {})}
        return {**found, "answers": answers, **{n: v for n, v in apart.items() if n != "answers"}}

    def shown_record(self) -> dict[str, Any]:
        """What `application.yaml` holds, which anybody may read who reads the application. Raises
        review.Unreadable."""
        return self._read(RECORD, _HELD)

    def _read(self, name: str, held: tuple[str, ...] = ()) -> dict[str, Any]:
        with review.naming(f"{self.reference}: {self.version}/{name}"):
            found = versioned_files.read_yaml(self.folder / name)
            if lost := [each for each in held if each not in found]:
                raise KeyError(*lost)
            return found

    def is_restricted(self, file: dict[str, Any]) -> bool:
        """Whether a file of the record is not for the committee: it stands apart, or is one of the additional
        documents, which earlier versions did not set apart."""
        return self.version.startswith("additional-") or str(file["file"]).startswith(RESTRICTED)

    def info(self) -> dict[str, str]:
        """What `bag-info.txt` holds."""
        lines = (self.folder / "bag-info.txt").read_text(encoding="utf-8").splitlines()
        return dict(line.split(": ", 1) for line in lines if ": " in line)

    @property
    def draft(self) -> str:
        """The hash of the draft from which the bag was sealed."""
        return self.sender.partition("/")[0]

    @property
    def sender(self) -> str:
        """The hash of the draft that was sealed; of a later bag the round that it answers behind a slash."""
        return self.info().get(SENDER, "")

    def fingerprint(self) -> str:
        """The hash of the tag manifest, which stands for every byte of the bag."""
        return storage.digest(self.folder / TAG_MANIFEST)


def next_reference(place: Path, prefix: str) -> str:
    """A reference in a call's folder that was never given before, even where applications were erased. The
    last one stands in a file; only where that is missing are the folders looked through."""
    with storage.locked(place):
        last = last_number(place)
        if last is None:
            last = max((int(bag.reference.rsplit("-", 1)[1]) for bag in in_call(place)), default=0)
        number = last + 1
        keep_last_number(place, number)
    return f"{prefix}-{number:04}"


def last_number(place: Path) -> int | None:
    """The number of the last reference that was given in a call's folder, if that is kept."""
    with suppress(FileNotFoundError):
        return int(versioned_files.read_value(place / LAST_REFERENCE, "number"))
    return None


def keep_last_number(place: Path, number: int) -> None:
    """Keeps the number of the last reference that was given."""
    versioned_files.write_json(place / LAST_REFERENCE, {"number": number})


def seal(place: Path, contents: Contents, now: datetime.datetime) -> Bag:
    """Makes the first bag of an application in its call's folder `place`. Raises Damaged, and makes none."""
    home = storage.inside(place, home_name(contents.reference, contents.person))
    with _building(place, "v1", contents, now) as building:
        storage.move(building, home)
    return Bag(home / "v1", contents.reference)


def seal_again(before: Bag, version: str, contents: Contents, now: datetime.datetime) -> Bag:
    """Makes a further bag of an application beside an earlier one, which stays as it is. Raises Damaged."""
    home = before.home
    with _building(home.parent, version, contents, now) as building:
        storage.move(building / version, home / version)
    return Bag(home / version, contents.reference)


def next_version(found: list[Bag], kind: str) -> str:
    """What the next bag of an application is called: v3, additional-2."""
    numbers = [int(bag.version[len(kind) :]) for bag in found if bag.version.startswith(kind)]
    return f"{kind}{max(numbers, default=0) + 1}"


def newest(found: list[Bag]) -> Bag:
    """Of the bags of one application the last whole version: what was sent, or how it was last corrected."""
    return [bag for bag in found if bag.version.startswith("v")][-1]


def that_count(found: list[Bag]) -> list[Bag]:
    """Of one application's bags the newest version, then all later documents."""
    versions = [bag for bag in found if bag.version.startswith("v")]
    return versions[-1:] + [bag for bag in found if bag not in versions]


def sweep(place: Path, now: datetime.datetime) -> None:
    """Removes what a crash left half-removed in a call's folder, or half-made more than an hour ago."""
    for leaving in place.glob(f"{storage.LEAVING}*"):
        storage.remove(leaving)
    for building in place.glob(".sealing-*"):
        if now.timestamp() - building.stat().st_mtime > 3600:
            storage.remove(building)


def in_call(place: Path, reference: str | None = None) -> Iterator[Bag]:
    """The bags in a call's folder, or those of one application, in the order of references and versions."""
    for home in homes(place):
        if reference in (None, reference_of(home.name)):
            yield from in_home(home)


def homes(place: Path) -> list[Path]:
    """The folders of the applications of a call, in the order of references."""
    found = (home for home in place.glob("*_*") if _REFERENCE.fullmatch(reference_of(home.name)))
    return sorted(found, key=lambda home: home.name)


def in_home(home: Path) -> Iterator[Bag]:
    """The bags of one application, the versions in their order; none where its folder is gone."""
    with suppress(FileNotFoundError):
        for folder in sorted(home.iterdir(), key=lambda path: (len(path.name), path.name)):
            if re.fullmatch(r"(v|additional-)[0-9]+", folder.name) and folder.is_dir():
                yield Bag(folder, reference_of(home.name))


def verify(bag: Bag) -> list[str]:
    """Every file of the bag that is changed, missing or added, a line each; empty where all is as sealed."""
    return bag_check.check(bag.folder, ours=True).faults


@contextmanager
def _building(place: Path, version: str, contents: Contents, now: datetime.datetime) -> Iterator[Path]:
    """A hidden folder with the whole bag in it, all of it on the disk; removed if it is still there after."""
    building = storage.folder(place / f".sealing-{secrets.token_hex(8)}", flush=False)
    try:
        _fill(building / version, contents, now)
        storage.sync_folders(building)
        yield building
    finally:
        storage.remove(building)


def _fill(folder: Path, contents: Contents, now: datetime.datetime) -> None:
    records = {RECORD: contents.record, APART: contents.apart}
    total, sums = _put(folder, {name: versioned_files.as_yaml(record) for name, record in records.items()})
    for item in contents.payload:
        target = storage.inside(folder, "data", *item.name.split("/"))
        storage.folder(target.parent, flush=False)
        size, sums[f"data/{item.name}"] = storage.share(item.source, target)
        if sums[f"data/{item.name}"] != item.sha256:
            raise Damaged(item.name)
        total += size
    tags = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": _info(contents, now, total, len(sums)),
        MANIFEST: _sums(sums),
        "RECEIPT.txt": contents.receipt,
    }
    _, sums_of_tags = _put(folder, tags)
    _put(folder, {TAG_MANIFEST: _sums(sums_of_tags)})


def _put(folder: Path, texts: dict[str, str]) -> tuple[int, dict[str, str]]:
    """Writes texts as files of a bag: how many bytes they are, and the SHA-256 of each."""
    total, sums = 0, {}
    for name, text in texts.items():
        storage.folder((folder / name).parent, flush=False)
        storage.put(folder / name, text)
        total += len(text.encode())
        sums[name] = hashlib.sha256(text.encode()).hexdigest()
    return total, sums


def _info(contents: Contents, now: datetime.datetime, size: int, count: int) -> str:
    fields = {
        "External-Identifier": contents.reference,
        "Bagging-Date": now.date().isoformat(),
        "Payload-Oxum": f"{size}.{count}",
        "Record-Format": str(FORMAT),
        **contents.info,
    }
    return "".join(f"{key}: {' '.join(value.split())}\n" for key, value in fields.items())


def _sums(sums: dict[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))


def home_name(reference: str, person: tuple[str, str]) -> str:
    """The name of an application's folder: reference, family name and initial, in plain Latin letters; of who
    has one name, that alone."""
    family, given = person
    initial = f"-{slug(given)[:1]}" if given else ""
    return f"{reference}_{slug(family)[:30].strip('-')}{initial}".upper()


def reference_of(home: str) -> str:
    """The reference in the name of an application's folder."""
    return home.partition("_")[0]
