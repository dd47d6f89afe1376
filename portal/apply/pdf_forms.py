"""PDF forms: given out filled with the answers, and read back where they were filled elsewhere."""

import shutil
import tempfile
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from mobility.applications import drafts, signed_forms
from mobility.applications.assessment import Assessment
from mobility.i18n.languages import LANGUAGES, Language, said
from mobility.pdfforms import readback, render
from mobility.uploads import form_values
from portal.apply import blueprint
from portal.apply.browser_session import draft_required, found_or_404, not_found_after_submission
from portal.language import _, say

_MOST_REMARKS = 6


@blueprint.get("/forms/<form_id>.pdf")
@draft_required
def filled_form(assessment: Assessment, form_id: str) -> Response:
    """A form with the answers of this application, to print and sign; `lang` is the language of its words."""
    book, draft = assessment.book, assessment.draft
    form = found_or_404(book.form(form_id))
    language: Language = found_or_404(
        next((known for known in LANGUAGES if known == request.args.get("lang", "en")), None)
    )
    made = render.filled(
        form,
        book.catalogue.institution.name,
        draft.answers,
        signed_forms.names(assessment.offers),
        language,
        draft.hash[:8],
    )
    name = f"{form.id}-{language}-filled.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, mimetype="application/pdf", headers=headers)


@blueprint.post("/paper")
@draft_required
def read_paper(assessment: Assessment) -> Any:
    """Takes the answers out of a form that was filled elsewhere; those given here stay, unless said."""
    book, draft = assessment.book, assessment.draft
    not_found_after_submission(draft)
    file = request.files.get("paper")
    if file is None or not file.filename:
        flash(_("Choose the PDF that you filled first."))
        return redirect(url_for(".overview", _anchor="paper"), 303)
    try:
        with tempfile.TemporaryFile() as copy:  # the sandbox takes open files, and a small upload is none
            shutil.copyfileobj(file.stream, copy)
            copy.seek(0)
            found = form_values.read(copy)
        names = signed_forms.names(assessment.offers)
        paper = readback.read(found.values, book.forms, names, found.scripts)
    except readback.NotReadable as error:
        return render_template(
            "message.html", title=_("Nothing was taken from this file"), said=say(error.said)
        ), 422
    kept = signed_forms.taken(book.application, draft.answers, paper.answers, "replace" in request.form)
    drafts.answer(draft, kept)
    taken = said(
        "Taken from the PDF: %(count)s of %(all)s answers. Look through them page by page.",
        count=len(kept),
        all=len(paper.answers),
    )
    for words in (taken, *paper.remarks[:_MOST_REMARKS]):  # a cookie carries them
        flash(say(words))
    if more := len(paper.remarks[_MOST_REMARKS:]):
        flash(_("%(count)s more answers were left out", count=more))
    return redirect(url_for(".overview", _anchor="questions"), 303)
