"""Checks values of `partners.yaml` against each other: each may be valid, and both cannot be right."""

import datetime
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from mobility.catalogue import calls
from mobility.catalogue.calls import Call
from mobility.catalogue.eligibility import PROOFS
from mobility.catalogue.partners import Agreement, Catalogue, Partner, Terms
from mobility.i18n.labels import label
from mobility.i18n.languages import LANGUAGES
from mobility.yamlfiles.field_types import Term
from mobility.yamlfiles.reader import Marks, Problem

_LISTS = ("levels", "fields", "languages")
_TERMS: tuple[Term, ...] = ("autumn", "spring")

TEMPLATE = {
    "id": "small-letters-and-hyphens",
    "name": "Name as the university writes it",
    "website": "https://www.example.org",
    "source": "Title and number of your own paper",
    "url": "https://www.example.org/incoming",
    "notes": "What else one should know",
}
"""What the template of a new partner holds where the office writes its own (end of partners.yaml)."""


def duplicates(value: Any, marks: Marks, file: str) -> list[Problem]:
    """Duplicate ids of partners and programmes; found even where the rest of the file is not valid."""

    def entries(holder: Any, key: str) -> list[Any]:
        found = holder.get(key) if isinstance(holder, dict) else None
        return [e if isinstance(e, dict) else {} for e in found] if isinstance(found, tuple) else []

    def twice(items: list[Any], path: tuple[Any, ...], kind: str) -> Iterator[Problem]:
        counted = Counter(str(item.get("id")) for item in items if item.get("id") is not None)
        first: dict[str, int] = {}
        for number, item in enumerate(items):
            name = str(item.get("id"))
            line = marks.line_of((*path, number, "id"))
            if name in first:
                said = f'id "{name}" is taken by the {kind} on line {first[name]}, must be unique'
                yield Problem(file, line, f'{kind} "{name}": {said}')
            elif counted[name] > 1:
                first[name] = line

    partners = entries(value, "partners")
    found = list(twice(partners, ("partners",), "partner"))
    for number, partner in enumerate(partners):
        found += twice(entries(partner, "programmes"), ("partners", number, "programmes"), "programme")
    return found


Fault = tuple[tuple[Any, ...], str]
"""The path of a value in the file, and what is wrong with it."""


def contradictions(catalogue: Catalogue, marks: Marks, file: str) -> Iterator[Problem]:
    """Values that contradict each other, each valid alone."""
    for path, said in _all(catalogue):
        yield Problem(file, marks.line_of(path), said)
    yield from same_university(catalogue.partners, marks, file)


def _all(catalogue: Catalogue) -> Iterator[Fault]:
    yield from _common_numbers(catalogue)
    yield from _further_proofs(catalogue)
    yield from _overrides(catalogue)
    for number, partner in enumerate(catalogue.partners):
        for path, said in (*_agreements(partner), *_lacking(partner), *_left_of_the_template(partner)):
            yield ("partners", number, *path), f'partner "{partner.id}": {said}'
        for path, said in _named_twice(partner):
            yield ("partners", number, *path), f'partner "{partner.id}": {said}'


def _common_numbers(catalogue: Catalogue) -> Iterator[Fault]:
    common = catalogue.requirements
    for low, high in (("min_gpa_transcript", "min_gpa"), ("ielts", "ielts_up_to"), ("toefl", "toefl_up_to")):
        if getattr(common, low) > getattr(common, high):
            said = f"{low} is {getattr(common, low)}, must not be above {high} ({getattr(common, high)})"
            yield ("requirements", low), f"requirements: {said}"


def _further_proofs(catalogue: Catalogue) -> Iterator[Fault]:
    """Ids that are taken: by IELTS, TOEFL and the statement, or by another proof."""
    taken = set(PROOFS)
    for number, proof in enumerate(catalogue.requirements.further_proofs):
        if proof.id in taken:
            said = f'further_proofs.{number + 1}.id "{proof.id}" is taken, must be unique'
            yield ("requirements", "further_proofs", number, "id"), f"requirements: {said}"
        taken.add(proof.id)


def _overrides(catalogue: Catalogue) -> Iterator[Fault]:
    """Dates of a call that are not of its own year and term."""
    rules = catalogue.calls.model_copy(update={"overrides": {}})
    for name, dates in catalogue.calls.overrides.items():
        first, last = _bounds(calls.by_id(rules, name))
        if first <= dates.opens and dates.closes <= last:
            continue
        years = [year for year in (dates.opens.year, dates.opens.year + 1) if 2000 <= year < 2100]
        others = [calls.call_for(rules, term, year) for term in _TERMS for year in years]
        meant = min(others, key=lambda call: abs(call.first_day - dates.opens), default=None)
        hint = f", or stand under {meant.id}" if meant and meant.id != name else ""
        said = f"is {dates.opens} to {dates.closes}, must lie between {first} and {last}{hint}"
        yield ("calls", "overrides", name), f"calls.overrides.{name} {said}"


def _bounds(call: Call) -> tuple[datetime.date, datetime.date]:
    """From a year before the studies may begin to the end of their first month."""
    begin = call.studies_begin
    return begin.replace(year=begin.year - 1), begin.replace(day=31)


def _agreements(partner: Partner) -> Iterator[Fault]:
    own: list[tuple[tuple[Any, ...], Agreement | None]] = [(("agreement",), partner.agreement)]
    own += [(("programmes", n, "agreement"), each.agreement) for n, each in enumerate(partner.programmes)]
    for path, agreement in own:
        if agreement and agreement.status == "confirmed" and not (agreement.source and agreement.seen):
            said = "agreement is confirmed, must carry source (the office's own paper) and seen (its date)"
            yield path, said
        if agreement and agreement.status in ("named", "cooperation") and not _named_by_a_page(partner):
            said = f"agreement is {agreement.status}, must have among its sources a public page that says so"
            yield path, f"{said}: add agreement to the states of that page"
        if agreement and agreement.source == TEMPLATE["source"]:
            yield (*path, "source"), _of_the_template("agreement.source", TEMPLATE["source"])


def _named_by_a_page(partner: Partner) -> bool:
    return any(source.url and "agreement" in source.states for source in partner.sources)


def _lacking(partner: Partner) -> Iterator[Fault]:
    if not partner.programmes and partner.agreement.status != "cooperation":
        yield (), "programmes is empty, must name what one can apply for (but for a cooperation)"
    if partner.programmes and partner.agreement.status == "cooperation":
        said = "agreement.status is cooperation, where nobody can apply: delete programmes, or write named"
        yield ("agreement", "status"), said
    for n, source in enumerate(partner.sources):
        if not (source.url or source.title):
            yield ("sources", n), f"sources.{n + 1} has neither url nor title, must have one"


def _named_twice(partner: Partner) -> Iterator[Fault]:
    """Entries of a list that stand in it twice."""
    of: list[tuple[tuple[Any, ...], Terms]] = [((), partner)]
    of += [(("programmes", n), each) for n, each in enumerate(partner.programmes)]
    for path, terms in of:
        lists = {key: [str(each) for each in getattr(terms, key)] for key in _LISTS}
        lists["documents"] = [_folded(str(label(each.name))) for each in terms.documents]
        for key, names in lists.items():
            for n, name in enumerate(names):
                if name in names[:n]:
                    first = f"{key}.{names.index(name) + 1}"
                    yield (*path, key, n), f"{key}.{n + 1} is the same as {first}: delete one"


def _left_of_the_template(partner: Partner) -> Iterator[Fault]:
    for key in ("id", "name", "website", "notes"):
        if str(getattr(partner, key)) == TEMPLATE[key]:
            yield (key,), _of_the_template(key, TEMPLATE[key])
    for n, source in enumerate(partner.sources):
        if source.url == TEMPLATE["url"]:
            yield ("sources", n, "url"), _of_the_template(f"sources.{n + 1}.url", TEMPLATE["url"])


def _of_the_template(where: str, value: str) -> str:
    return f'{where} is still "{value}", as in the template: write the partner\'s own, or delete the line'


def same_university(partners: Iterable[Partner], marks: Marks, file: str) -> Iterator[Problem]:
    """Partners known by a name (in one country) or website of an earlier partner with another id."""
    first: dict[tuple[str, str], tuple[Partner, int]] = {}
    for number, partner in enumerate(partners):
        for key, path in _known_by(partner):
            line = marks.line_of(("partners", number, *path))
            other, there = first.setdefault(key, (partner, line))
            if other.id != partner.id:
                said = f'{path[0]} is that of partner "{other.id}" on line {there}'
                mend = "one university is one partner, with several programmes"
                yield Problem(file, line, f'partner "{partner.id}": {said}: {mend}')
                break


def _known_by(partner: Partner) -> Iterator[tuple[tuple[str, str], tuple[Any, ...]]]:
    for language in LANGUAGES:
        yield (partner.country, _folded(label(partner.name).to(language))), ("name", language)
    for number, each in enumerate(partner.also):
        yield (partner.country, _folded(each)), ("also", number)
    if partner.website:
        plain = partner.website.partition("://")[2].removeprefix("www.").rstrip("/").casefold()
        yield ("website", plain), ("website",)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()).removeprefix("the ")
