"""The closer look at files after the answer to their upload: nothing of it is lost for student or office."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from mobility.applications import (
    closer_looks,
    completeness,
    drafts,
    record,
)
from mobility.applications.drafts import Draft
from mobility.applications.record import Submission
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from mobility.uploads import inspection
from mobility.uploads.inspection import CloserLook
from tests.helpers import bombs
from tests.helpers.assessing import assessed
from tests.helpers.scans import Scans
from tests.helpers.student import Answers

Keep = Callable[..., Draft]


@pytest.fixture
def draft(instance: Instance, call: Call, in_march: datetime.datetime, invented: Answers) -> Draft:
    return drafts.start(instance, call.id, in_march, invented())[1]


@pytest.fixture
def keep(instance: Instance, book: Rulebook, call: Call, in_march: datetime.datetime) -> Keep:
    """Keeps a file as the portal does."""

    def kept(draft: Draft, slot_id: str, path: Path) -> Draft:
        slot = next(s for s in completeness.slots(book, call, draft.answers) if s.id == slot_id)
        with path.open("rb") as stream:
            draft = drafts.keep(draft, slot, stream, path.name, in_march, form=book.form(slot.form or ""))
        closer_looks.owe(instance, draft)
        return draft

    return kept


def do_owed(instance: Instance, book: Rulebook, draft: Draft) -> Draft:
    closer_looks.do_owed(instance, book, lambda: False)
    return drafts.read(draft.folder)


def owed(instance: Instance) -> list[str]:
    return sorted(path.name for path in instance.closer_looks.glob("[!.]*"))


def marks(book: Rulebook, call: Call, draft: Draft, now: datetime.datetime) -> list[str]:
    """What the office's list says of the files."""
    told: list[str] = record.of(Submission(assessed(book, call, draft), "2027A-0001", now, False))["marks"]
    return [mark for mark in told if "page" in mark or "shown" in mark]


def said(book: Rulebook, call: Call, draft: Draft) -> list[str]:
    return [each.id for each in assessed(book, call, draft).concerns if each.slot]


def test_what_is_owed_survives_a_restart_and_is_shown_once_it_is_there(
    instance: Instance, book: Rulebook, call: Call, draft: Draft, keep: Keep, scans: Scans
) -> None:
    draft = keep(draft, "transcript", scans.pdf("blank.pdf", pages=2))
    assert (draft.files[0].unseen, said(book, call, draft)) == (True, [])
    assert owed(instance) == [draft.hash]
    draft = do_owed(instance, book, draft)
    assert (draft.files[0].unseen, said(book, call, draft)) == (False, ["transcript-blank"])
    assert owed(instance) == []


def test_the_same_content_is_looked_at_once(book: Rulebook, draft: Draft, keep: Keep, scans: Scans) -> None:
    path = scans.pdf("blank.pdf", pages=2)
    draft = keep(draft, "transcript", path)
    draft = keep(draft, "passport", path)
    draft = closer_looks.catch_up(book, draft)
    assert [(file.unseen, file.blank) for file in draft.files] == [(False, True)] * 2
    (again,) = keep(draft, "transcript", path).in_slot("transcript")
    assert (again.unseen, again.blank) == (False, True)


def test_a_file_that_goes_meanwhile_or_a_draft_that_is_erased_holds_up_nothing(
    instance: Instance, book: Rulebook, call: Call, draft: Draft, keep: Keep, scans: Scans,
    in_march: datetime.datetime, invented: Answers,
) -> None:  # fmt: skip
    erased = keep(drafts.start(instance, call.id, in_march, invented())[1], "transcript", scans.pdf())
    drafts.remove(erased)
    draft = keep(draft, "transcript", scans.pdf())
    drafts.drop(draft, draft.files[0].id)
    draft = keep(draft, "passport", scans.pdf("blank.pdf"))
    assert [file.blank for file in do_owed(instance, book, draft).files] == [True]
    assert owed(instance) == []


def test_a_look_that_ends_too_early_stays_owed(
    instance: Instance, book: Rulebook, draft: Draft, keep: Keep, scans: Scans
) -> None:
    draft = keep(draft, "transcript", scans.pdf())
    closer_looks.do_owed(instance, book, lambda: True)
    assert drafts.read(draft.folder).files[0].unseen
    assert owed(instance) == [draft.hash]


def test_what_cannot_be_shown_is_told_to_the_student_and_marked_for_the_office(
    instance: Instance, book: Rulebook, call: Call, draft: Draft, keep: Keep, scans: Scans,
    in_march: datetime.datetime,
) -> None:  # fmt: skip
    draft = keep(draft, "transcript", bombs.content_stream(scans.folder / "heavy.pdf"))
    assert marks(book, call, draft, in_march) == ["pages not looked at: Official KBTU transcript"]
    draft = do_owed(instance, book, draft)
    assert "transcript-unshown" in said(book, call, draft)
    assert marks(book, call, draft, in_march) == ["cannot be shown in the dossier: Official KBTU transcript"]


def test_a_page_that_is_shown_as_a_picture_is_marked(
    book: Rulebook, call: Call, draft: Draft, keep: Keep, scans: Scans, in_march: datetime.datetime
) -> None:
    path = scans.folder / "sized.pdf"
    with pikepdf.open(scans.pdf(pages=2)) as pdf:
        for page in pdf.pages:
            page.Contents = pikepdf.Stream(pdf, b"100 100 300 400 re f")
        pdf.pages[1].MediaBox = pikepdf.Array([0, 0, 0, 0])
        pdf.save(path)
    draft = keep(draft, "transcript", path)
    draft = closer_looks.catch_up(book, draft)
    assert draft.files[0].pictures == (1, 2)
    assert said(book, call, draft) == []
    assert marks(book, call, draft, in_march) == [
        "pages 1, 2 shown as picture in the dossier: Official KBTU transcript"
    ]


def test_who_waits_waits_once_for_the_same_content(
    book: Rulebook, draft: Draft, keep: Keep, scans: Scans, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slot_id in ("passport", "transcript", "recommendation-1"):
        draft = keep(draft, slot_id, scans.pdf("same.pdf", text="same"))
    looks: list[str] = []
    real = inspection.look_closely

    def counted(path: Path, *given: Any) -> CloserLook:
        looks.append(path.name)
        return real(path, *given)

    monkeypatch.setattr(inspection, "look_closely", counted)
    assert not any(file.unseen for file in closer_looks.catch_up(book, draft).files)
    assert len(looks) == 1
