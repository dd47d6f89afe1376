"""The numbers of small bar charts, drawn as SVG by the templates."""

from collections.abc import Mapping
from dataclasses import dataclass

from mobility.catalogue.facts import offer_name
from mobility.catalogue.partners import Catalogue
from mobility.i18n.languages import Language

_WIDTH, _HEIGHT, _GAP = 600, 120, 2
_MOST_HOSTS = 12


@dataclass(frozen=True)
class Bar:
    """A bar: what it stands for, how many, and where it is drawn (units of the SVG)."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Host:
    """A row of wishes against places: per cents of the longest row. `seats`: none where no source says."""

    name: str
    first: int
    others: int
    seats: int | None
    first_width: float
    others_width: float
    seats_at: float | None


def bars(counted: Mapping[str, int]) -> list[Bar]:
    """Bars side by side, the highest as high as there is room."""
    most, step = max(counted.values(), default=1), _WIDTH / max(len(counted), 1)
    return [
        Bar(label, count, round(n * step, 2), round(_HEIGHT * (1 - count / most), 2),
            round(max(step - _GAP, 1), 2), round(_HEIGHT * count / most, 2))
        for n, (label, count) in enumerate(counted.items())
    ]  # fmt: skip


def wishes(counted: Mapping[str, tuple[int, int, int]], catalogue: Catalogue, to: Language) -> list[Host]:
    """The programmes that are wished most, with their places, named in a language."""
    offers = {offer.id: offer for offer in catalogue.offers()}
    rows = sorted(counted.items(), key=lambda each: (-each[1][0], -sum(each[1]), each[0]))[:_MOST_HOSTS]
    known = [(offers[name], row) for name, row in rows if name in offers]
    seats = [offer.programme.seats or 0 for offer, _ in known]
    most = max((sum(row) for _, row in known), default=1)
    most = max([most, *seats])
    return [
        Host(
            offer_name(offer, to),
            row[0],
            row[1] + row[2],
            places or None,
            round(100 * row[0] / most, 2),
            round(100 * (row[1] + row[2]) / most, 2),
            round(100 * places / most, 2) if places else None,
        )
        for (offer, row), places in zip(known, seats, strict=True)
    ]
