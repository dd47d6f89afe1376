"""Required documents of an applicant, as upload slots: the common list, and what the chosen hosts ask."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from anyascii import anyascii
from pydantic import BeforeValidator

from mobility.catalogue.eligibility import any_of
from mobility.catalogue.partners import Offer
from mobility.i18n.labels import label
from mobility.i18n.languages import Said, Translatable, said
from mobility.yamlfiles import loader
from mobility.yamlfiles.field_types import CountryCode, Id, Strict, Translated, invalid
from mobility.yamlfiles.loader import repeated_ids

Stage = Literal["application", "nomination"]

MOST_FILES = 12
"""Files at most, of a document that may come in any number."""


@dataclass(frozen=True)
class AdditionalDocument:
    """A document that is asked of a nominated student."""

    id: str
    name: str
    required: bool = True


class Variant(Strict):
    """One of several documents that prove the same."""

    id: Id
    name: Translated
    form: Id | None = None
    help: Translated | None = None


def _count(value: Any) -> Any:
    if value != "many" and (type(value) is not int or not 1 <= value <= MOST_FILES):
        raise invalid(f"must be a whole number from 1 to {MOST_FILES}, or many")
    return value


class Document(Strict):
    """A document of the common list. `restricted`: kept apart, and left out of what the committee reads."""

    id: Id
    name: Translated
    help: Translated | None = None
    form: Id | None = None
    citizens_of: tuple[CountryCode, ...] = ()
    one_of: tuple[Variant, ...] = ()
    count: Annotated[
        int | Literal["many"], BeforeValidator(_count, json_schema_input_type=int | Literal["many"])
    ] = 1
    required: bool = True
    restricted: bool = False


class Documents(Strict):
    """All of `content/documents.yaml`."""

    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Slot:
    """An upload slot: one document to upload, in up to `most` files. `number` orders the file names."""

    id: str
    number: int
    name: Translatable
    help: Translatable
    form: str | None
    required: bool
    most: int
    restricted: bool

    def stem(self, position: int) -> str:
        """The file name of the file at `position` (from 1), without suffix: 08-certificates-2."""
        many = f"-{position}" if self.most > 1 else ""
        return f"{self.number:02}-{self.id}{many}"


def load(path: Path) -> tuple[Document, ...]:
    """Loads the common list, `content/documents.yaml`. Raises InvalidFile with every problem."""
    name = f"{path.parent.name}/{path.name}"
    content, _ = loader.load(
        path, Documents, name, lambda all_, marks: repeated_ids(all_.documents, "documents", marks, name)
    )
    return content.documents


def owed(
    common: Iterable[Document], citizenship: str | None, language_proof: str | None, offers: Iterable[Offer]
) -> tuple[Slot, ...]:
    """The upload slots of one applicant at the stage of application, in the order of the file names.

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
    names = {slot.id: "" for slot in slots}
    for offer in offers:
        for asked in offer.documents_at("application"):
            slot_id, called = f"{offer.partner.id}-{slug(asked.name)}", _folded(asked.name)
            if names.get(slot_id, called) != called:  # of another document
                slot_id += f"-{_hash(called)}"
            if slot_id in names:
                continue
            names[slot_id] = called
            number += 1
            name = said("%(document)s (for %(host)s)", document=label(asked.name), host=offer.partner.name)
            help_ = label(asked.help or "")
            slots.append(Slot(slot_id, number, name, help_, None, asked.required, 1, asked.restricted))
    return tuple(slots)


def numbered(common: Iterable[Document]) -> Iterator[Translatable]:
    """What every slot of the common list can be called, whoever owes it."""
    for document in common:
        copies = document.count if isinstance(document.count, int) else 1
        for each in document.one_of or (None,):
            for copy in range(copies):
                yield _slot(document, each, 0, copy + 1 if copies > 1 else 0).name


def proofs(common: Iterable[Document]) -> str | Translatable:
    """The documents of which one is enough (the proof of language), with "or" between them."""
    return any_of([each.name for document in common for each in document.one_of])


def additional_document(name: str, required: bool = True) -> AdditionalDocument:
    """A document to ask of a nominated student. Its id is made of its name alone: one document has the same
    whoever is asked for it, and no other one has it, of those of the application neither."""
    folded = _folded(name)
    words = slug(folded)
    lost = words.replace("-", " ") != folded  # what another name may differ in
    return AdditionalDocument(f"additional-{words}" + (f"-{_hash(folded)}" if lost else ""), name, required)


def after_nomination(offer: Offer) -> tuple[AdditionalDocument, ...]:
    """The documents that a host asks of students nominated to it."""
    asked = [additional_document(str(d.name), d.required) for d in offer.documents_at("nomination")]
    return tuple({each.id: each for each in asked}.values())


def additional(wanted: Iterable[AdditionalDocument], offers: Iterable[Offer] = ()) -> tuple[Slot, ...]:
    """The upload slots of documents asked of a nominated student; each may have several files, which are for
    the host (a passport, a bank statement) and restricted. What the host of one of the offers asks is called
    as there, in every language."""
    names = named_by_hosts(offers)
    return tuple(
        Slot(each.id, number, named(each.name, names), Said(""), None, each.required, MOST_FILES, True)
        for number, each in enumerate(wanted, 1)
    )


def named_by_hosts(offers: Iterable[Offer]) -> dict[str, Translatable]:
    """What the hosts' documents of after the nomination are called in every language, by their English."""
    return {str(d.name): label(d.name) for offer in offers for d in offer.documents_at("nomination")}


def named(english: str, names: Mapping[str, Translatable]) -> Translatable:
    """The name of an additional document, as it is kept; in every language where it is one of the names."""
    return names.get(english) or Said(english.replace("%", "%%"))


def _folded(name: str) -> str:
    """A name without what two of the same document may differ in: case and spaces."""
    return " ".join(name.split()).casefold()


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:6]


def slug(words: str) -> str:
    """A slug of lower-case ASCII letters, digits and hyphens, at most 60; Cyrillic is transliterated."""
    return re.sub(r"[^a-z0-9]+", "-", anyascii(words).lower()).strip("-")[:60].strip("-") or "x"


def _slot(document: Document, variant: Variant | None, number: int, copy: int) -> Slot:
    slot_id = f"{document.id}-{variant.id}" if variant else document.id
    name: Translatable = variant.name if variant else document.name
    help_ = variant.help if variant else document.help
    if copy:
        slot_id, name = f"{slot_id}-{copy}", said("%(document)s %(number)s", document=name, number=copy)
    form = variant.form if variant else document.form
    most = MOST_FILES if document.count == "many" else 1
    required, restricted = document.required, document.restricted
    return Slot(slot_id, number, name, help_ or Said(""), form, required, most, restricted)
