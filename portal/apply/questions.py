"""The pages of questions: what is typed is kept first, and then looked at."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm

from mobility.applications import drafts
from mobility.applications.assessment import Assessment
from mobility.catalogue.forms import Section
from portal.apply import blueprint, webforms
from portal.apply.browser_session import draft_required, found_or_404
from portal.language import _, say


@blueprint.get("/questions/<section_id>")
@draft_required
def questions(assessment: Assessment, section_id: str) -> str:
    """One section of the application form."""
    section, *_after = _sections_from(assessment, section_id)
    return _page(assessment, section, _form(assessment, section))


@blueprint.post("/questions/<section_id>")
@draft_required
def answer_questions(assessment: Assessment, section_id: str) -> Any:
    """Keeps the answers of one section, right or wrong, and goes on where nothing is to mend."""
    section, *after = _sections_from(assessment, section_id)
    form = _form(assessment, section)
    assessment = assessment.of(drafts.answer(assessment.draft, webforms.given(form, section)))
    if "more" in request.form:
        return redirect(url_for(".questions", section_id=section.id, _anchor=request.form["more"]), 303)
    if faults := assessment.faults[section.id]:
        webforms.put_faults(form, section, faults)
        return _page(assessment, section, form, answered=True), 422
    flash(_("Saved: %(section)s", section=section.title))
    return redirect(_next(assessment, after), 303)


def _sections_from(assessment: Assessment, section_id: str) -> list[Section]:
    """The section of that name and those after it that can be changed now; answers 404 where it cannot."""
    sections = assessment.open.sections
    named = (number for number, section in enumerate(sections) if section.id == section_id)
    return list(sections[found_or_404(next(named, None)) :])


def _form(assessment: Assessment, section: Section) -> FlaskForm:
    return webforms.build(assessment.offers, section, assessment.draft.answers)


def _page(assessment: Assessment, section: Section, form: FlaskForm, answered: bool = False) -> str:
    """The page of a section; what is wrong in it is said once it was answered."""
    sections = assessment.open.sections
    labels = {field.id: say(field.label) for field in assessment.book.application.fields()}
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
        faults=assessment.faults[section.id] if answered else {},
        labels=labels,
        choices=assessment.choices if any(f.type == "offer" for f in section.fields) else (),
    )


def _next(assessment: Assessment, after: list[Section]) -> str:
    """The page after this one that still asks something; else the task list."""
    for section in after:
        untouched = not any(assessment.draft.answers.get(field.id) for field in section.fields)
        if untouched or assessment.faults[section.id]:
            return url_for(".questions", section_id=section.id)
    return url_for(".overview")
