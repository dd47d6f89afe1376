"""The portal through real HTTP: what a student may meet, and what nobody may get."""

import datetime
import html
import logging
import re
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from mobility.applications import bags, drafts, submissions
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import CHECKOUT, Checkout
from tests.helpers.follow_ups import listed
from tests.helpers.portal_server import running
from tests.helpers.scans import Scans
from tests.helpers.student import Student, token_of


def test_the_whole_way_ends_in_a_bag_and_a_receipt(
    student: Student, scans: Scans, invented: Callable[..., dict[str, Any]]
) -> None:
    student.begin()
    student.answer(invented())
    student.upload_all(scans)
    page = student.post("/apply/submit")
    (bag,) = submissions.every(student.portal.settings.kept)
    assert bag.reference in page.text
    assert bags.verify(bag) == []
    assert student.get("/apply/receipt.txt").text == (bag.folder / "RECEIPT.txt").read_text()
    again = student.post("/apply/submit")
    assert bag.reference in again.text
    assert len(list(submissions.every(student.portal.settings.kept))) == 1
    assert bag.reference in listed(bag)


def test_a_file_damaged_on_our_side_is_asked_for_again(
    student: Student, scans: Scans, invented: Callable[..., dict[str, Any]]
) -> None:
    student.begin()
    student.answer(invented())
    student.upload_all(scans)
    kept = student.portal.settings.kept
    (draft,) = drafts.every(kept)
    draft.path(draft.in_slot("transcript")[0]).write_bytes(b"rot")
    page = student.post("/apply/submit")
    assert page.status_code == 500
    assert "04-transcript.pdf" in page.text and "upload that document again" in page.text
    student.upload("transcript", scans.pdf("transcript.pdf"))
    student.post("/apply/submit")
    assert len(list(submissions.every(kept))) == 1


def test_what_no_rule_answers_is_one_click_to_the_office(
    student: Student, invented: Callable[..., dict[str, Any]]
) -> None:
    student.begin("opole-tech/exchange")
    student.answer(invented(choice_1="opole-tech/exchange", language_proof="ielts", ielts_score="6.5"))
    page = student.get("/apply/check").text
    (mail,) = re.findall(r'href="(mailto:[^"]*)">Ask the ICD</a></p>\s*</div>', page)
    asked = parse_qs(urlsplit(html.unescape(mail)).query)
    assert asked["subject"] == ["Question on an exchange: Opole University of Technology: Student exchange"]
    assert "- The host asks level B2. Is IELTS 6.5 enough?" in asked["body"][0]


def test_a_host_is_offered_by_its_name_in_the_readers_language_with_the_english_one_beside_it(
    student: Student,
) -> None:
    student.begin()
    page = student.get("/apply/questions/choices?language=ru").text
    assert "Варшавский политехнический университет: Erasmus+ · Warsaw University of Technology" in page
    assert "DHBW Mosbach ·" not in page and "· DHBW Mosbach" not in page
    in_poland = re.findall(r">([^<]+) университет: Студенческий обмен", page.split('label="Польша"')[1])
    assert in_poland[:2] == ["Вроцлавский политехнический", "Опольский политехнический"]


def test_the_choice_on_a_partners_page_is_carried_over(student: Student) -> None:
    assert (
        "Warsaw University of Technology" in student.get("/apply/start?programme=warsaw-tech/exchange").text
    )
    student.begin("warsaw-tech/exchange")
    page = student.get("/apply/questions/choices").text
    assert re.search(r'<option selected value="warsaw-tech/exchange">', page)


def test_an_unconfirmed_agreement_is_said_before_applying(student: Student) -> None:
    said = "shows an agreement between KBTU and this university"
    assert said in student.get("/apply/start?programme=warsaw-tech/exchange").text
    assert said not in student.get("/apply/start?programme=oth-amberg-weiden/medical-engineering").text


def test_wrong_answers_are_kept_and_named_beside_the_field_and_on_top(student: Student) -> None:
    student.begin()
    page = student.post("/apply/questions/studies", {"gpa": "5,2", "study-programme": "All <b>Samples</b>"})
    assert page.status_code == 422
    assert 'id="gpa-fault"' in page.text and 'href="#gpa"' in page.text
    assert 'aria-invalid="true"' in page.text
    again = student.get("/apply/questions/studies").text
    assert 'value="5,2"' in page.text and 'value="5,2"' in again
    for text in (page.text, again):
        assert "All &lt;b&gt;Samples&lt;/b&gt;" in text


def test_a_gpa_under_2_5_is_told_at_the_field(student: Student) -> None:
    student.begin()
    page = student.post("/apply/questions/studies", {"gpa": "2.40"})
    assert "A transcript is accepted from GPA 2.50, yours is 2.40" in page.text


def test_leaving_and_coming_back_finds_everything(student: Student, other: Student, scans: Scans) -> None:
    link = student.begin()
    student.post("/apply/questions/studies", {"gpa": "3.40"})
    student.upload("passport", scans.picture("IMG_1.jpg"))
    student.post("/apply/leave")
    assert "IMG_1.jpg" not in student.get("/apply/documents").text
    page = other.open(link)
    assert page.url.endswith("/apply/")
    assert "IMG_1.jpg" in other.get("/apply/documents").text
    assert 'value="3.40"' in other.get("/apply/questions/studies").text


def test_no_applicant_sees_or_changes_anothers(student: Student, other: Student, scans: Scans) -> None:
    student.begin()
    student.post("/apply/questions/about-you", {"family-name": "Sampleova"})
    student.upload("passport", scans.pdf("passport.pdf"))
    file_id = re.search(r"/apply/documents/remove/([0-9a-f]+)", student.get("/apply/documents").text)
    assert file_id
    other.begin()
    for path in ("/apply/", "/apply/documents", "/apply/check", "/apply/questions/about-you"):
        assert "Sampleova" not in other.get(path).text
        assert "passport.pdf" not in other.get(path).text
    assert other.post(f"/apply/documents/remove/{file_id[1]}").status_code == 404
    assert "passport.pdf" in student.get("/apply/documents").text


def test_a_wrong_link_opens_nothing(student: Student) -> None:
    assert student.get("/apply/back/not-a-token").status_code == 404
    assert student.get("/apply/documents").url.endswith("/apply/")


@pytest.mark.parametrize("kind", ["locked", "cut", "html"])
def test_a_file_that_cannot_be_used_is_refused_at_its_slot(student: Student, scans: Scans, kind: str) -> None:
    student.begin()
    path = {
        "locked": scans.locked_pdf,
        "cut": scans.cut_pdf,
        "html": lambda: scans.bytes("x.pdf", b"<script>alert(1)</script>"),
    }[kind]()
    page = student.upload("transcript", path)
    assert page.status_code == 422
    assert 'id="fault-transcript"' in page.text and 'href="#slot-transcript"' in page.text


def test_a_file_over_20_mb_is_refused_and_the_rest_stays(student: Student, scans: Scans) -> None:
    student.begin()
    student.upload("passport", scans.pdf("passport.pdf"))
    for size in (20_000_001, 30_000_000):
        page = student.upload("transcript", scans.bytes("big.pdf", b"%PDF-1.7\n" + b"0" * size))
        assert page.status_code == 413
        assert 'id="fault-transcript"' in page.text and 'href="#slot-transcript"' in page.text
        assert "passport.pdf" in page.text


def test_a_file_of_just_20_mb_is_kept_and_one_byte_more_is_not(student: Student, scans: Scans) -> None:
    student.begin()
    page = student.upload("transcript", scans.pdf_of(20_000_000, "just.pdf"))
    assert page.status_code == 200 and "just.pdf" in page.text
    page = student.upload("transcript", scans.pdf_of(20_000_001, "over.pdf"))
    assert page.status_code == 413 and "over.pdf" not in page.text and "just.pdf" in page.text


def test_a_replaced_file_is_the_only_one_and_a_removed_one_is_gone(student: Student, scans: Scans) -> None:
    student.begin()
    student.upload("transcript", scans.pdf("old.pdf"))
    page = student.upload("transcript", scans.pdf("new.pdf", text="new")).text
    assert "new.pdf" in page and "old.pdf" not in page
    found = re.search(r"/apply/documents/remove/([0-9a-f]+)", page)
    assert found
    assert "new.pdf" not in student.post(f"/apply/documents/remove/{found[1]}").text


def test_any_number_of_certificates_is_listed_back(student: Student, scans: Scans) -> None:
    student.begin()
    for n in range(3):
        page = student.upload("certificates", scans.pdf(f"diploma {n}.pdf", text=str(n))).text
    assert [f"diploma {n}.pdf" in page for n in range(3)] == [True] * 3


def test_a_hostile_file_name_is_only_text(student: Student, scans: Scans) -> None:
    student.begin()
    path = scans.pdf("ok.pdf")
    name = "../../<img src=x onerror=alert(1)>.pdf"
    with path.open("rb") as file:
        page = student.post("/apply/documents/passport", files={"file": (name, file)}).text
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;.pdf" in page
    names = [p.name for p in student.portal.settings.kept.drafts.rglob("*") if p.is_file()]
    ours = r"[0-9a-f]{16}\.pdf|draft\.json|\.draft\.json\.[0-9a-f]{8}|\.lock"  # the third is being written
    assert all(re.fullmatch(ours, n) for n in names)


def test_of_eight_who_submit_at_once_two_are_taken_at_a_time_and_each_gets_an_answer(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    student.begin()
    form = {"csrf_token": token_of(student.get("/apply/verify"))}
    address, cookies = f"{student.portal.address}/apply/submit", student.http.cookies.get_dict()
    seal, inside, most, two = submissions.submit, [], [], threading.Barrier(2)

    def slowly(*given: Any) -> bags.Bag:
        inside.append(1)
        most.append(len(inside))
        two.wait(20)
        time.sleep(0.1)  # a third would come in now
        inside.pop()
        return seal(*given)

    monkeypatch.setattr(submissions, "submit", slowly)
    with ThreadPoolExecutor(8) as clicks:
        posts = [clicks.submit(requests.post, address, form, cookies=cookies, timeout=60) for _ in range(8)]
    assert [post.result().status_code for post in posts] == [422] * 8  # whole or not: each got its answer
    assert len(most) == 8 and max(most) == 2


def test_an_unfinished_application_is_not_submitted(student: Student) -> None:
    student.begin()
    page = student.post("/apply/submit")
    assert page.status_code == 422
    assert "Still missing before you can submit" in page.text
    assert list(submissions.every(student.portal.settings.kept)) == []


def test_after_the_call_the_page_says_when_the_next_one_opens(student: Student, call: Call) -> None:
    student.begin()
    student.portal.now = call.closes + datetime.timedelta(minutes=30)
    for page in (student.get("/apply/"), student.get("/apply/documents"), student.get("/apply/start")):
        assert "1 October 2027, 00:00 Almaty time (UTC+5)" in page.text
    student.portal.now = call.closes - datetime.timedelta(seconds=1)
    assert student.get("/apply/documents").status_code == 200


def test_a_rehearsal_opens_the_next_call_and_says_so_on_every_page(
    tmp_path: Path, book: Rulebook, call: Call
) -> None:
    november = datetime.datetime(2026, 11, 24, 12, tzinfo=call.opens.tzinfo)
    with running(tmp_path / "instance", november, rehearsal=True) as portal:
        student = Student(portal, book)
        student.begin()
        for path in ("/apply/", "/apply/start", "/apply/documents", "/apply/check", "/apply/nowhere"):
            page = student.get(path).text
            assert "Rehearsal." in page and "opens on 1 March 2027" in page
        assert len(list((tmp_path / "instance" / "rehearsal" / "drafts").iterdir())) == 1
        assert not (tmp_path / "instance" / "drafts").exists()


def test_a_real_portal_is_closed_in_november(tmp_path: Path, book: Rulebook, call: Call) -> None:
    november = datetime.datetime(2026, 11, 24, 12, tzinfo=call.opens.tzinfo)
    with running(tmp_path / "instance", november) as portal:
        page = Student(portal, book).get("/apply/")
        assert "Applications are closed now" in page.text and "1 March 2027" in page.text


def test_a_request_without_its_token_changes_nothing(student: Student) -> None:
    student.begin()
    page = student.http.post(
        student.portal.address + "/apply/questions/studies", data={"gpa": "3.9"}, timeout=20
    )
    assert page.status_code == 400
    assert 'value="3.9"' not in student.get("/apply/questions/studies").text


def test_no_cache_and_no_frame_keeps_a_page(student: Student) -> None:
    student.begin()
    for path in ("/apply/", "/apply/documents", "/apply/check"):
        headers = student.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_names_and_links_are_in_no_log(
    student: Student, scans: Scans, invented: Callable[..., dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="portal")
    caplog.set_level(logging.DEBUG, logger="waitress")
    link = student.begin()
    student.answer(invented())
    student.upload_all(scans)
    student.post("/apply/submit")
    said = "\n".join(
        record.getMessage() for record in caplog.records if record.name != "urllib3.connectionpool"
    )
    assert "Sampleova" not in said and link.rsplit("/", 1)[1] not in said


def test_an_edit_that_goes_wrong_leaves_the_last_good_rules(
    tmp_path: Path, in_march: datetime.datetime, book: Rulebook
) -> None:
    checkout = _copy_of_the_edited_files(tmp_path / "house")
    with running(tmp_path / "instance", in_march, checkout=checkout) as portal:
        student = Student(portal, book)
        whole = checkout.partners.read_text()
        checkout.partners.write_text("partners: [")
        assert "3.0" in student.get("/apply/start").text
        checkout.partners.write_text(whole.replace("min_gpa: 3.0 #", "min_gpa: 3.3 #"))
        assert "3.3" in student.get("/apply/start").text


def test_a_document_that_one_host_asks_becomes_a_slot_for_those_who_choose_it(
    tmp_path: Path, in_march: datetime.datetime, book: Rulebook
) -> None:
    checkout = _copy_of_the_edited_files(tmp_path / "house")
    text = checkout.partners.read_text().replace(
        "  - id: klaipeda\n", "  - id: klaipeda\n    documents: [{name: Portfolio, stage: application}]\n"
    )
    checkout.partners.write_text(text)
    with running(tmp_path / "instance", in_march, checkout=checkout) as portal:
        chooser, another = Student(portal, book), Student(portal, book)
        chooser.begin("klaipeda/exchange")
        another.begin("oulu/exchange")
        assert 'id="slot-klaipeda-portfolio"' in chooser.get("/apply/documents").text
        assert 'id="slot-klaipeda-portfolio"' not in another.get("/apply/documents").text


def _copy_of_the_edited_files(folder: Path) -> Checkout:
    shutil.copytree(CHECKOUT.content, folder / "content")
    shutil.copytree(CHECKOUT.site_source, folder / "site")
    shutil.copy(CHECKOUT.partners, folder / "partners.yaml")
    return Checkout(folder)
