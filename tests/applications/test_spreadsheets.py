"""No spreadsheet takes what a student typed for a formula, by whatever sign it parts cells."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobility.applications import spreadsheets

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(1)", ";=1+1", "x;=HYPERLINK(1)", "x\t@a", 'x;"=1', "x; -1", "a,=b", "a|+1",
    "\r=1",
]  # fmt: skip


def cells_by(separator: str, text: str) -> list[str]:
    """What a spreadsheet shows that parts cells by another sign than the comma, and knows quotes or not."""
    lines = text.removeprefix("\ufeff").splitlines()
    plain = [cell for line in lines for cell in line.split(separator)]
    quoted = [cell for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=separator) for cell in row]
    return [*plain, *quoted]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("typed", FORMULAS)
def test_a_formula_is_text_in_a_csv_however_it_is_parted(separator: str, typed: str) -> None:
    made = spreadsheets.as_csv([["name"], [typed]])
    assert not [cell for cell in cells_by(separator, made) if cell.strip('" ')[:1] in tuple("=+-@")]


@given(st.lists(st.text(alphabet=st.sampled_from('=+-@;,\t| "\nx'), max_size=12), min_size=1, max_size=4))
def test_no_text_at_all_begins_a_formula(row: list[str]) -> None:
    made = spreadsheets.as_csv([row])
    for separator in (",", ";", "\t", "|"):
        assert not [cell for cell in cells_by(separator, made) if cell.strip('" ')[:1] in tuple("=+-@")]


def test_common_text_stays_as_it_is() -> None:
    row = ["SAMPLEOVA, Aigerim", "a+b@example.kz", "3.25", "B2; IELTS 6.5", "Anna-Maria"]
    assert spreadsheets.as_csv([row]).removeprefix("\ufeff").count("'") == 0


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers() -> None:
    made = spreadsheets.as_xlsx([["name", "files", "gpa"], ["=1+1", 9, "3.40"]], "2027-autumn", ["gpa"])
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        texts = book.read("xl/sharedStrings.xml").decode()
    names = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    assert not sheet.findall(".//m:f", names)
    assert "<t>=1+1</t>" in texts
    assert [cell.get("t") for cell in sheet.findall(".//m:c", names)] == [
        "s", "s", "s",
        "s", None, None,
    ]  # fmt: skip
    assert sheet.findall(".//m:c/m:v", names)[-1].text == "3.4"
