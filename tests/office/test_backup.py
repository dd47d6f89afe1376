"""Backups of a portal while it runs, and what a restore gives back."""

import datetime
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from mobility import storage
from mobility.applications import bags, drafts, journal, private_links, receipts, submissions
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, backup
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers import full_disk
from tests.helpers.applications import Filled, Sealed
from tests.helpers.commands import mobility
from tests.helpers.portal_server import running
from tests.helpers.student import Student


@pytest.fixture
def elsewhere(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "restored")


def test_a_backup_restores_into_an_empty_folder_and_every_bag_verifies(
    filled: Filled, seal: Sealed, instance: Instance, elsewhere: Instance, tmp_path: Path
) -> None:
    sealed, filling = seal(filled()), filled()
    made = mobility("backup", str(tmp_path / "backups"), "--data", str(instance.root))
    folder = Path(made.stdout.strip())
    subprocess.run(["sha256sum", "--quiet", "-c", backup.SUMS], cwd=folder, check=True)
    run = mobility("restore", str(folder), "--data", str(elsewhere.root))
    assert (run.returncode, run.stderr) == (0, "")
    assert "1 bags verified, 0 faults." in run.stdout
    assert [bag.fingerprint() for bag in submissions.every(elsewhere)] == [sealed.fingerprint()]
    assert mobility("submissions", "--data", str(elsewhere.root), "verify").returncode == 0
    restored = drafts.read(elsewhere.drafts / filling.hash)
    assert restored.answers == drafts.read(filling.folder).answers
    assert [storage.digest(restored.path(file)) for file in restored.files] == [
        file.sha256 for file in filling.files
    ]
    receipt = (sealed.folder / "RECEIPT.txt").read_text()
    assert receipts.verify(elsewhere, receipt) == "matches"
    written = [folder, *folder.rglob("*"), *elsewhere.root.rglob("*")]
    assert {path.stat().st_mode & 0o077 for path in written} == {0}


def test_after_a_restore_the_links_open_and_what_was_sent_is_not_sent_twice(
    tmp_path: Path, in_march: datetime.datetime, book: Rulebook, sent_once: tuple[Path, str]
) -> None:
    kept, secret = sent_once
    folder = backup.write(Instance(kept), tmp_path / "backups", in_march)
    elsewhere = Instance(tmp_path / "restored")
    assert backup.restore(folder, elsewhere, in_march).faults == []
    with running(elsewhere.root, in_march) as portal:
        student = Student(portal, book)
        page = student.open(f"/apply/back/{secret}")
        assert "2027A-0001" in page.text
        student.post("/apply/submit")
    assert [bag.reference for bag in submissions.every(elsewhere)] == ["2027A-0001"]
    assert journal.breaks(elsewhere) == []


def test_no_reference_that_may_stand_on_a_receipt_is_given_again(
    filled: Filled,
    seal: Sealed,
    instance: Instance,
    elsewhere: Instance,
    tmp_path: Path,
    in_march: datetime.datetime,
    book: Rulebook,
    call: Call,
) -> None:
    seal(filled())
    folder = backup.write(instance, tmp_path / "backups", in_march)
    lost = filled()
    assert seal(filled()).reference == "2027A-0002"
    backup.restore(folder, elsewhere, in_march)
    shutil.copytree(lost.folder, elsewhere.drafts / lost.hash)
    again = submissions.submit(elsewhere, book, call, drafts.read(elsewhere.drafts / lost.hash), in_march)
    assert again.reference == f"2027A-{1 + backup.SKIP + 1:04}"


def test_backups_of_a_portal_in_the_midst_of_submissions_are_each_whole(
    filled: Filled, seal: Sealed, instance: Instance, tmp_path: Path, in_march: datetime.datetime
) -> None:
    waiting = [filled(family_name=f"Sampleova{letter}") for letter in "abcd"]
    submitting = threading.Thread(target=lambda: [seal(draft) for draft in waiting])
    submitting.start()
    folders = []
    while submitting.is_alive() or len(folders) < 2:
        now = in_march + datetime.timedelta(seconds=len(folders))
        folders.append(backup.write(instance, tmp_path / "backups", now))
    submitting.join()
    for number, folder in enumerate(folders):
        there = Instance(tmp_path / f"restored-{number}")
        assert backup.restore(folder, there, in_march).faults == []
        sealed = {bag.draft for bag in submissions.every(there)}
        assert {draft.hash for draft in drafts.every(there) if draft.sealed} == sealed
        assert len(list(drafts.every(there))) == len(waiting)


def test_what_has_not_changed_is_shared_with_the_backup_before(
    filled: Filled, seal: Sealed, instance: Instance, tmp_path: Path, in_march: datetime.datetime
) -> None:
    bag = seal(filled())
    first = backup.write(instance, tmp_path / "backups", in_march)
    second = backup.write(instance, tmp_path / "backups", in_march + datetime.timedelta(days=1))
    name = (bag.folder / "data/04-transcript.pdf").relative_to(instance.root)
    assert (first / name).samefile(second / name)
    (first / name).chmod(0o600)
    (first / name).write_bytes(b"rot")  # in both, as they share it
    third = backup.write(instance, tmp_path / "backups", in_march + datetime.timedelta(days=2))
    assert list(backup.check(third)) == []
    assert list(backup.check(second)) == [f"changed: {name}"]


def test_a_damaged_backup_is_restored_as_far_as_it_goes_and_every_fault_is_named(
    filled: Filled,
    seal: Sealed,
    instance: Instance,
    elsewhere: Instance,
    tmp_path: Path,
    in_march: datetime.datetime,
) -> None:
    bag = seal(filled())
    folder = backup.write(instance, tmp_path / "b", in_march)
    place = folder / bag.folder.relative_to(instance.root)
    (place / "data/04-transcript.pdf").write_bytes(b"rot")
    (place / "RECEIPT.txt").unlink()
    where = place.relative_to(folder)
    named = {f"changed: {where}/data/04-transcript.pdf", f"missing: {where}/RECEIPT.txt"}
    assert set(backup.check(folder)) == named
    run = mobility("restore", str(folder), "--data", str(elsewhere.root))
    assert run.returncode == 1
    assert {*named, "2027A-0001 v1: changed: data/04-transcript.pdf"} <= set(run.stdout.splitlines())
    assert len(list(drafts.every(elsewhere))) == 1


def test_what_is_no_backup_is_told_and_nothing_is_restored(
    instance: Instance, filled: Filled, elsewhere: Instance, tmp_path: Path, in_march: datetime.datetime
) -> None:
    filled()
    folder = backup.write(instance, tmp_path / "b", in_march)
    for odd in ("cut short", f"{'0' * 64}  ../../etc/passwd\n"):
        (folder / backup.SUMS).write_text(odd)
        for words in (("restore", str(folder)), ("backup", "--check", str(folder.parent))):
            run = mobility(*words, "--data", str(elsewhere.root))
            assert (run.returncode, "manifest-sha256.txt is damaged" in run.stderr) == (1, True), run.stderr
    assert not elsewhere.root.exists() or not any(elsewhere.root.iterdir())


def test_a_backup_goes_neither_into_the_data_folder_nor_where_no_folder_can_be(
    instance: Instance, filled: Filled, tmp_path: Path
) -> None:
    filled()
    (tmp_path / "file").write_text("")
    for target, why in (
        (instance.root / "backups", "is in the data folder"),
        (tmp_path / "file/b", "could be"),
    ):
        run = mobility("backup", str(target), "--data", str(instance.root))
        assert (run.returncode, why in run.stderr, "Traceback" in run.stderr) == (1, True, False), run.stderr


def test_a_draft_that_cannot_be_read_is_copied_as_it_is_and_its_neighbours_with_it(
    instance: Instance, filled: Filled, seal: Sealed, tmp_path: Path, in_march: datetime.datetime
) -> None:
    bag = seal(filled())
    broken = filled().folder
    (broken / "draft.json").write_text("{")
    folder = backup.write(instance, tmp_path / "b", in_march)
    assert (folder / "drafts" / broken.name / "draft.json").read_text() == "{"
    assert (folder / bag.folder.relative_to(instance.root) / "RECEIPT.txt").exists()


def test_nothing_is_restored_over_something(
    instance: Instance, filled: Filled, tmp_path: Path, in_march: datetime.datetime
) -> None:
    filled()
    folder = backup.write(instance, tmp_path / "b", in_march)
    before = sorted(instance.root.rglob("*"))
    with pytest.raises(backup.NotEmpty):
        backup.restore(folder, instance, in_march)
    assert sorted(instance.root.rglob("*")) == before


def test_who_is_erased_while_a_backup_is_made_is_not_in_it(
    filled: Filled,
    seal: Sealed,
    instance: Instance,
    book: Rulebook,
    tmp_path: Path,
    in_march: datetime.datetime,
) -> None:
    bag = seal(filled())
    private_links.issue(instance, drafts.read(instance.drafts / bag.draft), in_march)
    desk = Desk(instance, book, "", False, in_march)
    ended = threading.Event()
    folders = []

    def backups() -> None:
        while not ended.is_set() or not folders:
            now = in_march + datetime.timedelta(seconds=len(folders))
            folders.append(backup.write(instance, tmp_path / "backups", now))

    making = threading.Thread(target=backups)
    making.start()
    actions.erase(desk, bag.reference)
    ended.set()
    making.join()
    there = Instance(backup.write(instance, tmp_path / "backups", in_march + datetime.timedelta(days=1)))
    assert list(submissions.every(there)) == list(drafts.every(there)) == []
    for folder in folders:
        found = [*submissions.every(Instance(folder))]
        assert [bags.verify(each) for each in found] in ([], [[]])
        assert submissions.lost(Instance(folder)) == []


def test_old_backups_and_what_a_crash_left_are_removed_and_the_last_stay(
    filled: Filled, instance: Instance, tmp_path: Path, in_march: datetime.datetime
) -> None:
    filled()
    target = tmp_path / "backups"
    made = [backup.write(instance, target, in_march + datetime.timedelta(days=day)) for day in range(4)]
    storage.folder(target / ".making-20270301T000000")
    (target / "notes of somebody").mkdir()
    assert backup.thin_out(target, 2) == (made[:2], [])
    assert {path.name for path in target.iterdir()} == {
        "notes of somebody",
        *(path.name for path in made[2:]),
    }
    assert list(backup.check(made[3])) == []


def test_no_backup_of_other_data_is_removed_for_a_folder_that_is_not_mounted(
    filled: Filled, seal: Sealed, instance: Instance, elsewhere: Instance, tmp_path: Path
) -> None:
    def back_up(data: Instance) -> subprocess.CompletedProcess[str]:
        return mobility("backup", str(target), "--data", str(data.root), "--keep", "1")

    target = tmp_path / "backups"
    seal(filled())
    good = Path(back_up(instance).stdout.strip())
    storage.folder(elsewhere.root)
    refused = back_up(elsewhere)
    assert (refused.returncode, "is it the right folder" in refused.stderr) == (1, True)
    good.rename(good := target / "20260101T000000")
    storage.write(elsewhere.format, "2\n")  # a portal was started on the empty folder
    other = back_up(elsewhere)
    assert (other.returncode, f"{good} stays" in other.stderr) == (1, True)
    assert list(backup.check(good)) == []
    Path(other.stdout.strip()).rename(target / "20260102T000000")
    right = back_up(instance)
    assert (right.returncode, f"removed {good}" in right.stdout) == (0, True), right.stderr
    assert len(list(target.iterdir())) == 1


def test_a_backup_onto_a_full_disk_is_told_and_leaves_nothing(
    filled: Filled, seal: Sealed, instance: Instance, tmp_path: Path
) -> None:
    seal(filled())
    target = tmp_path / "backups"
    with full_disk.small_disk(target, megabytes=1):
        full_disk.fill(target, room=20_000)
        run = mobility("backup", str(target), "--data", str(instance.root))
        assert (run.returncode, "Traceback" in run.stderr) == (1, False), run.stderr
        assert f"No backup could be made in {target}: No space left" in run.stderr
        assert [path.name for path in target.iterdir()] == [".ballast"]
