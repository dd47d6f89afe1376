"""Names of hosts, programmes, documents and questions in every language, by the English that records have."""

from mobility.catalogue.documents import numbered
from mobility.catalogue.facts import translatable_name
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.labels import label
from mobility.i18n.languages import Translatable


def translatable(book: Rulebook) -> dict[str, Translatable]:
    """The names, for `i18n.read_back`."""
    ours = book.catalogue.institution.name
    found: dict[str, Translatable] = {str(ours): label(ours)}
    for offer in book.catalogue.offers():
        found[str(offer.partner.name)] = label(offer.partner.name)
        found[offer.name] = translatable_name(offer)
        found |= {str(asked.name): label(asked.name) for asked in offer.documents}
    asked: list[Translatable] = [field.label for field in book.application.fields()]
    return found | {str(name): name for name in [*asked, *numbered(book.documents)]}
