"""The pages of countries, partners and programmes: their paths, titles and content."""

from collections.abc import Iterator

from mobility.catalogue import calls, facts
from mobility.catalogue.partners import Offer, Partner
from mobility.i18n.labels import label
from mobility.i18n.languages import LANGUAGES, Language, said, url_folder
from mobility.publishing import structured_data
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.material.rendering import Page
from mobility.publishing.templates import Country, Templates

Subject = Country | Partner
"""What has pages of its own: a country, or a partner with its programmes."""
SOCIAL_IMAGES = "assets/postcards"
"""The folder of the Open Graph images, in each language's site."""


def subjects(inputs: BuildInputs, templates: Templates) -> list[Subject]:
    """All countries and shown partners."""
    return [*templates.countries, *inputs.book.catalogue.visible_partners()]


def paths_of(subject: Subject) -> list[str]:
    """The paths of the pages of a subject, its own first."""
    own, *more = folders_of(subject)
    programmes = () if isinstance(subject, Country) else subject.programmes
    return [own, *(f"{folder}{programme.id}/" for folder in more for programme in programmes)]


def folders_of(subject: Subject) -> list[str]:
    """The folders that hold nothing but the pages of a subject; in the first stands its own page."""
    if isinstance(subject, Country):
        return [f"countries/{subject.code.lower()}/"]
    return [f"partners/{subject.id}/", f"programmes/{subject.id}/"]


def pages_of(inputs: BuildInputs, templates: Templates, subject: Subject) -> Iterator[Page]:
    """The page of a country; the pages of a partner and of its programmes."""
    to = templates.language
    path, *others = paths_of(subject)
    if isinstance(subject, Country):
        about = said("Partners in %(country)s", country=subject.name).to(to)
        body = templates.render("country.html", country=subject)
        # Search weighs other names, where partners have many a "university", above titles.
        also = (said("Study in %(country)s", country=subject.name).to(to),)
        yield Page(path, subject.name, about, body, _picture(inputs, to, subject.code), also)
        return
    about = said(
        "%(name)s, %(city)s: what an exchange there asks, and until when",
        name=label(subject.name),
        city=label(subject.city),
    ).to(to)
    body = templates.render("partner.html", partner=subject)
    picture = _picture(inputs, to, subject.country)
    name = label(subject.name).to(to)
    yield Page(path, name, about, body, structured_data.of_partner(subject) + picture, _also(subject))
    for path, programme in zip(others, subject.programmes, strict=True):
        offer = Offer(subject, programme)
        about = said("%(name)s at %(host)s", name=label(programme.name), host=label(subject.name)).to(to)
        body = templates.render("programme.html", offer=offer)
        head = structured_data.of_programme(offer, calls.first_for(inputs.coming_calls, offer))
        yield Page(path, facts.offer_name(offer, to), about, body, head + picture, repeats=True)


def _also(partner: Partner) -> tuple[str, ...]:
    """By what names the search finds a partner, whatever the reader's language."""
    return (*dict.fromkeys((*partner.also, *(label(partner.name).to(each) for each in LANGUAGES))),)


def _picture(inputs: BuildInputs, to: Language, country: str) -> str:
    if not inputs.has_social_images:
        return ""
    address = f"{inputs.book.catalogue.settings.address}{url_folder(to)}"
    return structured_data.image_tags(f"{address}{SOCIAL_IMAGES}/{country.lower()}.png")
