"""Today: what waits for the office, as a pipeline, and three pictures of the call."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from mobility.applications import lookup, review, search
from mobility.applications.decisions import Outcome
from mobility.applications.search import Wanted
from mobility.applications.summary import STATE_NAMES
from mobility.catalogue import calls
from mobility.catalogue.calls import Call
from mobility.i18n.languages import Said, said
from mobility.office import outbox
from portal.context import context
from portal.language import here
from portal.office import access, blueprint, charts


@dataclass(frozen=True)
class Step:
    """A step of the pipeline: how many are there, where they are listed, and what to do with them."""

    name: Said
    count: int
    endpoint: str
    query: dict[str, str]
    act: Said


_ACTS: dict[str, Said] = {
    "": said("Check the documents, ask for corrections"),
    "correction asked for": said("Wait, or write again"),
    "decided, not told": said("Look through, and release"),
    "nominated": said("Wait for the student's answer"),
    "waiting list": said("Offer a place that comes free"),
    "place taken": said("Ask for additional documents, tell the host"),
    "place declined": said("Offer it to the next in line"),
    "not nominated": said("Nothing to do"),
    "refused by the host": said("Offer the place to the next in line"),
    "withdrawn": said("Nothing to do"),
    "withdrawn, to be erased": said("Erase"),
    "cannot be read": said("Tell whoever runs the server"),
}
"""What to do with the applications in each state."""
OUTCOME_NAMES: dict[Outcome, Said] = {
    "nominated": said("Nominated"),
    "waiting list": said("Waiting list"),
    "not nominated": said("Not nominated"),
}


@blueprint.get("/")
@access.for_staff
def today() -> Any:
    """What waits for the office in a call."""
    ctx, call = context(), chosen_call()
    kept = ctx.settings.kept
    found = search.states(kept, call.id)
    steps = [*_begun(call), *_waiting_for(call)]
    steps += [_of_state(state, name, found[state]) for state, name in STATE_NAMES.items() if found.get(state)]
    if stuck := len(outbox.stuck(kept)):
        steps.append(Step(said("Mail that does not go"), stuck, "mail", {}, said("Try again, or remove")))
    waiting = list(outbox.waiting(kept))
    return render_template(
        "office/today.html",
        call=call,
        calls=every_call(),
        steps=steps,
        total=sum(found.values()),
        waiting=len(waiting),
        mail_server=ctx.settings.mail is not None,
        days=charts.bars(search.days(kept, call.id)),
        grades=charts.bars({f"{grade:.1f}": n for grade, n in search.grades(kept, call.id).items()}),
        wishes_of_hosts=charts.wishes(search.wishes(kept, call.id), ctx.book.catalogue, here()),
    )


def _begun(call: Call) -> list[Step]:
    """Who has begun and not sent."""
    kept, act = context().settings.kept, said("Remind them")
    rows = ((said("Lack something, not sent"), True, "yes"), (said("Ready, not sent"), False, "no"))
    return [
        Step(name, lookup.begun(kept, call.id, most=1, lacking=lacks)[1], "drafts", {"lacking": asked}, act)
        for name, lacks, asked in rows
    ]


def _of_state(state: str, name: Said, count: int) -> Step:
    if state == review.DRAFTED:
        return Step(name, count, "waiting_decisions", {}, _ACTS[state])
    return Step(name, count, "applications", {"state": state or "received"}, _ACTS[state])


def _waiting_for(call: Call) -> list[Step]:
    """What the office has asked for, and has not got."""
    kept = context().settings.kept
    rows = (
        (said("Correction overdue"), "overdue", "correction", due_now(), said("Write again, or decide")),
        (
            said("Answer to the offered place overdue"),
            "unanswered",
            "answer",
            due_now(),
            said("Decide again"),
        ),
        (said("Additional documents missing"), "additional", "additional", "", said("Wait, or write again")),
    )
    steps = []
    for name, query, asked, before, act in rows:
        if count := search.count(kept, Wanted(call.id, asked=asked, due_before=before)):
            steps.append(Step(name, count, "applications", {"asked": query}, act))
    return steps


def due_now() -> str:
    """The present moment, as it is kept."""
    return context().now().isoformat(timespec="seconds")


def chosen_call() -> Call:
    """The call that the address names, else the one that is open, else that of the last applications."""
    ctx = context()
    rules = ctx.book.catalogue.calls
    known = every_call()
    wanted = request.args.get("call") or request.form.get("call")
    if wanted in known:
        return calls.by_id(rules, wanted)
    now_open = ctx.open_call()
    if now_open or not known:
        return now_open or ctx.next_call()
    return calls.by_id(rules, known[-1])


def every_call() -> list[str]:
    """The calls that have applications, and the one that is open."""
    ctx = context()
    now_open = ctx.open_call()
    found = {*lookup.calls(ctx.settings.kept), *([now_open.id] if now_open else [])}
    return sorted(found)
