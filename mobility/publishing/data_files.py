"""Files of the site that are no pages: finder data, feeds, calendars, JSON, Open Graph images, sitemap."""

import functools
from collections.abc import Callable

from mobility.catalogue import news
from mobility.catalogue.partners import Partner
from mobility.i18n.labels import label
from mobility.i18n.languages import Language, said, url_folder
from mobility.publishing import catalogue_json, icalendar_feeds, schemas, social_images, structured_data
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.catalogue_json import as_json, as_json_lines
from mobility.publishing.catalogue_pages import SOCIAL_IMAGES, Subject
from mobility.publishing.templates import Templates
from mobility.yamlfiles.translated_words import in_language

Files = dict[str, Callable[[], bytes]]
"""Files by their paths, each with the function that makes it: the preview makes only what is asked for."""


def calendar_files(inputs: BuildInputs, templates: Templates, subject: Subject) -> Files:
    """The calendar of a partner's deadlines, beside its page, where it names any."""
    if not isinstance(subject, Partner) or not icalendar_feeds.has_deadlines(subject):
        return {}
    domain = inputs.book.catalogue.institution.domain
    made = functools.partial(icalendar_feeds.of_partner, subject, domain, inputs.now, templates.language)
    return {f"partners/{subject.id}/deadlines.ics": made}


def language_files(inputs: BuildInputs, templates: Templates) -> Files:
    """The files that each language has once: the finder's data, feeds, Open Graph images."""
    catalogue, to = inputs.book.catalogue, templates.language
    files: Files = {
        "finder.json": lambda: as_json(catalogue_json.finder_data(catalogue, inputs.now, to)).encode(),
        "calls.ics": lambda: icalendar_feeds.of_calls(catalogue, inputs.now, to),
        "feed.xml": lambda: _feed(inputs, to),
        "assets/stylesheets/map.css": lambda: templates.render("map.css").encode(),
    }
    if inputs.has_social_images:
        ours, mobility = in_language(catalogue.institution, to), said("Outgoing mobility").to(to)
        above = f"{ours.short_name} · {mobility}"
        draw = functools.partial(functools.partial, social_images.draw, above)
        files[f"{SOCIAL_IMAGES}/home.png"] = draw(ours.name, ours.office.name)
        for country in templates.countries:
            names = " · ".join(label(partner.name).to(to) for partner in country.partners[:3])
            files[f"{SOCIAL_IMAGES}/{country.code.lower()}.png"] = draw(country.name, names)
    return files


def shared_files(inputs: BuildInputs) -> Files:
    """The files that all languages share, but for the sitemap."""
    catalogue = inputs.book.catalogue
    files: Files = {
        "catalogue.json": lambda: as_json_lines(catalogue_json.whole(catalogue, inputs.now)).encode(),
        catalogue_json.SCHEMA: lambda: schemas.text("catalogue").encode(),
        "robots.txt": lambda: structured_data.robots_txt(catalogue).encode(),
    }
    if found := structured_data.security_txt(catalogue, inputs.now):
        files[".well-known/security.txt"] = found.encode
    for path in inputs.downloads.rglob("*"):
        if path.is_file():
            files[f"downloads/{path.relative_to(inputs.downloads).as_posix()}"] = path.read_bytes
    return files


def sitemap_files(inputs: BuildInputs, paths: Callable[[], list[str]]) -> Files:
    """The sitemap, where the site knows its address. `paths`: those of all pages in one language."""
    address = inputs.book.catalogue.settings.address
    if not address:
        return {}
    return {"sitemap.xml": lambda: structured_data.sitemap(address, sorted(paths()), inputs.now.date())}


def _feed(inputs: BuildInputs, to: Language) -> bytes:
    catalogue = inputs.book.catalogue
    title = said("%(university)s: outgoing mobility, news", university=catalogue.institution.short_name)
    address = (catalogue.settings.address or "/") + url_folder(to)
    return news.atom(inputs.book.news, title.to(to), catalogue.institution, address, to)
