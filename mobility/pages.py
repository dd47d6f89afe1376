"""Catalogue and content → a tree of Markdown for the site generator. No page is written by hand twice."""

import datetime
import html
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from mobility import calls, downloads, eligibility, sitebuild, uploads
from mobility.catalogue import Catalogue, Offer, Partner, Programme, Source, Window
from mobility.fields import COUNTRIES, LANGUAGES, MonthDay
from mobility.places import Places
from mobility.rulebook import Rulebook
from mobility.sitebuild import BuildFailed

LANGUAGE = "en"

__all__ = ["BuildFailed", "build", "write_tree"]


@dataclass(frozen=True)
class Country:
    """A country and its partners, in the order of names."""

    code: str
    name: str
    partners: tuple[Partner, ...]


@dataclass(frozen=True)
class Download:
    """A file that readers take with them."""

    title: str
    path: str
    size: int


def build(
    places: Places, book: Rulebook, now: datetime.datetime, make_downloads: Callable[[Path], None]
) -> Path:
    """Builds the site as of `now`. `make_downloads` writes the forms into the folder that it is given.

    Raises BuildFailed; then the last good site stands.
    """
    return sitebuild.build(places, lambda tree: write_tree(places, book, now, make_downloads, tree))


def write_tree(
    places: Places,
    book: Rulebook,
    now: datetime.datetime,
    make_downloads: Callable[[Path], None],
    tree: Path,
) -> None:
    """Writes mkdocs.yml, docs/ and theme/ into `tree`. Raises BuildFailed where a text cannot be filled."""
    docs = tree / "docs"
    shutil.copytree(places.looks / "theme", tree / "theme")
    make_downloads(docs / "downloads")
    downloads.put_own(places.content / "downloads", docs / "downloads", book.forms)
    texts = places.content / "pages" / LANGUAGE
    env = _environment(book, now, [texts, places.looks / "templates", places.looks], docs)
    fill = partial(_fill, env, places.root)
    (tree / "mkdocs.yml").write_text(fill("mkdocs.yml"), encoding="utf-8")
    for text in sorted(texts.rglob("*.md")):
        name = text.relative_to(texts).as_posix()
        _write(docs / name, fill(name))
    catalogue = book.catalogue
    for country in countries(catalogue):
        _write(docs / f"countries/{country.code.lower()}.md", fill("country.md", country=country))
    for partner in catalogue.shown():
        _write(docs / f"partners/{partner.id}.md", fill("partner.md", partner=partner))
        for programme in partner.programmes:
            offer = Offer(partner, programme)
            _write(docs / f"programmes/{offer.id}.md", fill("programme.md", offer=offer))


def countries(catalogue: Catalogue) -> list[Country]:
    """The countries of the shown partners, the institution's own first, then by name."""
    codes = {partner.country for partner in catalogue.shown()}
    home = catalogue.institution.country
    found = []
    for code in sorted(codes, key=lambda code: (code != home, COUNTRIES[code])):
        partners = sorted((p for p in catalogue.shown() if p.country == code), key=lambda p: p.name)
        found.append(Country(code, COUNTRIES[code], tuple(partners)))
    return found


def markdown(value: Any) -> Markup:
    """A value as plain text inside Markdown: nothing in it is a mark-up of any kind."""
    line = " ".join(str(value).split())
    return Markup("".join(c if c.isalnum() or c in " ,'’–" else f"&#{ord(c)};" for c in line))


def title(value: Any) -> str:
    """A value for a page's title, which the generator's theme puts into HTML as it is."""
    text = " ".join(str(value).split()).translate({ord("<"): "‹", ord(">"): "›", ord('"'): "”"})
    while html.unescape(text) != text:
        text = text.replace("&", "＆")
    return text


def _environment(
    book: Rulebook, now: datetime.datetime, folders: list[Path], docs: Path
) -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    env.filters |= {
        "md": markdown,
        "title_text": title,
        "moment": calls.in_words,
        "country": COUNTRIES.__getitem__,
        "language": LANGUAGES.__getitem__,
        "day_of_year": lambda day: f"{day.day} {_month(day)}",
        "day": lambda day: f"{day.day} {day:%B %Y}",
    }
    catalogue = book.catalogue
    rules = catalogue.calls
    env.globals |= {
        "book": book,
        "catalogue": catalogue,
        "institution": catalogue.institution,
        "office": catalogue.institution.office,
        "rules": catalogue.requirements,
        "countries": countries(catalogue),
        "offers": list(catalogue.offers()),
        "now": now,
        "coming_calls": [call for call in calls.around(rules, now) if call.state(now) != "closed"][:4],
        "expired": lambda agreement: bool(agreement.valid_until and agreement.valid_until < now.date()),
        "sources_of": sources_of,
        "agreement_sources": agreement_sources,
        "transcript_floor": lambda offer: eligibility.transcript_floor(catalogue.requirements, offer),
        "selection_gpa": lambda offer: eligibility.selection_gpa(catalogue.requirements, offer),
        "highest": eligibility.highest,
        "most_megabytes": uploads.MOST_BYTES // 1_000_000,
        "downloads": _downloads(book, docs / "downloads"),
        "portal": catalogue.settings.portal,
        "Offer": Offer,
        "whole_partner": whole_partner,
        "rule_months": lambda term: _months(getattr(rules, term)),
    }
    return env


def sources_of(partner: Partner, *facts: str) -> tuple[Source, ...]:
    """Where any of the facts about a partner was read."""
    return tuple(source for source in partner.sources if set(facts) & set(source.states))


def agreement_sources(offer: Offer) -> tuple[Source, ...]:
    """Where the agreement was read: the office's own paper, if it names one."""
    own = offer.agreement
    if own.source and own.seen:
        return (Source(title=own.source, seen=own.seen),)
    return sources_of(offer.partner, "agreement")


def whole_partner(partner: Partner) -> Offer:
    """What holds for all programmes of a partner."""
    return Offer(partner, Programme(id="any", name="any"))


def _downloads(book: Rulebook, folder: Path) -> list[tuple[str, list[Download]]]:
    """Each form with the files that there are of it: the office's own before ours, then the sample."""
    found = []
    for form in book.forms:
        files = [
            Download(f"{words} ({suffix.upper()})", f"downloads/{name}.{suffix}", path.stat().st_size)
            for name, words in ((form.id, "Blank form"), (f"{form.id}-sample", "Filled sample"))
            for suffix in ("docx", "pdf")
            if (path := folder / f"{name}.{suffix}").exists()
        ]
        found.append((str(form.title), files))
    return found


def _months(window: Window) -> str:
    """When a call is, as the rule is told: a whole month by its name, else its days."""
    opens, closes = window.opens, window.closes
    whole = opens.day == 1 and (closes.in_year(2027) + datetime.timedelta(days=1)).day == 1
    if whole and opens.month == closes.month:
        return _month(opens)
    return f"{opens.day} {_month(opens)} to {closes.day} {_month(closes)}"


def _month(day: MonthDay) -> str:
    return f"{day.in_year(2027):%B}"


def _fill(env: jinja2.Environment, root: Path, name: str, **values: Any) -> str:
    try:
        return env.get_template(name).render(**values)
    except Exception as error:  # a text of the office may go wrong in any way; it is to be told where
        raise BuildFailed(f"{_where(error, root, name)}: {error}") from error


def _where(error: BaseException, root: Path, name: str) -> str:
    """The text, by its path from `root`, and the line that an error in a template comes from."""
    lines = [frame for frame in _frames(error) if re.search(r"\.(md|html|yml)$", frame[0])]
    if isinstance(error, jinja2.TemplateSyntaxError):
        lines.append((error.filename or name, error.lineno))
    file, line = lines[-1] if lines else (name, 1)
    path = Path(file)
    return f"{path.relative_to(root) if path.is_relative_to(root) else path}:{line}"


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    trace = error.__traceback__
    while trace:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
