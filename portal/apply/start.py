"""Beginning an application, coming back to it, leaving it."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility import application, documents, drafts
from mobility.calls import Call
from mobility.drafts import Draft
from mobility.places import Instance
from portal.apply import blueprint, visitor
from portal.apply.visitor import with_draft
from portal.house import house


@blueprint.get("/")
def overview() -> Any:
    """The task list of the open application, or the welcome."""
    current = visitor.draft()
    if current is None:
        return welcome()
    return tasks()


@blueprint.get("/start")
def welcome() -> Any:
    """What it takes to apply; with the programme that was chosen on the site."""
    here = house()
    call = here.call()
    if call is None:
        return render_template("apply/closed.html", call=None, next_call=here.next_call())
    offers = application.offered(here.book, call)
    wish = request.args.get("programme", "")
    return render_template(
        "apply/start.html",
        call=call,
        offer=offers.get(wish),
        unknown=bool(wish) and wish not in offers,
        owed=documents.owed(here.book.documents, here.book.catalogue.institution.country, None, ()),
        open_here=visitor.draft(),
    )


@blueprint.post("/start")
def begin() -> Response:
    """Makes a draft, and opens it in this browser."""
    here = house()
    call = here.call()
    if call is None:
        return redirect(url_for("apply.welcome"))
    wish = request.form.get("programme", "")
    answers = {"choice-1": wish} if wish in application.offered(here.book, call) else {}
    secret, _ = drafts.start(_kept(), call.id, here.now(), answers)
    visitor.open_draft(secret)
    return redirect(url_for("apply.overview"), 303)


@blueprint.post("/choose")
@with_draft
def choose(draft: Draft, call: Call) -> Response:
    """Puts a programme from the site into the first empty choice of the open application."""
    wish = request.form.get("programme", "")
    fields = [field.id for field in house().book.application.fields() if field.type == "offer"]
    empty = [name for name in fields if not draft.answers.get(name)]
    if wish in application.offered(house().book, call) and wish not in draft.answers.values() and empty:
        drafts.answer(draft, {empty[0]: wish})
    sections = house().book.application.sections
    place = next(s.id for s in sections if any(field.id == fields[0] for field in s.fields))
    return redirect(url_for("apply.questions", section_id=place), 303)


@blueprint.get("/back/<secret>")
def back(secret: str) -> Any:
    """The private link: opens its application, and takes the secret out of the address."""
    if drafts.find(_kept(), secret) is None:
        return render_template("apply/no_such_link.html"), 404
    visitor.open_draft(secret)
    return redirect(url_for("apply.overview"), 303)


@blueprint.post("/leave")
def leave() -> Response:
    """This browser forgets the application."""
    visitor.leave()
    return redirect(url_for("apply.left"), 303)


@blueprint.get("/left")
def left() -> str:
    """Says that this browser has forgotten, and how to come back."""
    return render_template("apply/left.html")


@with_draft
def tasks(draft: Draft, call: Call) -> str:
    """What is done and what is still to do."""
    here = house()
    today = here.now().date()
    sections = []
    for section in here.book.application.sections:
        begun = any(draft.answers.get(field.id) for field in section.fields)
        faults = application.faults(here.book, call, section, draft.answers, today)
        state = "begun" if faults and begun else "new" if faults else "done" if begun else "free"
        sections.append((section, state))
    owed = application.slots(here.book, call, draft.answers)
    return render_template(
        "apply/tasks.html",
        call=call,
        draft=draft,
        sections=sections,
        owed=[slot for slot in owed if slot.required],
        there=[slot for slot in owed if slot.required and draft.in_slot(slot.id)],
        whole=not application.lacks(here.book, call, draft, today),
        link=url_for("apply.back", secret=visitor.token(), _external=True),
    )


def _kept() -> Instance:
    return house().settings.kept
