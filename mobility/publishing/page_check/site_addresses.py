"""The addresses of the site to which a page can link, without making any page of the catalogue."""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from mobility.i18n.languages import LANGUAGES, Language, url_folder
from mobility.publishing import catalogue_pages, data_files
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.page_check import markdown, page_files
from mobility.publishing.page_check.html_tags import Elements
from mobility.publishing.page_check.links import Site, address_of
from mobility.publishing.templates import Templates

Filled = Mapping[tuple[Language, str], str]
"""Pages as they are filled from the data, by language and name."""
_MADE = ("finder.md", "map.md")
_FOR_LINKS = ("finder.json", "feed.xml", "calls.ics")
"""Files beside the pages in Markdown, so that links to them are none to nothing."""


def site(inputs: BuildInputs, templates: Templates, filled: Filled) -> Site:
    """What links of the pages can lead to. `templates`: in any language."""
    names = [*page_files.names(inputs.checkout, "en"), *_MADE]
    addresses = set(data_files.shared_files(inputs)) | set(_forms(inputs)) | {"sitemap.xml"}
    of_each = set(_of_each_language(inputs, templates, names))
    addresses |= {url_folder(to) + address for to in LANGUAGES for address in of_each}
    anchors = {
        f"/{url_folder(language)}{address_of(name)}": frozenset(_anchors(text))
        for (language, name), text in filled.items()
    }
    portal = inputs.book.catalogue.settings.portal
    others = (portal, "/office/", *(f"/{url_folder(language)}assets/" for language in LANGUAGES))
    return Site(
        frozenset([*names, *_FOR_LINKS]), frozenset(f"/{address}" for address in addresses), others, anchors
    )


def _of_each_language(inputs: BuildInputs, templates: Templates, names: Sequence[str]) -> Iterator[str]:
    yield from map(address_of, names)
    yield from data_files.language_files(inputs, templates)
    for subject in catalogue_pages.subjects(inputs, templates):
        yield from catalogue_pages.paths_of(subject)
        yield from data_files.calendar_files(inputs, templates, subject)


def _forms(inputs: BuildInputs) -> Iterator[str]:
    """The forms that a build makes, which a check does not."""
    for form, tail in itertools.product(inputs.book.forms, ("", "-sample")):
        yield from (
            f"downloads/{stem}{tail}.pdf" for stem in (form.id, *(f"{form.id}-{to}" for to in LANGUAGES))
        )


def _anchors(text: str) -> Iterator[str]:
    yield from markdown.anchors(text)
    yield from Elements(text).ids
