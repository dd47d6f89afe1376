"""What a site says, as values: the pages of countries, partners and programmes, and what programs read."""

import datetime
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mobility import calendars, calls, export, machines, news, postcards, schema
from mobility.calls import Call
from mobility.catalogue import Offer, Partner
from mobility.language import Language, folder, said
from mobility.places import Places
from mobility.rulebook import Rulebook
from mobility.shell import Page
from mobility.texts import Country, Texts

Subject = Country | Partner
Files = dict[str, Callable[[], bytes]]
"""Files by their paths in the site, each with what makes it: who needs only one makes only that."""
_POSTCARDS = "assets/postcards"
"""Where the pictures of links stand in each language's site."""


@dataclass(frozen=True)
class Job:
    """One making of the site: from what, as of when, with which forms to download."""

    places: Places
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
        return Texts(self.places, self.book, self.now, language, self.downloads)


def subjects(job: Job, texts: Texts) -> list[Subject]:
    """What has pages of its own, beside the office's."""
    return [*texts.countries, *job.book.catalogue.shown()]


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
    yield Page(path, subject.name, about, body, machines.of_partner(subject) + picture, subject.also)
    for path, programme in zip(others, subject.programmes, strict=True):
        offer = Offer(subject, programme)
        about = said("%(name)s at %(host)s", name=programme.name, host=subject.name).to(to)
        body = texts.fill("programme.html", offer=offer)
        head = machines.of_programme(offer, calls.first_for(job.coming, offer))
        yield Page(path, offer.name, about, body, head + picture)


def calendar_of(job: Job, texts: Texts, subject: Subject) -> Files:
    """A partner's own deadlines, beside its page, where it names any."""
    if not isinstance(subject, Partner) or not calendars.has_deadlines(subject):
        return {}
    domain = job.book.catalogue.institution.domain
    made = functools.partial(calendars.of_partner, subject, domain, job.now, texts.language)
    return {f"partners/{subject.id}/deadlines.ics": made}


def data(job: Job, texts: Texts) -> Files:
    """What stands once in each language for programs: the finder's data, feeds, pictures of links."""
    catalogue, to = job.book.catalogue, texts.language
    files: Files = {
        "finder.json": lambda: export.as_json(export.brief(catalogue, job.now, to)).encode(),
        "calls.ics": lambda: calendars.of_calls(catalogue, job.now, to),
        "feed.xml": lambda: _feed(job, to),
    }
    if job.postcards:
        ours = catalogue.institution
        above = f"{ours.short_name} · {said('Outgoing mobility').to(to)}"
        draw = functools.partial(functools.partial, postcards.drawn, above)
        files[f"{_POSTCARDS}/home.png"] = draw(ours.name, ours.office.name)
        for country in texts.countries:
            names = " · ".join(partner.name for partner in country.partners[:3])
            files[f"{_POSTCARDS}/{country.code.lower()}.png"] = draw(country.name, names)
    return files


def once(job: Job) -> Files:
    """What stands once, for all languages, but for the sitemap."""
    catalogue = job.book.catalogue
    files: Files = {
        "catalogue.json": lambda: export.as_lines(export.whole(catalogue, job.now)).encode(),
        export.SCHEMA: lambda: schema.text("catalogue").encode(),
        "robots.txt": lambda: machines.robots(catalogue).encode(),
    }
    if found := machines.security(catalogue, job.now):
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
    return {"sitemap.xml": lambda: machines.sitemap(address, sorted(paths()), job.now.date())}


def _picture(job: Job, to: Language, country: str) -> str:
    if not job.postcards:
        return ""
    address = f"{job.book.catalogue.settings.address}{folder(to)}"
    return machines.picture(f"{address}{_POSTCARDS}/{country.lower()}.png")


def _feed(job: Job, to: Language) -> bytes:
    catalogue = job.book.catalogue
    title = said("%(university)s: outgoing mobility, news", university=catalogue.institution.short_name)
    address = (catalogue.settings.address or "/") + folder(to)
    return news.atom(job.book.news, title.to(to), catalogue.institution, address, to)
