"""Verifies a BagIt bag, ours or any other that RFC 8493 allows, and names each file that is not as it was."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(?:\./)?(.+)")
_OXUM = re.compile(r"([0-9]+)\.([0-9]+)")
_OURS = ("tagmanifest-sha256.txt", "manifest-sha256.txt")
_STRAY = re.compile(r"thumbs\.db|ehthumbs.*\.db|desktop\.ini|\.ds_store|\._.*|\.directory", re.IGNORECASE)
"""What file managers leave in folders that were only looked at."""


@dataclass
class Check:
    """What was found. `faults`: files changed, missing or added, and what else makes the bag invalid, a line
    each; `strays`: what a file manager left there, which is no document and can be deleted."""

    faults: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)


def check(folder: Path, ours: bool = False) -> Check:
    """Verifies a bag. One of `ours` must list every file in it by SHA-256; others may leave out tag files,
    and use any algorithms that Python knows."""
    found, listed, payload = Check(), set[str](), dict[str, set[str]]()
    encoding, version = _declared(folder, found)
    names = _OURS if ours else sorted((path.name for path in folder.glob("*manifest-*.txt")), reverse=True)
    if not any(name.startswith("manifest-") for name in names):
        found.faults.append("missing: manifest-<algorithm>.txt")
    for name in names:
        listed.add(name)
        try:
            sums = dict(_sums(folder / name, encoding))
        except (OSError, ValueError, LookupError):
            found.faults.append(f"missing or unreadable: {name}")
            continue
        algorithm = name.removesuffix(".txt").rsplit("-", 1)[1]
        if algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
            found.faults.append(f"cannot be verified: {name}")
            continue
        if not name.startswith("tag"):
            payload[name] = {unicodedata.normalize("NFC", each) for each in sums}
        listed |= set(sums)
        faults = (_fault(folder, each, expected, algorithm) for each, expected in sums.items())
        found.faults += filter(None, faults)
    _unlisted(folder, listed, ours, found)
    every = set().union(*payload.values())
    if version >= "1":  # RFC 8493, 2.1.3; before, one manifest was enough
        lacking = ((name, each) for name, sums in payload.items() for each in sorted(every - sums))
        found.faults += [f"not in {name}: {each}" for name, each in lacking]
    found.faults += [f"not there, only to be fetched: {each}" for each in _to_fetch(folder, encoding, every)]
    _oxum(folder, every, encoding, found)
    found.faults = list(dict.fromkeys(found.faults))
    return found


def _declared(folder: Path, found: Check) -> tuple[str, str]:
    """The encoding of the tag files and the version of BagIt, as bagit.txt says."""
    try:
        lines = dict(line.split(": ", 1) for line in (folder / "bagit.txt").read_text().splitlines() if line)
        if not re.fullmatch(r"[0-9]+\.[0-9]+", lines["BagIt-Version"].strip()):
            raise ValueError
        return lines["Tag-File-Character-Encoding"].strip(), lines["BagIt-Version"].strip()
    except OSError:
        found.faults.append("missing: bagit.txt")
    except (ValueError, KeyError):
        found.faults.append("not as RFC 8493 has it: bagit.txt")
    return "utf-8", "0"


def _to_fetch(folder: Path, encoding: str, listed: set[str]) -> list[str]:
    """The files of fetch.txt that no manifest lists, or that are not there: the bag is not complete."""
    try:
        lines = (folder / "fetch.txt").read_text(encoding=encoding).splitlines()
    except OSError:
        return []
    except (ValueError, LookupError):
        return ["fetch.txt"]
    names = [_unquoted(line.split(maxsplit=2)[-1]) for line in lines if line.strip()]
    there = [
        name
        for name in names
        if unicodedata.normalize("NFC", name) in listed and _on_disk(folder, name).is_file()
    ]
    return [name for name in names if name not in there]


def _sums(path: Path, encoding: str) -> Iterator[tuple[str, str]]:
    """The files that a manifest names, with their checksums."""
    for line in path.read_text(encoding=encoding).splitlines():
        if line.strip():
            match = _LINE.fullmatch(line.rstrip("\r"))
            if match is None:
                raise ValueError(line)
            yield _unquoted(match[2]), match[1].lower()


def _unquoted(name: str) -> str:
    """A name as it is on the disk: manifests write line ends and % as %0A, %0D and %25."""
    return re.sub("%(0A|0D|25)", lambda code: chr(int(code[1], 16)), name, flags=re.IGNORECASE)


def _fault(folder: Path, name: str, expected: str, algorithm: str) -> str | None:
    if name.startswith(("/", "~")) or ".." in name.split("/"):
        return f"leads out of the bag: {name}"
    path = _on_disk(folder, name)
    if not path.is_file() or path.is_symlink():
        return f"missing: {name}"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, algorithm)
    return None if digest.hexdigest() == expected else f"changed: {name}"


def _on_disk(folder: Path, name: str) -> Path:
    """The file of a name, whichever way the disk composes letters with marks."""
    forms = (folder / unicodedata.normalize(form, name) for form in ("NFC", "NFD"))
    return next((path for path in (folder / name, *forms) if path.exists()), folder / name)


def _unlisted(folder: Path, listed: set[str], ours: bool, found: Check) -> None:
    """Files that no manifest names. Of other bags than ours, tag files need not be named."""
    known = {unicodedata.normalize("NFC", name) for name in listed}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if (path.is_dir() and not path.is_symlink()) or unicodedata.normalize("NFC", name) in known:
            continue
        if _STRAY.fullmatch(path.name) and not path.is_symlink():
            found.strays.append(name)
        elif ours or name.startswith("data/") or path.is_symlink():
            found.faults.append(f"added: {name}")


def _oxum(folder: Path, payload: set[str], encoding: str, found: Check) -> None:
    """Whether bag-info.txt counts the bytes and files that there are."""
    try:
        info = (folder / "bag-info.txt").read_text(encoding=encoding)
    except OSError:
        return
    except (ValueError, LookupError):
        found.faults.append("cannot be read: bag-info.txt")
        return
    told = re.search(r"^Payload-Oxum: *(\S+)", info, re.MULTILINE)
    oxum = _OXUM.fullmatch(told[1]) if told else None
    if oxum is None:
        return
    files = [_on_disk(folder, name) for name in payload]
    if found.faults or not all(path.is_file() for path in files):
        return  # what is missing or changed is told already
    if (sum(path.stat().st_size for path in files), len(files)) != (int(oxum[1]), int(oxum[2])):
        found.faults.append("not what Payload-Oxum counts: data")
