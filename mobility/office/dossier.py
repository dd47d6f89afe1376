"""An application as one PDF for the committee: a cover with facts, verdicts and a checklist, then every
document in its order, with bookmarks and page labels. What is restricted stays out unless it is asked for.

Read from sealed bags, and never written into them. The same bags give the same bytes.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mobility import storage
from mobility.applications import record
from mobility.applications.bags import Bag
from mobility.catalogue import person_names
from mobility.i18n import languages
from mobility.paths import Instance
from mobility.pdfforms import render
from mobility.pdfforms.field_font import printable_text
from mobility.uploads import printable
from mobility.uploads.printable import Unshowable

RESTRICTED = "data/restricted/"
_TEMPLATE = Path(__file__).parent / "dossier.typ"
_VERDICTS = {"met": "met", "not_met": "NOT MET", "below": "BELOW", "unknown": "ask the ICD"}


class InsideBag(Exception):
    """The dossier was to be written among sealed applications, where nothing may be added."""


@dataclass(frozen=True)
class Document:
    """A file of a bag in the dossier. `label`: of its pages; `part`: the PDF of its pages, none where it is
    left out; `reason`: why a page stands in its place."""

    bag: Bag
    file: dict[str, Any]
    label: str
    part: Path | None = None
    pages: int = 0
    reason: str = ""

    @property
    def restricted(self) -> bool:
        return str(self.file["file"]).startswith(RESTRICTED)


def write(found: list[Bag], target: Path, restricted: bool = False) -> list[Document]:
    """Writes the dossier of one application's bags to `target`, and tells what it holds. A file that cannot
    be shown, or is not as it was sealed, gets a page that says so. Raises InsideBag."""
    if target.resolve().is_relative_to(found[0].call_folder.resolve()):
        raise InsideBag
    storage.folder(target.parent)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".dossier-") as place:
        documents = [
            document if document.restricted and not restricted else _made(document, Path(place), number)
            for number, document in enumerate(_documents(found))
        ]
        cover = Path(place) / "cover.pdf"
        storage.write(cover, render.typeset(_TEMPLATE, _cover(found, documents)))
        _bind(cover, documents, target)
    return documents


def file_name(reference: str, restricted: bool) -> str:
    """What the dossier of an application is called."""
    return f"{reference}{'-restricted' if restricted else ''}.pdf"


def kept(instance: Instance, reference: str) -> Iterator[Path]:
    """The dossiers of an application that stand among the data."""
    for name in (file_name(reference, False), file_name(reference, True)):
        yield from instance.dossiers.glob(f"*/{name}")


def _documents(found: list[Bag]) -> Iterator[Document]:
    for bag in found:
        group = "" if bag.version.startswith("v") else f"{bag.version.replace('additional-', 'A')}/"
        files = bag.record()["files"]
        numbers = [Path(file["file"]).name.split("-")[0] for file in files]
        for n, (file, number) in enumerate(zip(files, numbers, strict=True)):
            copy = f".{numbers[:n].count(number) + 1}" if numbers.count(number) > 1 else ""
            yield Document(bag, file, f"{group}{number}{copy}-")


def _made(document: Document, place: Path, number: int) -> Document:
    part = place / f"{number}.pdf"
    try:
        source = storage.inside(document.bag.folder, *str(document.file["file"]).split("/"))
        if not source.is_file():
            raise Unshowable("the file is missing")
        if storage.digest(source) != document.file["sha256"]:
            raise Unshowable("the file was changed after it was sealed")
        pages = printable.flatten(source, str(document.file["kind"]), part)
        if pages != (kept := document.file.get("pages") or pages):
            raise Unshowable(f"{kept} pages were kept, and {pages} can be shown")
        return replace(document, part=part, pages=pages)
    except (Unshowable, storage.OutsideRoot, OSError) as error:
        reason = str(error) if isinstance(error, Unshowable) else "the file cannot be read"
        said = {"document": document.file["document"], "file": document.file["file"], "reason": reason}
        storage.remove(part)
        storage.write(part, render.typeset(_TEMPLATE, _drawable({"kind": "damaged", **said})))
        return replace(document, part=part, pages=1, reason=reason)


def _cover(found: list[Bag], documents: list[Document]) -> dict[str, Any]:
    """All that the cover shows, as plain values."""
    kept = found[0].record()
    given = kept["answers"]
    facts = {
        "Reference": f"{found[0].reference}, {found[0].version}",
        "Name": person_names.full(given),
        "Call": kept["call"],
        "Received": languages.moment(record.moment(kept), seconds=True),
        "Level": given.get("level", ""),
        "GPA": given.get("gpa", ""),
        "Language": record.language_proof(given),
        "Later documents": ", ".join(bag.version for bag in found[1:]),
    }
    cover: dict[str, Any] = _drawable(
        {
            "kind": "cover",
            "institution": kept["institution"],
            "reference": found[0].reference,
            "rehearsal": bool(kept["rehearsal"]),
            "facts": [[name, str(value)] for name, value in facts.items() if value],
            "marks": kept["marks"],
            "choices": [_choice(choice) for choice in kept["choices"]],
            "documents": [_line(document) for document in documents],
        }
    )
    return cover


def _choice(choice: dict[str, Any]) -> dict[str, Any]:
    findings = [{"verdict": _VERDICTS[f["verdict"]], "says": f["says"]} for f in choice["findings"]]
    return {"name": f"{choice['partner']}: {choice['programme']}", "findings": findings}


def _line(document: Document) -> dict[str, str]:
    if document.part is None:
        told = "left out: restricted"
    elif document.reason:
        told = f"NOT SHOWN: {document.reason}"
    else:
        told = f"{document.pages} page{'s' if document.pages > 1 else ''}"
    return {"label": document.label.rstrip("-"), "name": document.file["document"], "told": told}


def _bind(cover: Path, documents: list[Document], target: Path) -> None:
    """Puts the cover and the parts into one file, with a bookmark each; later documents stand under the bag
    that they came with."""
    parts = [document for document in documents if document.part]
    plan = [
        {
            "label": document.label,
            "title": printable_text(f"{document.label.rstrip('-')} {document.file['document']}"),
            "group": "" if (bag := document.bag.version).startswith("v") else f"Later documents: {bag}",
        }
        for document in parts
    ]
    printable.bind(plan, [cover, *(document.part for document in parts if document.part)], target)


def _drawable(value: Any) -> Any:
    """The same values, with every text such that the fonts can show it."""
    if isinstance(value, str):
        return printable_text(value)
    if isinstance(value, dict):
        return {key: _drawable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(each) for each in value]
    return value
