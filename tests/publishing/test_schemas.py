"""The JSON schemas by which an editor completes and checks the YAML files."""

import json

import jsonschema
import pytest

from mobility.paths import CHECKOUT
from mobility.publishing import schemas
from mobility.yamlfiles import reader


@pytest.mark.parametrize("name", schemas.NAMES)
def test_the_schema_in_the_docs_is_that_of_the_models(name: str) -> None:
    kept = CHECKOUT.root / "docs" / "schema" / f"{name}.schema.json"
    assert kept.read_text() == schemas.text(name), "run: scripts/mobility schema"


def test_the_schema_takes_the_shipped_file_and_refuses_a_wrong_one() -> None:
    checker = jsonschema.Draft202012Validator(json.loads(schemas.text("partners")))
    value = json.loads(json.dumps(reader.read(CHECKOUT.partners)[0]))
    assert list(checker.iter_errors(value)) == []
    value["partners"][0]["agreement"]["status"] = "perhaps"
    value["partners"][4]["requirements"]["min_gpa"] = 5.2
    assert len(list(checker.iter_errors(value))) == 2
