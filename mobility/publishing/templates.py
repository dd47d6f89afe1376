"""The Jinja2 templates of the site in one language, with their filters and globals."""

import datetime
import functools
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup

from mobility.catalogue import calls, facts, freshness, office_mail, toefl
from mobility.catalogue.partners import Catalogue, Offer, Partner, Window
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n import languages
from mobility.i18n.labels import has_label, in_words, label, label_list
from mobility.i18n.languages import LANGUAGES, NAMES, Language
from mobility.paths import Checkout
from mobility.pdfforms import office_files
from mobility.publishing import icalendar_feeds, template_errors, world_map
from mobility.publishing.material.rendering import DeferredBlocks
from mobility.publishing.output import TextFailed
from mobility.uploads.limits import MOST_BYTES
from mobility.yamlfiles.field_types import MonthDay
from mobility.yamlfiles.translated_words import in_language

R = TypeVar("R")


@dataclass(frozen=True)
class Country:
    """A country and its partners, in the order of names."""

    code: str
    name: str
    partners: tuple[Partner, ...]


@dataclass(frozen=True)
class Download:
    """A file to download. `blank`: a form to be filled; else the filled sample."""

    blank: bool
    kind: str
    path: str
    size: int


class _CompiledTemplates(jinja2.BytecodeCache):
    """Templates compiled once, for all languages and all builds of one process: compiling takes 0.16 s a
    language, more than all else that the preview does for a saved change."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Loads the bytecode of a template; Jinja2 compares its checksum with the template as it is now."""
        if found := self._known.get(bucket.key):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the bytecode of a template."""
        self._known[bucket.key] = bucket.bytecode_to_string()


_compiled = _CompiledTemplates()


class Templates:
    """Renders the templates and the office's pages in one language, as of one instant."""

    def __init__(
        self, checkout: Checkout, book: Rulebook, now: datetime.datetime, language_: Language, downloads: Path
    ):
        self.language: Language = language_
        self.countries = countries(book.catalogue, language_)
        self._root = checkout.root
        pages = self._pages = checkout.content / "pages"
        folders = [pages / language_, pages / "en", checkout.site_source / "templates", checkout.site_source]
        self.environment = _environment(book, now, language_, folders)
        self._deferred = DeferredBlocks()
        self.environment.globals |= {
            "deferred": self._deferred,
            "countries": self.countries,
            "by_code": {country.code: country for country in self.countries},
            "downloads": _downloads(book, downloads, language_),
            "questions": _questions([folder / "questions.md" for folder in folders[:2]]),
            "world": lambda: world_map.draw_from_file(checkout.world_map, (c.code for c in self.countries)),
        }
        parts = self._attempt("parts.html", lambda: self.environment.get_template("parts.html").module)
        self.environment.globals["parts"] = parts

    def render(self, name: str, **values: Any) -> str:
        """A template rendered whole. Raises TextFailed, which names the text, the line and what is wrong."""
        return self._attempt(name, lambda: self._deferred.insert(self._render(name, **values), keep=False))

    def render_for_mkdocs(self, name: str) -> str:
        """A template rendered but for its deferred blocks, which MkDocs does not see. Raises TextFailed."""
        return self._attempt(name, lambda: self._render(name))

    def insert_deferred(self, html: str, name: str) -> str:
        """A page that MkDocs rendered, with its deferred blocks put in. `name` is how a message calls it.
        Raises TextFailed."""
        return self._attempt(name, lambda: self._deferred.insert(html, keep=True))

    def _render(self, name: str, **values: Any) -> str:
        return self.environment.get_template(name).render(values)

    def _attempt(self, name: str, work: Callable[[], R]) -> R:
        try:
            return work()
        except Exception as error:  # a text of the office may go wrong in any way; it is to be told where
            raise TextFailed(template_errors.problem(error, self._root, name, self._pages)) from error


def countries(catalogue: Catalogue, language_: Language = "en") -> list[Country]:
    """The countries of the shown partners, the institution's own first, then by name."""
    home = catalogue.institution.country
    names = {p.country: languages.country_name(p.country, language_) for p in catalogue.visible_partners()}
    by_country: dict[str, list[Partner]] = {code: [] for code in names}
    shown = {p.id: languages.alphabetical(label(p.name).to(language_)) for p in catalogue.visible_partners()}
    for partner in sorted(catalogue.visible_partners(), key=lambda partner: shown[partner.id]):
        by_country[partner.country].append(partner)
    order = sorted(names, key=lambda code: (code != home, languages.alphabetical(names[code])))
    return [Country(code, names[code], tuple(by_country[code])) for code in order]


def markdown(value: Any) -> Markup:
    """A value as plain text inside Markdown: nothing in it is a mark-up of any kind, but for what marks it as
    English."""
    if isinstance(value, Markup):
        return Markup('<span lang="en">{}</span>').format(markdown(value.striptags()))
    line = " ".join(str(value).split())
    return Markup("".join(c if c.isalnum() or c in " ,'’–" else f"&#{ord(c)};" for c in line))


def plain(value: Any) -> str:
    """A value without the tags and escapes of HTML: for titles and mails."""
    return value.striptags() if isinstance(value, Markup) else str(value)


def title(value: Any) -> str:
    """A value for a page's title, which the theme puts into HTML without escaping."""
    text = " ".join(plain(value).split()).translate({ord("<"): "‹", ord(">"): "›", ord('"'): "”"})
    while html.unescape(text) != text:
        text = text.replace("&", "＆")
    return text


def _environment(
    book: Rulebook, now: datetime.datetime, to: Language, folders: list[Path]
) -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=template_errors.Undefined,
        auto_reload=False,
        bytecode_cache=_compiled,
    )
    env.filters |= {
        "md": markdown,
        "title_text": title,
        "say": lambda thing: languages.say(thing, to),
        "label": lambda word: label(word).to(to),
        "offer_name": lambda offer: facts.offer_name(offer, to),
        "in_words": functools.cache(lambda word: in_words(word, to)),
        "named": lambda words: label_list(words, to),
        "moment": lambda instant: languages.moment(instant, to),
        "country": lambda code: languages.country_name(code, to),
        "day": lambda day: languages.day(day, to),
    }
    catalogue = book.catalogue
    ours = in_language(catalogue.institution, to, lambda text: in_words(text, to))
    rules = catalogue.calls
    coming = calls.coming(rules, now)
    env.globals |= {
        "_": _gettext(to),
        "once": functools.cache,
        "language": to,
        "languages": [(code, NAMES[code]) for code in LANGUAGES],
        "site_root": "" if to == "en" else "../",
        "book": book,
        "catalogue": catalogue,
        "institution": ours,
        "office": ours.office,
        "rules": catalogue.requirements,
        "now": now,
        "coming_calls": coming,
        "today": now.date(),
        "toefl": toefl,
        "taken": lambda offer: calls.first_for(coming, offer) is not None,
        "last_for": lambda offer: calls.last_for(coming, offer),
        "old": lambda source: freshness.old(source, now.date()),
        "has_deadlines": icalendar_feeds.has_deadlines,
        "sources_of": facts.sources_of,
        "has_label": lambda word: has_label(word, to),
        "facts_of_partner": lambda partner: facts.of_partner(partner, catalogue.requirements, to),
        "in_brief": lambda partner: facts.in_brief(partner, to),
        "facts_of_programme": lambda offer: facts.of_programme(offer, catalogue.requirements, to),
        "mail_to_office": lambda about, questions: office_mail.mailto(
            catalogue.institution.office, to, about, map(plain, questions)
        ),
        "mail_for_scripts": lambda: office_mail.for_scripts(catalogue.institution.office, to),
        "most_megabytes": MOST_BYTES // 1_000_000,
        "portal": catalogue.settings.portal,
        "Offer": Offer,
        "further_proofs": [(proof.id, proof.name.to(to)) for proof in catalogue.requirements.further_proofs],
        "years_of_study": [
            (year, year) for year in sorted(set().union(*catalogue.requirements.years_of_study.values()))
        ],
        "rule_months": lambda term: _months(getattr(rules, term), to),
    }
    return env


def _gettext(to: Language) -> Callable[..., Markup]:
    """The _() of templates: a sentence in a language, with plain text in its places. Jinja2's extension asks
    for the template's context at each call, which costs a tenth of a large build."""
    translations = languages.translations(to)

    @functools.cache
    def sentence(text: str) -> Markup:
        return Markup(translations.gettext(text))

    @functools.cache
    def without_places(text: str) -> Markup:
        return sentence(text) % {}

    def gettext(text: str, /, **values: Any) -> Markup:
        return sentence(text) % values if values else without_places(text)

    return gettext


def _downloads(book: Rulebook, folder: Path, to: Language) -> list[tuple[str, list[Download]]]:
    """Each form with the files that there are of it: in the reader's language, else in English; the office's
    own before ours, the blank form before the sample."""
    found = []
    for form in book.forms:
        files = []
        for blank, tail in ((True, ""), (False, "-sample")):
            for path in office_files.form_files(folder, form, to, tail):
                kind, size = path.suffix[1:].upper(), path.stat().st_size
                files.append(Download(blank, kind, f"downloads/{path.name}", size))
        found.append((form.title.to(to), files))
    return found


def _questions(paths: list[Path]) -> list[tuple[str, str]]:
    """The questions of the page of questions in the first language that has it, with their anchors; without
    those whose words come from the data."""
    text = next((path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()), "")
    return [(anchor, title) for title, anchor in re.findall(r"^## ([^{}]+) \{ #([\w-]+) \}$", text, re.M)]


def _months(window: Window, to: Language) -> str:
    """When a call is, as the rule is told: a whole month by its name, else its days."""
    opens, closes = window.opens, window.closes
    whole = opens.day == 1 and (closes.in_year(2027) + datetime.timedelta(days=1)).day == 1
    if whole and opens.month == closes.month:
        month = languages.month_name(opens.in_year(2027), to)
        return month if to == "en" else month.lower()
    return f"{_day(opens, to)} – {_day(closes, to)}"


def _day(day: MonthDay, to: Language) -> str:
    return languages.day_and_month(day.in_year(2027), to)
