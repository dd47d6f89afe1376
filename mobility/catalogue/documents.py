"""Which documents an applicant owes: for whom, for which host, at which stage, one of several."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from anyascii import anyascii
from pydantic import ValidationError

from mobility.catalogue.partners import Offer
from mobility.i18n.languages import Said, said
from mobility.yamlfiles import errors, reader
from mobility.yamlfiles.field_types import CountryCode, Id, Strict, Text, Translated
from mobility.yamlfiles.reader import InvalidFile, Problem

Stage = Literal["application", "nomination"]

MOST_FILES = 12
"""Of a document that may come in any number."""


@dataclass(frozen=True)
class AdditionalDocument:
    """A document that is asked for after the nomination."""

    id: str
    name: str
    required: bool = True


class Variant(Strict):
    """One of several papers that prove the same."""

    id: Id
    name: Translated
    form: Id | None = None
    help: Translated | None = None


class Document(Strict):
    """A document of the common list. `restricted`: kept apart, and left out of what the committee reads."""

    id: Id
    name: Translated
    help: Translated | None = None
    form: Id | None = None
    citizens_of: tuple[CountryCode, ...] = ()
    one_of: tuple[Variant, ...] = ()
    count: int | Literal["many"] = 1
    required: bool = True
    restricted: bool = False


class Documents(Strict):
    """All of `content/documents.yaml`."""

    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Slot:
    """A place for one upload, or for several where `most` is more than 1."""

    id: str
    number: int
    name: Text | Said
    help: Text | Said
    form: str | None
    required: bool
    most: int
    restricted: bool

    def stem(self, position: int) -> str:
        """What its file is called, without ending: 08-certificates-2."""
        many = f"-{position}" if self.most > 1 else ""
        return f"{self.number:02}-{self.id}{many}"


def load(path: Path) -> tuple[Document, ...]:
    """The common list. Raises InvalidFile with every fault."""
    name = f"{path.parent.name}/{path.name}"
    value, marks = reader.read(path, name)
    try:
        found = Documents.model_validate(value).documents
    except ValidationError as error:
        raise InvalidFile(errors.problems(error, Documents, marks, name, lambda loc: ("", loc))) from error
    ids = [document.id for document in found]
    again = [
        Problem(
            name, marks.line_of(("documents", n, "id")), f'id "{document.id}" stands twice, must be unique'
        )
        for n, document in enumerate(found)
        if document.id in ids[:n]
    ]
    if again:
        raise InvalidFile(again)
    return found


def owed(
    common: Iterable[Document], citizenship: str | None, language_proof: str | None, offers: Iterable[Offer]
) -> tuple[Slot, ...]:
    """The slots of one applicant at the stage of application, in the order of the file names.

    Numbers do not move: a citizen's transcript is 04-… and so is a foreigner's. The hosts' own documents
    follow the common list. `language_proof` is the variant that the applicant named; while there is none,
    its slot is not asked for yet.
    """
    slots: list[Slot] = []
    number = 0
    for document in common:
        copies = document.count if isinstance(document.count, int) else 1
        first, number = number + 1, number + copies
        if document.citizens_of and citizenship not in document.citizens_of:
            continue
        variant = next((v for v in document.one_of if v.id == language_proof), None)
        if document.one_of and variant is None:
            continue
        for copy in range(copies):
            slots.append(_slot(document, variant, first + copy, copy + 1 if copies > 1 else 0))
    for offer in offers:
        for asked in offer.documents:
            if asked.stage != "application":
                continue
            slot_id = f"{offer.partner.id}-{slug(asked.name)}"
            if slot_id in {slot.id for slot in slots}:
                continue
            number += 1
            name = said("%(document)s (for %(host)s)", document=asked.name, host=offer.partner.name)
            help_ = _words(asked.help or "")
            slots.append(Slot(slot_id, number, name, help_, None, asked.required, 1, False))
    return tuple(slots)


def after_nomination(offer: Offer) -> tuple[AdditionalDocument, ...]:
    """What a host asks of students who are nominated to it."""
    return tuple(
        AdditionalDocument(slug(asked.name), asked.name, asked.required)
        for asked in offer.documents
        if asked.stage == "nomination"
    )


def additional(wanted: Iterable[AdditionalDocument]) -> tuple[Slot, ...]:
    """The slots of documents that a nominated student is asked for; each may have several files."""
    return tuple(
        Slot(each.id, number, _words(each.name), Said(""), None, each.required, MOST_FILES, False)
        for number, each in enumerate(wanted, 1)
    )


def _words(plain: str) -> Said:
    return Said(plain.replace("%", "%%"))


def slug(words: str) -> str:
    """Small ASCII letters, digits and hyphens; Cyrillic is transliterated."""
    return re.sub(r"[^a-z0-9]+", "-", anyascii(words).lower()).strip("-")[:60].strip("-") or "x"


def _slot(document: Document, variant: Variant | None, number: int, copy: int) -> Slot:
    slot_id = f"{document.id}-{variant.id}" if variant else document.id
    name: Text | Said = variant.name if variant else document.name
    help_ = variant.help if variant else document.help
    if copy:
        slot_id, name = f"{slot_id}-{copy}", said("%(document)s %(number)s", document=name, number=copy)
    form = variant.form if variant else document.form
    most = MOST_FILES if document.count == "many" else 1
    required, restricted = document.required, document.restricted
    return Slot(slot_id, number, name, help_ or Said(""), form, required, most, restricted)
