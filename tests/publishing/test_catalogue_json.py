"""The catalogue as JSON for other programs, and the schema that describes it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mobility.paths import CHECKOUT, Checkout
from mobility.publishing import catalogue_json
from tests.helpers.partners_file import FILLED, template
from tests.helpers.sites import build, copy_of_the_checkout


def closed(schema: Any) -> Any:
    """The schema with no room for keys that it does not tell of."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    return {**made, "additionalProperties": False} if made.get("type") == "object" else made


def with_every_fact(folder: Path) -> Checkout:
    """A checkout with one partner more: the example in the file, which states whatever can be stated."""
    checkout = copy_of_the_checkout(folder)
    checkout.partners.write_text(template(checkout.partners.read_text()))
    return checkout


@pytest.mark.parametrize("facts", ["shipped", "every"])
def test_the_catalogue_for_programs_is_as_the_schema_beside_it_says(
    site: Path, tmp_path: Path, facts: str
) -> None:
    built = site if facts == "shipped" else build(with_every_fact(tmp_path))
    value = json.loads((built / "catalogue.json").read_text(encoding="utf-8"))
    schema = json.loads((built / value["$schema"]).read_text(encoding="utf-8"))
    assert schema == json.loads((CHECKOUT.root / "docs" / "schema" / catalogue_json.SCHEMA).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(closed(schema))
    assert [error.message for error in checker.iter_errors(value)] == []
    assert (value["partners"][-1]["id"] == FILLED["id"]) is (facts == "every")


def test_each_text_of_a_partner_stands_beside_its_english_in_every_language(site: Path) -> None:
    value = json.loads((site / "catalogue.json").read_text(encoding="utf-8"))
    partners = {partner["id"]: partner for partner in value["partners"]}
    warsaw, oulu = partners["warsaw-tech"], partners["oulu"]
    assert warsaw["name"] == "Warsaw University of Technology"
    assert warsaw["name_in"]["ru"] == "Варшавский политехнический университет"
    assert warsaw["fields_in"]["ru"] == ["инженерия"]
    assert warsaw["programmes"][0]["name_in"]["kk"] == "Екіжақты алмасу"
    assert oulu["documents"][0]["name_in"]["ru"] == "Соглашение об обучении (Learning Agreement)"
    assert oulu["semesters"]["spring_in"]["ru"] == "с 5 января по 31 мая 2026 года"
    assert not [
        id
        for id, partner in partners.items()
        if partner.get("notes_in", {}).keys() ^ {"ru", "kk"} and "notes" in partner
    ]


def test_the_schema_of_the_catalogue_refuses_what_is_wrong_and_takes_what_is_new(site: Path) -> None:
    schema = json.loads((site / catalogue_json.SCHEMA).read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator(schema)
    value = json.loads((site / "catalogue.json").read_text(encoding="utf-8"))
    value["partners"][0] |= {"new": 1}
    assert list(checker.iter_errors(value)) == []
    value["partners"][0] |= {"city": None, "fields": [], "agreement": {"status": "perhaps"}}
    del value["partners"][1]["id"]
    value["format"] = 2
    assert len(list(checker.iter_errors(value))) == 5
