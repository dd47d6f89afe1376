"""The pages of questions: what is typed is kept first, and then looked at."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm

from mobility.applications import completeness, drafts
from mobility.applications.drafts import Draft
from mobility.catalogue.calls import Call
from mobility.catalogue.forms import Section
from mobility.i18n.languages import Said
from portal.apply import blueprint, browser_session, webforms
from portal.apply.browser_session import found_or_404, with_draft
from portal.context import context
from portal.language import _, say


@blueprint.get("/questions/<section_id>")
@with_draft
def questions(draft: Draft, call: Call, section_id: str) -> str:
    """One section of the application form."""
    section = _from(draft, call, section_id)[0]
    return _page(draft, call, section, _form(draft, call, section), {})


@blueprint.post("/questions/<section_id>")
@with_draft
def answer_questions(draft: Draft, call: Call, section_id: str) -> Any:
    """Keeps the answers of one section, right or wrong, and goes on where nothing is to mend."""
    here = context()
    section, *after = _from(draft, call, section_id)
    form = _form(draft, call, section)
    draft = drafts.answer(draft, webforms.given(form, section))
    if "more" in request.form:
        return redirect(url_for(".questions", section_id=section.id, _anchor=request.form["more"]), 303)
    faults = completeness.faults(here.book, call, section, draft.answers, here.now().date())
    if faults:
        webforms.put_faults(form, section, faults)
        return _page(draft, call, section, form, faults), 422
    flash(_("Saved: %(section)s", section=section.title))
    return redirect(_next(draft, call, after), 303)


def _from(draft: Draft, call: Call, section_id: str) -> list[Section]:
    """The section of that name and those after it that can be changed now; a page that is not there where it
    cannot."""
    sections = browser_session.parts(draft, call).sections
    named = (number for number, section in enumerate(sections) if section.id == section_id)
    return list(sections[found_or_404(next(named, None)) :])


def _form(draft: Draft, call: Call, section: Section) -> FlaskForm:
    return webforms.build(completeness.offered(context().book, call), section, draft.answers)


def _page(draft: Draft, call: Call, section: Section, form: FlaskForm, faults: dict[str, Said]) -> str:
    sections = browser_session.parts(draft, call).sections
    labels = {field.id: say(field.label) for field in context().book.application.fields()}
    return render_template(
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


def _next(draft: Draft, call: Call, after: list[Section]) -> str:
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
