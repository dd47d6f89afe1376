"""A data folder of an earlier version: opened, filled on, submitted and verified by this one."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mobility.applications import bags, data_format, drafts, journal, lookup, receipts, submissions
from mobility.catalogue.rulebook import Rulebook
from mobility.office import backup, checkup, outbox
from mobility.paths import CHECKOUT, Instance
from tests.helpers.commands import mobility
from tests.helpers.kept_instance import AT, unpacked
from tests.helpers.portal_server import running
from tests.helpers.scans import Scans
from tests.helpers.student import Student

KEPT = sorted((CHECKOUT.root / "tests" / "data").glob("instance-*.tar.gz"))
"""Of each format one, made by the last version that kept it."""


@pytest.fixture(params=KEPT, ids=lambda path: path.name.partition(".")[0])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Instance, list[str]]:
    """An instance, and the secrets of what is half filled, asked for a correction, and corrected in it."""
    return unpacked(request.param, tmp_path)


def test_every_earlier_format_is_kept_here() -> None:
    assert [path.name for path in KEPT] == [f"instance-{n}.tar.gz" for n in range(data_format.FORMAT)]


def test_all_of_it_can_be_read_and_every_bag_and_receipt_verifies(
    old: tuple[Instance, list[str]], book: Rulebook, tmp_path: Path
) -> None:
    kept, _ = old
    says = {found.says for found in checkup.of_instance(kept, book, AT)}
    assert "Every draft, application, task and mail can be read" in says
    assert journal.breaks(kept) == []
    there = list(submissions.every(kept))
    assert [(bag.reference, bag.version) for bag in there] == [
        ("2027A-0001", "v1"), ("2027A-0002", "v1"), ("2027A-0002", "v2"),
    ]  # fmt: skip
    assert [bags.verify(bag) for bag in there] == [[], [], []] and submissions.lost(kept) == []
    assert {receipts.verify(kept, (bag.folder / "RECEIPT.txt").read_text()) for bag in there} == {"matches"}
    assert len(list(drafts.every(kept))) == 3 and len(list(outbox.waiting(kept))) == 8
    assert [each.reference for each in lookup.applications(kept, "2027-autumn")[0]] == [
        "2027A-0001",
        "2027A-0002",
    ]
    restored = Instance(tmp_path / "restored")
    assert backup.restore(backup.write(kept, tmp_path / "backups", AT), restored, AT).faults == []


def test_it_is_filled_on_submitted_and_corrected(
    old: tuple[Instance, list[str]],
    book: Rulebook,
    invented: Callable[..., dict[str, Any]],
    scans: Scans,
) -> None:
    kept, (filling, asked, corrected) = old
    with running(kept.root, AT + datetime.timedelta(days=1)) as portal:
        student = Student(portal, book)
        assert (
            "passport.pdf"
            in student.open(f"/apply/back/{filling}").text + student.get("/apply/documents").text
        )
        student.answer(invented())
        student.upload_all(scans)
        assert "/apply/receipt/v1" in student.post("/apply/submit").url
        student = Student(portal, book)
        assert "Page 2 is missing." in student.open(f"/apply/back/{asked}").text
        student.post("/apply/rounds/correction-1")
        assert student.upload("transcript", scans.pdf("both.pdf", pages=2)).ok
        student.post("/apply/questions/contact", {"phone": "+77004445566"})
        assert "/apply/receipt/v2" in student.post("/apply/submit").url
        assert "2027A-0002" in Student(portal, book).open(f"/apply/back/{corrected}").text
    there = list(submissions.every(kept))
    assert [f"{bag.reference} {bag.version}" for bag in there] == [
        *("2027A-0001 v1", "2027A-0001 v2", "2027A-0002 v1", "2027A-0002 v2", "2027A-0003 v1")
    ]
    assert not any(bags.verify(bag) for bag in there) and submissions.lost(kept) == []


def test_what_cannot_be_read_is_named_and_stays(
    old: tuple[Instance, list[str]], book: Rulebook, in_march: datetime.datetime
) -> None:
    kept, _ = old
    (broken,) = (draft.folder for draft in drafts.every(kept) if not draft.sealed)
    (broken / "draft.json").write_text('{"written": "by another version"')
    (bag, *_) = submissions.every(kept)
    (bag.folder / "data/application.yaml").write_text("{")
    said = " ".join(found.says for found in checkup.of_instance(kept, book, in_march) if not found.good)
    assert f"2 things cannot be read: draft {broken.name[:24]}, application 2027A-0001 v1" in said
    assert (broken / "draft.json").exists() and bag.folder.exists()


def test_an_older_program_stays_away_from_a_newer_folder(old: tuple[Instance, list[str]]) -> None:
    kept, _ = old
    data_format.bring_up(kept)
    assert data_format.of(kept) == data_format.FORMAT
    kept.format.write_text("99\n")
    with pytest.raises(data_format.TooNew):
        data_format.bring_up(kept)
    run = mobility("submissions", "--data", str(kept.root), "list")
    assert (run.returncode, "is kept in format 99" in run.stderr) == (1, True)
