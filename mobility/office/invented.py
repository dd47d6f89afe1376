"""Invented applicants with real files, for rehearsals: twelve applications, one in each state."""

import datetime
import io
import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from mobility.applications import closer_looks, completeness, drafts, private_links, review, submissions
from mobility.applications.bags import Bag
from mobility.applications.drafts import Draft
from mobility.catalogue import iin
from mobility.catalogue.calls import Call
from mobility.catalogue.documents import Slot
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n import languages
from mobility.office import actions, checks, decisions
from mobility.office.desk import Desk
from mobility.pdfforms import render

_FAMILY = ("Sampleova", "Inventbayev", "Exampleuly", "Fictionova", "Testbekova", "Mockenov", "Draftkyzy")
_GIVEN = ("Aigerim", "Daniyar", "Madina", "Timur", "Saule", "Arman", "Kamila", "Yerlan")
_NATIVE = {
    "Sampleova": "Үлгіова", "Inventbayev": "Инвентбаев", "Exampleuly": "Мысалұлы", "Fictionova": "Фикционова",
    "Testbekova": "Тестбекова", "Mockenov": "Мокенов", "Draftkyzy": "Драфтқызы", "Aigerim": "Әйгерім",
    "Daniyar": "Данияр", "Madina": "Мадина", "Timur": "Тимур", "Saule": "Сәуле", "Arman": "Арман",
    "Kamila": "Камила", "Yerlan": "Ерлан",
}  # fmt: skip
_FIRST_BORN = datetime.date(2005, 1, 1)
_BORN_A_DAY = 3_000
"""So many that three serial numbers of an IIN, of 10,000 for each date of birth, are there for each."""


def people(book: Rulebook, chance: random.Random) -> Iterator[dict[str, Any]]:
    """The answers of one invented applicant after another."""
    offers = [offer.id for offer in book.catalogue.offers()]
    for number in itertools.count(1):
        wishes = [*chance.sample(offers, chance.randint(1, 3)), "", ""]
        family, given = chance.choice(_FAMILY), chance.choice(_GIVEN)
        day, of_day = divmod(number, _BORN_A_DAY)
        born = _FIRST_BORN + datetime.timedelta(days=day)
        yield {
            **book.application.sample(),
            "family-name": family,
            "given-name": given,
            "family-name-native": _NATIVE[family],
            "given-name-native": _NATIVE[given],
            "email": f"invented-{number}@example.kz",
            "birth-date": born.isoformat(),
            "iin": _iin(born, of_day),
            "passport-number": f"N{number:08}",
            "gpa": f"{chance.uniform(2.5, 4):.2f}",
            **{f"choice-{n}": wish for n, wish in enumerate(wishes[:3], 1)},
        }


def _iin(born: datetime.date, of_day: int) -> str:
    """A valid number that is nobody's; for some beginnings there is no check digit, and the next is taken."""
    beginnings = (f"{born:%y%m%d}0{each:04}" for each in range(3 * of_day, 10_000))
    tried = (beginning + str(digit) for beginning in beginnings for digit in range(10))
    return next(filter(iin.is_valid, tried))


def demonstrate(desk: Desk, call: Call) -> None:
    """Fills an empty rehearsal with twelve applications, and with two drafts. Its clock stands still
    meanwhile."""
    chance = random.Random(12)
    found = people(desk.book, chance)
    acts: list[Callable[[Desk, Bag], object]] = [
        _nothing, _nothing, _nothing, _checked, _asked, _nominated, _takes, _declines, _waits, _refused,
        _withdrawn, _wants_erasure,
    ]  # fmt: skip
    for number, act in enumerate(acts):
        begun = desk.now - datetime.timedelta(hours=len(acts) - number)
        act(desk, _submitted(replace(desk, now=begun), call, found))
    for lacking in (3, 0):
        drafted(desk, call, next(found), lacking)


def drafted(desk: Desk, call: Call, given: dict[str, Any], lacking: int = 0) -> Draft:
    """A draft with answers and documents, of which the last `lacking` are not there yet."""
    _, draft = drafts.start(desk.instance, call.id, desk.now, given, given["email"])
    slots = completeness.slots(desk.book, call, given)
    for slot in slots[: len(slots) - lacking]:
        content = io.BytesIO(document(desk.book, slot, given))
        draft = drafts.keep(draft, slot, content, f"{slot.id}.pdf", desk.now)
    return closer_looks.catch_up(desk.book, draft)


def document(book: Rulebook, slot: Slot, given: Mapping[str, Any]) -> bytes:
    """A document as PDF: a form of ours filled, anything else a page that says what it stands for."""
    form = next((form for form in book.forms if form.id == slot.form), None)
    if form:
        return render.filled(form, book.catalogue.institution.name, given)
    who = f"{given['given-name']} {given['family-name']}"
    lines = [who, "Invented for a rehearsal: this stands for a document, and is none."]
    return render.page(languages.say(slot.name, "en"), lines)


def _submitted(desk: Desk, call: Call, found: Iterator[dict[str, Any]]) -> Bag:
    """The next of the applications that can be submitted: some hosts ask for more than chance gives."""
    while True:
        draft = drafted(desk, call, next(found))
        try:
            return submissions.submit(desk.instance, desk.book, call, draft, desk.now, desk.rehearsal)
        except submissions.Incomplete:
            private_links.forget(desk.instance, draft)


def _nothing(desk: Desk, bag: Bag) -> None:
    """Received, and not looked at."""


def _checked(desk: Desk, bag: Bag) -> None:
    for file in bag.record()["files"]:
        checks.note(desk, bag.reference, file["slot"], file["sha256"], ok=True)


def _asked(desk: Desk, bag: Bag) -> None:
    slot = bag.record()["files"][-1]["slot"]
    actions.ask_correction(desk, bag.reference, [], [slot], "The scan is cut off on the right.")


def _nominated(desk: Desk, bag: Bag) -> None:
    decisions.decide(desk, bag.reference, "nominated", bag.record()["choices"][0]["id"])
    decisions.release(desk, bag.reference)


def _takes(desk: Desk, bag: Bag) -> None:
    _nominated(desk, bag)
    review.answer(desk.instance, bag.call, bag.reference, True, desk.now)


def _declines(desk: Desk, bag: Bag) -> None:
    _nominated(desk, bag)
    review.answer(desk.instance, bag.call, bag.reference, False, desk.now)


def _waits(desk: Desk, bag: Bag) -> None:
    decisions.decide(desk, bag.reference, "waiting list")
    decisions.release(desk, bag.reference)


def _refused(desk: Desk, bag: Bag) -> None:
    decisions.decide(desk, bag.reference, "not nominated")


def _withdrawn(desk: Desk, bag: Bag) -> None:
    actions.withdraw(desk, bag.reference, "applicant")


def _wants_erasure(desk: Desk, bag: Bag) -> None:
    actions.withdraw(desk, bag.reference, "applicant", erase=True)
