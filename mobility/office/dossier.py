"""An application as one PDF for the committee: a cover with facts, rules, answers and a checklist, then every
document in its order, with bookmarks and page labels. What is restricted stays out unless it is asked for.

Read from sealed bags, and never written into them. The same bags give the same bytes.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mobility import storage
from mobility.applications import review
from mobility.applications.bags import Bag
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Language, said
from mobility.office import cover
from mobility.paths import Instance
from mobility.pdfforms import render
from mobility.pdfforms.field_font import printable_text
from mobility.uploads import printable
from mobility.uploads.printable import Unshowable

_TEMPLATE = Path(__file__).parent / "dossier.typ"


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
        return self.bag.is_restricted(self.file)


def write(
    found: list[Bag], target: Path, book: Rulebook, restricted: bool = False, language: Language = "en"
) -> list[Document]:
    """Writes the dossier of one application's bags to `target`, its cover in a language, and tells what it
    holds. A file that cannot be shown, or is not as it was sealed, gets a page that says so. Raises
    InsideBag."""
    if target.resolve().is_relative_to(found[0].call_folder.resolve()):
        raise InsideBag
    storage.folder(target.parent)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".dossier-") as place:
        documents = [
            document if document.restricted and not restricted else _made(document, Path(place), number)
            for number, document in enumerate(_documents(found))
        ]
        first = Path(place) / "cover.pdf"
        there = review.standing(found[0].instance, found[0].call, found[0].reference)
        lines = [_line(document, language) for document in documents]
        told = cover.values(found, lines, book, language, there.withdrawn is not None)
        storage.write(first, render.typeset(_TEMPLATE, _drawable(told)))
        _bind(first, documents, target)
    return documents


def file_name(home: str, restricted: bool) -> str:
    """What the dossier of an application is called, after the application's folder."""
    return f"{home}{'-restricted' if restricted else ''}.pdf"


def kept(instance: Instance, reference: str) -> Iterator[Path]:
    """The dossiers of an application that stand among the data."""
    for path in instance.dossiers.glob(f"*/{reference}*.pdf"):
        if path.stem.partition("_")[0].removesuffix("-restricted") == reference:
            yield path


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
        if storage.is_full(error):
            raise
        reason = str(error) if isinstance(error, Unshowable) else "the file cannot be read"
        said = {"document": document.file["document"], "file": document.file["file"], "reason": reason}
        storage.remove(part)
        storage.write(part, render.typeset(_TEMPLATE, _drawable({"kind": "damaged", **said})))
        return replace(document, part=part, pages=1, reason=reason)


def _line(document: Document, language: Language) -> dict[str, str]:
    if document.part is None:
        told = said("left out: restricted").to(language)
    elif document.reason:
        told = said("NOT SHOWN: %(reason)s", reason=document.reason).to(language)
    else:
        told = said("pages: %(count)s", count=document.pages).to(language)
    label = document.label.rstrip("-")
    return {"label": label, "slot": document.file["slot"], "name": document.file["document"], "told": told}


def _bind(first: Path, documents: list[Document], target: Path) -> None:
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
    printable.bind(plan, [first, *(document.part for document in parts if document.part)], target)


def _drawable(value: Any) -> Any:
    """The same values, with every text such that the fonts can show it."""
    if isinstance(value, str):
        return printable_text(value)
    if isinstance(value, dict):
        return {key: _drawable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(each) for each in value]
    return value
