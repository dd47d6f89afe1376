"""Finds outdated facts in the catalogue: old sources, facts without a source, expired agreements."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mobility.catalogue.institution import Fact, Institution, Source
from mobility.catalogue.partners import Agreement, Catalogue, Partner, Terms

OLD = datetime.timedelta(days=365)
SOON = datetime.timedelta(days=183)


@dataclass(frozen=True)
class Finding:
    """One thing for the office to look after."""

    kind: Literal["expired", "expires soon", "contradiction", "missing", "dated", "old", "no source"]
    where: str
    says: str


def old(source: Source, today: datetime.date) -> bool:
    """Whether a source was seen more than a year ago: what it states may have changed."""
    return today - source.seen > OLD


def report(catalogue: Catalogue, today: datetime.date) -> Iterator[Finding]:
    """What to look after, the most pressing first."""
    yield from sorted(
        (finding for partner in catalogue.partners for finding in _agreements(partner, today)),
        key=lambda finding: finding.kind != "expired",
    )
    yield from _of_the_institution(catalogue.institution)
    for partner in catalogue.partners:
        for of, where in ((partner, ""), *((g, f': programme "{g.id}"') for g in partner.programmes)):
            if of.deadlines.dated:
                said = f"its deadlines are of {of.deadlines.dated}: look for those of this year"
                yield Finding("dated", f'partner "{partner.id}"{where}', said)
    yield from (finding for where, source in _sources(catalogue) for finding in _seen(where, source, today))
    for partner_id, fact in unsourced(catalogue):
        yield Finding("no source", f'partner "{partner_id}"', f"no source states its {fact}")


def _of_the_institution(institution: Institution) -> Iterator[Finding]:
    """What needs the office's word: where its pages disagree, and where it can be written to."""
    for found in institution.contradictions:
        one, other = (
            f"{page.url or page.title} (seen {page.seen})" for page in (found.followed, found.other)
        )
        for point in found.points:
            said = f'{point.about}: "{point.followed}" on {one}, which is followed; "{point.other}" on '
            follow = f"{other}; to follow that: {point.setting}" if point.setting else other
            yield Finding("contradiction", "institution", said + follow)
    if not institution.office.email:
        said = "no email is given: who is sent to the office with a question must look for its address"
        yield Finding("missing", "institution.office", said)


def unsourced(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """(partner's id, fact) for each fact that the file gives and no source of the partner states."""
    facts = [fact for fact in Fact.__args__ if fact not in ("agreement", "programmes")]  # type: ignore[attr-defined]
    for partner in catalogue.partners:
        stated = {fact for source in partner.sources for fact in source.states}
        empty = Terms()
        for fact in facts:
            if fact not in stated and getattr(partner, fact) != getattr(empty, fact, ()):
                yield partner.id, fact
        told = any(each.model_fields_set - {"id", "name"} for each in partner.programmes)
        if told and "programmes" not in stated:
            yield partner.id, "programmes"


def _sources(catalogue: Catalogue) -> Iterator[tuple[str, Source]]:
    """Every source with the place that names it; the paper of an agreement is one too."""
    yield from (("institution", source) for source in catalogue.institution.sources)
    yield from (("requirements", source) for source in catalogue.requirements.sources)
    for partner in catalogue.partners:
        yield from ((f'partner "{partner.id}"', source) for source in partner.sources)
        for where, agreement in _every(partner):
            if agreement.source and agreement.seen:
                yield where, Source(title=agreement.source, seen=agreement.seen, states=("agreement",))


def _seen(where: str, source: Source, today: datetime.date) -> Iterator[Finding]:
    if old(source, today):
        states = f" ({', '.join(source.states)})" if source.states else ""
        said = f"seen {source.seen}, more than a year ago: {source.url or source.title}{states}"
        yield Finding("old", where, said)


def _every(partner: Partner) -> Iterator[tuple[str, Agreement]]:
    """Every agreement with the place that names it."""
    yield f'partner "{partner.id}"', partner.agreement
    for programme in partner.programmes:
        if programme.agreement:
            yield f'partner "{partner.id}": programme "{programme.id}"', programme.agreement


def _agreements(partner: Partner, today: datetime.date) -> Iterator[Finding]:
    for where, agreement in _every(partner):
        until = agreement.valid_until
        if until is None:
            continue
        if agreement.expired(today):
            said = f"its agreement ran out on {until}: its programmes are offered no more"
            yield Finding("expired", where, said)
        elif until - today <= SOON:
            yield Finding("expires soon", where, f"its agreement runs out on {until}")
