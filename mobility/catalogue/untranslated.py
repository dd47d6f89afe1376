"""Texts of partners that readers of a language see in English, and translations with other numbers."""

import re
from collections.abc import Iterator

from mobility.catalogue.partners import Catalogue, Partner, Terms
from mobility.i18n.labels import has_label, label
from mobility.i18n.languages import Language


def texts(catalogue: Catalogue, to: Language) -> dict[str, list[str]]:
    """The texts that have no translation into a language, by the id of the partner."""
    found = {
        partner.id: [text for text in _all(partner) if not has_label(text, to)]
        for partner in catalogue.partners
    }
    return {partner: lacking for partner, lacking in found.items() if lacking}


def other_numbers(catalogue: Catalogue, to: Language) -> Iterator[tuple[str, str]]:
    """Translations whose numbers (days, scores, sums) are not those of the English, by the partner's id."""
    for partner in catalogue.partners:
        for text in _all(partner):
            if has_label(text, to) and _numbers(label(text).to(to)) != _numbers(text):
                yield partner.id, label(text).to(to)


def _numbers(text: str) -> list[str]:
    """In no order, as languages put them in their own; 16,000 and 16 000 are one."""
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", "", text)))


def _all(partner: Partner) -> Iterator[str]:
    yield from (partner.name, partner.city)
    yield from (text for each in partner.questions for text in (each.ask, each.answer))
    yield from _terms(partner)
    for programme in partner.programmes:
        yield programme.name
        yield from _terms(programme)


def _terms(said: Terms) -> Iterator[str]:
    maybe = [said.costs, said.notes, said.semesters.autumn, said.semesters.spring]
    maybe += [text for document in said.documents for text in (document.name, document.help)]
    maybe += [*said.fields, *(link.title for link in said.links)]
    yield from (text for text in maybe if text)
