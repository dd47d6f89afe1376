"""The edited files together: what one of them says that another does not bear."""

import shutil
from pathlib import Path

import pytest

from mobility.catalogue import rulebook
from mobility.paths import CHECKOUT, Checkout
from mobility.yamlfiles.reader import InvalidFile


@pytest.fixture
def copied(tmp_path: Path) -> Checkout:
    shutil.copytree(CHECKOUT.content, tmp_path / "content")
    shutil.copy(CHECKOUT.partners, tmp_path / "partners.yaml")
    return Checkout(tmp_path)


def faults(checkout: Checkout, path: Path, old: str, new: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidFile) as told:
        rulebook.load(checkout)
    return [problem.message for problem in told.value.problems]


@pytest.mark.parametrize("count", ["two", "0", "-1", "1.5", "true", "99"])
def test_a_count_of_documents_that_cannot_be_is_told_in_one_line(copied: Checkout, count: str) -> None:
    (told,) = faults(copied, copied.content / "documents.yaml", "count: 2", f"count: {count}")
    assert "count is " in told and told.endswith("must be a whole number from 1 to 12, or many")


def test_years_of_study_need_the_question_for_the_year(copied: Checkout) -> None:
    text = copied.partners.read_text(encoding="utf-8")
    copied.partners.write_text(text.replace("# years_of_study:", "years_of_study:", 1), encoding="utf-8")
    rulebook.load(copied)
    form = copied.content / "forms" / "application.yaml"
    told = faults(copied, form, "- id: year\n", "- id: course\n")
    assert 'field "year" is missing: requirements.years_of_study of partners.yaml reads it' in told
