"""An application in several tabs of a browser: one opens or leaves it while another is at work."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mobility.applications import drafts, resumable
from mobility.paths import Instance
from tests.helpers.mails import links_in, mails
from tests.helpers.portal_server import Portal
from tests.helpers.scans import Scans
from tests.helpers.student import AIGERIM, Student, token_of

Tab = Callable[..., requests.Response]


@pytest.fixture
def late(student: Student) -> Callable[[], Tab]:
    """Takes this browser's cookie and token; what is asked with them later was on its way all the time."""

    def take() -> Tab:
        cookies, token = dict(student.http.cookies), token_of(student.get("/apply/documents"))

        def ask(method: str, path: str, **more: Any) -> requests.Response:
            headers = {"X-CSRFToken": token, "Tus-Resumable": "1.0.0", **more.pop("headers", {})}
            return requests.request(
                method,
                student.portal.address + path,
                headers=headers,
                cookies=cookies,
                allow_redirects=False,
                timeout=20,
                **more,
            )

        return ask

    return take


def test_what_was_on_its_way_when_another_tab_opened_the_link_puts_nobody_out(
    student: Student, late: Callable[[], Tab], kept: Instance, portal: Portal, scans: Scans
) -> None:
    student.begin(email=AIGERIM)
    (draft,) = drafts.every(kept)
    arrival = resumable.create(draft, "passport", "scan.pdf", 5000, portal.now)
    place, ask = f"/apply/documents/passport/tus/{arrival.id}", late()
    assert "Your application" in student.open(links_in(mails(kept)[0])[0]).text
    piece = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    with scans.pdf("plain.pdf").open("rb") as file:
        answers = [
            ask("PATCH", place, headers=piece, data=b"x" * 5000),
            ask("HEAD", place),
            ask("POST", "/apply/documents/passport/tus", headers={"Upload-Length": "5000"}),
            ask("POST", "/apply/documents/passport/together", data={"id": arrival.id}),
            ask("DELETE", place),
            ask("POST", "/apply/documents/passport", files={"file": file}),
            ask("POST", "/apply/questions/contact", data={"phone": "+77010000000"}),
        ]
    assert [answer.headers.get("Set-Cookie") for answer in answers] == [None] * len(answers)


def test_pieces_of_a_file_carry_no_cookie_that_would_bring_an_older_one_back(
    student: Student, late: Callable[[], Tab]
) -> None:
    student.begin()
    made = late()("POST", "/apply/documents/passport/tus", headers={"Upload-Length": "5000"})
    assert made.status_code == 201 and "Set-Cookie" not in made.headers


def test_a_form_in_one_tab_is_kept_after_another_has_opened_the_same_application(
    student: Student, kept: Instance
) -> None:
    student.begin(email=AIGERIM)
    token = token_of(student.get("/apply/questions/contact"))
    student.open(links_in(mails(kept)[0])[0])
    fields = {"csrf_token": token, "phone": "+77010000000"}
    student.http.post(f"{student.portal.address}/apply/questions/contact", data=fields, timeout=20)
    (draft,) = drafts.every(kept)
    assert draft.answers["phone"] == "+77010000000"


def test_what_was_typed_is_shown_to_who_was_put_out_meanwhile(
    student: Student, other: Student, kept: Instance
) -> None:
    student.begin(email=AIGERIM)
    other.open(links_in(mails(kept)[0])[0])
    sent = student.post("/apply/questions/motivation", {"motivation": "Why I <wish> to go."})
    assert sent.status_code == 403 and "not in the application any more" in sent.text
    assert "Why I &lt;wish&gt; to go.</textarea>" in sent.text
    courses = {"courses-0-title": "Algebra", "courses-0-ects": "6", "courses-2-title": "Logic"}
    sent = student.post("/apply/questions/courses", courses)
    assert "Algebra, 6\nLogic</textarea>" in sent.text


def test_a_file_that_came_too_late_is_named(
    student: Student, other: Student, kept: Instance, scans: Scans
) -> None:
    student.begin(email=AIGERIM)
    other.open(links_in(mails(kept)[0])[0])
    assert "Not uploaded: late.pdf" in student.upload("passport", scans.pdf("late.pdf")).text


def test_a_form_of_one_application_is_not_kept_in_another_but_shown(
    student: Student, other: Student, kept: Instance
) -> None:
    link = other.begin(email=AIGERIM)
    student.begin()
    page, address = student.get("/apply/questions/motivation"), student.portal.address
    fields = {"csrf_token": token_of(page), "motivation": "Why I go."}
    student.open(link)

    def sent_from(origin: str) -> requests.Response:
        headers = {"Origin": origin}
        return student.http.post(page.url, data=fields, headers=headers, timeout=20)

    assert sent_from(address).status_code == 400
    assert "in another tab of this browser" in sent_from(address).text
    assert "Why I go.</textarea>" in sent_from(address).text
    assert "Why I go." not in sent_from("https://evil.example").text
    assert not any("motivation" in draft.answers for draft in drafts.every(kept))


@pytest.mark.usefixtures("sent")
def test_what_an_old_tab_sends_after_the_submission_is_shown_and_said_not_to_be_kept(
    student: Student, scans: Scans
) -> None:
    late = student.post("/apply/questions/motivation", {"motivation": "Why I go."})
    assert late.status_code == 403 and "was sent before" in late.text and "Why I go.</textarea>" in late.text
    late = student.upload("transcript", scans.pdf("late.pdf"))
    assert late.status_code == 403 and "Not uploaded: late.pdf" in late.text
    assert "2027A-0001" in student.post("/apply/submit").text, "a second click finds it sent"


def test_what_is_sent_after_the_call_is_shown_and_the_browser_can_be_left_and_the_draft_erased(
    student: Student, portal: Portal, kept: Instance
) -> None:
    student.begin()
    portal.now += datetime.timedelta(days=30)
    late = student.post("/apply/questions/motivation", {"motivation": "Why I go."})
    assert late.status_code == 403 and "Why I go.</textarea>" in late.text
    closed = student.get("/apply/").text
    assert 'action="/apply/leave"' in closed and 'href="/apply/erase"' in closed
    assert "What you typed" not in closed
    assert 'href="/apply/erase"' in student.get("/apply/start").text
    student.post("/apply/erase")
    assert list(drafts.every(kept)) == []
    assert "/apply/leave" not in student.get("/apply/").text
