"""The index answers as the folders do: after any history, and however much of it was lost."""

import datetime
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobility import storage
from mobility.applications import (
    decisions,
    drafts,
    index,
    journal,
    lookup,
    private_links,
    review,
    submissions,
)
from mobility.applications.bags import Bag
from mobility.applications.decisions import Decision
from mobility.applications.drafts import Draft
from mobility.applications.review import Round, Withdrawal
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed

Acts = list[tuple[str, int]]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ("begin", "seal", "open link", "move", "decide", "ask", "withdraw", "erase", "purge", "late")
        ),
        st.integers(0, 5),
    ),
    max_size=12,
)


class History:
    """Does what applicants and the office do, in one instance."""

    def __init__(
        self, instance: Instance, book: Rulebook, call: Call, now: datetime.datetime, whole: Draft
    ) -> None:
        self.instance, self.book, self.call, self.now, self.whole = instance, book, call, now, whole
        self.begun: list[tuple[str, Draft]] = []

    def do(self, act: str, number: int) -> None:
        """One act; nothing where there is nobody to do it to."""
        if act == "begin":
            self.begin(number)
        elif self.begun:
            secret, draft = self.begun[number % len(self.begun)]
            if draft.folder.exists():
                self.change(act, secret, drafts.read(draft.folder))

    def begin(self, number: int) -> None:
        email = f"sampleova-{number % 3}@example.kz"
        secret, draft = drafts.start(self.instance, self.call.id, self.now, {}, email)
        for file in self.whole.files:
            shutil.copy(self.whole.path(file), draft.folder)
        answers = {**self.whole.answers, "email": email}
        drafts.note(draft, lambda now: _with(now, answers, self.whole))
        self.begun.append((secret, draft))

    def change(self, act: str, secret: str, draft: Draft) -> None:
        instance, now, reference = self.instance, self.now, draft.reference
        when = now.isoformat()
        if act == "open link" and private_links.find(instance, secret):
            private_links.opened(instance, draft, secret, now)
        elif act == "move" and private_links.find(instance, secret):
            digest = drafts.secret_hash(secret)
            private_links.moved(instance, draft, digest, "other@example.kz", now)
        elif act == "late":
            private_links.let_late(draft, now, "was ill", now)
            journal.record(instance, now, "late link", draft.journal_name)
        elif act == "seal" and not reference:
            submissions.submit(instance, self.book, self.call, draft, now)
        elif act == "purge" and not reference:
            private_links.forget(instance, draft)
            journal.record(instance, now, "draft purged", draft.short_hash)
        elif reference and not review.standing(instance, draft.call, reference).withdrawn:
            self.review(act, draft, when)

    def review(self, act: str, draft: Draft, when: str) -> None:
        instance, now, about = self.instance, self.now, (draft.call, draft.reference)
        there = review.standing(instance, *about)
        open_ = any(there.is_open(each, now) for each in there.rounds)
        if act == "decide":
            decisions.add(review.folder(instance, *about), Decision("waiting list", when))
            journal.record(instance, now, "decided", draft.reference)
        elif act == "ask" and not open_:
            review.ask(instance, *about, "correction", Round("", when, slots=("passport",)))
        elif act == "withdraw":
            review.withdraw(instance, *about, Withdrawal(when, "applicant"), now)
        elif act == "erase":
            (home,) = {bag.home for bag in submissions.find(instance, draft.reference)}
            private_links.forget(instance, draft, even_sealed=True)
            storage.remove(home)
            storage.remove(review.folder(instance, *about))
            journal.record(instance, now, "erased", draft.reference)


def _with(draft: Draft, answers: dict[str, Any], whole: Draft) -> Draft:
    return replace(draft, answers=answers, files=whole.files)


@pytest.fixture
def whole(filled: Filled) -> Draft:
    return filled()


@pytest.fixture
def sealed(filled: Filled, seal: Sealed) -> Bag:
    return seal(filled())


def dump(instance: Instance) -> dict[str, list[tuple[Any, ...]]]:
    """All that the index says but how it came to it, to compare two."""
    wanted = {
        "drafts": "SELECT hash, short, call, created, confirmed, late, sealed FROM drafts ORDER BY 1",
        "addresses": "SELECT address, draft, vouched FROM addresses ORDER BY 1, 2, 3",
        "applications": """SELECT home, reference, call, draft, name, state, submitted, gpa, proof, summary
            FROM applications ORDER BY 1""",
        "choices": """SELECT home, position, programme FROM choices
            JOIN applications ON number = application ORDER BY 1, 2""",
        "marks": "SELECT home, mark FROM marks JOIN applications ON number = application ORDER BY 1, 2",
        "events": "SELECT about, event FROM events ORDER BY rowid",
        "sealed": "SELECT reference, version, fingerprint FROM sealed ORDER BY 1, 2",
    }
    return index.ask(
        instance, lambda db: {name: [tuple(row) for row in db.execute(sql)] for name, sql in wanted.items()}
    )


def made_anew(instance: Instance, folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What an index says that was made of the same folders and journal just now."""
    fresh = Instance(instance.root, folder / "fresh.sqlite3")
    storage.remove_database(fresh.index)
    return dump(fresh)


@given(acts=ACTS, asked=st.sets(st.integers(0, 11)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_history_the_index_says_what_one_made_anew_says(
    acts: Acts,
    asked: set[int],
    book: Rulebook,
    call: Call,
    in_march: datetime.datetime,
    whole: Draft,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("history")
    instance = Instance(folder / "instance")
    history = History(instance, book, call, in_march, whole)
    for number, (act, who) in enumerate(acts):
        history.do(act, who)
        if number in asked:
            dump(instance)  # follows the journal in steps of any length
    followed = dump(instance)
    assert followed == made_anew(instance, folder)
    index.reconcile(instance)
    assert dump(instance) == followed, "the journal has told all that the folders tell"
    for draft in drafts.every(instance):
        assert draft.hash in lookup.drafts_of_address(instance, draft.email)
        if draft.sealed:
            assert lookup.draft_of(instance, draft.sealed) == draft.hash
            assert list(submissions.every(instance, draft.sealed)) == submissions.find(instance, draft.sealed)
    assert len(dump(instance)["drafts"]) == len(list(drafts.every(instance)))
    shutil.rmtree(folder)


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _noise(path: Path) -> None:
    path.write_bytes(b"no database " * 400)


def _torn(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [Path.unlink, _emptied, _noise, _torn])
def test_a_lost_or_damaged_index_is_made_again_when_it_is_asked(
    sealed: Bag, instance: Instance, harm: Callable[[Path], None]
) -> None:
    before = dump(instance)
    assert before["applications"] and before["sealed"]
    for beside in ("-wal", "-shm"):
        instance.index.with_name(instance.index.name + beside).unlink(missing_ok=True)
    harm(instance.index)
    assert submissions.find(instance, sealed.reference) == [sealed]
    assert dump(instance) == before
    assert instance.index.stat().st_mode & 0o077 == 0


def test_another_journal_makes_the_index_look_at_everything(
    filled: Filled, seal: Sealed, instance: Instance, in_march: datetime.datetime
) -> None:
    seal(filled())
    assert dump(instance)["applications"]
    instance.journal.unlink()
    journal.record(instance, in_march, "begun", "0123456789ab")
    assert dump(instance)["sealed"] == []
    assert len(dump(instance)["applications"]) == 1


def test_what_no_line_of_the_journal_tells_is_found_by_comparing(
    sealed: Bag, instance: Instance, in_march: datetime.datetime
) -> None:
    assert lookup.applications(instance, sealed.call)[0][0].state == ""
    said = storage.folder(review.folder(instance, sealed.call, sealed.reference)) / "withdrawn.yaml"
    said.write_text(f"at: '{in_march.isoformat()}'\nby: office\n")  # by hand, in an editor
    assert lookup.applications(instance, sealed.call)[0][0].state == ""
    assert index.reconcile(instance) == 1
    assert lookup.applications(instance, sealed.call)[0][0].state == "withdrawn"
    assert index.reconcile(instance) == 0


def test_one_application_that_cannot_be_read_hides_no_other(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    broken, whole = seal(filled()), seal(filled())
    (broken.folder / "data" / "application.yaml").write_text("reference: [")
    storage.remove_database(instance.index)
    found, _ = lookup.applications(instance, whole.call)
    assert [each.state for each in found] == ["cannot be read", ""]


def test_a_change_reads_only_what_it_changed(
    filled: Filled, seal: Sealed, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        seal(filled())
    dump(instance)
    read: list[str] = []
    real = Bag.record
    monkeypatch.setattr(Bag, "record", lambda bag: read.append(bag.reference) or real(bag))
    last = seal(filled())
    dump(instance)
    assert set(read) == {last.reference}
