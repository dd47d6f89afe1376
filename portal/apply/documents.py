"""The page of documents: each file is one upload, kept at once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from mobility import application, disk, downloads, drafts, papers, uploads
from mobility.calls import Call
from mobility.drafts import Draft
from mobility.language import Said, said
from portal.apply import blueprint
from portal.apply.visitor import found_or_404, with_draft
from portal.house import house
from portal.language import _, here

_TOO_LARGE = said(
    "The file is larger than 20 MB. Make it smaller (scan at 150 dpi, in grey) and upload it again."
)
_FULL = said("All files together are too large. Remove one that is not needed, or upload smaller ones.")
_NO_ROOM = said(
    "We cannot take files at this moment. What you uploaded is kept. Try later, or write to the ICD."
)


@blueprint.get("/documents")
@with_draft
def documents(draft: Draft, call: Call) -> str:
    """All slots, with what is in them."""
    return _page(draft, call)


@blueprint.post("/documents/<slot_id>")
@with_draft
def upload(draft: Draft, call: Call, slot_id: str) -> Any:
    """Keeps a file in a slot."""
    owed = application.slots(house().book, call, draft.answers)
    slot = found_or_404(next((slot for slot in owed if slot.id == slot_id), None))
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(draft, call, slot_id, said("Choose a file first.")), 422
    try:
        instead_of = request.form.get("instead_of")
        form = house().book.form(slot.form) if slot.form else None
        drafts.keep(draft, slot, file.stream, file.filename, house().now(), instead_of, form)
    except uploads.Refused as refused:
        return _page(draft, call, slot_id, refused.said), 422
    except disk.TooLarge:
        return _page(draft, call, slot_id, _TOO_LARGE), 413
    except drafts.DraftFull:
        return _page(draft, call, slot_id, _FULL), 422
    except disk.DiskFull:
        return _page(draft, call, slot_id, _NO_ROOM), 507
    flash(_("Kept: %(document)s", document=slot.name))
    return redirect(url_for(".documents", _anchor=f"slot-{slot.id}"), 303)


@blueprint.post("/documents/remove/<file_id>")
@with_draft
def remove(draft: Draft, call: Call, file_id: str) -> Any:  # noqa: ARG001
    """Takes a file back."""
    file = found_or_404(next((file for file in draft.files if file.id == file_id), None))
    drafts.drop(draft, file.id)
    flash(_("Removed. You can upload another file in its place."))
    return redirect(url_for(".documents", _anchor=f"slot-{file.slot}"), 303)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Any:  # noqa: ARG001
    """Says of a request that was too large for anything to be read, beside its slot."""
    slot_id = (request.view_args or {}).get("slot_id")
    return with_draft(lambda draft, call: (_page(draft, call, slot_id, _TOO_LARGE), 413))()


def _page(draft: Draft, call: Call, slot_id: str | None = None, fault: Said | None = None) -> str:
    book = house().book
    owed = application.slots(book, call, draft.answers)
    office = house().settings.places.content / "downloads"
    ids = {slot.id for slot in owed}
    proof = next((field for field in book.application.fields() if field.id == "language-proof"), None)
    place = next(s.id for s in book.application.sections if proof in s.fields)
    return render_template(
        "apply/documents.html",
        draft=draft,
        owed=owed,
        proof_named=bool(draft.answers.get("language-proof")),
        citizenship_named=bool(draft.answers.get("citizenship")),
        proof_section=place,
        spare=[file for file in draft.files if file.slot not in ids],
        papers=papers.verdicts(book, call, draft),
        own_forms={form.id: own.name for form in book.forms if (own := downloads.own(office, form, here()))},
        faults={slot_id: fault} if slot_id and fault else {},
        accept=uploads.ACCEPTED,
        most_bytes=uploads.MOST_BYTES,
        too_large=_TOO_LARGE,
    )
