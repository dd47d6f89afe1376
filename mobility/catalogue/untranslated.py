"""Texts of partners that readers of a language see in English."""

from collections.abc import Iterator

from mobility.catalogue.partners import Catalogue, Partner, Terms
from mobility.i18n.labels import has_label
from mobility.i18n.languages import Language


def texts(catalogue: Catalogue, to: Language) -> dict[str, list[str]]:
    """The texts that have no translation into a language, by the id of the partner."""
    found = {
        partner.id: [text for text in _all(partner) if not has_label(text, to)]
        for partner in catalogue.partners
    }
    return {partner: lacking for partner, lacking in found.items() if lacking}


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
