"""What is broken, lost or absurd costs the desk that one thing, which is named; every other page works."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mobility.applications import private_links, review
from mobility.applications.bags import RECORD, Bag
from mobility.office import decisions
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.commands import mobility
from tests.helpers.officer import Officer, signed_in
from tests.helpers.portal_server import Portal
from tests.helpers.told import tell

PAGES = ("", "applications", "applications.csv", "drafts", "places", "hosts/usm", "decisions", "keeping")


@pytest.fixture
def officer(portal: Portal) -> Officer:
    return signed_in(portal)[0]


def broken(path: Path, how: str) -> None:
    if how == "lost":
        path.unlink()
        return
    path.chmod(0o600)
    changes = {"no YAML": ("format", "format: [\nx"), "newer": ("format: 2", "format: 99")}
    changes |= {
        "without answers": ("\nanswers:", "\nanswered:"),
        "no time": ("\nsubmitted: ", "\nsubmitted: x"),
    }
    before, after = changes[how]
    told = path.read_text(encoding="utf-8")
    assert before in told
    path.write_text(told.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize("how", ["lost", "no YAML", "newer", "without answers", "no time"])
def test_an_application_that_cannot_be_read_is_named_and_shuts_no_other_page(
    officer: Officer, sent: Bag, desk_of: Callable[[], Desk], how: str
) -> None:
    tell(desk_of(), sent.reference, "nominated")
    assert sent.reference in officer.get("/office/applications").text, "the index has read it"
    broken(sent.folder / RECORD, how)
    where = f"/office/applications/{sent.reference}"
    page = officer.get(where)
    assert page.status_code == 409 and "Tell whoever runs the server" in page.text
    assert f"{sent.reference}: v1/{RECORD}" in page.text
    assert officer.get(f"{where}/v1/0/1.jpg").status_code in (403, 409)
    decided = {"outcome": "nominated", "programme": "usm/exchange"}
    for act in ("decide", "ask", "checks", "additional", "v1/0"):
        assert officer.post(f"{where}/{act}", decided, at="/office/").status_code == 409, act
    ticked = {"reference": [sent.reference], "outcome": "nominated"}
    assert officer.post("/office/applications/decide", ticked, at="/office/").status_code == 200
    for path in PAGES:
        assert officer.get(f"/office/{path}").status_code == 200, path
    for act in ("sheet", "pack"):
        assert officer.post(f"/office/hosts/usm/{act}", at="/office/").status_code in (200, 422)


@pytest.mark.parametrize("name", ["checks.yaml", "correction-1.yaml", "decisions/1.yaml", "withdrawn.yaml"])
def test_a_file_of_the_review_that_cannot_be_read_is_named(
    officer: Officer, sent: Bag, kept: Instance, desk_of: Callable[[], Desk], name: str
) -> None:
    tell(desk_of(), sent.reference, "nominated")
    assert sent.reference in officer.get("/office/applications").text, "the index has read it"
    path = review.folder(kept, sent.call, sent.reference) / name
    path.write_text("[", encoding="utf-8")
    page = officer.get(f"/office/applications/{sent.reference}")
    assert page.status_code == 409 and f"review/{sent.call}/{sent.reference}" in page.text
    for path in PAGES:
        assert officer.get(f"/office/{path}").status_code == 200, path


def test_a_decision_without_its_draft_is_named(
    officer: Officer, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    decisions.decide(desk_of(), sent.reference, "nominated", "usm/exchange")
    draft = private_links.of_reference(kept, sent.reference)
    assert draft
    shutil.rmtree(draft.folder)
    page = officer.get("/office/decisions")
    assert page.status_code == 200 and f"{sent.reference}: its draft is lost" in page.text
    ticked = {"reference": sent.reference}
    for act in ("release", "recall"):
        answer = officer.post(f"/office/decisions/{act}", ticked, at="/office/decisions")
        assert answer.status_code == 200 and "is lost" in answer.text
    run = mobility("office", "--data", str(kept.root), "release", "--call", sent.call, "--preview")
    assert run.returncode == 0 and "its draft is lost" in run.stderr


@pytest.mark.parametrize("number", ["-1", "0", "9" * 30, "x"])
def test_numbers_of_any_length_are_asked_for_in_vain(officer: Officer, sent: Bag, number: str) -> None:
    lists = ("applications?page=", "drafts?page=", "applications?programme=usm&choice=")
    for path in (f"{each}{number}" for each in lists):
        assert officer.get(f"/office/{path}").status_code == 200, path
    where = f"/office/applications/{sent.reference}"
    assert officer.get(f"{where}/v1/{number}/1.jpg").status_code < 500
    assert officer.get(f"{where}/v1/0/{number}.jpg").status_code < 500
    officer.post(f"{where}/decide", {"outcome": "waiting list", "rank": number}, at=where)
    assert officer.get("/office/applications").status_code == 200, "the index holds what is kept"


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-30", "2072-04-01"])
def test_a_last_day_that_is_years_away_is_asked_about(officer: Officer, sent: Bag, day: str) -> None:
    where = f"/office/applications/{sent.reference}"
    asked = {"slot": "transcript", "message": "Page 2"}
    officer.post(f"{where}/ask", asked, at=where)
    for path, given in (
        (f"{where}/ask", {**asked, "until": day}),
        (f"{where}/ask-again", {"until": day}),
        (f"{where}/decide", {"outcome": "nominated", "programme": "usm/exchange", "answer_by": day}),
        ("/office/drafts/late", {"email": "b@example.kz", "call": sent.call, "until": day, "reason": "x"}),
    ):
        assert "is the year right?" in officer.post(path, given, at=where).text, path


def test_what_strangers_write_into_an_address_or_a_passkey_is_refused(
    officer: Officer, portal: Portal, sent: Bag
) -> None:
    files = sent.record()["files"]
    passport = next(n for n, file in enumerate(files) if file["slot"] == "passport")
    where = f"/office/applications/{sent.reference}/v1/{passport}/1.jpg"
    assert officer.get(f"{where}?until={10**10}&look=ф").status_code == 403
    for credential in ("[" * 5000, '{"a":' * 5000, "x", "[]", "1"):
        assert Officer(portal).post("/office/sign-in", {"credential": credential}).status_code == 403
