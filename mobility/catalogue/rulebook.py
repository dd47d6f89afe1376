"""The rulebook: all edited files (catalogue, forms, documents, news) loaded and checked together."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from mobility.catalogue import catalogue_file, documents, forms, news
from mobility.catalogue.documents import Document, Variant
from mobility.catalogue.forms import Field, Form, Option
from mobility.catalogue.news import Item
from mobility.catalogue.partners import Catalogue, FurtherProof
from mobility.paths import Checkout
from mobility.yamlfiles import reader as yaml_reader
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.reader import InvalidFile, Problem

T = TypeVar("T")


@dataclass(frozen=True)
class Rulebook:
    """What holds now. `version`: a hash of the files it was read from, kept with every submission."""

    catalogue: Catalogue
    forms: tuple[Form, ...]
    documents: tuple[Document, ...]
    news: tuple[Item, ...]
    version: str

    @property
    def application(self) -> Form:
        """The form that the portal asks."""
        return next(form for form in self.forms if form.asked_online)

    def form(self, form_id: str) -> Form | None:
        """The form of that id, if there is one."""
        return next((form for form in self.forms if form.id == form_id), None)


LANGUAGE_PROOF = "language-proof"
"""The question which proof of language an applicant has."""
YEAR = "year"
"""The question in which year of study an applicant is."""
READ_BY_RULES = {
    "family-name": "latin",
    "given-name": "latin",
    "email": "email",
    "citizenship": "country",
    "level": "choice",
    "gpa": "gpa",
    "choice-1": "offer",
    LANGUAGE_PROOF: "choice",
}
"""The answers that rules and folders read, and their types: the application form must keep asking them."""


def load(checkout: Checkout, read: Callable[[Path], Catalogue] = catalogue_file.load) -> Rulebook:
    """Reads everything, the catalogue with `read`. Raises InvalidFile with all that is wrong in any file."""
    found: list[Problem] = []

    def attempt(reader: Callable[[Path], T], path: Path) -> T | None:
        try:
            return reader(path)
        except InvalidFile as error:
            found.extend(error.problems)
            return None

    partners = attempt(read, checkout.partners)
    defined = attempt(forms.load, checkout.content / "forms")
    common = attempt(documents.load, checkout.content / "documents.yaml")
    path = checkout.content / "news.yaml"
    told = attempt(news.load, path) if path.exists() else ()
    if partners is None or defined is None or common is None or told is None:
        raise InvalidFile(found)
    book = Rulebook(partners, defined, common, told, _version(checkout))
    if faults := _contradictions(book, checkout):
        raise InvalidFile(faults)
    proofs = partners.requirements.further_proofs
    return replace(
        book,
        forms=tuple(_taking(form, proofs) for form in defined),
        documents=tuple(_provable_by(document, proofs) for document in common),
    )


def _taking(form: Form, proofs: tuple[FurtherProof, ...]) -> Form:
    """A form whose question for the proof of language has the further proofs as answers."""
    options = tuple(Option(id=proof.id, label=proof.name) for proof in proofs)

    def asked(field: Field) -> Field:
        more = options if field.id == LANGUAGE_PROOF else ()
        return field.model_copy(update={"options": field.options + more})

    sections = [
        section.model_copy(update={"fields": tuple(map(asked, section.fields))}) for section in form.sections
    ]
    return form.model_copy(update={"sections": tuple(sections)})


def _provable_by(document: Document, proofs: tuple[FurtherProof, ...]) -> Document:
    """A document with the further proofs, where one of several is enough: that is the proof of language."""
    variants = tuple(Variant(id=proof.id, name=proof.name, help=proof.help) for proof in proofs)
    return document.model_copy(update={"one_of": document.one_of + variants}) if document.one_of else document


def _contradictions(book: Rulebook, checkout: Checkout) -> list[Problem]:
    """What the files say against each other."""
    online = [form for form in book.forms if form.asked_online]
    if len(online) != 1:
        return [
            Problem("content/forms/", 1, f"{len(online)} forms have asked_online: true, must be exactly one")
        ]
    file = f"content/forms/{online[0].id}.yaml"
    kinds = {field.id: field.type for field in online[0].fields()}
    found = [
        Problem(file, 1, f'field "{name}" of type {kind} is missing: the rules of selection read it')
        for name, kind in READ_BY_RULES.items()
        if kinds.get(name) != kind
    ]
    if book.catalogue.requirements.years_of_study and YEAR not in kinds:
        said = f'field "{YEAR}" is missing: requirements.years_of_study of partners.yaml reads it'
        found.append(Problem(file, 1, said))
    return found + list(_unknown_forms(book, checkout))


def _unknown_forms(book: Rulebook, checkout: Checkout) -> Iterator[Problem]:
    """Documents that name a form which is not there."""
    known = [form.id for form in book.forms]
    named: list[tuple[tuple[Any, ...], str | None]] = []
    for n, document in enumerate(book.documents):
        named.append((("documents", n, "form"), document.form))
        named += [
            (("documents", n, "one_of", v, "form"), each.form) for v, each in enumerate(document.one_of)
        ]
    if wrong := [(path, name) for path, name in named if name and name not in known]:
        file = "content/documents.yaml"
        _, marks = yaml_reader.read(checkout.content / "documents.yaml", file)
        for path, name in wrong:
            said = f'form "{name}" is not in content/forms/, must be one of {", ".join(known)}'
            yield Problem(file, marks.line_of(path), said + did_you_mean(name, known))


def _version(checkout: Checkout) -> str:
    files = [
        checkout.partners,
        checkout.content / "documents.yaml",
        *sorted((checkout.content / "forms").glob("*.yaml")),
    ]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
