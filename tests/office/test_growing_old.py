"""A data folder of an earlier version: opened, filled on, submitted and verified by this one."""

import datetime
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mobility import storage
from mobility.applications import (
    bags,
    data_format,
    drafts,
    journal,
    lookup,
    receipts,
    submissions,
    versioned_files,
)
from mobility.catalogue.rulebook import Rulebook
from mobility.office import backup, checkup, outbox, tasks
from mobility.paths import CHECKOUT, Instance
from tests.helpers import kept_instance
from tests.helpers.commands import mobility
from tests.helpers.kept_instance import AT, unpacked
from tests.helpers.portal_server import running
from tests.helpers.scans import Scans
from tests.helpers.student import Student

KEPT = sorted((CHECKOUT.root / "tests" / "data").glob("instance-*.tar.gz"))
"""Of each format one, made by the last version that kept it."""
NEEDS_NONE = re.compile(
    r"^format$|^secrets-of-this-test$"
    r"|\.pem$"  # PEM says itself what it holds
    r"|^outbox/.*\.eml$"  # mail as it goes (RFC 5322), with its record beside it
    r"|/data/(?!(restricted/)?application\.yaml)|^drafts/\w+/(?!draft\.json$)[\w-]+\.\w+$"  # applicants'
    r"|/(bagit|bag-info|manifest-sha256|tagmanifest-sha256)\.txt$"  # BagIt; bag-info.txt says it in a line
    r"|/RECEIPT\.txt$"  # for people; its signature names the key
    r"|/index\.(html|csv|xlsx)$"  # lists for people, written anew, never read
    r"|\.sqlite3(-wal|-shm)?$"  # PRAGMA user_version; made again where it is another
)
"""Files that say no version of ours, each for its reason; locks and marks are empty."""


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
    assert "Every draft, application, task, mail and member of the staff can be read" in says
    assert journal.breaks(kept) == []
    there = list(submissions.every(kept))
    named = {(bag.reference, bag.version) for bag in there}
    assert named == set(submissions.journalled(kept)) > {("2027A-0001", "v1"), ("2027A-0002", "v1")}
    assert not any(bags.verify(bag) for bag in there) and submissions.lost(kept) == []
    assert {receipts.verify(kept, (bag.folder / "RECEIPT.txt").read_text()) for bag in there} == {"matches"}
    references = sorted({reference for reference, _ in named})
    assert len(list(drafts.every(kept))) == 1 + len(references) and len(list(outbox.waiting(kept))) >= 8
    assert [each.reference for each in lookup.applications(kept, "2027-autumn")[0]] == references
    restored = Instance(tmp_path / "restored")
    assert backup.restore(backup.write(kept, tmp_path / "backups", AT), restored, AT).faults == []


def test_it_is_filled_on_submitted_and_corrected(
    old: tuple[Instance, list[str]],
    book: Rulebook,
    invented: Callable[..., dict[str, Any]],
    scans: Scans,
) -> None:
    kept, (filling, asked, corrected) = old
    before = {(bag.reference, bag.version) for bag in submissions.every(kept)}
    known = {reference for reference, _ in before}
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
    assert {(bag.reference, bag.version) for bag in there} - before == {
        ("2027A-0001", "v2"), (f"2027A-{len(known) + 1:04}", "v1"),
    }  # fmt: skip
    assert not any(bags.verify(bag) for bag in there) and submissions.lost(kept) == []


def test_what_cannot_be_read_is_named_and_stays(
    old: tuple[Instance, list[str]], book: Rulebook, in_march: datetime.datetime
) -> None:
    kept, _ = old
    (broken,) = (draft.folder for draft in drafts.every(kept) if not draft.sealed)
    (broken / "draft.json").write_text('{"written": "by another version"')
    (bag, *_) = submissions.every(kept)
    (bag.folder / "data/application.yaml").write_text("{")
    waits, owed = len(list(outbox.waiting(kept))), len(list(tasks.waiting(kept)))
    mail = next(kept.outbox.glob("*.json"))
    mail.write_text("[]")
    for name, content in (("a-newer", '{"format": 9, "id": "x"}'), ("empty", ""), ("a-list", "[]")):
        storage.write(storage.folder(kept.tasks) / f"{name}.json", content)
    said = " ".join(found.says for found in checkup.of_instance(kept, book, in_march) if not found.good)
    assert (
        f"6 things cannot be read: draft {broken.name[:24]}, task a-list.json, "
        "task a-newer.json (of a newer version), task empty.json, "
        f"mail {mail.name[:24]}, application 2027A-0001 v1"
    ) in said
    assert len(list(outbox.waiting(kept))) == waits - 1 and len(list(tasks.waiting(kept))) == owed
    for path in (broken / "draft.json", bag.folder, mail, kept.tasks / "empty.json"):
        assert path.exists(), "it stays where it is"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """An instance in which everything was done, made by this version."""
    return kept_instance.make(tmp_path_factory.mktemp("whole"))


def test_every_file_says_in_which_format_it_is(whole: Instance) -> None:
    files = [path for path in whole.root.rglob("*") if path.is_file() and path.stat().st_size]
    says = re.compile(rf"\A\{{?\s*\"?format\"?: {data_format.FORMAT}\b")
    silent = set()
    for path in files:
        name = path.relative_to(whole.root).as_posix()
        found = NEEDS_NONE.search(name)
        if not found and not says.match(path.read_text(encoding="utf-8", errors="replace")):
            silent.add(name)
    assert silent == set()
    with sqlite3.connect(whole.index) as index:
        assert index.execute("PRAGMA user_version").fetchone()[0] > 0
    with sqlite3.connect(whole.limit_counts) as counts:
        assert counts.execute("PRAGMA user_version").fetchone()[0] > 0
    lines = whole.journal.read_text().splitlines()
    assert len(lines) > 20 and all(map(says.match, lines))
    infos = [path for path in files if path.name == "bag-info.txt"]
    assert len(infos) == 4
    assert all(f"Record-Format: {data_format.FORMAT}\n" in path.read_text() for path in infos)


def test_every_kind_of_record_of_a_newer_version_is_refused_by_its_name(whole: Instance) -> None:
    refused = set()
    for path in whole.root.rglob("*"):
        if path.suffix in (".json", ".yaml"):
            fresh = path.read_text().replace(f"{data_format.FORMAT}", "99", 1)
            read = versioned_files.of_json if path.suffix == ".json" else versioned_files.of_yaml
            with pytest.raises(data_format.TooNew, match=re.escape(f"{path} is kept in format 99")):
                read(fresh, path)
            refused.add(path.parent.name)
    assert refused >= {"outbox", "tasks", "staff", "decisions", "data", "restricted", "2027A-0003"}


def test_what_a_newer_version_wrote_is_named_and_stays(
    whole: Instance, book: Rulebook, in_march: datetime.datetime, tmp_path: Path
) -> None:
    kept = Instance(tmp_path / "kept")
    shutil.copytree(whole.root, kept.root)
    (drafted,) = (draft.folder for draft in drafts.every(kept) if not draft.sealed)
    (member,) = kept.staff.glob("*.yaml")
    newer = [drafted / "draft.json", member, *kept.review.glob("*/*/checks.yaml")]
    for path in newer:
        path.write_text(path.read_text().replace(str(data_format.FORMAT), "99", 1))
    said = " ".join(found.says for found in checkup.of_instance(kept, book, in_march) if not found.good)
    assert (
        f"3 things cannot be read: draft {drafted.name[:24]} (of a newer version), "
        f"member of the staff {member.name} (of a newer version), "
        "application 2027A-0003 v1 (of a newer version)"
    ) in said
    run = mobility("staff", "--data", str(kept.root), "list")
    assert (run.returncode, run.stdout) == (1, "")
    assert f"{member} is kept in format 99" in run.stderr and "Traceback" not in run.stderr
    assert all("99" in path.read_text() for path in newer)


def test_an_older_program_stays_away_from_a_newer_folder(old: tuple[Instance, list[str]]) -> None:
    kept, _ = old
    data_format.bring_up(kept)
    assert data_format.of(kept) == data_format.FORMAT
    kept.format.write_text("99\n")
    with pytest.raises(data_format.TooNew):
        data_format.bring_up(kept)
    run = mobility("submissions", "--data", str(kept.root), "list")
    assert (run.returncode, "is kept in format 99" in run.stderr) == (1, True)
