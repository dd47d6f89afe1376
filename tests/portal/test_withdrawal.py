"""Withdrawing an application, and having it erased."""

from collections.abc import Callable

import pytest
import requests

from mobility.applications import bags, drafts, listing, submissions
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, dossier
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.commands import typed
from tests.helpers.follow_ups import listed
from tests.helpers.mails import mails
from tests.helpers.scans import Scans
from tests.helpers.student import AIGERIM, Answers, Student
from tests.helpers.told import tell


def test_a_withdrawn_application_stays_on_disk_and_takes_no_more(
    student: Student, sent: Bag, desk_of: Callable[[], Desk], scans: Scans
) -> None:
    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "x")
    student.post("/apply/rounds/correction-1")
    assert "cannot take this back" in student.get("/apply/withdraw").text
    student.post("/apply/withdraw")
    assert "It was withdrawn on" in student.get("/apply/status").text
    assert student.upload("transcript", scans.pdf()).status_code == 403
    student.post("/apply/rounds/correction-1")
    assert student.get("/apply/documents").url.endswith("/apply/status")
    assert bags.verify(sent) == []
    with pytest.raises(NotPossible, match="is withdrawn"):
        tell(desk_of(), sent.reference, "nominated")
    assert "withdrawn" in listed(sent)


def test_what_was_never_submitted_is_erased_at_once(
    student: Student, kept: Instance, scans: Scans, invented: Answers
) -> None:
    link = student.begin(email=AIGERIM)
    student.answer(invented())
    student.upload_all(scans)
    page = student.post("/apply/erase")
    assert "Everything is erased" in page.text
    assert list(drafts.every(kept)) == [] and mails(kept) == [] and list(kept.links.iterdir()) == []
    assert requests.get(link, timeout=20).status_code == 404


def test_erasing_a_submission_leaves_nobody_named_and_no_false_alarm(
    student: Student, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], book: Rulebook
) -> None:
    tell(desk_of(), sent.reference, "waiting list", message="Dear Aigerim Sampleova")
    dossier.write([sent], kept.dossiers / sent.call / f"{sent.home.name}.pdf", book)
    student.post("/apply/erase")
    assert "to be erased" in listed(sent)
    assert bags.verify(sent) == [], "the office erases, not the page"
    actions.erase(desk_of(), sent.reference)
    listing.write_changed(kept, desk_of().now)  # as a portal does seconds later
    for path in kept.root.rglob("*"):
        if path.is_file():
            assert b"ampleova" not in path.read_bytes().lower(), path
    assert submissions.lost(kept) == []
    assert student.get("/apply/status").url.endswith("/apply/")
    with pytest.raises(NotPossible, match="nothing is kept"):
        actions.erase(desk_of(), sent.reference)
    assert bags.next_reference(kept.submissions / sent.call, "2027A") == "2027A-0002"


@pytest.mark.parametrize("written", ["{", '{"format": 99}'])
def test_an_application_whose_draft_cannot_be_read_is_erased_with_that(
    sent: Bag, kept: Instance, written: str
) -> None:
    place = kept.drafts / sent.draft
    (place / "draft.json").write_text(written)
    run = typed(kept, "office", "erase", sent.reference, "--yes")
    assert run.exit_code == 0, run.output
    assert not place.exists() and not sent.folder.exists()
