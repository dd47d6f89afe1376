"""The page of documents: each file is one upload, kept at once."""

from contextlib import suppress
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from mobility import storage
from mobility.applications import drafts, resumable, rounds
from mobility.applications.assessment import Assessment
from mobility.applications.drafts import Draft
from mobility.applications.kept_files import ReceivedFile
from mobility.catalogue.documents import proofs as proofs_named
from mobility.i18n.languages import Said, said
from mobility.pdfforms import office_files
from mobility.uploads import inspection
from mobility.uploads.limits import MOST_BYTES
from portal.apply import blueprint, slots
from portal.apply.browser_session import draft_required, found_or_404
from portal.context import context
from portal.language import _, here


@blueprint.get("/documents")
@draft_required
def documents(assessment: Assessment) -> str:
    """All slots, with what is in them."""
    return _page(assessment)


@blueprint.post("/documents/<slot_id>")
@draft_required
def upload(assessment: Assessment, slot_id: str) -> Any:
    """Keeps files in a slot, as a plain form sends them: in the order in which the browser lists them."""
    draft, slot = assessment.draft, slots.open_slot(assessment, slot_id)
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        return _page(assessment, slot_id, said("Choose a file first.")), 422
    arrived: list[ReceivedFile] = []
    try:
        for file in sent:
            arrived.append(drafts.receive(draft, file.stream, file.filename or ""))
        slots.put(draft, slot, arrived, request.form.get("instead_of"))
    except slots.NOT_KEPT as error:
        why, status = slots.why_not(error)
        return _page(assessment, slot_id, why), status
    finally:
        for left in arrived:
            storage.remove(left.path)
    return redirect(url_for(".documents", _anchor=f"slot-{slot.id}"), 303)


@blueprint.post("/documents/remove/<file_id>")
@draft_required
def remove(assessment: Assessment, file_id: str) -> Any:
    """Takes a file back."""
    draft = assessment.draft
    fixed = {slot.id for slot in assessment.slots} - {slot.id for slot in assessment.open.slots}
    taken = (file for file in draft.files if file.id == file_id and file.slot not in fixed)
    file = found_or_404(next(taken, None))
    drafts.drop(draft, file.id)
    flash(_("Removed. You can upload another file in its place."))
    return redirect(url_for(".documents", _anchor=f"slot-{file.slot}"), 303)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Any:  # noqa: ARG001
    """Says of a request that was too large for anything to be read, beside its slot."""
    slot_id = (request.view_args or {}).get("slot_id")
    why = slots.TOO_LARGE_TOGETHER if request.endpoint == "apply.upload" else slots.TOO_LARGE
    return draft_required(lambda assessment: (_page(assessment, slot_id, why), 413))()


def _page(assessment: Assessment, slot_id: str | None = None, fault: Said | None = None) -> str:
    """The page of all slots; beside one of them what kept a file out of it."""
    ctx, book, draft = context(), assessment.book, assessment.draft
    office = ctx.settings.checkout.content / "downloads"
    known = {slot.id for slot in (*assessment.open.slots, *assessment.slots)}
    sections = book.application.sections
    return render_template(
        "apply/documents.html",
        assessment=assessment,
        draft=draft,
        asked=assessment.asked,
        to_correct=rounds.as_sent(ctx.settings.kept, assessment).slots,
        proofs=proofs_named(book.documents),
        proof_section=next(s.id for s in sections if any(f.id == "language-proof" for f in s.fields)),
        spare=[file for file in draft.files if file.slot not in known],
        own_forms={
            form.id: own.name
            for form in book.forms
            if (own := office_files.office_file(office, form, here()))
        },
        faults={slot_id: fault} if slot_id and fault else {},
        accept=inspection.ACCEPTED,
        most_bytes=MOST_BYTES,
        most_mb=MOST_BYTES // 1_000_000,
        most_all_mb=drafts.MOST_BYTES // 1_000_000,
        most_together=resumable.MOST_TOGETHER,
        most_pictures=resumable.MOST_PICTURES,
        too_large=slots.TOO_LARGE,
        coming=_unfinished(draft),
    )


def _unfinished(draft: Draft) -> dict[str, list[dict[str, Any]]]:
    """What broke off on its way, slot by slot, and how far each came."""
    found: dict[str, list[dict[str, Any]]] = {}
    for arrival in resumable.pending(draft):
        if arrival.ends < context().now():
            continue
        with suppress(FileNotFoundError):
            shown = {"arrival": arrival, "offset": resumable.offset(draft, arrival)}
            found.setdefault(arrival.slot, []).append(shown)
    return found
