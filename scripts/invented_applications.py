"""Makes invented applications, as many as wanted, in a data folder: to measure, and to see a full call.

Each is begun, filled and submitted by the own code of the portal. Their documents are the same few pages, and
nothing waits for the disk: who kills this loses what it made.
"""

import argparse
import datetime
import os
import random
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf

from mobility.applications import closer_looks, completeness, drafts, submissions
from mobility.applications.drafts import Draft
from mobility.catalogue import calls, rulebook
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import invented
from mobility.paths import CHECKOUT, Instance


def submit(instance: Instance, book: Rulebook, call: Call, count: int, seed: int = 1) -> None:
    """Submits `count` invented applications to a call, in the midst of it."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        page = Path(place) / "page.pdf"
        with pikepdf.new() as pdf:
            pdf.add_blank_page(page_size=(595, 842)).Contents = pdf.make_stream(b"0 0 200 200 re f")
            pdf.save(page)
        models: dict[str, Draft] = {}
        made = 0
        for answers in invented.people(book, chance):
            slots = completeness.slots(book, call, answers)
            key = " ".join(slot.id for slot in slots)
            if key not in models:
                models[key] = whole(Instance(Path(place)), book, call, answers, page)
            _, draft = like(instance, call, answers, models[key])
            try:
                submissions.submit(instance, book, call, draft, midst(call))
            except submissions.Incomplete:  # a host that asks for more than chance gave this one
                continue
            made += 1
            if made == count:
                return


def whole(instance: Instance, book: Rulebook, call: Call, answers: dict[str, Any], page: Path) -> Draft:
    """A draft with these answers, and the same page for every document, whose files are looked at closely."""
    _, draft = drafts.start(instance, call.id, midst(call), answers)
    for slot in completeness.slots(book, call, answers):
        with page.open("rb") as stream:
            draft = drafts.keep(draft, slot, stream, f"{slot.id}.pdf", midst(call))
    return closer_looks.catch_up(book, draft)


def like(instance: Instance, call: Call, answers: dict[str, Any], model: Draft) -> tuple[str, Draft]:
    """A draft with these answers and the documents of another; before it the secret of its link."""
    secret, draft = drafts.start(instance, call.id, midst(call), answers, answers["email"])
    for file in model.files:
        shutil.copy(model.path(file), draft.folder)
    return secret, drafts.note(draft, lambda current: replace(current, files=model.files))


def coming(book: Rulebook) -> Call:
    """The call that is open, else the next one."""
    rules = book.catalogue.calls
    now = datetime.datetime.now(calls.zone(rules))
    return calls.open_call(rules, now) or calls.next_call(rules, now)


def midst(call: Call) -> datetime.datetime:
    """A moment at which a call is open."""
    return call.opens + (call.closes - call.opens) / 2


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="the data folder; a rehearsal's is instance/rehearsal")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1, help="another number, other people")
    given = parser.parse_args()
    book = rulebook.load(CHECKOUT)
    call = coming(book)
    os.fsync = lambda _: None  # type: ignore[assignment]
    submit(Instance(given.folder), book, call, given.count, given.seed)
    print(f"{given.count} invented applications for {call.name} in {given.folder}", file=sys.stderr)


if __name__ == "__main__":
    main()
