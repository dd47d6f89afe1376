"""The task list: what is done, what is still to do, and what of it keeps the application from being sent."""

from dataclasses import dataclass
from typing import Any, Literal

from flask import render_template, url_for

from mobility.applications import completeness, rounds, signed_forms
from mobility.applications.completeness import Lack
from mobility.applications.drafts import Draft
from mobility.catalogue.calls import Call
from mobility.catalogue.documents import Slot
from mobility.catalogue.forms import Section
from portal.apply import browser_session
from portal.apply.browser_session import with_draft
from portal.context import context

State = Literal["done", "begun", "new", "free", "asked"]


@dataclass(frozen=True)
class Task:
    """A page of questions, with what it lacks."""

    section: Section
    state: State
    lacks: list[Lack]


@with_draft
def tasks(draft: Draft, call: Call) -> str:
    """What is done and what is still to do; of a round that the office asked for, only that."""
    here = context()
    asked, now = browser_session.asked(draft), here.now()
    open_now, same = browser_session.parts(draft, call), browser_session.as_sent(draft, call)
    lacks = rounds.lacks(here.book, call, draft, asked, now.date())
    signed, other = _slots(open_now.slots)
    stale = signed_forms.verdicts(here.book, call, draft) if signed else {}
    return render_template(
        "apply/round.html" if asked else "apply/tasks.html",
        call=call,
        draft=draft,
        asked=asked,
        questions=[_task(section, draft, lacks, section in same.sections) for section in open_now.sections],
        signed=[(slot, draft.in_slot(slot.id), _stale(slot, draft, stale)) for slot in signed],
        others=[(slot, draft.in_slot(slot.id)) for slot in other],
        to_correct=same.slots,
        proof_named=bool(draft.answers.get("language-proof")),
        choices=[
            (offer, completeness.findings(here.book, offer, draft.answers))
            for offer in completeness.chosen(here.book, call, draft.answers)
        ],
        ects=study_plan(draft.answers),
        lacks=lacks,
        until=here.deadline(draft),
        grace=now >= call.closes and not draft.late,
        link=url_for("apply.back", secret=browser_session.token(), _external=True),
    )


def study_plan(given: dict[str, Any]) -> dict[str, float]:
    """The credits of the planned courses: at the host (ECTS), and of those that they stand for at home."""
    rows = given.get("courses") or []
    return {
        "courses": len(rows),
        "host": sum(_number(row.get("ects")) for row in rows),
        "home": sum(_number(row.get("credits")) for row in rows),
    }


def _task(section: Section, draft: Draft, lacks: list[Lack], to_correct: bool) -> Task:
    mine = [lack for lack in lacks if lack.kind == "section" and lack.id == section.id]
    begun = any(draft.answers.get(field.id) for field in section.fields)
    state: State = "begun" if mine and begun else "new" if mine else "done" if begun else "free"
    if to_correct and not mine:
        state = "asked"
    return Task(section, state, mine if begun else [])


def _slots(open_now: tuple[Slot, ...]) -> tuple[list[Slot], list[Slot]]:
    """Forms to sign, and all other documents."""
    return [slot for slot in open_now if slot.form], [slot for slot in open_now if not slot.form]


def _stale(slot: Slot, draft: Draft, stale: dict[str, signed_forms.Verdict]) -> bool:
    return any(file.id in stale for file in draft.in_slot(slot.id))


def _number(written: Any) -> float:
    try:
        return float(str(written or 0).replace(",", "."))
    except ValueError:
        return 0.0
