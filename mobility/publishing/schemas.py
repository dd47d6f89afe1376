"""JSON Schemas: of the edited files, for editors, and of the catalogue that the site publishes, for whoever
builds on it. Made from the models that read the files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from mobility.catalogue.documents import Documents
from mobility.catalogue.forms import Form
from mobility.catalogue.institution import Institution
from mobility.catalogue.known_words import KnownWords
from mobility.catalogue.news import News
from mobility.catalogue.partners import Catalogue, Defaults, Partner
from mobility.i18n.languages import LANGUAGES
from mobility.publishing.catalogue_json import FORMAT, SCHEMA, TRANSLATIONS
from mobility.yamlfiles.field_types import CallId, Strict
from mobility.yamlfiles.translated_words import TRANSLATED

SCHEMAS: dict[str, type[BaseModel]] = {
    "partners": Catalogue,
    "form": Form,
    "documents": Documents,
    "news": News,
    "words": KnownWords,
}
NAMES = (*SCHEMAS, "catalogue")
"""Of the schemas in docs/schema."""
_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


class ComingCall(Strict):
    """A call that is open or comes. `closes`: the first instant at which nothing is taken."""

    id: CallId
    opens: AwareDatetime
    closes: AwareDatetime


class Published(Strict):
    """What the site publishes of its catalogue. What no source states is left out, never empty; a reader goes
    past keys that it does not know."""

    described_by: str = Field(alias="$schema", json_schema_extra={"const": SCHEMA})
    format: int = Field(json_schema_extra={"const": FORMAT})
    generated: AwareDatetime
    institution: Institution
    requirements: Defaults
    calls: tuple[ComingCall, ...]
    partners: tuple[Partner, ...]


def write(folder: Path) -> Iterator[Path]:
    """Writes one schema a file kind into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        path = folder / f"{name}.schema.json"
        path.write_text(text(name), encoding="utf-8")
        yield path


def text(name: str) -> str:
    """The schema of one kind of file, as it stands in docs/schema."""
    made = _published() if name == "catalogue" else SCHEMAS[name].model_json_schema(by_alias=True)
    return json.dumps({**_DIALECT, **made}, ensure_ascii=False, indent=2) + "\n"


def _published() -> dict[str, Any]:
    made: dict[str, Any] = _as_written(Published.model_json_schema(by_alias=True, mode="serialization"))
    made["$defs"].pop("MonthDay", None)
    return made


def _as_written(node: Any) -> Any:
    """A schema of models as that of what `catalogue_json.py` writes of them: days of the year as text,
    nothing that is null or empty, translations beside their text, room for keys to come."""
    if isinstance(node, list):
        return [_as_written(each) for each in node]
    if not isinstance(node, dict):
        return node
    left_out = {"default", "additionalProperties", "$ref" if "pattern" in node else "default"}
    found = {key: _as_written(value) for key, value in node.items() if key not in left_out}
    if node.get("default") == []:
        found["minItems"] = 1
    if "anyOf" in found:
        known = [each for each in found.pop("anyOf") if each != {"type": "null"}]
        found |= known[0] if len(known) == 1 else {"anyOf": known}
    if "properties" in found:
        found["properties"] = _with_translations(found["properties"])
    return found


def _with_translations(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties of an object, and after each text or list of texts the one that translates it."""
    made = {}
    for name, schema in properties.items():
        made[name] = schema
        if schema.get("items", schema).pop(TRANSLATED, False):
            text = {key: value for key, value in schema.items() if key != "title"}
            others = dict.fromkeys(LANGUAGES[1:], text)
            made[TRANSLATIONS.format(name)] = {"type": "object", "minProperties": 1, "properties": others}
    return made
