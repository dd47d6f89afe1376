"""Following a private link: nothing happens until its button is pressed, and no other application is lost."""

import logging
import re
from pathlib import Path

import pytest
import requests

from mobility.applications import drafts
from mobility.applications.drafts import Draft
from mobility.paths import Instance
from tests.helpers.mails import links_in, mails
from tests.helpers.portal_server import Portal
from tests.helpers.student import AIGERIM, Answers, Student, press


def only_draft(kept: Instance) -> Draft:
    (draft,) = drafts.every(kept)
    return draft


def test_a_program_that_follows_every_link_confirms_no_address_and_opens_nothing(
    student: Student, kept: Instance
) -> None:
    student.begin(email=AIGERIM)
    (link,) = links_in(mails(kept)[0])
    scanner = requests.Session()
    for _ in range(2):
        page = scanner.get(link, timeout=20)
        assert page.status_code == 200 and 'action="/apply/open"' in page.text
    assert "Apply for an exchange" in scanner.get(f"{student.portal.address}/apply/", timeout=20).text
    assert not only_draft(kept).confirmed and not any(each.opened for each in only_draft(kept).links)


def test_the_button_needs_the_token_of_its_page(student: Student, other: Student) -> None:
    secret = student.begin(email=AIGERIM).rsplit("/", 1)[1]
    refused = other.http.post(f"{student.portal.address}/apply/open", data={"secret": secret}, timeout=20)
    assert refused.status_code == 400
    assert "Apply for an exchange" in other.get("/apply/").text


def test_the_page_of_a_link_names_nobody(student: Student, other: Student, invented: Answers) -> None:
    link = student.begin(email=AIGERIM)
    student.answer(invented())
    page = other.http.get(link, timeout=20).text
    assert "begun on 15 March 2027, 12:30" in page and "in autumn 2027" in page
    assert "ampleova" not in page and AIGERIM.split("@")[0] not in page


@pytest.mark.usefixtures("sent")
def test_the_page_of_a_submitted_application_says_its_reference(
    other: Student, sent_once: tuple[Path, str]
) -> None:
    page = other.get(f"/apply/back/{sent_once[1]}").text
    assert "2027A-0001" in page and "ampleova" not in page


def test_the_secret_of_a_link_goes_into_no_other_address_and_no_log(
    student: Student, other: Student, kept: Instance, caplog: pytest.LogCaptureFixture
) -> None:
    link = student.begin(email=AIGERIM)
    secret = link.rsplit("/", 1)[1]
    page = other.http.get(link, timeout=20)
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.text.count(secret) == 1 and f'name="secret" value="{secret}"' in page.text
    assert all(secret not in to for to in re.findall(r'(?:href|src|action)="([^"]*)"', page.text))
    opened = press(other.http, page)
    assert [each.url for each in (*opened.history, opened) if secret in each.url] == []
    (only_draft(kept).folder / "draft.json").write_text("broken")
    assert requests.get(link, timeout=20).status_code == 500
    assert caplog.record_tuples[-1][1:] == (logging.ERROR, "GET apply.back failed")
    assert secret not in caplog.text
    broken = other.get("/apply/")
    assert broken.status_code == 500 and "Something went wrong on our side" in broken.text
    assert "If it stays so, write to the " in broken.text and 'href="mailto:?subject=' in broken.text


def test_the_button_works_over_https_where_the_referer_is_checked(student: Student, portal: Portal) -> None:
    secret = student.begin(email=AIGERIM).rsplit("/", 1)[1]
    portal.app.config["TRUSTED_HOSTS"] = ["mobility.example.kz"]
    browser = portal.app.test_client()
    page = browser.get(f"/apply/back/{secret}", base_url="https://mobility.example.kz").text
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page))
    for referer, status in {"https://mobility.example.kz/": 303, "https://evil.example/": 400}.items():
        answer = browser.post(
            "/apply/open", data=fields, base_url="https://mobility.example.kz", headers={"Referer": referer}
        )
        assert answer.status_code == status


def test_an_unknown_link_says_so(student: Student) -> None:
    for answer in (student.get("/apply/back/nothing"), student.post("/apply/open", {"secret": "nothing"})):
        assert answer.status_code == 404 and "This link opens nothing" in answer.text


def test_another_application_is_replaced_only_by_who_was_told(
    student: Student, other: Student, portal: Portal
) -> None:
    link = other.begin(email=AIGERIM)
    before = other.http.get(link, timeout=20)
    portal.now = portal.now.replace(hour=13)
    student.begin(email="mine@example.kz")
    page = student.http.get(link, timeout=20)
    assert "Another application is open in this browser: begun on 15 March 2027, 13:30" in page.text
    assert "This link opens the application begun on 15 March 2027, 12:30" in page.text
    assert "m…@example.kz" in student.get("/apply/").text, "nothing is replaced by looking"

    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', before.text))
    asked = student.post("/apply/open", {"secret": fields["secret"], "instead_of": ""})
    assert asked.status_code == 409 and "Another application is open" in asked.text
    assert "m…@example.kz" in student.get("/apply/").text
    assert "a…@example.kz" in press(student.http, asked).text


def test_the_page_of_a_link_is_in_the_language_of_its_mail(student: Student, other: Student) -> None:
    student.get("/apply/start?language=ru")
    link = student.begin(email=AIGERIM)
    assert '<html lang="ru">' in other.http.get(link, timeout=20).text
    other.get("/apply/start?language=kk")
    assert '<html lang="kk">' in other.http.get(link, timeout=20).text


def whose(page: requests.Response) -> str:
    found = re.search(r'<p class="whose">.*?<a [^>]*>(.*?)</a>', page.text)
    return found[1] if found else ""


def test_every_page_says_whose_application_is_open(student: Student, invented: Answers) -> None:
    assert whose(student.get("/apply/start")) == ""
    student.begin(email=AIGERIM)
    for path in ("/apply/", "/apply/start", "/apply/documents", "/apply/verify", "/apply/nowhere"):
        assert whose(student.get(path)) == "a…@example.kz"
    student.answer(invented())
    assert whose(student.get("/apply/check")) == "Aigerim Sampleova"
    student.post("/apply/leave")
    assert whose(student.get("/apply/start")) == ""


@pytest.mark.usefixtures("sent")
def test_a_submitted_application_is_shown_by_its_reference(student: Student) -> None:
    assert whose(student.get("/apply/status")) == "2027A-0001"
