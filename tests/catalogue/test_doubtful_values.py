"""What the files allow and is most likely wrong is noted, and nothing that is right is."""

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from mobility.catalogue import doubtful_values, rulebook
from mobility.paths import CHECKOUT, Checkout
from tests.helpers.partners_file import template

TABLE = yaml.safe_load((CHECKOUT.root / "tests/data/typed-mistakes.yaml").read_text(encoding="utf-8"))
DOUBTFUL = [case for case in TABLE if "notes" in case]
TODAY = datetime.date(2026, 12, 1)


@pytest.fixture(scope="module")
def office_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(CHECKOUT.content, folder / "content")
    text = template(CHECKOUT.partners.read_text(encoding="utf-8"))
    (folder / "partners.yaml").write_text(text, encoding="utf-8")
    return folder


def noted(folder: Path) -> list[str]:
    book = rulebook.load(Checkout(folder))
    return [f"{where} {said}" for where, said in doubtful_values.notes(book, TODAY)]


@pytest.mark.parametrize("case", DOUBTFUL, ids=lambda case: f"{case['replace']} → {case['by']}")
def test_what_is_most_likely_wrong_is_noted(case: dict[str, Any], office_folder: Path) -> None:
    path = office_folder / case.get("file", "partners.yaml")
    right = path.read_text(encoding="utf-8")
    before, found, after = right.rpartition(case["replace"])
    assert found, f"{path.name} does not hold this text any more"
    try:
        path.write_text(f"{before}{case['by']}{after}", encoding="utf-8")
        assert noted(office_folder) == [case["notes"]]
    finally:
        path.write_text(right, encoding="utf-8")


def test_nothing_is_noted_of_the_shipped_files_and_of_the_template_filled(office_folder: Path) -> None:
    assert not noted(office_folder)
    assert not list(doubtful_values.notes(rulebook.load(CHECKOUT), TODAY))
