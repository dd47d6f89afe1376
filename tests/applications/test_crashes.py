"""A process that dies, or whose disk fails, in the midst of an act: all stays whole, and it is done again."""

import datetime
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mobility import storage
from mobility.applications import bags, drafts, index, journal, lookup, review, rounds, submissions
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, decisions, outbox
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed
from tests.helpers.killed_acts import ACTS, FAULTS, REPLACEMENT, TRACED, Given, again, faulty
from tests.helpers.scans import Scans

ALL = os.environ.get("MOBILITY_FAULTS") == "all"
STEPS = {"submit": 27, "correct": 27, "replace": 5, "erase": 13, "release": 9, "decide": 7, "index": 3}
"""Of acts with many disk calls the suite tries each so manieth; `scripts/bench --faults` tries all."""


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where the machine has one: a kill loses nothing that the disk would have kept, so
    these tests need not wait for it."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else tmp_path) as folder:
        yield Path(folder)


@pytest.fixture
def prepared(
    filled: Filled,
    seal: Sealed,
    instance: Instance,
    book: Rulebook,
    in_march: datetime.datetime,
    scans: Scans,
) -> Callable[[str], Instance]:
    """Makes an instance with the one draft or application that an act works on."""

    def prepare(act: str) -> Instance:
        draft = drafts.note(filled(), lambda current: replace(current, email="aigerim@example.kz"))
        if act in ("submit", "replace", "journal"):
            shutil.copy(scans.pdf("replacement.pdf", text="another"), instance.root.parent / REPLACEMENT)
            return instance
        bag = seal(draft)
        desk = Desk(instance, book, "", False, in_march)
        if act in ("correct", "erase"):
            asked = actions.ask_correction(desk, bag.reference, ["contact"], ["transcript"], "Page 2?")
            begun = rounds.begin(instance, drafts.read(draft.folder), asked, in_march)
            drafts.answer(begun, {"phone": "+77001112233"})
        if act == "release":
            decisions.decide(desk, bag.reference, "not nominated")
        return instance

    return prepare


def whole(given: Given) -> None:
    """What holds after any fault: no half bag, every kept file as it came, the journal whole, and the index
    equal to the folders."""
    kept = given.instance
    for call in kept.submissions.glob("[!.]*/"):
        for home in bags.homes(call):
            assert list(bags.in_home(home))
    assert [bags.verify(bag) for bag in submissions.every(kept) if bags.verify(bag)] == []
    for draft in drafts.every(kept):
        assert [storage.digest(draft.path(file)) for file in draft.files] == [f.sha256 for f in draft.files]
    assert journal.breaks(kept) == []
    index.reconcile(kept)
    followed = in_index(kept)
    storage.remove_database(kept.index)
    assert followed == in_index(kept)


def in_index(kept: Instance) -> object:
    """All that the index says."""
    applications, _ = lookup.applications(kept, "2027-autumn")
    return applications, lookup.never_submitted(kept, "9"), lookup.draft_of(kept, "2027A-0001")


def done_once(act: str, given: Given) -> None:
    """What holds when an act to which a fault came was done again: it is done, and once."""
    kept = given.instance
    versions = [bag.version for bag in submissions.every(kept)]
    events = [entry["event"] for entry in journal.entries(kept)]
    assert submissions.lost(kept) == []
    mails = len(list(outbox.waiting(kept)))
    if act == "submit":
        assert (versions, events) == (["v1"], ["begun", "sealed"])
    elif act == "replace":
        (passport,) = given.draft.in_slot("passport")
        assert passport.sha256 == storage.digest(given.file)
        there = {path.name for path in given.draft.folder.glob("[!.]*")} - {"draft.json"}
        assert {file.stored for file in given.draft.files} <= there
    elif act == "correct":
        assert (versions, events.count("sealed")) == (["v1", "v2"], 2)
        assert given.draft.round is None
    elif act == "decide":
        there = review.standing(kept, "2027-autumn", "2027A-0001")
        assert there.drafted and there.told is None and mails == 0
    elif act == "release":
        there = review.standing(kept, "2027-autumn", "2027A-0001")
        assert there.told and mails == 1, "told, by one mail"
    elif act == "erase":
        assert (versions, list(drafts.every(kept)), mails) == ([], [], 0)
        assert not list(kept.review.glob("*/*")) and events[-1] in ("erasure begun", "erased")
        assert not list(kept.root.rglob(f"{storage.LEAVING}*"))


def tried() -> list[tuple[str, str]]:
    """The acts and faults of this run: in the suite no fsync fails but in submitting, which has most."""
    if not ALL:
        return [(act, fault) for act in STEPS for fault in ("killed", "read-only")] + [("submit", "fsync")]
    faults = [*FAULTS, *([TRACED] if shutil.which("strace") else [])]
    return [(act, fault) for act in ACTS for fault in faults]


@pytest.mark.parametrize(("act", "fault"), tried())
def test_after_a_fault_at_any_disk_call_all_is_whole_and_the_act_can_be_done_again(
    prepared: Callable[[str], Instance], memory: Path, in_march: datetime.datetime, act: str, fault: str
) -> None:
    kept = prepared(act)
    step = 1 if ALL else STEPS.get(act, 1)
    seen = 0
    for given in faulty(act, fault, kept, memory, in_march, step):
        whole(given)
        again(act, given)
        whole(given)
        done_once(act, given)
        seen += 1
    assert seen > 0, "at least one fault came"
    print(f"{act}, {fault}: {seen} faults")


def test_killed_at_any_disk_call_it_is_sealed_whole_or_not_at_all(
    prepared: Callable[[str], Instance], memory: Path, in_march: datetime.datetime
) -> None:
    left = faulty("submit", "killed", prepared("submit"), memory, in_march)
    sealed = [bool(list(submissions.every(given.instance))) for given in left]
    assert sealed == sorted(sealed), "no later moment loses what an earlier one had sealed"
    assert sealed.count(False) > 40 and sealed.count(True) > 10, "before the rename, and after it"


def test_a_crash_after_sealing_does_not_make_a_second_bag(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    draft = filled()
    begun = instance.journal.read_bytes()
    kept = {file: draft.path(file).read_bytes() for file in draft.files}
    bag = seal(draft)
    drafts.write(replace(draft, home=bag.home.name))  # as if the machine stopped just after the rename
    for file, content in kept.items():
        draft.path(file).write_bytes(content)
    instance.journal.write_bytes(begun)
    assert seal(draft) == bag
    assert [entry["reference"] for entry in journal.entries(instance)] == [draft.short_hash, bag.reference]


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
