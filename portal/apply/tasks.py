"""The task list: what is done, what is still to do, and what of it keeps the application from being sent."""

from dataclasses import dataclass
from typing import Any, Literal

from flask import render_template

from mobility.applications import rounds
from mobility.applications.assessment import Assessment
from mobility.applications.completeness import Lack
from mobility.catalogue.documents import Slot
from mobility.catalogue.forms import Section
from portal.apply import browser_session
from portal.apply.browser_session import draft_required
from portal.context import context

State = Literal["done", "begun", "new", "free", "asked"]


@dataclass(frozen=True)
class Task:
    """A page of questions, with what it lacks."""

    section: Section
    state: State
    lacks: list[Lack]


@draft_required
def tasks(assessment: Assessment) -> str:
    """What is done and what is still to do; of a round that the office asked for, only that."""
    ctx, draft = context(), assessment.draft
    same = rounds.as_sent(ctx.settings.kept, assessment)
    sections = assessment.open.sections
    slots = [(slot, draft.in_slot(slot.id), _stale(slot, assessment)) for slot in assessment.open.slots]
    return render_template(
        "apply/round.html" if assessment.asked else "apply/tasks.html",
        assessment=assessment,
        call=assessment.call,
        draft=draft,
        asked=assessment.asked,
        questions=[_task(section, assessment, section in same.sections) for section in sections],
        signed=[each for each in slots if each[0].form],
        others=[each[:2] for each in slots if not each[0].form],
        to_correct=same.slots,
        ects=study_plan(draft.answers),
        until=ctx.deadline(draft),
        grace=ctx.now() >= assessment.call.closes and not draft.late,
        link=browser_session.link(),
    )


def study_plan(given: dict[str, Any]) -> dict[str, float]:
    """The credits of the planned courses: at the host (ECTS), and of those that they stand for at home."""
    rows = given.get("courses") or []
    return {
        "courses": len(rows),
        "host": sum(_number(row.get("ects")) for row in rows),
        "home": sum(_number(row.get("credits")) for row in rows),
    }


def _task(section: Section, assessment: Assessment, to_correct: bool) -> Task:
    mine = [lack for lack in assessment.lacks if lack.kind == "section" and lack.id == section.id]
    begun = any(assessment.draft.answers.get(field.id) for field in section.fields)
    state: State = "begun" if mine and begun else "new" if mine else "done" if begun else "free"
    if to_correct and not mine:
        state = "asked"
    return Task(section, state, mine if begun else [])


def _stale(slot: Slot, assessment: Assessment) -> bool:
    """Whether a signed form in the slot does not match the answers any more."""
    files = assessment.draft.in_slot(slot.id) if slot.form else ()
    return any(file.id in assessment.signed for file in files)


def _number(written: Any) -> float:
    try:
        return float(str(written or 0).replace(",", "."))
    except ValueError:
        return 0.0
