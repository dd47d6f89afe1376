"""Catalogue and content → the site, in each language. No page is written by hand twice."""

import datetime
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mobility import calendars, calls, downloads, export, machines, news, shell, sitebuild
from mobility.catalogue import Catalogue, Offer
from mobility.language import LANGUAGES, Language, said
from mobility.places import Places
from mobility.rulebook import Rulebook
from mobility.shell import Page, Shell
from mobility.sitebuild import BuildFailed
from mobility.texts import Texts

__all__ = ["BuildFailed", "build", "untranslated", "write_tree"]

KINDS = {"partners": "partners", "programmes": "programmes/any", "countries": "countries"}
"""Kinds of catalogue page, each with the folder of its specimen: as deep as the pages themselves."""


@dataclass(frozen=True)
class Job:
    """One building of the site: from what, as of when, with which forms to download."""

    places: Places
    book: Rulebook
    now: datetime.datetime
    downloads: Path

    def texts(self, language: Language) -> Texts:
        """The templates in a language."""
        return Texts(self.places, self.book, self.now, language, self.downloads)


def build(
    places: Places, book: Rulebook, now: datetime.datetime, make_downloads: Callable[[Path], None]
) -> Path:
    """Builds the site as of `now`. `make_downloads` writes the forms into the folder that it is given.

    Raises BuildFailed; then the last good site stands.
    """

    def write(work: Path, site: Path) -> None:
        job = prepare(places, book, now, make_downloads, work)
        texts = {language: job.texts(language) for language in LANGUAGES}
        for language in LANGUAGES:
            write_tree(job, texts[language], work / language)
        made = sitebuild.generate([work / language for language in LANGUAGES])
        for language, folder in zip(LANGUAGES, made, strict=True):
            fill(catalogue_pages(book.catalogue, texts[language], now), folder)
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
    finder = export.brief(job.book.catalogue, job.now.date(), texts.language)
    _write(docs / "finder.json", json.dumps(finder, ensure_ascii=False, separators=(",", ":")))
    _write_feeds(job, texts, docs)
    if whole:
        for page in catalogue_pages(job.book.catalogue, texts, job.now):
            _write(docs / f"{page.path.rstrip('/')}.md", shell.as_markdown(page))
    else:
        for folder in KINDS.values():
            _write(docs / folder / f"{shell.SPECIMEN}.md", shell.specimen())


def catalogue_pages(catalogue: Catalogue, texts: Texts, now: datetime.datetime) -> Iterator[Page]:
    """The pages of all countries, partners and programmes in one language."""
    to = texts.language
    call = calls.open_call(catalogue.calls, now) or calls.next_call(catalogue.calls, now)
    for country in texts.countries:
        about = said("Partners in %(country)s", country=country.name).to(to)
        body = texts.fill("country.html", country=country)
        yield Page(f"countries/{country.code.lower()}/", country.name, about, body)
    for partner in catalogue.shown():
        about = said(
            "%(name)s, %(city)s: what an exchange there asks, and until when",
            name=partner.name,
            city=partner.city,
        ).to(to)
        body = texts.fill("partner.html", partner=partner)
        head = machines.of_partner(partner)
        yield Page(f"partners/{partner.id}/", partner.name, about, body, head, partner.also)
        for programme in partner.programmes:
            offer = Offer(partner, programme)
            about = said("%(name)s at %(host)s", name=programme.name, host=partner.name).to(to)
            body = texts.fill("programme.html", offer=offer)
            head = machines.of_programme(offer, call)
            yield Page(f"programmes/{offer.id}/", offer.name, about, body, head)


def _write_feeds(job: Job, texts: Texts, docs: Path) -> None:
    """The calendars and the news of one language."""
    catalogue, to = job.book.catalogue, texts.language
    _write_bytes(docs / "calls.ics", calendars.of_calls(catalogue, job.now, to))
    for partner in filter(calendars.has_deadlines, catalogue.shown()):
        made = calendars.of_partner(partner, job.now, to)
        _write_bytes(docs / "partners" / partner.id / "deadlines.ics", made)
    title = said("%(university)s: outgoing mobility, news", university=catalogue.institution.short_name)
    address = (catalogue.settings.address or "/") + ("" if to == "en" else f"{to}/")
    feed = news.atom(job.book.news, title.to(to), catalogue.institution.office.name, address, to)
    _write_bytes(docs / "feed.xml", feed)


def _write_for_machines(job: Job, site: Path) -> None:
    """What stands once, for all languages."""
    catalogue = job.book.catalogue
    known = export.whole(catalogue, job.now)
    _write(site / "catalogue.json", json.dumps(known, ensure_ascii=False, indent=1))
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


def fill(pages: Iterator[Page], site: Path) -> None:
    """Fills the shells that the generator made in `site` with catalogue pages, and lets search find them."""
    shells = {}
    for kind, folder in KINDS.items():
        path = f"{folder}/{shell.SPECIMEN}/"
        shells[kind] = Shell((site / path / "index.html").read_text(encoding="utf-8"), path)
        shutil.rmtree(site / path)
    shutil.rmtree(site / "programmes" / "any")
    found = list(pages)
    for page in found:
        kind = page.path.split("/", 1)[0]
        _write(site / page.path / "index.html", shells[kind].fill(page))
    shell.add_to_search(site / "search" / "search_index.json", found)


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
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
