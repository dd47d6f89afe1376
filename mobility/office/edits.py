"""Edits of the files that make the rules, checked whole before one takes the place of that before."""

import datetime
import difflib
import hashlib
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from mobility import storage
from mobility.applications import journal, lookup, search
from mobility.applications.review import NotPossible
from mobility.catalogue import calls, facts, rulebook
from mobility.catalogue.partners import Partner
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Language, said
from mobility.office.desk import Desk
from mobility.office.last_good import file_names
from mobility.paths import Checkout

_RECENT = datetime.timedelta(days=365)
_AROUND = 2
"""Lines shown around what differs."""


class Overtaken(NotPossible):
    """Somebody else has changed the file since the text was read that was edited."""


class InUse(NotPossible):
    """Programmes would be gone that students wish for or hold a place of."""


@dataclass(frozen=True)
class Gone:
    """A programme that the catalogue would have no more. `wishes`: how many chose it in calls of the last
    year, `held`: how many of these hold one of its places."""

    programme: str
    wishes: int
    held: int


def text(checkout: Checkout, name: str) -> str:
    """What stands in a file that the office edits. Raises NotPossible where it is none of them."""
    if name not in file_names(checkout.root):
        raise NotPossible(said("%(file)s is no file of the rules", file=name))
    return (checkout.root / name).read_text(encoding="utf-8")


def trial(checkout: Checkout, name: str, written: str) -> Rulebook:
    """The rules as they would be if one file read so. Raises InvalidFile."""
    with tempfile.TemporaryDirectory() as place:
        copy = Checkout(Path(place))
        for each in file_names(checkout.root):
            content = written if each == name else text(checkout, each)
            storage.folder((copy.root / each).parent)
            storage.write(copy.root / each, content)
        return rulebook.load(copy)


def on_the_pages(before: Rulebook, after: Rulebook, to: Language) -> list[tuple[str, str, str, str]]:
    """What readers would see differently of programmes: which one, what of it, before, and after."""
    one, other = _told(before, to), _told(after, to)
    found = []
    for programme, label in sorted(one.keys() | other.keys()):
        old, new = one.get((programme, label), ""), other.get((programme, label), "")
        if old != new:
            found.append((programme, label, old, new))
    return found


def gone(desk: Desk, after: Rulebook) -> list[Gone]:
    """The programmes that rules would have no more, and that students have chosen since a year."""
    rules, kept = desk.book.catalogue.calls, desk.instance
    recent = [call for call in lookup.calls(kept) if calls.by_id(rules, call).closes > desk.now - _RECENT]
    wishes = [search.wishes(kept, call) for call in recent]
    holding = search.holding(kept, recent)
    stays = {offer.id for offer in after.catalogue.offers()}
    found = [
        Gone(
            offer.id,
            sum(sum(each.get(offer.id, ())) for each in wishes),
            sum(offer.id in each.holds for each in holding),
        )
        for offer in desk.book.catalogue.offers()
        if offer.id not in stays
    ]
    return [each for each in found if each.wishes or each.held]


def changed_partners(before: Rulebook, after: Rulebook) -> list[Partner]:
    """The partners whose pages may look different: those that are written otherwise, or are new; all, where
    anything else than the partners is."""
    shown = after.catalogue.visible_partners()
    if replace(before, catalogue=after.catalogue, version="") != replace(after, version=""):
        return list(shown)
    if before.catalogue.model_copy(update={"partners": after.catalogue.partners}) != after.catalogue:
        return list(shown)
    known = {partner.id: partner for partner in before.catalogue.visible_partners()}
    return [partner for partner in shown if known.get(partner.id) != partner]


def _told(book: Rulebook, to: Language) -> dict[tuple[str, str], str]:
    """Everything that the pages of programmes tell, by programme and label."""
    rules = book.catalogue.requirements
    return {
        (facts.offer_name(offer, to), row.label): row.value
        for offer in book.catalogue.offers()
        for row in facts.of_programme(offer, rules, to).rows()
        if row.value
    }


def difference(checkout: Checkout, name: str, written: str) -> list[str]:
    """The lines that would change, as `diff -u` shows them."""
    before = text(checkout, name).splitlines()
    lines = difflib.unified_diff(before, written.splitlines(), name, name, lineterm="", n=_AROUND)
    return list(lines)[2:]


def version(checkout: Checkout, name: str) -> str:
    """The SHA-256 of a file as it stands, by which an edit says on which text it was made."""
    return hashlib.sha256(text(checkout, name).encode()).hexdigest()


def put(
    desk: Desk, checkout: Checkout, name: str, written: str, based_on: str, nevertheless: bool = False
) -> None:
    """Puts a file in the place of the one before, atomically. `based_on`: the version that was edited;
    `nevertheless`: though programmes go that students have chosen. Raises InvalidFile where something is
    wrong with it, Overtaken where another version stands there by now, InUse, and NotPossible where this
    program may not write there."""
    target = checkout.root / name
    if not os.access(target.parent, os.W_OK):
        raise NotPossible(
            said(
                "the portal may not write %(file)s: give the checked file to whoever runs the server",
                file=target,
            )
        )
    with storage.locked(desk.instance.root, name=".rules.lock"):  # two files may be right each, and not both
        after = trial(checkout, name, written)
        if going := [] if nevertheless else gone(desk, after):
            names = ", ".join(each.programme for each in going)
            raise InUse(said("students have chosen what would be gone: %(programmes)s", programmes=names))
        if version(checkout, name) != based_on:
            raise Overtaken(said("%(file)s was changed by somebody else while you edited it", file=name))
        mode = target.stat().st_mode
        storage.write(target, written)
        target.chmod(mode)  # others than the portal read it: the build of the site
    journal.record(desk.instance, desk.now, "rules edited", name, by=desk.by)
