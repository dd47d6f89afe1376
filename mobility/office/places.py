"""Places of a call, host by host: how many there are, who wishes for them, has them, and is next in line."""

from dataclasses import dataclass
from typing import NamedTuple

from mobility.applications import search
from mobility.applications.bags import Bag
from mobility.applications.review import Standing
from mobility.applications.summary import Summary
from mobility.catalogue import calls
from mobility.catalogue.partners import Offer
from mobility.office.desk import Desk


@dataclass(frozen=True)
class Place:
    """A programme in a call. `offer`: none where the catalogue has it no more; `seats`: places a year, none
    where no source says; `wishes`: how many chose it first, second and third; `nominated`: who take one of
    its places, told or not; `taken`: those of them who said yes; `waiting`: who is in line, in order."""

    id: str
    offer: Offer | None
    seats: int | None
    wishes: tuple[int, int, int]
    nominated: tuple[Summary, ...]
    taken: int
    waiting: tuple[Summary, ...]

    @property
    def left(self) -> int | None:
        """How many places nobody takes; none where their number is not known."""
        return None if self.seats is None else self.seats - len(self.nominated)

    @property
    def next(self) -> Summary | None:
        """Who can be offered a place now: the first in line, unless nobody waits, all places are given or the
        programme is gone."""
        full = self.left is not None and self.left <= 0
        return self.waiting[0] if self.waiting and self.offer and not full else None


class OtherChoice(NamedTuple):
    """A choice that can be offered instead. `number`: 1 the first; `left`: free places, none where their
    number is not known."""

    number: int
    id: str
    left: int | None


@dataclass(frozen=True)
class Lost:
    """A nomination that was told, and came to nothing. `programme`: of which the place is free again;
    `others`: what else the student chose and was not nominated for; `next`: who is next in line."""

    programme: str
    others: tuple[OtherChoice, ...]
    next: Summary | None


def lost(desk: Desk, bag: Bag, there: Standing) -> Lost | None:
    """What can be offered to whom after a place was declined, refused by the host or given up; none where no
    nomination was lost, or the next decision is drafted already."""
    told = there.told
    if told is None or told.decision.outcome != "nominated" or there.is_nominated or there.drafted:
        return None
    choices = enumerate(bag.record()["choices"], 1) if not there.withdrawn else ()
    tried = {each.decision.programme for each in there.decisions if each.declined or each.refused}
    others = tuple(
        OtherChoice(number, choice["id"], seats_left(desk, bag.call, choice["id"]))
        for number, choice in choices
        if choice["id"] not in tried
    )
    programme = str(told.decision.programme)
    place = next((each for each in places(desk, bag.call) if each.id == programme), None)
    return Lost(programme, others, place.next if place else None)


def places(desk: Desk, call: str) -> list[Place]:
    """The programmes that somebody chose in a call, those wished most first."""
    wishes = search.wishes(desk.instance, call)
    offers = {offer.id: offer for offer in desk.book.catalogue.offers()}
    holding = search.holding(desk.instance, _calls_of_the_year(desk, call))
    waiting = search.waiting(desk.instance, call)
    chosen = {*wishes, *(programme for each in holding for programme in each.holds)}
    rows = [
        Place(
            name,
            offers.get(name),
            offers[name].programme.seats if name in offers else None,
            wishes.get(name, (0, 0, 0)),
            tuple(each for each in holding if name in each.holds),
            sum(name in each.holds and each.state == "place taken" for each in holding),
            tuple(each for each in waiting if _waits_for(each, name)),
        )
        for name in chosen
    ]
    return sorted(
        rows, key=lambda row: (-row.wishes[0], -sum(row.wishes), row.offer.name if row.offer else row.id)
    )


def seats_left(desk: Desk, call: str, programme: str) -> int | None:
    """How many places of a programme nobody takes yet, in the academic year of a call; none where no source
    says how many there are."""
    offers = {offer.id: offer for offer in desk.book.catalogue.offers()}
    seats = offers[programme].programme.seats if programme in offers else None
    if seats is None:
        return None
    holding = search.holding(desk.instance, _calls_of_the_year(desk, call))
    return seats - sum(programme in each.holds for each in holding)


def _waits_for(each: Summary, programme: str) -> bool:
    """Whether somebody on the waiting list waits for a programme: the one that is said, or any chosen."""
    return each.waits == programme if each.waits else programme in [choice.id for choice in each.choices]


def _calls_of_the_year(desk: Desk, call: str) -> list[str]:
    """The calls for the two terms of an academic year: hosts count their places by that."""
    rules = desk.book.catalogue.calls
    this = calls.by_id(rules, call)
    autumn = this.year if this.term == "autumn" else this.year - 1
    return [calls.call_for(rules, "autumn", autumn).id, calls.call_for(rules, "spring", autumn + 1).id]
