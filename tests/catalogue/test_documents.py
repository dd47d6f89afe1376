"""The slots of what hosts ask: one for each document, whatever it is called."""

from pathlib import Path

import pytest

from mobility.catalogue import catalogue_file, documents
from mobility.catalogue.partners import Offer
from tests.helpers.partners_file import GOOD


def offer_asking(tmp_path: Path, asked: str) -> Offer:
    """An offer whose host asks documents, as they are written in YAML."""
    path = tmp_path / "partners.yaml"
    path.write_text(GOOD.replace("    city: Oslo\n", f"    city: Oslo\n    documents: {asked}\n"))
    return next(catalogue_file.load(path).offers())


@pytest.mark.parametrize(
    "others",
    [("Viza", "Виза"), ("C", "C++"), ("???", "!!!"), (f"{'long ' * 13}one", f"{'long ' * 13}two")],
)
def test_documents_of_other_names_have_other_slots(others: tuple[str, str]) -> None:
    one, two = (documents.additional_document(name).id for name in others)
    assert one != two


@pytest.mark.parametrize(
    "same", [("Виза", "виза"), ("Passport", "passport "), ("bank  statement", "Bank statement")]
)
def test_a_document_has_one_slot_however_its_name_is_typed(same: tuple[str, str]) -> None:
    one, two = (documents.additional_document(name).id for name in same)
    assert one == two


def test_what_is_asked_after_the_nomination_has_no_slot_of_the_application() -> None:
    common = documents.load(Path("content/documents.yaml"))
    owed = {slot.id for slot in documents.owed(common, "KZ", "ielts", ())}
    assert not owed & {documents.additional_document(slot).id for slot in owed}
    assert documents.additional_document("Passport").id == "additional-passport"


def test_two_documents_of_a_host_whose_names_look_alike_are_both_asked(tmp_path: Path) -> None:
    asked = "[{name: C, stage: application}, {name: C++, stage: application}, {name: Viza}, {name: Виза}]"
    offer = offer_asking(tmp_path, asked)
    slots = documents.owed((), None, None, [offer, offer])
    assert slots[0].id == "first-c" and slots[1].id != "first-c" and len(slots) == 2
    assert len(documents.after_nomination(offer)) == 2


def test_what_a_host_asks_is_kept_from_the_committee_after_nomination_or_where_it_says_so(
    tmp_path: Path,
) -> None:
    visa = "{name: Visa, stage: application, restricted: true}"
    offer = offer_asking(tmp_path, f"[{{name: Portfolio, stage: application}}, {visa}, Passport]")
    assert [slot.restricted for slot in documents.owed((), None, None, [offer])] == [False, True]
    assert [slot.restricted for slot in documents.additional(documents.after_nomination(offer))] == [True]
