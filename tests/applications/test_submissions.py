"""A draft becomes a sealed application, once, and anyone can verify it."""

import datetime
import threading

import pytest

from mobility.applications import drafts, submissions
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed


def test_the_record_keeps_answers_names_of_files_and_what_the_rules_said(
    filled: Filled, seal: Sealed
) -> None:
    record = seal(filled(gpa="2.80")).record()
    assert record["answers"]["gpa"] == "2.80"
    assert record["files"][0]["original_name"] == "мой файл application-form.pdf"
    assert record["choices"][0]["findings"][1]["verdict"] == "below"
    assert any(mark.startswith("below the selection criterion") for mark in record["marks"])


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


def test_a_rehearsal_says_so_everywhere(filled: Filled, seal: Sealed) -> None:
    bag = seal(filled(), rehearsal=True)
    assert bag.reference == "R2027A-0001"
    assert "REHEARSAL" in (bag.folder / "RECEIPT.txt").read_text()
    assert bag.record()["rehearsal"] is True
