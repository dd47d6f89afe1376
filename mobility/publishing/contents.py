"""What a site says, as values: the pages of countries, partners and programmes, and what programs read."""

import datetime
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mobility.catalogue import calls, news
from mobility.catalogue.calls import Call
from mobility.catalogue.partners import Offer, Partner
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Language, said, url_folder
from mobility.paths import Checkout
from mobility.publishing import catalogue_json, icalendar_feeds, schemas, social_images, structured_data
from mobility.publishing.context import Country, Texts
from mobility.publishing.material.rendering import Page

Subject = Country | Partner
Files = dict[str, Callable[[], bytes]]
"""Files by their paths in the site, each with what makes it: who needs only one makes only that."""
_POSTCARDS = "assets/postcards"
"""Where the pictures of links stand in each language's site."""


@dataclass(frozen=True)
class Job:
    """One making of the site: from what, as of when, with which forms to download."""

    checkout: Checkout
    book: Rulebook
    now: datetime.datetime
    downloads: Path

    @property
    def postcards(self) -> bool:
        """Whether pages name pictures: they are asked for by whole addresses."""
        return (self.book.catalogue.settings.address or "").startswith("http")

    @functools.cached_property
    def coming(self) -> list[Call]:
        """The open and the coming calls."""
        return calls.coming(self.book.catalogue.calls, self.now)

    def texts(self, language: Language) -> Texts:
        """The templates in a language."""
        return Texts(self.checkout, self.book, self.now, language, self.downloads)


def subjects(job: Job, texts: Texts) -> list[Subject]:
    """What has pages of its own, beside the office's."""
    return [*texts.countries, *job.book.catalogue.visible_partners()]


def paths_of(subject: Subject) -> list[str]:
    """Where the pages of a subject stand."""
    own, *more = folders_of(subject)
    programmes = () if isinstance(subject, Country) else subject.programmes
    return [own, *(f"{folder}{programme.id}/" for folder in more for programme in programmes)]


def folders_of(subject: Subject) -> list[str]:
    """The folders that hold nothing but the pages of a subject; in the first stands its own page."""
    if isinstance(subject, Country):
        return [f"countries/{subject.code.lower()}/"]
    return [f"partners/{subject.id}/", f"programmes/{subject.id}/"]


def pages_of(job: Job, texts: Texts, subject: Subject) -> Iterator[Page]:
    """The page of a country; the pages of a partner and of its programmes."""
    to = texts.language
    path, *others = paths_of(subject)
    if isinstance(subject, Country):
        about = said("Partners in %(country)s", country=subject.name).to(to)
        body = texts.fill("country.html", country=subject)
        # Search weighs other names, where partners have many a "university", above titles.
        also = (said("Study in %(country)s", country=subject.name).to(to),)
        yield Page(path, subject.name, about, body, _picture(job, to, subject.code), also)
        return
    about = said(
        "%(name)s, %(city)s: what an exchange there asks, and until when",
        name=subject.name,
        city=subject.city,
    ).to(to)
    body = texts.fill("partner.html", partner=subject)
    picture = _picture(job, to, subject.country)
    yield Page(path, subject.name, about, body, structured_data.of_partner(subject) + picture, subject.also)
    for path, programme in zip(others, subject.programmes, strict=True):
        offer = Offer(subject, programme)
        about = said("%(name)s at %(host)s", name=programme.name, host=subject.name).to(to)
        body = texts.fill("programme.html", offer=offer)
        head = structured_data.of_programme(offer, calls.first_for(job.coming, offer))
        yield Page(path, offer.name, about, body, head + picture)


def calendar_of(job: Job, texts: Texts, subject: Subject) -> Files:
    """A partner's own deadlines, beside its page, where it names any."""
    if not isinstance(subject, Partner) or not icalendar_feeds.has_deadlines(subject):
        return {}
    domain = job.book.catalogue.institution.domain
    made = functools.partial(icalendar_feeds.of_partner, subject, domain, job.now, texts.language)
    return {f"partners/{subject.id}/deadlines.ics": made}


def data(job: Job, texts: Texts) -> Files:
    """What stands once in each language for programs: the finder's data, feeds, pictures of links."""
    catalogue, to = job.book.catalogue, texts.language
    files: Files = {
        "finder.json": lambda: catalogue_json.as_json(catalogue_json.brief(catalogue, job.now, to)).encode(),
        "calls.ics": lambda: icalendar_feeds.of_calls(catalogue, job.now, to),
        "feed.xml": lambda: _feed(job, to),
        "assets/stylesheets/map.css": lambda: texts.fill("map.css").encode(),
    }
    if job.postcards:
        ours, mobility = catalogue.institution, said("Outgoing mobility").to(to)
        above = f"{ours.short_name} · {mobility}"
        draw = functools.partial(functools.partial, social_images.drawn, above)
        files[f"{_POSTCARDS}/home.png"] = draw(ours.name, ours.office.name)
        for country in texts.countries:
            names = " · ".join(partner.name for partner in country.partners[:3])
            files[f"{_POSTCARDS}/{country.code.lower()}.png"] = draw(country.name, names)
    return files


def once(job: Job) -> Files:
    """What stands once, for all languages, but for the sitemap."""
    catalogue = job.book.catalogue
    files: Files = {
        "catalogue.json": lambda: catalogue_json.as_lines(catalogue_json.whole(catalogue, job.now)).encode(),
        catalogue_json.SCHEMA: lambda: schemas.text("catalogue").encode(),
        "robots.txt": lambda: structured_data.robots(catalogue).encode(),
    }
    if found := structured_data.security(catalogue, job.now):
        files[".well-known/security.txt"] = found.encode
    for path in job.downloads.rglob("*"):
        if path.is_file():
            files[f"downloads/{path.relative_to(job.downloads).as_posix()}"] = path.read_bytes
    return files


def sitemap(job: Job, paths: Callable[[], list[str]]) -> Files:
    """Where the site knows its address: the list of all pages. `paths`: those of one language."""
    address = job.book.catalogue.settings.address
    if not address:
        return {}
    return {"sitemap.xml": lambda: structured_data.sitemap(address, sorted(paths()), job.now.date())}


def _picture(job: Job, to: Language, country: str) -> str:
    if not job.postcards:
        return ""
    address = f"{job.book.catalogue.settings.address}{url_folder(to)}"
    return structured_data.picture(f"{address}{_POSTCARDS}/{country.lower()}.png")


def _feed(job: Job, to: Language) -> bytes:
    catalogue = job.book.catalogue
    title = said("%(university)s: outgoing mobility, news", university=catalogue.institution.short_name)
    address = (catalogue.settings.address or "/") + url_folder(to)
    return news.atom(job.book.news, title.to(to), catalogue.institution, address, to)
