"""A draft becomes a sealed application, once, and anyone can verify it."""

import dataclasses
import datetime
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mobility import storage
from mobility.applications import bags, completeness, drafts, journal, listing, private_links, submissions
from mobility.catalogue.calls import Call
from mobility.catalogue.partners import Agreement
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from mobility.uploads import inspection
from tests.helpers.applications import Filled, Sealed
from tests.helpers.scans import Scans


def test_a_sealed_application_is_a_valid_bag_for_other_programs(filled: Filled, seal: Sealed) -> None:
    bag = seal(filled())
    validator = [sys.executable, "-m", "bagit", "--validate", str(bag.folder)]
    assert subprocess.run(validator, capture_output=True, check=False).returncode == 0
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        summed = subprocess.run(
            ["sha256sum", "-c", manifest], cwd=bag.folder, capture_output=True, check=False
        )
        assert summed.returncode == 0, summed.stderr


def test_the_folder_says_whose_it_is_and_its_files_what_they_are(filled: Filled, seal: Sealed) -> None:
    bag = seal(filled(family_name="Sampleova", given_name="Aigerim"))
    assert bag.home.name == "2027A-0001_SAMPLEOVA-A"
    assert bag.call_folder.name == "2027-autumn"
    names = sorted(
        path.relative_to(bag.folder).as_posix() for path in bag.folder.rglob("*") if path.is_file()
    )
    assert "data/01-application-form.pdf" in names
    assert "data/restricted/03-passport.pdf" in names
    assert "data/08-certificates-1.pdf" in names
    assert "RECEIPT.txt" in names


def test_nobody_else_on_the_machine_can_read_it(filled: Filled, seal: Sealed, instance: Instance) -> None:
    seal(filled())
    for path in [instance.root, *instance.root.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_the_record_keeps_answers_names_of_files_and_what_the_rules_said(
    filled: Filled, seal: Sealed
) -> None:
    record = seal(filled(gpa="2.80")).record()
    assert record["answers"]["gpa"] == "2.80"
    assert record["files"][0]["original_name"] == "мой файл application-form.pdf"
    assert record["choices"][0]["findings"][1]["verdict"] == "below"
    assert any(mark.startswith("below the selection criterion") for mark in record["marks"])


@pytest.mark.parametrize(
    ("until", "offered", "marked"),
    [
        (datetime.date(2027, 3, 30), False, False),
        (datetime.date(2027, 3, 31), True, True),
        (datetime.date(2027, 7, 31), True, True),
        (datetime.date(2027, 8, 1), True, False),
    ],
)
def test_an_agreement_that_ends_between_call_and_studies_is_taken_and_marked(
    book: Rulebook,
    call: Call,
    invented: Callable[..., dict[str, Any]],
    until: datetime.date,
    offered: bool,
    marked: bool,
) -> None:
    host, *others = book.catalogue.partners
    ending = host.model_copy(update={"agreement": Agreement(status="named", valid_until=until)})
    catalogue = book.catalogue.model_copy(update={"partners": (ending, *others)})
    changed = dataclasses.replace(book, catalogue=catalogue)
    given = invented()
    assert (given["choice-1"] in completeness.offered(changed, call)) == offered
    marks = completeness.marks(changed, call, given)
    assert any(mark.startswith("agreement ends before studies begin: ") for mark in marks) == marked


def test_the_receipt_names_every_file_with_its_hash(filled: Filled, seal: Sealed) -> None:
    bag = seal(filled())
    receipt = (bag.folder / "RECEIPT.txt").read_text()
    assert "15 March 2027, 12:30:00 Almaty time (UTC+5)" in receipt
    for file in bag.record()["files"]:
        assert storage.digest(bag.folder / file["file"]) == file["sha256"]
        assert file["sha256"] in receipt


def test_a_second_submission_gives_the_same_bag(filled: Filled, seal: Sealed, instance: Instance) -> None:
    draft = filled()
    first, second = seal(draft), seal(draft)
    assert first == second
    assert len(list(submissions.every(instance))) == 1


def test_ten_clicks_at_once_give_one_bag(filled: Filled, seal: Sealed, instance: Instance) -> None:
    draft, found = filled(), []
    clicks = [threading.Thread(target=lambda: found.append(seal(draft).reference)) for _ in range(10)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert found == ["2027A-0001"] * 10
    assert len(list(submissions.every(instance))) == 1


def test_two_students_at_once_get_two_references(filled: Filled, seal: Sealed) -> None:
    waiting, found = [filled() for _ in range(6)], []
    threads = [threading.Thread(target=lambda d=draft: found.append(seal(d).reference)) for draft in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"2027A-000{n}" for n in range(1, 7)]


def test_a_crash_after_sealing_does_not_make_a_second_bag(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    draft = filled()
    as_it_was = (draft.folder / "draft.json").read_bytes()
    kept = {file: draft.path(file).read_bytes() for file in draft.files}
    bag = seal(draft)
    (draft.folder / "draft.json").write_bytes(as_it_was)  # as if the machine stopped just after the rename
    for file, content in kept.items():
        draft.path(file).write_bytes(content)
    instance.journal.unlink()
    assert seal(draft) == bag
    assert [entry["reference"] for entry in journal.entries(instance)] == [bag.reference]


@pytest.mark.parametrize("wait", [0.0, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15])
def test_killed_at_any_moment_it_is_sealed_whole_or_not_at_all(
    filled: Filled, seal: Sealed, instance: Instance, wait: float
) -> None:
    draft = filled()
    child = os.fork()
    if child == 0:
        seal(draft)
        os._exit(0)
    time.sleep(wait)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert [bags.verify(bag) for bag in submissions.every(instance)] in ([], [[]])
    bag = seal(draft)
    assert list(submissions.every(instance)) == [bag]
    assert bags.verify(bag) == []
    assert submissions.lost(instance) == []


def test_what_a_crash_left_half_made_is_no_application(
    filled: Filled, seal: Sealed, instance: Instance, call: Call, in_march: datetime.datetime
) -> None:
    half = storage.folder(instance.submissions / call.id / ".sealing-0123" / "v1")
    (half / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    seal(filled())
    assert [bag.reference for bag in submissions.every(instance)] == ["2027A-0001"]
    os.utime(half.parent, (0, 0))
    bags.sweep(instance.submissions / call.id, in_march)
    assert not half.parent.exists()


def test_a_failure_while_sealing_leaves_the_draft_and_no_bag(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    draft = filled()
    gone = draft.path(draft.files[-1])
    content = gone.read_bytes()
    gone.unlink()
    with pytest.raises(FileNotFoundError):
        seal(draft)
    assert list(submissions.every(instance)) == []
    assert not list((instance.submissions / draft.call).glob(".sealing-*"))
    gone.write_bytes(content)
    assert seal(draft).folder.is_dir()


def test_a_file_that_the_disk_has_not_kept_is_never_sealed(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    draft = filled()
    with draft.path(draft.files[0]).open("ab") as file:
        file.write(b"rot")
    with pytest.raises(bags.Damaged):
        seal(draft)
    assert list(submissions.every(instance)) == []


def test_an_erased_reference_is_never_given_again(filled: Filled, seal: Sealed) -> None:
    storage.remove(seal(filled()).folder.parent)
    assert seal(filled()).reference == "2027A-0002"


def test_an_incomplete_application_is_not_sealed_and_says_what_lacks(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    draft = filled(motivation="")
    draft = drafts.drop(draft, draft.in_slot("passport")[0].id)
    with pytest.raises(submissions.Incomplete) as incomplete:
        seal(draft)
    assert [(lack.kind, lack.field or lack.id) for lack in incomplete.value.lacks] == [
        ("section", "motivation"),
        ("slot", "passport"),
    ]
    assert list(submissions.every(instance)) == []


@pytest.mark.parametrize(("gpa", "taken"), [("2.49", False), ("2.50", True), ("2.99", True), ("3.00", True)])
def test_a_transcript_is_taken_from_2_5(filled: Filled, seal: Sealed, gpa: str, taken: bool) -> None:
    draft = filled(gpa=gpa)
    if taken:
        assert seal(draft).record()["answers"]["gpa"] == gpa
    else:
        with pytest.raises(submissions.Incomplete) as incomplete:
            seal(draft)
        assert [lack.field for lack in incomplete.value.lacks] == ["gpa"]


def test_after_the_last_second_nothing_is_taken(
    filled: Filled, instance: Instance, book: Rulebook, call: Call
) -> None:
    draft = filled()
    grace = datetime.timedelta(minutes=book.catalogue.calls.grace_minutes)
    with pytest.raises(submissions.CallClosed):
        submissions.submit(instance, book, call, draft, call.closes + grace)
    last_second = call.closes + grace - datetime.timedelta(seconds=1)
    assert submissions.submit(instance, book, call, draft, last_second)


def test_a_foreign_citizen_owes_no_questionnaire(
    book: Rulebook, call: Call, invented: Callable[..., dict[str, Any]]
) -> None:
    ids = [slot.id for slot in completeness.slots(book, call, invented(citizenship="UZ"))]
    assert "questionnaire" not in ids
    assert "questionnaire" in [slot.id for slot in completeness.slots(book, call, invented(citizenship="KZ"))]


@pytest.mark.parametrize("proof", ["ielts", "toefl", "statement"])
def test_one_proof_of_language_is_owed_the_one_that_was_named(
    book: Rulebook, call: Call, invented: Callable[..., dict[str, Any]], proof: str
) -> None:
    slots = completeness.slots(book, call, invented(language_proof=proof))
    assert [slot.id for slot in slots if slot.id.startswith("language")] == [f"language-{proof}"]


def test_verify_names_changed_missing_and_added_files(filled: Filled, seal: Sealed) -> None:
    bag = seal(filled())
    assert bags.verify(bag) == []
    (bag.folder / "data" / "04-transcript.pdf").write_bytes(b"another")
    (bag.folder / "data" / "restricted" / "03-passport.pdf").unlink()
    (bag.folder / "data" / "note.txt").write_text("by hand")
    (bag.folder / "RECEIPT.txt").write_text("another")
    assert bags.verify(bag) == [
        "changed: RECEIPT.txt",
        "changed: data/04-transcript.pdf",
        "missing: data/restricted/03-passport.pdf",
        "added: data/note.txt",
    ]


def test_the_journal_misses_a_bag_that_was_taken_away_or_made_anew(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    first, second = seal(filled()), seal(filled())
    assert submissions.lost(instance) == []
    storage.remove(first.folder.parent)
    with (second.folder / "tagmanifest-sha256.txt").open("a") as file:
        file.write("\n")
    lost = submissions.lost(instance)
    assert lost[0].startswith(f"{first.reference} v1: sealed on")
    assert lost[1].startswith(f"{second.reference} v1: changed")


def test_a_changed_line_of_the_journal_is_found(filled: Filled, seal: Sealed, instance: Instance) -> None:
    for _ in range(3):
        seal(filled())
    lines = instance.journal.read_text().splitlines()
    lines[1] = lines[1].replace("2027A-0002", "2027A-0009")
    instance.journal.write_text("\n".join(lines) + "\n")
    assert journal.breaks(instance) == [3]


def test_the_journal_holds_no_names(filled: Filled, seal: Sealed, instance: Instance) -> None:
    seal(filled(family_name="Sampleova"))
    assert "ampleova" not in instance.journal.read_text().lower()
    assert json.loads(instance.journal.read_text())["reference"] == "2027A-0001"


def test_the_office_list_is_a_page_and_a_table_that_no_spreadsheet_runs(
    filled: Filled, seal: Sealed, in_march: datetime.datetime
) -> None:
    bag = seal(filled(phone="+77010000000", email="=cmd@example.kz", gpa="2.70"))
    place = bag.call_folder
    listing.write(place, in_march)
    table = (place / "index.csv").read_text(encoding="utf-8-sig")
    page = (place / "index.html").read_text()
    assert "'=cmd@example.kz" in table
    assert bag.reference in table and bag.reference in page
    assert "below the selection criterion" in table and "below the selection criterion" in page
    linked = place / bag.home.name / "v1" / "data" / "04-transcript.pdf"
    assert linked.is_file() and f"{bag.home.name}/v1/data/04-transcript.pdf" in page


def test_a_name_cannot_lead_out_of_the_folder_or_into_the_page(
    filled: Filled, seal: Sealed, in_march: datetime.datetime
) -> None:
    draft = filled(given_name="Ann")
    drafts.answer(draft, {"family-name": "O'Sample ..-A"})
    draft = drafts.answer(draft, {"address": "<script>alert(1)</script> ../../etc"})
    bag = seal(draft)
    assert bag.home.name == "2027A-0001_O-SAMPLE-A-A"
    listing.write(bag.call_folder, in_march)
    assert "<script>" not in (bag.call_folder / "index.html").read_text()


def test_a_rehearsal_says_so_everywhere(filled: Filled, seal: Sealed) -> None:
    bag = seal(filled(), rehearsal=True)
    assert bag.reference == "R2027A-0001"
    assert "REHEARSAL" in (bag.folder / "RECEIPT.txt").read_text()
    assert bag.record()["rehearsal"] is True


def test_a_file_takes_the_place_of_the_one_before_only_when_it_is_safe(
    filled: Filled, book: Rulebook, call: Call, in_march: datetime.datetime, scans: Scans
) -> None:
    draft = filled()
    slot = next(slot for slot in completeness.slots(book, call, draft.answers) if slot.id == "transcript")
    before = draft.in_slot("transcript")[0]
    with scans.cut_pdf().open("rb") as stream, pytest.raises(inspection.Refused):
        drafts.keep(draft, slot, stream, "cut.pdf", in_march)
    assert drafts.read(draft.folder).in_slot("transcript") == (before,)
    assert draft.path(before).exists()
    with scans.pdf("new.pdf", text="new").open("rb") as stream:
        draft = drafts.keep(draft, slot, stream, "new.pdf", in_march)
    assert [file.name for file in draft.in_slot("transcript")] == ["new.pdf"]
    assert not draft.path(before).exists()
    assert not list(draft.folder.glob(".arriving-*"))


def test_uploads_at_the_same_time_are_all_kept(
    filled: Filled, book: Rulebook, call: Call, in_march: datetime.datetime, scans: Scans
) -> None:
    draft = filled()
    slot = next(slot for slot in completeness.slots(book, call, draft.answers) if slot.id == "certificates")
    files = [scans.pdf(f"c{n}.pdf", text=str(n)) for n in range(8)]

    def upload(path: Path) -> None:
        with path.open("rb") as stream:
            drafts.keep(draft, slot, stream, path.name, in_march)

    threads = [threading.Thread(target=upload, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drafts.read(draft.folder).in_slot("certificates")) == 9


def test_a_token_opens_its_own_draft_and_is_not_kept(
    instance: Instance, call: Call, in_march: datetime.datetime
) -> None:
    token, draft = drafts.start(instance, call.id, in_march, {})
    other, _ = drafts.start(instance, call.id, in_march, {})
    assert private_links.find(instance, token) == draft
    assert private_links.find(instance, token[:-1]) is None
    assert private_links.find(instance, "../" + draft.hash) is None
    assert token != other
    for path in instance.root.rglob("*"):
        assert token not in path.name and (path.is_dir() or token.encode() not in path.read_bytes())


def test_after_submission_the_draft_holds_nothing_personal(filled: Filled, seal: Sealed) -> None:
    draft = filled(family_name="Sampleova")
    seal(draft)
    assert sorted(path.name for path in draft.folder.iterdir()) == [".lock", "draft.json"]
    assert "Sampleova" not in (draft.folder / "draft.json").read_text()


def test_drafts_that_were_never_submitted_are_purged_after_their_call(
    filled: Filled, seal: Sealed, instance: Instance, book: Rulebook, call: Call
) -> None:
    forgotten = filled()
    seal(filled())
    rules = book.catalogue.calls
    early = call.closes + datetime.timedelta(days=29)
    late = call.closes + datetime.timedelta(days=31)
    assert list(submissions.left_over(instance, rules, early, 30)) == []
    assert [draft.folder for draft, _ in submissions.left_over(instance, rules, late, 30)] == [
        forgotten.folder
    ]
