"""Additional documents at the desk: who sees them, and what they are called there and to the student."""

import datetime
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mobility.applications import bags, drafts, journal, private_links, review, submissions
from mobility.applications import decisions as kept_decisions
from mobility.applications.bags import Bag
from mobility.applications.decisions import Decision
from mobility.applications.review import NotPossible
from mobility.catalogue import rulebook
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, decisions, dossier
from mobility.office.desk import Desk
from mobility.paths import Checkout, Instance
from tests.helpers.mails import mails
from tests.helpers.officer import signed_in
from tests.helpers.portal_server import Portal, running
from tests.helpers.scans import Scans
from tests.helpers.student import Student
from tests.helpers.told import tell

EXCHANGE = "Университет Сайнс Малайзия: Студенческий обмен"


@pytest.fixture
def additional(student: Student, sent: Bag, desk_of: Callable[[], Desk], scans: Scans) -> Bag:
    """Passport and bank statement of a student who is nominated, sent as the office asked."""
    tell(desk_of(), sent.reference, "nominated", "usm/exchange")
    actions.open_additional(desk_of(), sent.reference, ["Passport", "Bank statement"], "")
    student.post("/apply/rounds/additional-1")
    for slot in ("additional-passport", "additional-bank-statement"):
        assert student.upload(slot, scans.pdf(f"{slot}.pdf", text=slot)).ok
    student.post("/apply/submit")
    return submissions.find(sent.instance, sent.reference)[-1]


def test_additional_documents_are_not_for_the_committee(
    portal: Portal, sent: Bag, additional: Bag, kept: Instance, book: Rulebook
) -> None:
    assert all(file["file"].startswith(bags.RESTRICTED) for file in additional.record()["files"])
    reader, _ = signed_in(portal, "Invented Reader", role="reader")
    officer, _ = signed_in(portal)
    where = f"/office/applications/{sent.reference}"
    for who in (reader, officer):
        assert f"{where}/additional-1/0/1.jpg" not in who.get(where).text
        assert who.get(f"{where}/additional-1/0/1.jpg").status_code == 403
    assert reader.post(f"{where}/additional-1/0", at="/office/").status_code == 403
    officer.post(f"{where}/additional-1/0", at=where)
    assert [e["document"] for e in journal.entries(kept) if e["event"] == "looked at"] == [
        "additional-passport"
    ]
    made = dossier.write([sent, additional], kept.dossiers / "x.pdf", book)
    assert [each.part for each in made][-2:] == [None, None]


@pytest.mark.usefixtures("additional")
def test_the_hosts_passport_is_another_document_than_the_applications(portal: Portal, sent: Bag) -> None:
    officer, _ = signed_in(portal)
    where = f"/office/applications/{sent.reference}"
    assert len(re.findall(r"<h3>\d+\. Copy of passport</h3>", officer.get(where).text)) == 1
    noted = {"ok-additional-1/0": "no", "note-additional-1/0": "cut off"}
    page = officer.post(f"{where}/checks", noted, at=where).text
    assert not re.search(r'name="slot" value="passport"[^>]*checked', page)
    host = officer.get("/office/hosts/usm?call=2027-autumn").text
    for slot in ("passport", "additional-passport", "additional-bank-statement"):
        (option,) = re.findall(rf'value="{slot}".*', host)
        assert "personal: only where the host needs it" in option


def test_one_document_is_not_asked_for_twice(sent: Bag, desk_of: Callable[[], Desk]) -> None:
    tell(desk_of(), sent.reference, "nominated", "usm/exchange")
    with pytest.raises(NotPossible, match="Passport is asked for twice"):
        actions.open_additional(desk_of(), sent.reference, ["Passport", "Visa", "passport"], "")


def test_documents_hosts_and_programmes_are_called_as_student_and_officer_read(
    tmp_path: Path, own_checkout: Checkout, sent_once: tuple[Path, str], in_march: datetime.datetime
) -> None:
    insurance = "{en: Health insurance, ru: Медицинская страховка}"
    text = own_checkout.partners.read_text()
    own_checkout.partners.write_text(
        text.replace("  - id: usm\n", f"  - id: usm\n    documents: [{{name: {insurance}}}]\n")
    )
    book, kept = rulebook.load(own_checkout), Instance(tmp_path / "instance")
    shutil.copytree(sent_once[0], kept.root)
    (sent,) = submissions.every(kept)
    draft = private_links.of_reference(kept, sent.reference)
    assert draft
    drafts.note(draft, lambda current: replace(current, language="ru"))
    with running(kept.root, in_march, checkout=own_checkout) as portal:
        desk = Desk(kept, book, f"{portal.address}/apply/", False, portal.now)
        tell(desk, sent.reference, "nominated", "usm/exchange")
        actions.open_additional(desk, sent.reference, [], "")
        decided, asked = mails(kept)[-2:]
        assert f"Вы номинированы: {EXCHANGE}." in decided
        assert "- Медицинская страховка" in asked
        student = Student(portal, book)
        student.open(f"/apply/back/{sent_once[1]}")
        assert EXCHANGE in student.get("/apply/status?language=ru").text
        student.post("/apply/rounds/additional-1")
        assert "Медицинская страховка" in student.get("/apply/documents").text
        student.upload("additional-health-insurance", Scans(tmp_path).pdf("policy.pdf"))
        assert "Медицинская страховка" in student.post("/apply/submit").text
        (file,) = submissions.find(kept, sent.reference)[-1].record()["files"]
        assert file["document"] == "Health insurance", "folders are in English"
        officer, _ = signed_in(portal)
        page = officer.get("/office/hosts/usm?call=2027-autumn&language=ru").text
        assert len(re.findall("<(?:title|h1)>Номинации: Университет Сайнс Малайзия", page)) == 2
        assert "<td>Студенческий обмен</td>" in page
        for slot, name in {
            "additional-health-insurance": "Медицинская страховка",
            "passport": "Копия паспорта",
        }.items():
            assert re.search(f'<label for="slot-{slot}">{name}', page), name
        for place in ("places", ""):
            page = officer.get(f"/office/{place}?call=2027-autumn").text
            assert EXCHANGE in page, place
            assert "Universiti" not in page, place
        decisions.host_says(desk, sent.reference, "refused")
        assert EXCHANGE in mails(kept)[-1]


def test_a_programme_that_is_wished_no_more_is_named_in_the_decision_on_it(portal: Portal, sent: Bag) -> None:
    place = review.folder(sent.instance, sent.call, sent.reference)
    kept_decisions.add(place, Decision("nominated", portal.now.isoformat(), "upna/exchange"))
    officer, _ = signed_in(portal)
    page = officer.get(f"/office/applications/{sent.reference}?language=ru").text
    assert "Номинирован: Государственный университет Наварры: " in page
