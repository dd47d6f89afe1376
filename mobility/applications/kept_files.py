"""Files of an application: as they came, and what is kept of them beside their bytes."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mobility.catalogue.documents import Slot
from mobility.catalogue.forms import Form
from mobility.pdfforms import answer_hash
from mobility.uploads.inspection import CloserLook, Look

MOST_NAME = 200
"""Characters kept of what an applicant called a file."""


@dataclass(frozen=True)
class KeptFile:
    """A file as it arrived. `name` is the applicant's own; `stored` ours; `received` ISO 8601 with zone.

    Of a signed form: `form` is its id, `answers` the hash of its answers as the file arrived, `on_paper` that
    on its pages.
    Of a PDF: `pages`, 0 where that is not known; `blank`: nothing is on them; `active`: what it can do or
    carries beside its pages (scripts); `recovered`: it is damaged, and was mended to be read. `fields`: of a
    signed form, the values of its form fields by name. `unscanned`: the virus scanner gave no answer.

    `unseen`: its pages are not looked at closely yet, so that `on_paper`, `blank` and what follows may still
    change. `pictures`: the numbers of the pages that a dossier shows as pictures; `unshown`: it shows none.
    """

    id: str
    slot: str
    name: str
    kind: str
    stored: str
    size: int
    sha256: str
    received: str
    answers: str = ""
    on_paper: str = ""
    pages: int = 0
    blank: bool = False
    active: tuple[str, ...] = ()
    recovered: bool = False
    unscanned: bool = False
    fields: dict[str, str] = field(default_factory=dict, hash=False)
    form: str = ""
    unseen: bool = False
    pictures: tuple[int, ...] = ()
    unshown: bool = False


@dataclass(frozen=True)
class ReceivedFile:
    """A whole file in the draft's folder that belongs to no slot yet."""

    id: str
    path: Path
    name: str
    size: int
    sha256: str


def describe(
    slot: Slot,
    arrived: ReceivedFile,
    look: Look,
    stored: str,
    now: datetime.datetime,
    form: Form | None,
    answers: Mapping[str, Any],
) -> KeptFile:
    """What is kept of a file that arrived for a slot. `form`: of which it is the signed paper, and `answers`
    those that hold now."""
    return KeptFile(
        id=arrived.id,
        slot=slot.id,
        name=_shown(arrived.name),
        kind=look.kind.name,
        stored=stored,
        size=arrived.size,
        sha256=arrived.sha256,
        received=now.isoformat(timespec="seconds"),
        answers=answer_hash.answers_hash(form, answers) if form else "",
        pages=look.pages,
        active=look.active,
        recovered=look.recovered,
        fields=look.fields,
        form=form.id if form else "",
        unseen=True,
    )


def seen(file: KeptFile, look: CloserLook, form: Form | None) -> KeptFile:
    """What is kept of a file after a closer look."""
    return replace(
        file,
        unseen=False,
        on_paper=_on_paper(form, look.codes) if form else "",
        blank=look.blank,
        pictures=look.pictures or (),
        unshown=look.pictures is None,
    )


def seen_like(file: KeptFile, others: Iterable[KeptFile]) -> KeptFile:
    """What is kept of a file after a closer look at another with the same content, if there is one."""
    for other in others:
        if (other.sha256, other.form, other.unseen) == (file.sha256, file.form, False):
            names = ("unseen", "on_paper", "blank", "pictures", "unshown")
            return replace(file, **{name: getattr(other, name) for name in names})
    return file


def from_json(kept: Mapping[str, Any]) -> KeptFile:
    """A file as draft.json describes it."""
    lists = {name: tuple(kept.get(name, ())) for name in ("active", "pictures")}
    return KeptFile(**{**kept, **lists})


def _on_paper(form: Form, codes: tuple[str, ...]) -> str:
    return next(filter(None, (answer_hash.read_qr_text(text, form) for text in codes)), "")


def _shown(name: str) -> str:
    """What the applicant called the file, as text to show: no folders, no control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable()).strip()[-MOST_NAME:] or "file"
