"""The pages of questions: what is typed is kept first, and then looked at."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from mobility.applications import completeness, drafts
from mobility.applications.drafts import Draft
from mobility.catalogue.calls import Call
from mobility.catalogue.forms import Section
from mobility.i18n.languages import Said
from portal.apply import blueprint, browser_session, webforms
from portal.apply.browser_session import found_or_404, with_draft
from portal.context import context
from portal.language import _, say


@blueprint.route("/questions/<section_id>", methods=["GET", "POST"])
@with_draft
def questions(draft: Draft, call: Call, section_id: str) -> Any:
    """One section of the application form."""
    here = context()
    sections = browser_session.parts(draft, call).sections
    section = found_or_404(next((s for s in sections if s.id == section_id), None))
    form = webforms.build(completeness.offered(here.book, call), section, draft.answers)
    faults: dict[str, Said] = {}
    if request.method == "POST":
        draft = drafts.answer(draft, webforms.given(form, section))
        if "more" in request.form:
            return redirect(url_for(".questions", section_id=section.id, _anchor=request.form["more"]), 303)
        faults = completeness.faults(here.book, call, section, draft.answers, here.now().date())
        if not faults:
            flash(_("Saved: %(section)s", section=section.title))
            return redirect(_next(draft, call, sections[sections.index(section) + 1 :]), 303)
        webforms.put_faults(form, section, faults)
    labels = {field.id: say(field.label) for field in here.book.application.fields()}
    page = render_template(
        "apply/questions.html",
        section=section,
        number=sections.index(section) + 1,
        total=len(sections),
        form=form,
        fields=[
            (f, form[f.id.replace("-", "_")], webforms.condition(section, f.when, labels))
            for f in section.fields
        ],
        faults=faults,
        labels=labels,
        choices=_verdicts(draft, call) if any(f.type == "offer" for f in section.fields) else [],
    )
    return page, 422 if faults else 200


def _next(draft: Draft, call: Call, after: tuple[Section, ...]) -> str:
    """The page after this one that still asks something; else the task list."""
    here = context()
    today = here.now().date()
    for section in after:
        untouched = not any(draft.answers.get(field.id) for field in section.fields)
        if untouched or completeness.faults(here.book, call, section, draft.answers, today):
            return url_for(".questions", section_id=section.id)
    return url_for(".overview")


def _verdicts(draft: Draft, call: Call) -> list[Any]:
    """What the rules say of each choice that is kept."""
    book = context().book
    chosen = completeness.chosen(book, call, draft.answers)
    return [(offer, completeness.findings(book, offer, draft.answers)) for offer in chosen]
