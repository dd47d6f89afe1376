"""What the office notes of documents: each of its own, and none undone by who did not see it."""

import datetime

import pytest
import yaml

from mobility.applications import completeness, drafts, journal, review
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import checks
from mobility.office.checks import NotedMeanwhile
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed
from tests.helpers.scans import Scans


@pytest.fixture
def desk(instance: Instance, book: Rulebook, in_march: datetime.datetime) -> Desk:
    return Desk(instance, book, "https://mobility.example.kz/apply/", False, in_march, "officer1")


def test_two_documents_of_one_content_are_noted_each(
    desk: Desk, filled: Filled, seal: Sealed, scans: Scans, call: Call, in_march: datetime.datetime
) -> None:
    draft, book, twice = filled(), desk.book, scans.pdf("both.pdf")
    for slot in completeness.slots(book, call, draft.answers):
        if slot.id in ("transcript", "passport"):
            (before,) = draft.in_slot(slot.id)
            with twice.open("rb") as stream:
                draft = drafts.keep(drafts.drop(draft, before.id), slot, stream, "both.pdf", in_march)
    bag = seal(draft)
    one, other = [file for file in bag.record()["files"] if file["original_name"] == "both.pdf"]
    assert one["sha256"] == other["sha256"] and one["slot"] != other["slot"]
    checks.note(desk, bag.reference, one["slot"], one["sha256"], False, "Not signed")
    noted = checks.of(desk.instance, bag.call, bag.reference)
    assert checks.of_file(noted, other["slot"], other["sha256"]) is None
    found = checks.of_file(noted, one["slot"], one["sha256"])
    assert found and found.said == "no Not signed"
    (event,) = [each for each in journal.entries(desk.instance) if each["event"] == "checked"]
    assert (event["document"], event["ok"]) == (one["slot"], "no") and "signed" not in str(event)


def test_what_was_noted_before_slots_counted_stays(desk: Desk, filled: Filled, seal: Sealed) -> None:
    bag = seal(filled())
    slot, sha256 = (bag.record()["files"][0][name] for name in ("slot", "sha256"))
    path = review.folder(desk.instance, bag.call, bag.reference) / "checks.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump({sha256: {"ok": False, "note": "Not signed", "by": "x", "at": "y"}}))
    found = checks.of_file(checks.of(desk.instance, bag.call, bag.reference), slot, sha256)
    assert found and found.note == "Not signed"
    with pytest.raises(NotedMeanwhile):
        checks.note(desk, bag.reference, slot, sha256, True, seen="")
    checks.note(desk, bag.reference, slot, sha256, True, seen="no Not signed")
    found = checks.of_file(checks.of(desk.instance, bag.call, bag.reference), slot, sha256)
    assert found and found.said == "yes"
