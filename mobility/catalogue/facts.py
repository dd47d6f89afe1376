"""The facts of a programme or a partner as rows for the site: label, value, sources."""

import functools
from typing import Literal, NamedTuple

from markupsafe import Markup

from mobility.catalogue.eligibility import any_of
from mobility.catalogue.gpa import format_gpa, gpa_rule
from mobility.catalogue.institution import Source
from mobility.catalogue.partners import Defaults, HostDay, Offer, Partner, Programme
from mobility.i18n import languages
from mobility.i18n.labels import in_words, label, label_list
from mobility.i18n.languages import Language, Said, format_number, said, say
from mobility.yamlfiles.field_types import Term


class Row(NamedTuple):
    """A labelled fact in the reader's language; `value` is empty where no source says. Words of the host are
    Markup, in which those without translation are marked as English."""

    label: str
    value: str
    sources: tuple[Source, ...]


class Told(NamedTuple):
    """What is told of a partner or programme: what one studies there, what the host asks of whom and until
    when, and what it costs."""

    study: list[Row]
    asked: list[Row]
    costs: Row

    def rows(self) -> list[Row]:
        """All of it."""
        return [*self.study, *self.asked, self.costs]


_EVERY = Programme(id="any", name="any")
_LABELS = {
    "gpa": said("GPA for selection"),
    "transcript": said("GPA from which a transcript is taken"),
    "language": said("Language that the host asks"),
    "languages": said("Languages of instruction"),
    "levels": said("Levels"),
    "fields": said("Fields"),
    "kind": said("Kind of agreement"),
    "length": said("Length"),
    "terms": said("Terms"),
    "seats": said("Places a year"),
    "until": said("Agreement valid to"),
    "nomination": said("The host takes our nominations to"),
    "application": said("The host takes applications of nominated students to"),
    "semesters": said("Semesters at the host"),
    "ects": said("Usual load a semester"),
    "costs": said("What it costs"),
}
_DAYS = {"autumn": said("for autumn: %(day)s"), "spring": said("for spring: %(day)s")}
_SEMESTERS = {"autumn": said("autumn: %(when)s"), "spring": said("spring: %(when)s")}


def of_partner(partner: Partner, rules: Defaults, to: Language) -> Told:
    """What holds for all programmes of a partner; where nothing does, what single programmes say."""
    offer = Offer(partner, _EVERY)
    singly = {
        label(programme.name).to(to): {row.label: row for row in of_programme(own, rules, to).rows()}
        for programme in partner.programmes
        if programme.model_fields_set - {"id", "name"} and (own := Offer(partner, programme))
    }
    ours = {_label("gpa", to), _label("transcript", to)} if offer.required("min_gpa") is None else set()

    def told(row: Row) -> Row:
        found = {name: rows[row.label] for name, rows in singly.items()}
        found = {name: own for name, own in found.items() if own.value not in ("", row.value)}
        if not found or (row.value and row.label not in ours):
            return row
        value = Markup(" · ").join(Markup("{} – {}").format(name, own.value) for name, own in found.items())
        return Row(row.label, value, tuple(dict.fromkeys(s for own in found.values() for s in own.sources)))

    study = [told(row) for row in (*_taught(offer, to), *_semesters(offer, to))]
    asked = [told(row) for row in (*_asked(offer, rules, to), *_until(offer, to))]
    return Told(study, asked, told(_costs(offer, to)))


def of_programme(offer: Offer, rules: Defaults, to: Language) -> Told:
    """All that is told of a programme."""
    study = [*_taught(offer, to), *_terms(offer, to), *_semesters(offer, to)]
    asked = [*_asked(offer, rules, to), *_until(offer, to), _valid_until(offer, to)]
    return Told(study, asked, _costs(offer, to))


def in_brief(partner: Partner, to: Language) -> list[str]:
    """What a card tells of a partner as far as it is known: languages of instruction, and what it asks."""
    offer = Offer(partner, _EVERY)
    gpa = offer.required("min_gpa")
    asked = [f"GPA {format_gpa(gpa)}"] if gpa is not None else []
    asked += [language] if (language := _language_asked(offer, to)) else []
    told = (
        (said("Languages of instruction: %(names)s"), _tongues(offer, to)),
        (said("The host asks: %(names)s"), ", ".join(asked)),
    )
    return [Said(text.text, {"names": names}).to(to) for text, names in told if names]


def offer_name(offer: Offer, to: Language) -> str:
    """The host and the programme, in the reader's language where there is a translation."""
    return translatable_name(offer).to(to)


def translatable_name(offer: Offer) -> Said:
    """The host and the programme, to be said in any language."""
    return Said(
        "%(host)s: %(programme)s",
        {"host": label(offer.partner.name), "programme": label(offer.programme.name)},
    )


@functools.lru_cache(4096)
def host_day(host: HostDay, to: Language) -> str:
    """A day of the host in words: of every year, or with the past year that its page speaks of."""
    day = languages.day_and_month(host.day.in_year(2027), to)
    return said("%(day)s (as of %(year)s)", day=day, year=host.dated).to(to) if host.dated else day


def sources_of(partner: Partner, *facts: str) -> tuple[Source, ...]:
    """Where any of the facts about a partner was read."""
    wanted = frozenset(facts)
    return tuple([source for source in partner.sources if not wanted.isdisjoint(source.states)])


def _asked(offer: Offer, rules: Defaults, to: Language) -> list[Row]:
    host = offer.required("min_gpa")
    read = sources_of(offer.partner, "requirements")
    rule = gpa_rule(rules, offer)
    selection = _selection(rule.selection, rules.gpa_scale, rules.min_gpa, host, to)
    return [
        Row(_label("gpa", to), selection, rules.sources if host is None else rules.sources + read),
        Row(
            _label("transcript", to),
            _transcript(rule.transcript, rules.gpa_scale, to),
            read if rule.transcript_by == "host" else rules.sources,
        ),
        Row(_label("language", to), _language_asked(offer, to), read),
    ]


def _taught(offer: Offer, to: Language) -> list[Row]:
    partner, programme = offer.partner, offer.programme
    levels = ("levels", "programmes") if programme.levels else ("levels",)
    fields = "programmes" if programme.fields else "fields"
    return [
        Row(_label("fields", to), label_list(offer.own("fields"), to), sources_of(partner, fields)),
        Row(_label("languages", to), _tongues(offer, to), sources_of(partner, "languages")),
        Row(_label("levels", to), label_list(offer.own("levels"), to), sources_of(partner, *levels)),
    ]


def _tongues(offer: Offer, to: Language) -> str:
    return ", ".join([languages.language_name(code, to) for code in offer.own("languages")])


def _terms(offer: Offer, to: Language) -> list[Row]:
    programme = offer.programme
    read = sources_of(offer.partner, "programmes")
    return [
        Row(_label("length", to), _any_of([label(each) for each in programme.length], to), read),
        Row(_label("terms", to), label_list(programme.terms, to), read),
        Row(_label("seats", to), "" if programme.seats is None else str(programme.seats), read),
    ]


def _semesters(offer: Offer, to: Language) -> list[Row]:
    partner, programme = offer.partner, offer.programme
    own = programme.semesters.autumn or programme.semesters.spring
    taught = (programme if own else partner).semesters
    semesters = [
        Markup(languages.translations(to).gettext(text.text)) % {"when": in_words(when, to)}
        for term, text in _SEMESTERS.items()
        if (when := getattr(taught, term))
    ]
    ects = offer.own("ects")
    return [
        Row(_label("semesters", to), Markup("; ").join(semesters), sources_of(partner, "semesters")),
        Row(_label("ects", to), "" if ects is None else f"{ects:g} ECTS", sources_of(partner, "ects")),
    ]


def _until(offer: Offer, to: Language) -> list[Row]:
    days = sources_of(offer.partner, "deadlines")
    kind = offer.agreement.kind
    return [
        Row(_label("nomination", to), _deadlines(offer, "nomination", to), days),
        Row(_label("application", to), _deadlines(offer, "application", to), days),
        Row(_label("kind", to), label_list((kind,), to) if kind else "", _agreement_sources(offer)),
    ]


def _valid_until(offer: Offer, to: Language) -> Row:
    until = offer.agreement.valid_until
    return Row(_label("until", to), languages.day(until, to) if until else "", _agreement_sources(offer))


def _costs(offer: Offer, to: Language) -> Row:
    costs = offer.own("costs")
    stated = "programmes" if offer.programme.costs else "costs"
    return Row(_label("costs", to), label(costs).to(to) if costs else "", sources_of(offer.partner, stated))


def _deadlines(offer: Offer, stage: Literal["nomination", "application"], to: Language) -> str:
    terms: tuple[Term, ...] = ("autumn", "spring")
    return "; ".join([_on(day, term, to) for term in terms if (day := offer.deadline(stage, term))])


def _agreement_sources(offer: Offer) -> tuple[Source, ...]:
    """Where the agreement was read: the office's own paper, if it names one."""
    own = offer.agreement
    if own.source and own.seen:
        return (Source(title=own.source, seen=own.seen),)
    return sources_of(offer.partner, "agreement")


# Hosts share their numbers, words and days: with the caches of dates these save an eighth of a large build.


@functools.cache
def _label(name: str, to: Language) -> str:
    return _LABELS[name].to(to)


@functools.lru_cache(4096)
def _selection(needed: float, scale: float, ours: float, host: float | None, to: Language) -> str:
    numbers = {
        "gpa": format_gpa(needed),
        "scale": format_number(scale, 1),
        "ours": format_number(ours, 1),
    }
    if host is None:
        text = said("%(gpa)s of %(scale)s (ours is %(ours)s; the host's own number is not known)", **numbers)
    else:
        text = said(
            "%(gpa)s of %(scale)s (ours is %(ours)s; the host asks %(host)s)",
            host=format_gpa(host),
            **numbers,
        )
    return text.to(to)


@functools.lru_cache(4096)
def _transcript(floor: float, scale: float, to: Language) -> str:
    return said("%(gpa)s of %(scale)s", gpa=format_gpa(floor), scale=format_number(scale, 1)).to(to)


def _language_asked(offer: Offer, to: Language) -> str:
    return _language(offer.required("cefr"), offer.required("ielts"), offer.required("toefl"), to)


@functools.lru_cache(4096)
def _language(cefr: str | None, ielts: float | None, toefl: int | None, to: Language) -> str:
    asked: list[str | Said] = [
        said("level %(level)s (CEFR)", level=cefr) if cefr else "",
        f"IELTS {format_number(ielts, 1)}" if ielts else "",
        f"TOEFL {toefl}" if toefl else "",
    ]
    return _any_of([each for each in asked if each], to)


def _any_of(things: list[str | Said], to: Language) -> str:
    return say(any_of(things), to) if things else ""


@functools.lru_cache(4096)
def _on(day: HostDay, term: Term, to: Language) -> str:
    """A day of the host, and for which term."""
    return Said(_DAYS[term].text, {"day": host_day(day, to)}).to(to)
