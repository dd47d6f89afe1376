"""The catalogue as JSON: whole, for anyone who builds on it, and in brief, for the finder in the browser.

`docs/catalogue-json.md` describes the whole one; its ids are those of `partners.yaml`, and stay.
"""

import datetime
import json
from collections.abc import Iterable
from typing import Any

from mobility.catalogue import calls, eligibility, facts, scales, toefl
from mobility.catalogue.calls import Call
from mobility.catalogue.partners import Catalogue, Offer, Partner
from mobility.catalogue.scales import Scale
from mobility.i18n import languages
from mobility.i18n.labels import has_label, label
from mobility.i18n.languages import LANGUAGES, Language
from mobility.i18n.words import Words
from mobility.yamlfiles.field_types import MonthDay

FORMAT = 1
"""Goes up when a reader of the whole catalogue would have to change."""
TRANSLATIONS = "{}_in"
"""The key beside a text's own, under which it stands in the languages other than English."""
SCHEMA = "catalogue.schema.json"
"""The JSON Schema of the whole catalogue, which stands beside it."""
Facets = dict[str, tuple[str, ...]]
"""By what a programme can be filtered, with its values; empty where no source says."""
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def whole(catalogue: Catalogue, now: datetime.datetime) -> dict[str, Any]:
    """Everything that the site says of partners and programmes, with sources; facts that no source states are
    left out. `now` in the institution's time zone."""
    rules = catalogue.calls
    return {
        "$schema": SCHEMA,
        "format": FORMAT,
        "generated": now.isoformat(timespec="seconds"),
        "institution": _plain(catalogue.institution),
        "requirements": _plain(catalogue.requirements),
        "calls": [
            {"id": call.id, "opens": call.opens.isoformat(), "closes": call.closes.isoformat()}
            for call in calls.coming(rules, now)
        ],
        "partners": [_plain(partner) for partner in catalogue.visible_partners()],
    }


def as_json_lines(known: dict[str, Any]) -> str:
    """The whole catalogue as JSON, each partner on a line of its own: a change is seen in a comparison."""
    head = as_json({name: value for name, value in known.items() if name != "partners"})
    rows = ",\n".join(map(as_json, known["partners"]))
    return f'{head[:-1]},"partners":[\n{rows}\n]}}\n'


def as_json(value: Any) -> str:
    """A value as compact JSON."""
    return _JSON.encode(value)


def finder_data(catalogue: Catalogue, now: datetime.datetime, to: Language) -> dict[str, Any]:
    """What the finder needs, in a language: the common rules, the words, what hosts ask, and a row for each
    programme that can be chosen in a coming call. `now` in the institution's time zone.

    What many rows share stands once: the `names` of what they can be filtered by, and each kind of asking in
    `asks`, of which a row tells the place; so the finder judges a kind once, however many hosts ask it.
    """
    coming = calls.coming(catalogue.calls, now)
    common = catalogue.requirements
    home = catalogue.institution.country

    def place(offer: Offer) -> tuple[bool, str, str]:
        partner = offer.partner
        country, name = languages.country_name(partner.country, to), _labelled(partner.name, to)
        return partner.country != home, languages.alphabetical(country), languages.alphabetical(name)

    offers = sorted((o for o in catalogue.offers() if calls.first_for(coming, o)), key=place)
    asked = [eligibility.host_requirements(offer) for offer in offers]
    keys = [as_json(each) for each in asked]
    kinds = dict(zip(keys, asked, strict=True))
    places = {key: number for number, key in enumerate(kinds)}
    facets = [_facets(offer) for offer in offers]
    return {
        "common": {
            "min_gpa": common.min_gpa,
            "min_gpa_transcript": common.min_gpa_transcript,
            "ielts": common.ielts,
            "toefl": common.toefl,
            "toefl_bands": {languages.format_number(score, 1): band for score, band in toefl.BANDS.items()},
            "statement": common.statement,
            "further_proofs": {
                proof.id: {"name": proof.name.to(to)} | ({"cefr": proof.cefr} if proof.cefr else {})
                for proof in common.further_proofs
            },
            "years_of_study": {level: list(years) for level, years in common.years_of_study.items()},
        },
        "sentences": eligibility.sentences(to),
        "scales": {name: _scale(scales.SCALES[name], to) for name in ("gpa", "ielts", "toefl", "toefl-6")},
        "names": _names(facets, to),
        "asks": list(kinds.values()),
        "programmes": [
            _row(offer, found, calls.last_for(coming, offer), to) | {"asks": places[key]}
            for offer, found, key in zip(offers, facets, keys, strict=True)
        ],
    }


def _scale(scale: Scale, to: Language) -> dict[str, Any]:
    """What can be typed, and what is said of anything else."""
    steps = {"step": scale.step, "steps": scale.steps.to(to)} if scale.steps else {}
    other = {"other_up_to": scale.other_up_to, "other": scale.other.to(to)} if scale.other else {}
    return {"low": scale.low, "high": scale.high, "bounds": scale.bounds.to(to), **steps, **other}


def _facets(offer: Offer) -> Facets:
    return {
        "country": (offer.partner.country,),
        "level": offer.own("levels"),
        "field": offer.own("fields"),
        "language": offer.own("languages"),
        "term": offer.programme.terms,
        "duration": offer.programme.length,
        "agreement": (offer.agreement.status,),
        "kind": (offer.agreement.kind,) if offer.agreement.kind else (),
    }


def _names(facets: Iterable[Facets], to: Language) -> dict[str, dict[str, str]]:
    """The values of each facet that some programme has, with their names in a language."""
    found: dict[str, dict[str, str]] = {}
    for each in facets:
        for facet, values in each.items():
            names = found.setdefault(facet, {})
            for value in values:
                if value not in names:
                    names[value] = _NAMED.get(facet, _labelled)(value, to)
    return found


def _labelled(word: str, to: Language) -> str:
    return label(word).to(to)


_NAMED = {"country": languages.country_name, "language": languages.language_name}


def _row(offer: Offer, facets: Facets, last: Call | None, to: Language) -> dict[str, Any]:
    partner, programme = offer.partner, offer.programme
    return {
        "id": offer.id,
        "name": _labelled(programme.name, to),
        "partner": _labelled(partner.name, to),
        **_original(partner, to),
        "city": _labelled(partner.city, to),
        **facets,
        "deadlines": _deadlines(offer, to),
        "until": last.last_day.isoformat() if last else "",
    }


def _original(partner: Partner, to: Language) -> dict[str, str]:
    """A translated host's own name, by which it is looked for as well."""
    return {} if _labelled(partner.name, to) == partner.name else {"original": partner.name}


def _deadlines(offer: Offer, to: Language) -> dict[str, str]:
    """The host's last day for our nominations, for each term that a source names."""
    days = {term: offer.deadline("nomination", term) for term in ("autumn", "spring")}
    return {term: facts.host_day(day, to) for term, day in days.items() if day}


def _plain(thing: Any) -> Any:
    """A model as JSON has it; what is unknown or empty is left out."""
    if isinstance(thing, (str, int, float)):
        return thing
    if isinstance(thing, MonthDay):
        return f"{thing.month:02}-{thing.day:02}"
    if isinstance(thing, tuple):
        return [_plain(each) for each in thing]
    if isinstance(thing, datetime.date):
        return thing.isoformat()
    made: dict[str, Any] = {}
    for name, value in (thing if isinstance(thing, dict) else vars(thing)).items():
        plain = None if value is None else _plain(value)
        if plain or isinstance(plain, (int, float)):
            made[name] = plain
            if translations := _translations(value):
                made[TRANSLATIONS.format(name)] = translations
    return made


def _translations(value: Any) -> dict[Language, str | list[str]]:
    """A text of the catalogue, or a list of them, in the languages into which all of it is translated."""
    texts = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(text, Words) for text in texts):
        return {}
    told = {to: [label(text).to(to) for text in texts if has_label(text, to)] for to in LANGUAGES[1:]}
    whole = {to: found for to, found in told.items() if len(found) == len(texts)}
    return {to: found if isinstance(value, tuple) else found[0] for to, found in whole.items()}
