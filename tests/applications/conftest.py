"""Drafts to start from."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest

from mobility.applications import completeness, drafts
from mobility.applications.drafts import Draft
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from tests.helpers.scans import Scans


@pytest.fixture(scope="session")
def filled_once(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, call: Call, in_march: datetime.datetime
) -> Callable[[dict[str, Any]], Draft]:
    """Gives the draft that has these answers and every document, to copy from: made once."""
    kept: dict[str, Draft] = {}
    folder = tmp_path_factory.mktemp("filled")
    scans = Scans(folder)

    def fill(answers: dict[str, Any]) -> Draft:
        _, draft = drafts.start(Instance(folder / "instance"), call.id, in_march, answers)
        for slot in completeness.slots(book, call, answers):
            with scans.pdf(f"мой файл {slot.id}.pdf", text=slot.id).open("rb") as stream:
                draft = drafts.keep(draft, slot, stream, f"мой файл {slot.id}.pdf", in_march)
        return draft

    def once(answers: dict[str, Any]) -> Draft:
        key = json.dumps(answers)
        if key not in kept:
            kept[key] = fill(answers)
        return kept[key]

    return once
