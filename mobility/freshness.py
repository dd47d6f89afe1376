"""How old the facts of the catalogue are, and which agreements have run out or soon will."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mobility.catalogue import Agreement, Catalogue, Fact, Partner, Source, Terms

OLD = datetime.timedelta(days=365)
SOON = datetime.timedelta(days=183)


@dataclass(frozen=True)
class Finding:
    """One thing for the office to look after."""

    kind: Literal["expired", "expires soon", "old", "no source"]
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
    for partner in catalogue.partners:
        for source in partner.sources:
            if old(source, today):
                states = ", ".join(source.states) or "nothing named"
                said = f"seen {source.seen}, more than a year ago: {source.url or source.title} ({states})"
                yield Finding("old", f'partner "{partner.id}"', said)
    for partner_id, fact in unsourced(catalogue):
        yield Finding("no source", f'partner "{partner_id}"', f"no source states its {fact}")


def unsourced(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """(partner's id, fact) for each fact that the file gives and no source of the partner states."""
    facts = [fact for fact in Fact.__args__ if fact not in ("agreement", "programmes")]  # type: ignore[attr-defined]
    for partner in catalogue.partners:
        stated = {fact for source in partner.sources for fact in source.states}
        empty = Terms()
        for fact in facts:
            if fact not in stated and getattr(partner, fact) != getattr(empty, fact):
                yield partner.id, fact


def _agreements(partner: Partner, today: datetime.date) -> Iterator[Finding]:
    own: list[tuple[str, Agreement]] = [(f'partner "{partner.id}"', partner.agreement)]
    own += [
        (f'partner "{partner.id}": programme "{programme.id}"', programme.agreement)
        for programme in partner.programmes
        if programme.agreement
    ]
    for where, agreement in own:
        until = agreement.valid_until
        if until is None:
            continue
        if agreement.over(today):
            said = f"its agreement ran out on {until}: its programmes are offered no more"
            yield Finding("expired", where, said)
        elif until - today <= SOON:
            yield Finding("expires soon", where, f"its agreement runs out on {until}")
