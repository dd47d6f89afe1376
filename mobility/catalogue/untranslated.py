"""Texts of `partners.yaml` that readers of a language see in English, and translations with other numbers."""

import re
from collections.abc import Iterable, Iterator

from mobility.catalogue.institution import Institution, Source
from mobility.catalogue.partners import Agreement, Catalogue, Defaults, Partner, Terms
from mobility.i18n.labels import has_label, label
from mobility.i18n.languages import Language
from mobility.i18n.words import Words
from mobility.yamlfiles.field_types import Text


def texts(catalogue: Catalogue, to: Language) -> dict[str, list[str]]:
    """The texts that have no translation into a language, by the partner's id or the name of the part."""
    found = {of: [text for text in told if not has_label(text, to)] for of, told in _parts(catalogue)}
    return {of: lacking for of, lacking in found.items() if lacking}


def other_numbers(catalogue: Catalogue, to: Language) -> Iterator[tuple[str, str]]:
    """Translations whose numbers (days, scores, sums) are not those of the English, with whose they are, as
    `texts` has it."""
    for of, told in _parts(catalogue):
        for text in told:
            if has_label(text, to) and _numbers(label(text).to(to)) != _numbers(text):
                yield of, label(text).to(to)


def _numbers(text: str) -> list[str]:
    """In no order, as languages put them in their own; 16,000 and 16 000 are one."""
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", "", text)))


def _parts(catalogue: Catalogue) -> Iterator[tuple[str, Iterator[str]]]:
    """The texts that readers see, with the id of the partner or the name of the part that holds them."""
    yield "institution", _ours(catalogue.institution)
    yield "requirements", _common(catalogue.requirements)
    yield from ((partner.id, _all(partner)) for partner in catalogue.partners)


def _ours(institution: Institution) -> Iterator[str]:
    office = institution.office
    yield from (institution.name, institution.short_name, institution.city, institution.legal_frame.title)
    yield from (text for text in (office.name, office.short_name, office.address, office.hours) if text)
    yield from _titles(institution.sources)


def _common(rules: Defaults) -> Iterator[str]:
    yield from (_words(text) for each in rules.further_proofs for text in (each.name, each.help) if text)
    yield from _titles(rules.sources)


def _words(text: Text) -> Words:
    told: dict[Language, str | None] = {"ru": text.ru, "kk": text.kk}
    return Words(text.en, {language: words for language, words in told.items() if words})


def _titles(sources: Iterable[Source]) -> Iterator[str]:
    yield from (source.title for source in sources if source.title)


def _all(partner: Partner) -> Iterator[str]:
    yield from (partner.name, partner.city)
    yield from _titles(partner.sources)
    yield from _agreement(partner.agreement)
    yield from (text for each in partner.questions for text in (each.ask, each.answer))
    yield from _terms(partner)
    for programme in partner.programmes:
        yield programme.name
        yield from _agreement(programme.agreement)
        yield from _terms(programme)


def _agreement(agreement: Agreement | None) -> Iterator[str]:
    if agreement:
        yield from (text for text in (agreement.kind, agreement.source) if text)


def _terms(said: Terms) -> Iterator[str]:
    maybe = [said.costs, said.notes, said.semesters.autumn, said.semesters.spring]
    maybe += [text for document in said.documents for text in (document.name, document.help)]
    maybe += [*said.fields, *(link.title for link in said.links)]
    yield from (text for text in maybe if text)
