"""Edits of the files that make the rules, checked whole before one takes the place of that before."""

import difflib
import hashlib
import os
import tempfile
from dataclasses import replace
from pathlib import Path

from mobility import storage
from mobility.applications import journal
from mobility.applications.review import NotPossible
from mobility.catalogue import facts, rulebook
from mobility.catalogue.partners import Partner
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Language, said
from mobility.office.desk import Desk
from mobility.office.last_good import file_names
from mobility.paths import Checkout

_AROUND = 2
"""Lines shown around what differs."""


class Overtaken(NotPossible):
    """Somebody else has changed the file since the text was read that was edited."""


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


def put(desk: Desk, checkout: Checkout, name: str, written: str, based_on: str) -> None:
    """Puts a file in the place of the one before, atomically. `based_on`: the version that was edited. Raises
    InvalidFile where something is wrong with it, Overtaken where another version stands there by now,
    NotPossible where this program may not write there."""
    target = checkout.root / name
    if not os.access(target.parent, os.W_OK):
        raise NotPossible(
            said(
                "the portal may not write %(file)s: give the checked file to whoever runs the server",
                file=target,
            )
        )
    with storage.locked(desk.instance.root, name=".rules.lock"):  # two files may be right each, and not both
        trial(checkout, name, written)
        if version(checkout, name) != based_on:
            raise Overtaken(said("%(file)s was changed by somebody else while you edited it", file=name))
        mode = target.stat().st_mode
        storage.write(target, written)
        target.chmod(mode)  # others than the portal read it: the build of the site
    journal.record(desk.instance, desk.now, "rules edited", name, by=desk.by)
