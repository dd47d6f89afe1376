"""The other page of the university: an office that follows it sets years, proofs of language and letters,
and site, form, slots, verdicts and bag follow."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mobility.applications import bags, submissions
from mobility.catalogue import rulebook
from mobility.i18n.languages import LANGUAGES
from mobility.yamlfiles.reader import InvalidFile
from tests.helpers.html_pages import read
from tests.helpers.portal_server import running
from tests.helpers.scans import Scans
from tests.helpers.shared_cases import follow_the_other_page
from tests.helpers.sites import build, copy_of_the_checkout
from tests.helpers.student import Student


def test_an_office_that_follows_its_other_page_changes_a_few_lines(
    tmp_path: Path, in_march: datetime.datetime, scans: Scans, invented: Callable[..., dict[str, Any]]
) -> None:
    checkout = copy_of_the_checkout(tmp_path / "checkout")
    follow_the_other_page(checkout.partners)
    listed = checkout.content / "documents.yaml"
    without, _, rest = listed.read_text(encoding="utf-8").partition("  - id: questionnaire\n")
    kept = without + "  - id: passport\n" + rest.partition("  - id: passport\n")[2]
    listed.write_text(kept.replace("count: 2", "count: 1"), encoding="utf-8")
    book = rulebook.load(checkout)

    site = build(checkout, languages=LANGUAGES)
    criteria = " ".join(read(site / "criteria" / "index.html").text.split())
    assert "The university's test" in criteria and "bachelor: 2, 3" in criteria
    assert "below 2.5 The transcript is not accepted" in criteria
    assert "Университет тесті" in read(site / "kk" / "documents" / "index.html").text
    assert "Questionnaire" not in read(site / "documents" / "index.html").text
    assert "Recommendation letter (2)" not in read(site / "index.html").text

    given = invented(language_proof="university-test", level="bachelor", year="4", gpa="2.60")
    with running(tmp_path / "instance", in_march, checkout=checkout) as portal:
        student = Student(portal, book)
        assert "The university&#39;s test or Letter of the host" in student.get("/apply/start").text
        student.begin("klaipeda/exchange")
        student.answer(given)
        slots = re.findall(r'id="slot-([^"]+)"', student.get("/apply/documents").text)
        assert [slot for slot in slots if "recommendation" in slot] == ["recommendation"]
        assert "language-university-test" in slots and "questionnaire" not in slots
        student.upload_all(scans)
        checked = student.get("/apply/check").text
        assert "Students of year 2 or 3 of study are admitted, yours is 4." in checked
        assert "Below the selection criterion" not in checked
        student.post("/apply/submit")
        (bag,) = submissions.every(portal.settings.kept)
    assert bags.verify(bag) == []
    sealed = bag.record()
    assert [file["slot"] for file in sealed["files"]].count("language-university-test") == 1
    assert "year-" in " ".join(each["id"] for each in sealed["warnings"])


def test_a_proof_whose_name_is_taken_is_told_on_its_line(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    text = checkout.partners.read_text().replace(
        "requirements:\n", "requirements:\n  further_proofs:\n    - {id: ielts, name: IELTS again}\n", 1
    )
    checkout.partners.write_text(text)
    line = text[: text.index("IELTS again")].count("\n") + 1
    with pytest.raises(InvalidFile) as told:
        rulebook.load(checkout)
    (problem,) = told.value.problems
    assert (problem.line, problem.message) == (
        line,
        'requirements: further_proofs.1.id "ielts" is taken, must be unique',
    )
