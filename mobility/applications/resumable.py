"""Resumable uploads: files that come in pieces over a weak line, and pictures joined into one document.

A file that comes in pieces lies in the draft's folder as long as it is not whole; how many bytes of it are
there, its size on the disk tells. What was never finished goes after a day.
"""

import datetime
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import IO

from mobility import storage
from mobility.applications import drafts, versioned_files
from mobility.applications.drafts import Draft
from mobility.applications.kept_files import ReceivedFile
from mobility.applications.versioned_files import UNREADABLE
from mobility.i18n.languages import said
from mobility.paths import Instance
from mobility.uploads import inspection
from mobility.uploads.limits import MOST_BYTES

KEPT_FOR = datetime.timedelta(days=1)
MOST_PICTURES = 20
"""That become one PDF."""
MOST_TOGETHER = 60_000_000
"""Bytes of several files that are sent in one request."""
_MOST_AT_ONCE = 60
_NOTE = ".json"
_ID = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class PartialUpload:
    """A file that comes in pieces. `length`: bytes when whole; `mark`: by which the applicant's browser knows
    the file again; `part`: it waits for others, to become one PDF with them; `begun`: ISO 8601 with zone."""

    id: str
    slot: str
    name: str
    length: int
    begun: str
    mark: str = ""
    instead_of: str | None = None
    part: bool = False

    @property
    def ends(self) -> datetime.datetime:
        """When it is given up, if it is not whole by then."""
        return datetime.datetime.fromisoformat(self.begun) + KEPT_FOR


class TooMany(Exception):
    """More uploads are unfinished at once than anybody needs."""


class WrongOffset(Exception):
    """A piece does not begin where the file ends."""


def create(
    draft: Draft,
    slot_id: str,
    name: str,
    length: int,
    now: datetime.datetime,
    mark: str = "",
    instead_of: str | None = None,
    part: bool = False,
    most: int = drafts.MOST_BYTES,
) -> PartialUpload:
    """Makes room for a file that will come in pieces. Raises storage.TooLarge, storage.DiskFull,
    drafts.DraftFull, drafts.AlreadySealed, TooMany."""
    if length > MOST_BYTES:
        raise storage.TooLarge
    with drafts.changing(draft) as current:
        _sweep(draft, now)
        waiting = pending(draft)
        if len(waiting) >= _MOST_AT_ONCE:
            raise TooMany
        # Those that will leave are not known yet: only what can never fit is refused here.
        if sum(arrival.length for arrival in waiting) + length > most:
            raise drafts.DraftFull(most)
        when = now.isoformat(timespec="seconds")
        arrival = PartialUpload(secrets.token_hex(8), slot_id, name, length, when, mark, instead_of, part)
        storage.begin(_path(current, arrival.id), length)
        versioned_files.write_json(_note(draft, arrival.id), asdict(arrival))
        return arrival


def pending(draft: Draft) -> list[PartialUpload]:
    """The files on their way, the oldest first."""
    notes = draft.folder.glob(f"{drafts.incoming(draft, '').name}*{_NOTE}")
    found = [arrival for note in notes if (arrival := _read(note))]
    return sorted(found, key=lambda arrival: arrival.begun)


def find(draft: Draft, slot_id: str, arrival_id: str) -> PartialUpload | None:
    """The file on its way to a slot, if there is one of that id."""
    arrival = _read(_note(draft, arrival_id)) if _ID.fullmatch(arrival_id) else None
    return arrival if arrival and arrival.slot == slot_id else None


def offset(draft: Draft, arrival: PartialUpload) -> int:
    """How many of its bytes are here."""
    return _path(draft, arrival.id).stat().st_size


def append(draft: Draft, arrival: PartialUpload, stream: IO[bytes], at: int) -> int:
    """Takes the piece that begins `at`; how many bytes are here then, all on the disk. Of a piece that breaks
    off, what came stays. Raises WrongOffset, storage.TooLarge, storage.Busy; FileNotFoundError where it is
    gone."""
    try:
        return storage.extend(_path(draft, arrival.id), stream, at, arrival.length)
    except ValueError:
        raise WrongOffset from None


def completed(draft: Draft, arrival: PartialUpload) -> ReceivedFile | None:
    """The file, once all of it is here."""
    path = _path(draft, arrival.id)
    if path.stat().st_size != arrival.length:
        return None
    return ReceivedFile(arrival.id, path, arrival.name, arrival.length, storage.digest(path))


def discard(draft: Draft, *gone: PartialUpload) -> None:
    """Removes what is left of files on their way; what has its slot stays there."""
    for arrival in gone:
        storage.remove(_path(draft, arrival.id))
        storage.remove(_note(draft, arrival.id))


def join_pictures(draft: Draft, files: Sequence[ReceivedFile]) -> ReceivedFile:
    """One PDF of several pictures, in the order given; the pictures go. Raises inspection.Refused where one
    is no picture, is broken, or they are too many or too large together; then they go too."""
    first = files[0]
    target = drafts.incoming(draft, f"{first.id}-pdf")
    try:
        if len(files) > MOST_PICTURES:
            raise inspection.Refused(said("At most %(most)s pictures become one PDF.", most=MOST_PICTURES))
        for file in files:
            _must_be_picture(file)
        inspection.join_pictures([file.path for file in files], target)
        if (size := target.stat().st_size) > MOST_BYTES:
            storage.remove(target)
            raise inspection.Refused(said("These pictures make a PDF that is too large: send fewer of them."))
    except inspection.RefusedOne as error:
        name = files[error.number].name if 0 <= error.number < len(files) else first.name
        raise inspection.Refused(said("%(file)s: %(problem)s", file=name, problem=error.said)) from None
    finally:
        for file in files:
            storage.remove(file.path)
    name = f"{PurePath(first.name).stem} +{len(files) - 1}.pdf"
    return ReceivedFile(first.id, target, name, size, storage.digest(target))


def sweep(instance: Instance, now: datetime.datetime) -> None:
    """Removes what was never finished of all drafts."""
    for folder in {note.parent for note in instance.drafts.glob(f"*/{drafts.ARRIVING}*{_NOTE}")}:
        with (
            suppress(drafts.AlreadySealed, drafts.Gone, *UNREADABLE),  # `mobility doctor` names the last
            drafts.changing(drafts.read(folder)) as draft,
        ):
            _sweep(draft, now)


def _must_be_picture(file: ReceivedFile) -> None:
    try:
        kind = inspection.look(file.path).kind
    except inspection.Refused as refused:
        raise inspection.Refused(
            said("%(file)s: %(problem)s", file=file.name, problem=refused.said)
        ) from None
    if kind is inspection.PDF:
        raise inspection.Refused(
            said(
                "Only pictures are put together into one PDF, and %(file)s is a PDF. "
                "This place takes one file: send one PDF that holds everything, or only pictures.",
                file=file.name,
            )
        )


def _sweep(draft: Draft, now: datetime.datetime) -> None:
    """Removes uploads that were never finished."""
    discard(draft, *(arrival for arrival in pending(draft) if arrival.ends < now))


def _path(draft: Draft, arrival_id: str) -> Path:
    return drafts.incoming(draft, arrival_id)


def _note(draft: Draft, arrival_id: str) -> Path:
    return drafts.incoming(draft, f"{arrival_id}{_NOTE}")


def _read(note: Path) -> PartialUpload | None:
    try:
        return PartialUpload(**versioned_files.read_json(note))
    except FileNotFoundError:  # taken away by another request meanwhile
        return None
