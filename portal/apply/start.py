"""The start page, beginning an application, and leaving it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import completeness, drafts, private_links
from mobility.applications.assessment import Assessment
from mobility.catalogue import documents
from mobility.catalogue.calls import Call
from mobility.i18n.languages import Said, said
from mobility.paths import Instance
from portal import language, limits
from portal.apply import blueprint, browser_session, links, tasks
from portal.apply.browser_session import draft_required
from portal.context import context
from portal.language import say


@blueprint.get("/")
def overview() -> Any:
    """The task list of the open application, or the welcome."""
    if browser_session.put_out():
        browser_session.leave()
        flash(say(browser_session.PUT_OUT))
    return tasks.tasks() if browser_session.draft() else welcome()


@blueprint.get("/start")
def welcome() -> Any:
    """What it takes to apply; with the programme that was chosen on the site."""
    return _welcome(request.args.get("programme", ""))


@blueprint.post("/start")
def begin() -> Any:
    """Makes a draft, opens it in this browser, and mails a link to it."""
    ctx = context()
    call = ctx.open_call()
    if call is None:
        return redirect(url_for("apply.welcome"))
    wish, email = request.form.get("programme", ""), links.typed()
    if fault := links.fault(email) or links.doubt(email):
        return _welcome(wish, email, fault), 422
    if limits.reached(limits.CLIENT, "begin", limits.client()):
        return _welcome(wish, email, limits.TOO_OFTEN), 429
    if private_links.too_many(_kept(), email, ctx.now()):
        # Whoever began them: the owner of the address gets in by what is mailed.
        links.mail_again(email)
        fault = said(
            "Many applications were begun with this address today. Their links are on the way to it by mail: "
            "open one of them."
        )
        return _welcome(wish, email, fault), 429
    given = first_answers(call, email, wish)
    secret, _draft = drafts.start(_kept(), call.id, ctx.now(), given, email, language.here())
    browser_session.open_draft(secret)
    links.mail(email)
    return redirect(url_for("apply.overview"), 303)


def first_answers(call: Call, email: str, wish: str) -> dict[str, str]:
    """What is known when an application begins: the address, and the programme if it is offered."""
    answers = {"email": email}
    if wish in completeness.offered(context().book, call):
        answers["choice-1"] = wish
    return answers


@blueprint.post("/choose")
@draft_required
def choose(assessment: Assessment) -> Response:
    """Puts a programme from the site into the first empty choice of the open application."""
    book, draft = assessment.book, assessment.draft
    browser_session.not_found_after_submission(draft)
    wish = request.form.get("programme", "")
    fields = [field.id for field in book.application.fields() if field.type == "offer"]
    empty = [name for name in fields if not draft.answers.get(name)]
    if wish in assessment.offers and wish not in draft.answers.values() and empty:
        drafts.answer(draft, {empty[0]: wish})
    place = next(s.id for s in book.application.sections if any(field.id == fields[0] for field in s.fields))
    return redirect(url_for("apply.questions", section_id=place), 303)


@blueprint.post("/leave")
def leave() -> Response:
    """This browser forgets the application."""
    browser_session.leave()
    return redirect(url_for("apply.left"), 303)


@blueprint.get("/left")
def left() -> str:
    """Says that this browser has forgotten, and how to come back."""
    return render_template("apply/left.html")


def _welcome(wish: str, email: str = "", fault: Said | None = None) -> str:
    ctx = context()
    call = ctx.open_call()
    if call is None:
        page = {"call": None, "next_call": ctx.next_call(), "draft": browser_session.draft()}
        return render_template("apply/closed.html", **page)
    offers = completeness.offered(ctx.book, call)
    return render_template(
        "apply/start.html",
        call=call,
        offer=offers.get(wish),
        unknown=bool(wish) and wish not in offers,
        owed=documents.owed(ctx.book.documents, ctx.book.catalogue.institution.country, None, ()),
        proofs=documents.proofs(ctx.book.documents),
        open_here=browser_session.draft(),
        domains=ctx.book.catalogue.settings.mail_domains,
        email=email,
        fault=fault,
    )


def _kept() -> Instance:
    return context().settings.kept
