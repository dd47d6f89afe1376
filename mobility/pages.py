"""Catalogue and content → the site, in each language. No page is written by hand twice."""

import datetime
import functools
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mobility import calendars, calls, cores, downloads, export, machines, news, postcards, shell, sitebuild
from mobility.calls import Call
from mobility.catalogue import Offer, Partner
from mobility.language import LANGUAGES, Language, said
from mobility.places import Places
from mobility.rulebook import Rulebook
from mobility.shell import Page, Shell
from mobility.sitebuild import BuildFailed
from mobility.texts import Country, Texts

__all__ = ["BuildFailed", "build", "untranslated", "write_tree"]

KINDS = {"partners": "partners", "programmes": "programmes/any", "countries": "countries"}
"""Kinds of catalogue page, each with the folder of its specimen: as deep as the pages themselves."""

Subject = Country | Partner
_POSTCARDS = "assets/postcards"
"""Where the pictures of links stand in each language's site."""
_PORTION = 40
"""So many subjects are filled at one go: enough to be worth sending, and few enough to share out evenly."""


@dataclass(frozen=True)
class Job:
    """One building of the site: from what, as of when, with which forms to download."""

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


def build(
    places: Places,
    book: Rulebook,
    now: datetime.datetime,
    make_downloads: Callable[[Path], None],
    languages: Sequence[Language] = LANGUAGES,
) -> Path:
    """Builds the site as of `now`, in English and what other `languages` are named with it. `make_downloads`
    writes the forms into the folder that it is given.

    Raises BuildFailed; then the last good site stands.
    """

    def write(work: Path, site: Path) -> None:
        job = prepare(places, book, now, make_downloads, work)
        texts = {language: job.texts(language) for language in languages}
        for language in languages:
            write_tree(job, texts[language], work / language)
        made = sitebuild.generate([work / language for language in languages])
        fill(job, dict(zip(texts.values(), made, strict=True)))
        for language, folder in zip(languages, made, strict=True):
            shutil.move(folder, site if language == "en" else site / language)
        shutil.copytree(job.downloads, site / "downloads", dirs_exist_ok=True)
        _write_for_machines(job, site)

    return sitebuild.build(places, write)


def prepare(
    places: Places,
    book: Rulebook,
    now: datetime.datetime,
    make_downloads: Callable[[Path], None],
    work: Path,
) -> Job:
    """Makes the downloads in `work`; the office's own files take the place of ours."""
    made = work / "downloads"
    make_downloads(made)
    downloads.put_own(places.content / "downloads", made, book.forms)
    return Job(places, book, now, made)


def write_tree(job: Job, texts: Texts, tree: Path, whole: bool = False) -> None:
    """Writes mkdocs.yml, docs/ and theme/ of one language into `tree`, with a specimen of each kind of
    catalogue page; with `whole` all those pages instead, for a generator that is to render each itself.

    Raises BuildFailed where a text cannot be filled.
    """
    docs = tree / "docs"
    shutil.copytree(job.places.looks / "theme", tree / "theme")
    missing = [name for language, name in untranslated(job.places) if language == texts.language]
    _write(tree / "mkdocs.yml", texts.fill("mkdocs.yml", untranslated=missing))
    for name in _texts_of(job.places, "en"):
        _write(docs / name, texts.fill(name))
    _write(docs / "finder.md", texts.fill("finder.md"))
    finder = export.brief(job.book.catalogue, job.now, texts.language)
    _write(docs / "finder.json", json.dumps(finder, ensure_ascii=False, separators=(",", ":")))
    _write_feeds(job, texts, docs)
    if job.postcards:
        _draw_postcards(job, texts, docs)
    if whole:
        for subject in subjects(job, texts):
            _write_calendar(job, texts, subject, docs)
            for page in pages_of(job, texts, subject):
                _write(docs / f"{page.path.rstrip('/')}.md", shell.as_markdown(page))
    else:
        for folder in KINDS.values():
            _write(docs / folder / f"{shell.SPECIMEN}.md", shell.specimen())


def subjects(job: Job, texts: Texts) -> list[Subject]:
    """What has pages of its own, beside the office's."""
    return [*texts.countries, *job.book.catalogue.shown()]


def pages_of(job: Job, texts: Texts, subject: Subject) -> Iterator[Page]:
    """The page of a country; the pages of a partner and of its programmes."""
    to = texts.language
    if isinstance(subject, Country):
        about = said("Partners in %(country)s", country=subject.name).to(to)
        body = texts.fill("country.html", country=subject)
        head = _picture(job, to, subject.code)
        yield Page(f"countries/{subject.code.lower()}/", subject.name, about, body, head)
        return
    about = said(
        "%(name)s, %(city)s: what an exchange there asks, and until when",
        name=subject.name,
        city=subject.city,
    ).to(to)
    body = texts.fill("partner.html", partner=subject)
    picture = _picture(job, to, subject.country)
    head = machines.of_partner(subject) + picture
    yield Page(f"partners/{subject.id}/", subject.name, about, body, head, subject.also)
    for programme in subject.programmes:
        offer = Offer(subject, programme)
        about = said("%(name)s at %(host)s", name=programme.name, host=subject.name).to(to)
        body = texts.fill("programme.html", offer=offer)
        head = machines.of_programme(offer, next(iter(calls.taking(job.coming, offer)), None))
        yield Page(f"programmes/{offer.id}/", offer.name, about, body, head + picture)


def _picture(job: Job, to: Language, country: str) -> str:
    if not job.postcards:
        return ""
    folder = "" if to == "en" else f"{to}/"
    return machines.picture(
        f"{job.book.catalogue.settings.address}{folder}{_POSTCARDS}/{country.lower()}.png"
    )


def _draw_postcards(job: Job, texts: Texts, docs: Path) -> None:
    """A picture of the site, and one of each country with its partners."""
    ours = job.book.catalogue.institution
    what = said("Outgoing mobility").to(texts.language)
    above = f"{ours.short_name} · {what}"
    postcards.draw(docs / _POSTCARDS / "home.png", above, ours.name, ours.office.name)
    for country in texts.countries:
        names = " · ".join(partner.name for partner in country.partners[:3])
        postcards.draw(docs / _POSTCARDS / f"{country.code.lower()}.png", above, country.name, names)


def _write_feeds(job: Job, texts: Texts, docs: Path) -> None:
    """The calendar of calls and the news of one language."""
    catalogue, to = job.book.catalogue, texts.language
    _write_bytes(docs / "calls.ics", calendars.of_calls(catalogue, job.now, to))
    title = said("%(university)s: outgoing mobility, news", university=catalogue.institution.short_name)
    address = (catalogue.settings.address or "/") + ("" if to == "en" else f"{to}/")
    feed = news.atom(job.book.news, title.to(to), catalogue.institution, address, to)
    _write_bytes(docs / "feed.xml", feed)


def _write_calendar(job: Job, texts: Texts, subject: Subject, folder: Path) -> None:
    """A partner's own deadlines, beside its page."""
    if isinstance(subject, Partner) and calendars.has_deadlines(subject):
        domain = job.book.catalogue.institution.domain
        made = calendars.of_partner(subject, domain, job.now, texts.language)
        _write_bytes(folder / "partners" / subject.id / "deadlines.ics", made)


def _write_for_machines(job: Job, site: Path) -> None:
    """What stands once, for all languages."""
    catalogue = job.book.catalogue
    _write(site / "catalogue.json", export.as_lines(export.whole(catalogue, job.now)))
    _write(site / "robots.txt", machines.robots(catalogue))
    if found := machines.security(catalogue, job.now):
        _write(site / ".well-known" / "security.txt", found)
    for made in [*site.glob("sitemap.xml*"), *site.glob("??/sitemap.xml*")]:
        made.unlink()
    if address := catalogue.settings.address:
        here = [
            path.parent
            for path in site.rglob("index.html")
            if path.relative_to(site).parts[0] not in LANGUAGES
        ]
        paths = sorted("" if path == site else f"{path.relative_to(site).as_posix()}/" for path in here)
        _write_bytes(site / "sitemap.xml", machines.sitemap(address, paths, job.now.date()))


def fill(job: Job, sites: dict[Texts, Path]) -> None:
    """Fills the shells that the generator made in each language's site with all catalogue pages, and lets
    search find them."""
    shells = {texts: _shells(site) for texts, site in sites.items()}

    def write(portion: tuple[int, int, int]) -> list[str]:
        number, *span = portion
        texts = list(sites)[number]
        found = []
        for subject in subjects(job, texts)[slice(*span)]:
            _write_calendar(job, texts, subject, sites[texts])
            for page in pages_of(job, texts, subject):
                made = shells[texts][page.path.split("/", 1)[0]].fill(page)
                _write(sites[texts] / page.path / "index.html", made)
                found.append(shell.search_entries(page))
        return found

    portions = [
        (number, begin, begin + _PORTION)
        for number, texts in enumerate(sites)
        for begin in range(0, len(subjects(job, texts)), _PORTION)
    ]
    made = cores.on_all(write, portions)
    for number, site in enumerate(sites.values()):
        entries = [
            each for (of, *_), found in zip(portions, made, strict=True) if of == number for each in found
        ]
        shell.add_to_search(site / "search" / "search_index.json", entries)


def _shells(site: Path) -> dict[str, Shell]:
    """The shell of each kind of page; the specimens are taken out of the site."""
    shells = {}
    for kind, folder in KINDS.items():
        path = f"{folder}/{shell.SPECIMEN}/"
        shells[kind] = Shell((site / path / "index.html").read_text(encoding="utf-8"), path)
        shutil.rmtree(site / path)
    shutil.rmtree(site / "programmes" / "any")
    return shells


def untranslated(places: Places) -> Iterator[tuple[Language, str]]:
    """(language, page) for each of the office's pages that a language lacks; readers see it in English."""
    for language in LANGUAGES:
        there = set(_texts_of(places, language))
        yield from ((language, name) for name in _texts_of(places, "en") if name not in there)


def _texts_of(places: Places, language: Language) -> list[str]:
    folder = places.content / "pages" / language
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))


def _write(path: Path, text: str) -> None:
    _write_bytes(path, text.encode())


def _write_bytes(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
