"""Applications being filled: each a directory, found by a secret token of which only the hash is kept."""

import datetime
import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from mobility import storage
from mobility.applications import journal, kept_files, versioned_files
from mobility.applications.kept_files import KeptFile, ReceivedFile
from mobility.catalogue.documents import Slot
from mobility.catalogue.forms import Form
from mobility.i18n.languages import Language
from mobility.paths import Instance
from mobility.uploads import inspection, virus_scan
from mobility.uploads.limits import MOST_BYTES as MOST_BYTES_OF_ONE
from mobility.uploads.virus_scan import Scanner
from mobility.yamlfiles import email_addresses

MOST_BYTES = 250_000_000
"""Of all files of one draft."""
MOST_UNCONFIRMED = 45_000_000
"""Of all files of one draft whose address nobody has confirmed; two of the largest files fit."""
ARRIVING = ".arriving-"


class AlreadySealed(Exception):
    """The draft has been submitted and cannot change any more."""

    def __init__(self, reference: str):
        self.reference = reference
        super().__init__(reference)


class DraftFull(Exception):
    """The draft holds as many files, or `most` bytes, as it may."""

    def __init__(self, most: int):
        self.most = most
        super().__init__(most)


class Gone(Exception):
    """The draft was erased meanwhile."""


@dataclass(frozen=True)
class Link:
    """A private link: the hash of its secret, when it was made and first opened (ISO 8601), and whether it
    went by mail alone, so that who opens it reads the mail of the applicant's address. `vouched`: the
    address, in small letters, that the university's sign-in vouched for when it made this link. `office`: an
    officer handed it over, knowing to whom; that confirms no address."""

    hash: str
    made: str
    mailed: bool = False
    opened: str | None = None
    vouched: str = ""
    office: bool = False


@dataclass(frozen=True)
class LateLink:
    """Permission to submit after the call: to which instant (ISO 8601), why, and when it was given."""

    until: str
    reason: str
    given: str


@dataclass(frozen=True)
class Draft:
    """An application being filled, as it is on the disk.

    `sealed`: the reference under which it was submitted; `round`: what of it the office has asked for since,
    and is open again (correction-1); `remarks`: what the applicant says to warnings, by their ids;
    `language`: in which the applicant reads; `home`: the name of its folder among the submissions, from just
    before it is sealed there."""

    folder: Path
    call: str
    created: str
    answers: dict[str, Any]
    files: tuple[KeptFile, ...] = ()
    sealed: str | None = None
    remarks: dict[str, str] = field(default_factory=dict)
    email: str = ""
    language: Language = "en"
    links: tuple[Link, ...] = ()
    late: LateLink | None = None
    round: str | None = None
    home: str = ""

    @property
    def hash(self) -> str:
        """Of the secret of its first link; names the folder."""
        return self.folder.name

    @property
    def short_hash(self) -> str:
        """By which journal, outbox and officers know it as long as it has no reference."""
        return self.hash[:12]

    @property
    def journal_name(self) -> str:
        """Its reference, or before it has one the start of its hash."""
        return self.sealed or self.short_hash

    @property
    def reference(self) -> str:
        """Under which it was submitted; empty where it is not yet."""
        return self.sealed or ""

    @property
    def addresses(self) -> set[str]:
        """To whom mail about it goes, or went."""
        return {self.email, *(link.vouched for link in self.links)} - {""}

    @property
    def confirmed(self) -> bool:
        """Whether a link that only the address was sent has been opened, or the university vouched for it."""
        ours = plain_address(self.email)
        return any(
            link.vouched == ours if link.vouched else link.mailed and link.opened for link in self.links
        )

    def in_slot(self, slot_id: str) -> tuple[KeptFile, ...]:
        """The files of one slot, the oldest first."""
        return tuple(file for file in self.files if file.slot == slot_id)

    def path(self, file: KeptFile) -> Path:
        """Where the file's bytes are."""
        return storage.inside(self.folder, file.stored)


def start(
    instance: Instance,
    call: str,
    now: datetime.datetime,
    answers: dict[str, Any],
    email: str = "",
    language: Language = "en",
    vouched: str = "",
    office: bool = False,
) -> tuple[str, Draft]:
    """A new draft and the secret of its first link; the secret is not kept anywhere here."""
    secret, link = new_link(now, vouched=vouched, office=office)
    place = storage.folder(instance.drafts / link.hash)
    draft = Draft(place, call, link.made, answers, email=email, language=language, links=(link,))
    write(draft)
    journal.record(instance, now, "begun", draft.short_hash, draft=draft.hash)
    return secret, draft


def new_link(
    now: datetime.datetime, mailed: bool = False, vouched: str = "", office: bool = False
) -> tuple[str, Link]:
    """A secret, and what is kept of it."""
    secret = secrets.token_urlsafe(24)
    when = now.isoformat(timespec="seconds")
    return secret, Link(secret_hash(secret), when, mailed, None, plain_address(vouched), office)


def plain_address(email: str) -> str:
    """An address in the form in which addresses are compared."""
    return email_addresses.canonical(email)


def secret_hash(secret: str) -> str:
    """Of a link's secret, by which it is found."""
    return hashlib.sha256(secret.encode()).hexdigest()


def read(place: Path) -> Draft:
    """The draft in a folder. Raises data_format.TooNew, FileNotFoundError."""
    kept = versioned_files.read_json(place / "draft.json")
    files = tuple(kept_files.from_json(file) for file in kept.pop("files"))
    links = tuple(Link(**link) for link in kept.pop("links", ()))
    late = kept.pop("late", None)
    return Draft(place, files=files, links=links, late=LateLink(**late) if late else None, **kept)


def every(instance: Instance) -> Iterator[Draft]:
    """All drafts that can be read, submitted ones too."""
    yield from versioned_files.readable(places(instance), read)


def places(instance: Instance) -> list[Path]:
    """The folders of all drafts."""
    return sorted(instance.drafts.glob("[!.]*"))


def answer(draft: Draft, given: dict[str, Any]) -> Draft:
    """Keeps answers beside those given before. Raises AlreadySealed."""
    with changing(draft) as current:
        changed = replace(current, answers={**current.answers, **given})
        write(changed)
        return changed


def remark(draft: Draft, said: dict[str, str]) -> Draft:
    """Keeps what the applicant says to warnings; an empty text takes it back. Raises AlreadySealed."""
    with changing(draft) as current:
        remarks = {name: text for name, text in {**current.remarks, **said}.items() if text}
        changed = replace(current, remarks=remarks)
        write(changed)
        return changed


def keep(
    draft: Draft,
    slot: Slot,
    stream: IO[bytes],
    name: str,
    now: datetime.datetime,
    instead_of: str | None = None,
    form: Form | None = None,
) -> Draft:
    """Keeps an uploaded file in its slot: `receive` and `place` in one, with what they raise."""
    return place(draft, slot, receive(draft, stream, name), now, instead_of, form)


def incoming(draft: Draft, file_id: str) -> Path:
    """Where a file is that belongs to no slot yet."""
    return storage.inside(draft.folder, f"{ARRIVING}{file_id}")


def receive(draft: Draft, stream: IO[bytes], name: str) -> ReceivedFile:
    """Puts a whole upload into the draft's folder, for no slot yet. Raises storage.TooLarge,
    storage.DiskFull."""
    file_id = secrets.token_hex(8)
    path = incoming(draft, file_id)
    try:
        size, sha256 = storage.receive(stream, path, MOST_BYTES_OF_ONE)
    except FileNotFoundError:
        raise Gone from None
    return ReceivedFile(file_id, path, name, size, sha256)


def place(
    draft: Draft,
    slot: Slot,
    arrived: ReceivedFile,
    now: datetime.datetime,
    instead_of: str | None = None,
    form: Form | None = None,
    most: int = MOST_BYTES,
    scanner: Scanner | None = None,
) -> Draft:
    """Keeps a file that arrived in its slot, in place of the file `instead_of`, or of any file there where
    the slot takes one. The old file goes only when the new one is safe. `form`: of which it is the signed
    paper; `scanner`: that looks for viruses first. Raises inspection.Refused, DraftFull, AlreadySealed; then
    the arrived goes, and the draft is as it was."""
    try:
        unscanned = scanner is not None and not virus_scan.passed(arrived.path, scanner)
        look = inspection.look(arrived.path, form=form is not None)
        with changing(draft) as current:
            leaving = [f for f in current.in_slot(slot.id) if slot.most == 1 or f.id == instead_of]
            staying = [f for f in current.files if f not in leaving]
            crowded = sum(file.slot == slot.id for file in staying) >= slot.most
            if crowded or sum(file.size for file in staying) + arrived.size > most:
                raise DraftFull(most)
            stored = f"{arrived.id}{look.kind.suffix}"
            storage.move(arrived.path, draft.folder / stored)
            kept = kept_files.describe(slot, arrived, look, stored, now, form, current.answers)
            kept = replace(kept_files.seen_like(kept, current.files), unscanned=unscanned)
            changed = replace(current, files=_in_place(current.files, leaving, kept))
            write(changed)
            for file in leaving:
                storage.remove(current.path(file))
            return changed
    finally:
        storage.remove(arrived.path)


def drop(draft: Draft, file_id: str) -> Draft:
    """Removes a file from its slot. Raises AlreadySealed."""
    with changing(draft) as current:
        leaving = [file for file in current.files if file.id == file_id]
        changed = replace(current, files=tuple(f for f in current.files if f not in leaving))
        write(changed)
        for file in leaving:
            storage.remove(current.path(file))
        return changed


def close(draft: Draft, reference: str) -> None:
    """Marks a submitted draft and lets its copies go: the sealed bag has them. Called under `changing`."""
    write(replace(draft, answers={}, files=(), remarks={}, sealed=reference, round=None))
    for path in (*map(draft.path, draft.files), *draft.folder.glob(f"{ARRIVING}*")):
        storage.remove(path)


@contextmanager
def changing(draft: Draft) -> Iterator[Draft]:
    """The draft as it is on disk now, with everybody else kept out. Raises AlreadySealed, unless the office
    has asked for something since."""
    with _locked(draft):
        current = read(draft.folder)
        if current.sealed and not current.round:
            raise AlreadySealed(current.sealed)
        yield current


def note(draft: Draft, change: Callable[[Draft], Draft]) -> Draft:
    """Changes what is no answer (links, permission, the open round), of a submitted draft too. `change` gets
    the draft as it is on disk, with everybody else kept out, and gives what it is to be. Raises Gone."""
    with _locked(draft):
        current = read(draft.folder)
        changed = change(current)
        if changed != current:
            write(changed)
        return changed


def remove(draft: Draft, even_sealed: bool = False) -> Draft:
    """Removes a draft with its files, and gives it as it was last; whoever writes into it at this moment
    meets Gone. Raises AlreadySealed where it was submitted meanwhile, unless `even_sealed`."""
    leaving = draft.folder.with_name(f"{storage.LEAVING}{draft.hash}")
    with suppress(Gone), _locked(draft):  # a crash may have left what follows
        draft = read(draft.folder)
        if draft.sealed and not even_sealed:
            raise AlreadySealed(draft.sealed)
        storage.move(draft.folder, leaving)
    storage.remove(leaving)
    return draft


def sweep(instance: Instance) -> None:
    """Removes what a crash left of drafts that were being removed."""
    for leaving in instance.drafts.glob(f"{storage.LEAVING}*"):
        storage.remove(leaving)


@contextmanager
def _locked(draft: Draft) -> Iterator[None]:
    try:
        with storage.locked(draft.folder, make=False):
            yield
    except FileNotFoundError:
        if draft.folder.exists():
            raise
        raise Gone from None


def _in_place(files: tuple[KeptFile, ...], leaving: list[KeptFile], new: KeptFile) -> tuple[KeptFile, ...]:
    """The new file stands where the old one stood, so that the order does not jump."""
    if not leaving:
        return (*files, new)
    first, *others = leaving
    return tuple(new if file == first else file for file in files if file not in others)


def write(draft: Draft) -> None:
    """Keeps a draft as it is now; called while its folder is locked."""
    kept = asdict(draft)
    del kept["folder"]
    versioned_files.write_json(draft.folder / "draft.json", kept, indent=1)
