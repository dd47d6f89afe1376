"""Signing in with the university's account: portal and a certified OpenID provider, over real HTTP."""

import datetime
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from joserfc.jwk import OctKey, RSAKey

from mobility.applications import drafts, submissions
from mobility.applications.drafts import Draft
from mobility.catalogue import rulebook
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import outbox
from mobility.paths import Checkout, Instance
from portal.settings import SignIn
from tests.helpers.mails import links_in, mails
from tests.helpers.openid_provider import AIGERIM, University, signs_in
from tests.helpers.portal_server import Portal, running
from tests.helpers.scans import Scans
from tests.helpers.student import Answers, Student

pytestmark = pytest.mark.filterwarnings("ignore::idpyoidc.server.exception.OnlyForTestingWarning")
Answer = dict[str, Any]


@pytest.fixture
def portal(tmp_path: Path, in_march: datetime.datetime, university: University) -> Iterator[Portal]:
    with running(tmp_path / "instance", in_march, sign_in=university.sign_in) as found:
        university.knows(found.address)
        yield found


def only_draft(kept: Instance) -> Draft:
    (draft,) = drafts.every(kept)
    return draft


# The way in


def test_who_signs_in_has_an_application_and_a_confirmed_address(student: Student, kept: Instance) -> None:
    page = signs_in(student, programme="usm/exchange")
    assert page.url == f"{student.portal.address}/apply/" and "Your application" in page.text
    draft = only_draft(kept)
    assert (draft.email, draft.answers["choice-1"]) == (AIGERIM, "usm/exchange")
    assert draft.confirmed
    assert list(outbox.waiting(kept)) == [], "nothing needs to be mailed"
    assert "Signing in with KBTU account opens it too" in page.text


def test_signing_in_again_opens_the_same_application_elsewhere(
    student: Student, other: Student, kept: Instance
) -> None:
    signs_in(student, programme="usm/exchange")
    page = signs_in(other, programme="usm/exchange")
    assert page.url.endswith("/apply/") and only_draft(kept).email == AIGERIM
    assert "Your application" in student.get("/apply/").text, "the first browser is still in"
    page = signs_in(other, programme="warsaw-tech/exchange")
    assert "Add this programme to its choices" in page.text
    assert len(list(drafts.every(kept))) == 1


def test_after_many_sign_ins_a_draft_does_not_fill_with_links(student: Student, kept: Instance) -> None:
    for _ in range(12):
        signs_in(student)
    assert len(only_draft(kept).links) == 10
    assert len(list(kept.links.iterdir())) <= 10
    assert "Your application" in student.get("/apply/").text


def test_an_application_begun_by_mail_opens_and_a_stranger_in_it_is_out(
    student: Student, other: Student, kept: Instance
) -> None:
    other.begin(email=AIGERIM.upper())
    assert not only_draft(kept).confirmed
    page = signs_in(student)
    assert "Your address is confirmed" in page.text
    assert only_draft(kept).confirmed
    assert "Apply for an exchange" in other.get("/apply/").text
    (link,) = links_in(mails(kept)[0])
    assert other.open(link).status_code == 200, "what was mailed goes on working"


def test_another_address_for_mail_is_not_confirmed_by_the_account_and_the_account_still_opens_it(
    student: Student, other: Student, kept: Instance
) -> None:
    signs_in(student)
    student.post("/apply/address", {"email": "aigerim.sampleova@example.kz"})
    assert not only_draft(kept).confirmed
    signs_in(other)
    assert only_draft(kept).email == "aigerim.sampleova@example.kz"


def test_a_mailed_link_does_not_confirm_an_address_given_later(student: Student, kept: Instance) -> None:
    student.begin(email=AIGERIM)
    student.open(links_in(mails(kept)[0])[0])
    assert only_draft(kept).confirmed
    student.post("/apply/address", {"email": "aigerim.sampleova@example.kz"})
    assert not only_draft(kept).confirmed


def test_nothing_of_the_browser_before_stays_in_the_session(student: Student, portal: Portal) -> None:
    before = student.begin()
    signs_in(student)
    cookie = student.http.cookies.get("application", domain="127.0.0.1")
    session = portal.app.session_interface.get_signing_serializer(portal.app).loads(cookie)  # type: ignore[attr-defined]
    assert set(session) <= {"id", "_permanent", "csrf_token"}
    assert session["id"] not in before


def test_after_the_call_the_account_opens_what_was_submitted_and_begins_nothing(
    student: Student,
    other: Student,
    portal: Portal,
    call: Call,
    scans: Scans,
    invented: Answers,
    university: University,
) -> None:
    signs_in(student)
    student.answer(invented())
    student.upload_all(scans)
    student.post("/apply/submit")
    (bag,) = submissions.every(portal.settings.kept)
    portal.now = call.closes + datetime.timedelta(days=3)
    university.people["nobody"] = {"email": "nobody@kbtu.kz"}
    assert bag.reference in signs_in_when_closed(other, "aigerim").text
    assert "Applications are closed now" in signs_in_when_closed(Student(portal, student.book), "nobody").text
    assert len(list(drafts.every(portal.settings.kept))) == 1


def test_an_application_that_a_stranger_began_hides_none_of_the_owner(
    student: Student,
    other: Student,
    portal: Portal,
    scans: Scans,
    invented: Answers,
    book: Rulebook,
    kept: Instance,
) -> None:
    signs_in(student)
    student.answer(invented())
    student.upload_all(scans)
    student.post("/apply/submit")
    portal.now += datetime.timedelta(minutes=5)
    other.begin(email=AIGERIM)
    again = Student(portal, book)
    page = signs_in(again)
    assert page.url.endswith("/apply/status") and "2027A-0001" in page.text
    assert "begun on 15 March 2027" in page.text, "it may be her own, too"

    strangers = next(draft for draft in drafts.every(kept) if not draft.sealed)
    opened = again.post("/apply/sign-in/open", {"application": strangers.short_hash})
    assert "Links to this application that were not mailed are revoked" in opened.text
    assert "2027A-0001" in opened.text, "and what she sent is one press away"
    sent = next(draft for draft in drafts.every(kept) if draft.sealed)
    back = again.post("/apply/sign-in/open", {"application": sent.short_hash})
    assert back.url.endswith("/apply/status")


def test_another_application_opens_only_to_who_signed_in_with_its_address(
    student: Student, other: Student, university: University, kept: Instance
) -> None:
    signs_in(student)
    (hers,) = drafts.every(kept)
    university.people["nobody"] = {"email": "nobody@kbtu.kz"}
    signs_in(other, "nobody")
    assert other.post("/apply/sign-in/open", {"application": hers.short_hash}).status_code == 404
    other.post("/apply/leave")
    other.begin(email=AIGERIM)
    assert other.post("/apply/sign-in/open", {"application": hers.short_hash}).status_code == 404
    assert "Your other applications" not in other.get("/apply/").text


def signs_in_when_closed(student: Student, who: str) -> requests.Response:
    assert 'href="/apply/sign-in"' in student.get("/apply/start").text
    return signs_in(student, who)


# What is refused


def refused(student: Student, kept: Instance, page: requests.Response, why: str) -> None:
    """A page in plain words, nothing made, nobody in, and nothing of the sign-in in the address."""
    assert page.url == f"{student.portal.address}/apply/sign-in/failed/{why}"
    assert page.status_code in (403, 503)
    assert "begin with an e-mail address" in page.text and "Sign in with KBTU account" in page.text
    assert list(drafts.every(kept)) == []
    assert "Apply for an exchange" in student.get("/apply/").text


def test_who_stops_at_the_provider_is_told_and_keeps_the_chosen_programme(
    student: Student, kept: Instance
) -> None:
    page = signs_in(student, programme="usm/exchange", button="refuse")
    refused(student, kept, page, "refused")
    assert page.text.count("programme=usm/exchange") == 2


def test_a_provider_that_is_down_leaves_the_way_by_mail(
    tmp_path: Path, in_march: datetime.datetime, book: Rulebook
) -> None:
    nowhere = SignIn("http://127.0.0.1:9", "portal", "secret", "KBTU account")
    with running(tmp_path / "instance", in_march, sign_in=nowhere) as portal:
        student = Student(portal, book)
        refused(student, portal.settings.kept, signs_in(student), "down")
        assert "/apply/back/" in student.begin()


@pytest.mark.parametrize("endpoint", ["provider_config", "token", "userinfo"])
@pytest.mark.parametrize("answer", [{}, [], "words", {"error": "server_error"}])
def test_answers_that_make_no_sense_are_no_fault_of_ours(
    student: Student, kept: Instance, university: University, endpoint: str, answer: Any
) -> None:
    university.altered[endpoint] = lambda _: answer
    page = signs_in(student)
    why = page.url.rsplit("/", 1)[1]
    assert why in ("down", "unproven")
    refused(student, kept, page, why)


def test_a_wrong_secret_of_the_portal_reads_as_not_working_and_is_in_the_log(
    student: Student, kept: Instance, university: University, caplog: pytest.LogCaptureFixture
) -> None:
    university.context.cdb["portal"]["client_secret"] = "changed-by-the-administrator"
    refused(student, kept, signs_in(student), "down")
    assert "The university's sign-in answers" in caplog.text


CLAIMS: dict[str, Answer] = {
    "another nonce": {"nonce": "of-another-sign-in"},
    "no nonce": {"nonce": None},
    "expired": {"exp": int(time.time()) - 3600},
    "from the future": {"iat": int(time.time()) + 3600},
    "for another portal": {"aud": ["another"], "azp": "portal"},
    "of another provider": {"iss": "https://login.example.kz"},
    "of nobody": {"sub": None},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS.keys())
def test_a_token_that_does_not_hold_is_refused(
    student: Student, kept: Instance, university: University, claims: Answer
) -> None:
    university.altered["token"] = university.says(**claims)
    refused(student, kept, signs_in(student), "unproven")


def test_a_forged_token_is_refused(student: Student, kept: Instance, university: University) -> None:
    university.altered["token"] = university.says(RSAKey.generate_key(2048))
    refused(student, kept, signs_in(student), "unproven")


@pytest.mark.filterwarnings("ignore:JWS algorithm:joserfc.errors.SecurityWarning")  # said to us, who forge it
@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_token_without_the_signature_of_the_provider_is_refused_though_it_offers_such(
    student: Student, kept: Instance, university: University, alg: str
) -> None:
    offered = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
    university.altered["provider_config"] = lambda described: {**described, **offered}
    key = OctKey.import_key(university.sign_in.client_secret)
    university.altered["token"] = university.says(key, alg)
    refused(student, kept, signs_in(student), "unproven")


def test_no_token_at_all_is_refused(student: Student, kept: Instance, university: University) -> None:
    university.altered["token"] = lambda answer: {**answer, "id_token": None}
    refused(student, kept, signs_in(student), "unproven")


def test_the_address_of_another_person_is_refused(
    student: Student, kept: Instance, university: University
) -> None:
    university.altered["userinfo"] = lambda told: {**told, "sub": "another"}
    refused(student, kept, signs_in(student), "unproven")


def test_a_provider_that_calls_itself_otherwise_is_refused(
    student: Student, kept: Instance, university: University
) -> None:
    university.altered["provider_config"] = lambda told: {**told, "issuer": "https://login.example.kz"}
    refused(student, kept, signs_in(student), "down")


def test_an_address_told_in_the_token_itself_is_enough(
    student: Student, kept: Instance, university: University
) -> None:
    university.altered["token"] = university.says(email="other_sampleov@kbtu.kz")
    signs_in(student)
    assert only_draft(kept).email == "other_sampleov@kbtu.kz"


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({}, "no-address"),
        ({"email": ""}, "no-address"),
        ({"email": AIGERIM, "email_verified": False}, "unverified"),
        ({"email": "no address"}, "domain"),
    ],
)
def test_only_an_address_that_the_university_stands_by_counts(
    student: Student, kept: Instance, university: University, claims: Answer, why: str
) -> None:
    university.people["aigerim"] = claims
    refused(student, kept, signs_in(student), why)


def test_an_address_of_which_the_university_says_nothing_more_counts(
    student: Student, kept: Instance, university: University
) -> None:
    university.people["aigerim"] = {"email": AIGERIM}
    signs_in(student)
    assert only_draft(kept).confirmed


def test_the_required_domain_holds_for_accounts_too(
    tmp_path: Path, in_march: datetime.datetime, own_checkout: Checkout, university: University
) -> None:
    text = own_checkout.partners.read_text(encoding="utf-8")
    own_checkout.partners.write_text(text.replace("  # mail_domains:", "  mail_domains:"), encoding="utf-8")
    with running(tmp_path / "kept", in_march, checkout=own_checkout, sign_in=university.sign_in) as portal:
        university.knows(portal.address)
        university.people["guest"] = {"email": "guest@example.kz", "email_verified": True}
        student = Student(portal, rulebook.load(own_checkout))
        page = signs_in(student, "guest")
        refused(student, portal.settings.kept, page, "domain")
        assert "must end with @kbtu.kz" in page.text and "guest@example.kz" not in page.text
        signs_in(student)
        assert only_draft(portal.settings.kept).email == AIGERIM


def test_a_way_back_works_once_and_in_the_browser_in_which_it_began(
    student: Student, other: Student, kept: Instance
) -> None:
    back = signs_in(student, follow=False).headers["Location"]
    assert other.http.get(back, timeout=20).url.endswith("/failed/late")
    assert list(drafts.every(kept)) == []
    assert student.http.get(back, timeout=20).url.endswith("/apply/")
    assert student.http.get(back, timeout=20).url.endswith("/failed/late")
    assert "Your application" in student.get("/apply/").text, "what was open stays open"


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?code=x&state=y", "?error=%0Ainvented&state=x"]
)
def test_a_way_back_that_nobody_began_is_a_page_not_a_fault(
    student: Student, kept: Instance, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = student.get(f"/apply/sign-in/back{query}")
    refused(student, kept, page, page.url.rsplit("/", 1)[1])
    assert "invented" not in caplog.text


def test_trying_again_and_again_does_not_fill_the_cookie(student: Student, kept: Instance) -> None:
    for _ in range(8):
        student.get("/apply/sign-in?programme=usm/exchange")
    cookie = student.http.cookies.get("application", domain="127.0.0.1")
    assert cookie and len(cookie) < 2000
    signs_in(student)
    assert only_draft(kept).email == AIGERIM


def test_neither_log_nor_address_tells_who_signed_in(
    student: Student, university: University, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    pages = [signs_in(student)]
    university.altered["token"] = university.says(nonce=AIGERIM, email=AIGERIM)
    pages.append(signs_in(student))
    university.people["aigerim"]["email_verified"] = False
    university.altered.clear()
    pages.append(signs_in(student))
    told = " ".join(page.url for page in pages) + " ".join(
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith(("idpyoidc", "cryptojwt"))
    )
    assert AIGERIM not in told and "code=" not in told and university.sign_in.client_secret not in told


# Without it


def test_without_settings_there_is_neither_button_nor_page(
    tmp_path: Path, in_march: datetime.datetime, book: Rulebook
) -> None:
    with running(tmp_path / "instance", in_march) as portal:
        student = Student(portal, book)
        for path in ("/apply/start", "/apply/link"):
            assert "Sign in" not in student.get(path).text
        for path in ("", "/back", "/failed/down"):
            assert student.get(f"/apply/sign-in{path}").status_code == 404
