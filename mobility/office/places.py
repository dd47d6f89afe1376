"""Places of a call, host by host: how many there are, who wishes for them, has them, and is next in line."""

from dataclasses import dataclass

from mobility.applications import search
from mobility.applications.summary import Summary
from mobility.catalogue import calls
from mobility.catalogue.partners import Offer
from mobility.office.desk import Desk


@dataclass(frozen=True)
class Place:
    """A programme in a call. `seats`: places a year, none where no source says; `wishes`: how many chose it
    first, second and third; `nominated`: who take one of its places, told or not; `taken`: those of them who
    said yes; `waiting`: who is in line, the first first."""

    offer: Offer
    seats: int | None
    wishes: tuple[int, int, int]
    nominated: tuple[Summary, ...]
    taken: int
    waiting: tuple[Summary, ...]

    @property
    def left(self) -> int | None:
        """How many places nobody takes; none where their number is not known."""
        return None if self.seats is None else self.seats - len(self.nominated)


def places(desk: Desk, call: str) -> list[Place]:
    """The programmes that somebody chose in a call, those wished most first."""
    wishes = search.wishes(desk.instance, call)
    offers = {offer.id: offer for offer in desk.book.catalogue.offers()}
    holding = search.holding(desk.instance, _calls_of_the_year(desk, call))
    waiting = search.waiting(desk.instance, call)
    chosen = {*wishes, *(programme for each in holding for programme in each.holds)} & offers.keys()
    rows = [
        Place(
            offers[name],
            offers[name].programme.seats,
            wishes.get(name, (0, 0, 0)),
            tuple(each for each in holding if name in each.holds),
            sum(name in each.holds and each.state == "place taken" for each in holding),
            tuple(each for each in waiting if name in (each.waits or [c.id for c in each.choices])),
        )
        for name in chosen
    ]
    return sorted(rows, key=lambda row: (-row.wishes[0], -sum(row.wishes), row.offer.name))


def seats_left(desk: Desk, call: str, programme: str) -> int | None:
    """How many places of a programme nobody takes yet, in the academic year of a call; none where no source
    says how many there are."""
    offers = {offer.id: offer for offer in desk.book.catalogue.offers()}
    seats = offers[programme].programme.seats if programme in offers else None
    if seats is None:
        return None
    holding = search.holding(desk.instance, _calls_of_the_year(desk, call))
    return seats - sum(programme in each.holds for each in holding)


def _calls_of_the_year(desk: Desk, call: str) -> list[str]:
    """The calls for the two terms of an academic year: hosts count their places by that."""
    rules = desk.book.catalogue.calls
    this = calls.by_id(rules, call)
    autumn = this.year if this.term == "autumn" else this.year - 1
    return [calls.call_for(rules, "autumn", autumn).id, calls.call_for(rules, "spring", autumn + 1).id]
