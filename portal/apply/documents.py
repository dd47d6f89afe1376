"""The page of documents: each file is one upload, kept at once."""

from contextlib import suppress
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from mobility import storage
from mobility.applications import completeness, drafts, resumable, rounds, signed_forms
from mobility.applications.drafts import Draft, ReceivedFile
from mobility.catalogue.calls import Call
from mobility.i18n.languages import Said, said
from mobility.pdfforms import office_files
from mobility.uploads import inspection
from portal.apply import blueprint, browser_session, slots
from portal.apply.browser_session import found_or_404, with_draft
from portal.context import context
from portal.language import _, here


@blueprint.get("/documents")
@with_draft
def documents(draft: Draft, call: Call) -> str:
    """All slots, with what is in them."""
    return _page(draft, call)


@blueprint.post("/documents/<slot_id>")
@with_draft
def upload(draft: Draft, call: Call, slot_id: str) -> Any:
    """Keeps files in a slot, as a plain form sends them: in the order in which the browser lists them."""
    slot = slots.slot_of(draft, call, slot_id)
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        return _page(draft, call, slot_id, said("Choose a file first.")), 422
    arrived: list[ReceivedFile] = []
    try:
        for file in sent:
            arrived.append(drafts.receive(draft, file.stream, file.filename or ""))
        slots.put(draft, slot, arrived, request.form.get("instead_of"))
    except slots.NOT_KEPT as error:
        why, status = slots.why_not(error)
        return _page(draft, call, slot_id, why), status
    finally:
        for left in arrived:
            storage.remove(left.path)
    return redirect(url_for(".documents", _anchor=f"slot-{slot.id}"), 303)


@blueprint.post("/documents/remove/<file_id>")
@with_draft
def remove(draft: Draft, call: Call, file_id: str) -> Any:
    """Takes a file back."""
    fixed = {slot.id for slot in completeness.slots(context().book, call, draft.answers)}
    fixed -= {slot.id for slot in browser_session.parts(draft, call).slots}
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
    return with_draft(lambda draft, call: (_page(draft, call, slot_id, why), 413))()


def _page(draft: Draft, call: Call, slot_id: str | None = None, fault: Said | None = None) -> str:
    book = context().book
    asked = browser_session.asked(draft)
    open_now = browser_session.parts(draft, call)
    owed = open_now.slots
    office = context().settings.checkout.content / "downloads"
    ids = {slot.id for slot in (*owed, *completeness.slots(book, call, draft.answers))}
    proof = next((field for field in book.application.fields() if field.id == "language-proof"), None)
    place = next(s.id for s in book.application.sections if proof in s.fields)
    verdicts = signed_forms.verdicts(book, call, draft)
    return render_template(
        "apply/documents.html",
        draft=draft,
        asked=asked,
        owed=owed,
        to_correct=browser_session.as_sent(draft, call).slots,
        lacks=rounds.lacks(book, call, draft, asked, context().now().date()) if asked else [],
        proof_named=bool(draft.answers.get("language-proof")),
        citizenship_named=bool(draft.answers.get("citizenship")),
        proof_section=place,
        spare=[file for file in draft.files if file.slot not in ids],
        papers=verdicts,
        concerns=browser_session.concerns(draft, call, open_now, verdicts),
        own_forms={
            form.id: own.name
            for form in book.forms
            if (own := office_files.office_file(office, form, here()))
        },
        faults={slot_id: fault} if slot_id and fault else {},
        accept=inspection.ACCEPTED,
        most_bytes=inspection.MOST_BYTES,
        most_mb=inspection.MOST_BYTES // 1_000_000,
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
