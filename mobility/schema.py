"""JSON Schemas of the edited files, for editors; made from the models that read them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mobility.catalogue import Catalogue
from mobility.documents import Documents
from mobility.forms import Form
from mobility.news import News

SCHEMAS: dict[str, type[BaseModel]] = {
    "partners": Catalogue,
    "form": Form,
    "documents": Documents,
    "news": News,
}


def write(folder: Path) -> Iterator[Path]:
    """Writes one schema a file kind into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        path = folder / f"{name}.schema.json"
        path.write_text(text(name), encoding="utf-8")
        yield path


def text(name: str) -> str:
    """The schema of one kind of file, as it stands in docs/schema."""
    found: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **SCHEMAS[name].model_json_schema(by_alias=True),
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
