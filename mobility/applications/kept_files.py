"""Files of an application: as they came, and what is kept of them beside their bytes."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mobility.catalogue.documents import Slot
from mobility.catalogue.forms import Form
from mobility.pdfforms import answer_hash
from mobility.uploads.inspection import Look

MOST_NAME = 200
"""Characters kept of what an applicant called a file."""


@dataclass(frozen=True)
class KeptFile:
    """A file as it arrived. `name` is the applicant's own; `stored` ours; `received` ISO 8601 with zone.

    Of a signed form: `answers` is the hash of its answers as the file arrived, `on_paper` that on its pages.
    Of a PDF: `pages`, 0 where that is not known; `blank`: nothing is on them; `active`: what it can do or
    carries beside its pages (scripts); `recovered`: it is damaged, and was mended to be read. `fields`: of a
    signed form, the values of its form fields by name. `unscanned`: the virus scanner gave no answer.
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
        on_paper=_on_paper(form, look.codes) if form else "",
        pages=look.pages,
        blank=look.blank,
        active=look.active,
        recovered=look.recovered,
        fields=look.fields,
    )


def _on_paper(form: Form, codes: tuple[str, ...]) -> str:
    return next(filter(None, (answer_hash.read_qr_text(text, form) for text in codes)), "")


def _shown(name: str) -> str:
    """What the applicant called the file, as text to show: no folders, no control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable()).strip()[-MOST_NAME:] or "file"
