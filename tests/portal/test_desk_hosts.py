"""A host at the desk over real HTTP: its sheet and pack, what it says, and what the journal keeps of it."""

import csv
import io
import re
import zipfile
from collections.abc import Callable

import pytest

from mobility.applications import journal, review
from mobility.applications.bags import Bag
from mobility.office import actions, decisions, staff
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.commands import mobility
from tests.helpers.officer import Officer, signed_in
from tests.helpers.pdf_files import words
from tests.helpers.portal_server import Portal
from tests.helpers.told import tell
from tests.helpers.workbooks import first_sheet

HOST = "/office/hosts/usm"
CALL = {"call": "2027-autumn"}


@pytest.fixture
def officer(portal: Portal) -> Officer:
    return signed_in(portal)[0]


@pytest.fixture
def nominated(sent: Bag, desk_of: Callable[[], Desk]) -> Bag:
    """The application, nominated to the host and told so."""
    decisions.decide(desk_of(), sent.reference, "nominated", "usm/exchange")
    decisions.release(desk_of(), sent.reference)
    return sent


def exports(kept: Instance) -> list[dict[str, str]]:
    return [each for each in journal.entries(kept) if each["event"] in ("sheet made", "pack made")]


def test_the_sheet_has_what_hosts_ask_and_is_kept_in_the_journal(
    officer: Officer, nominated: Bag, kept: Instance
) -> None:
    page = officer.get(f"{HOST}?call=2027-autumn").text
    assert f">{nominated.reference}</a>" in page
    answer = officer.post(f"{HOST}/sheet", {**CALL, "kind": "csv"}, at=HOST)
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row == {
        "Family name": "Sampleova", "Given names": "Aigerim", "Date of birth": "01.01.2005", "Sex": "Female",
        "Citizenship": "Kazakhstan", "E-mail": "aigerim.sampleova@example.kz", "Phone": "'+77000000000",
        "Level": "Bachelor", "Study programme": "Petroleum Engineering", "Year of study": "2nd",
        "GPA": "3.40", "Language proof": "IELTS 6.0", "Programme": row["Programme"], "Term": "autumn 2027",
        "Length": "One semester", "Reference": nominated.reference,
    }  # fmt: skip
    book = officer.post(f"{HOST}/sheet", {**CALL, "kind": "xlsx"}, at=HOST).content
    assert "<v>3.4</v>" in first_sheet(book), "the GPA is a number"
    pdf = officer.post(f"{HOST}/sheet", {**CALL, "kind": "pdf"}, at=HOST).content
    assert "Sampleova" in words(pdf) and "N00000000" not in words(pdf)
    member = next(staff.every(kept))
    assert [(each["reference"], each["host"], each["kind"], each["by"]) for each in exports(kept)] == [
        (nominated.reference, "usm", kind, member.id) for kind in ("csv", "xlsx", "pdf")
    ]


def test_a_pack_holds_the_documents_that_were_ticked_and_no_other(
    officer: Officer, nominated: Bag, kept: Instance
) -> None:
    files = {file["slot"]: file["file"] for file in nominated.record()["files"]}
    home = nominated.home.name
    page = officer.get(f"{HOST}?call=2027-autumn").text
    assert not re.search(r'name="slot"[^>]*checked', page), "nothing goes that nobody ticked"

    def pack(*slots: str) -> zipfile.ZipFile:
        answer = officer.post(f"{HOST}/pack", {**CALL, "slot": list(slots)}, at=HOST)
        return zipfile.ZipFile(io.BytesIO(answer.content))

    sheets = [f"nominations-usm-2027-autumn.{kind}" for kind in ("xlsx", "csv", "pdf")]
    archive = pack("transcript")
    inside = f"{home}/{files['transcript'].removeprefix('data/')}"
    assert archive.namelist() == [*sheets, inside]
    assert archive.read(inside) == (nominated.folder / files["transcript"]).read_bytes()
    with_passport = f"{home}/{files['passport'].removeprefix('data/restricted/')}"
    assert with_passport in pack("passport", "transcript").namelist()
    assert [each["documents"] for each in exports(kept)] == ["transcript", "passport, transcript"]
    assert officer.post(f"{HOST}/pack", CALL, at=HOST).status_code == 422
    assert officer.post(f"{HOST}/pack", {**CALL, "slot": ["../x"]}, at=HOST).status_code == 422


def test_who_is_not_told_declined_or_withdrew_is_on_no_sheet(
    officer: Officer, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    def goes() -> bool:
        return officer.post(f"{HOST}/sheet", {**CALL, "kind": "csv"}, at=HOST).status_code == 200

    assert not goes()
    decisions.decide(desk_of(), sent.reference, "nominated", "usm/exchange")
    assert not goes() and sent.reference not in officer.get(HOST).text, "decided is not told"
    decisions.release(desk_of(), sent.reference)
    assert goes()
    officer.post(f"{HOST}/says", {**CALL, "word": "refused", "decision": [f"{sent.reference}/1"]}, at=HOST)
    assert not goes() and "not on the sheet" in officer.get(HOST).text
    officer.post(f"{HOST}/says", {**CALL, "word": "accepted", "decision": [f"{sent.reference}/1"]}, at=HOST)
    assert not goes(), "a refusal holds"
    tell(desk_of(), sent.reference, "nominated", "usm/exchange")
    assert goes()
    actions.withdraw(desk_of(), sent.reference, "applicant")
    assert not goes() and sent.reference in officer.get(HOST).text, "the host may have to be told"
    assert len(exports(kept)) == 2


def test_what_the_host_says_is_kept_for_those_who_are_ticked(
    officer: Officer, nominated: Bag, kept: Instance
) -> None:
    said = {**CALL, "word": "sent", "note": "by mail", "decision": [f"{nominated.reference}/1"]}
    assert "Sent to the host" in officer.post(f"{HOST}/says", said, at=HOST).text
    told = review.standing(kept, nominated.call, nominated.reference).told
    assert told and [(each.word, each.note) for each in told.host] == [("sent", "by mail")]
    assert officer.post(f"{HOST}/says", {**CALL, "word": "sent"}, at=HOST).status_code == 422
    elsewhere = {**CALL, "word": "accepted", "decision": ["2027A-9999/1"]}
    assert officer.post(f"{HOST}/says", elsewhere, at=HOST).status_code == 422
    both = {**CALL, "word": "acknowledged", "note": "in May"}
    both["decision"] = ["2027A-9999/1", f"{nominated.reference}/1"]
    page = officer.post(f"{HOST}/says", both, at=HOST)
    assert page.status_code == 422 and "Noted for 1." in page.text and "Not noted for 1:" in page.text
    assert "no application 2027A-9999" in page.text and 'value="in May"' in page.text
    told = review.standing(kept, nominated.call, nominated.reference).told
    assert told and [each.word for each in told.host] == ["sent", "acknowledged"]


def test_readers_take_nothing_with_them_and_strangers_see_nothing(portal: Portal, nominated: Bag) -> None:
    reader, _ = signed_in(portal, role="reader")
    page = reader.get(HOST)
    assert nominated.reference in page.text and "Download as ZIP" not in page.text
    for act in ("says", "sheet", "pack"):
        assert reader.post(f"{HOST}/{act}", CALL, at="/office/").status_code == 403
    assert reader.get("/office/hosts/no-such").status_code == 404
    assert Officer(portal).get(HOST).url.endswith("/office/sign-in")


def test_the_commands_write_the_same(
    nominated: Bag, kept: Instance, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("out")

    def command(*words: str) -> tuple[int, str]:
        done = mobility("nominations", "usm", "2027-autumn", "--data", str(kept.root), *words)
        return done.returncode, done.stdout + done.stderr

    assert command("--format", "csv", "--out", str(out / "sheet.csv"))[0] == 0
    assert "Sampleova" in (out / "sheet.csv").read_text()
    assert command("--pack", "--document", "transcript", "--out", str(out / "pack.zip"))[0] == 0
    assert any("transcript" in name for name in zipfile.ZipFile(out / "pack.zip").namelist())
    code, says = command("--pack", "--out", str(out / "none.zip"))
    assert code == 1 and "name the documents" in says and not (out / "none.zip").exists()
    assert command("--out", str(nominated.folder / "sheet.xlsx"))[0] == 1
    assert command("--out", str(out))[0] == 2
    code, says = command("--out", str(out / "no" / "such" / "sheet.xlsx"))
    assert code == 1 and "No such file" in says and "Traceback" not in says
    assert [each["by"] for each in exports(kept)] == ["command", "command"]
