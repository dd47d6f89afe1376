"""Puts received files into their slots, and says why where one is not kept."""

from collections.abc import Iterable

from flask import flash

from mobility import storage
from mobility.applications import closer_looks, drafts, resumable
from mobility.applications.assessment import Assessment
from mobility.applications.drafts import Draft
from mobility.applications.kept_files import ReceivedFile
from mobility.catalogue.documents import Slot
from mobility.i18n.languages import Said, said
from mobility.uploads import inspection
from portal import metrics
from portal.apply.browser_session import found_or_404
from portal.context import context
from portal.language import _

NOT_KEPT = (inspection.Refused, storage.TooLarge, drafts.DraftFull, storage.DiskFull, resumable.TooMany)
"""What keeps a file out, and is told beside its slot."""
TOO_LARGE = said(
    "The file is larger than 20 MB. Make it smaller (scan at 150 dpi, in grey) and upload it again."
)
TOO_LARGE_TOGETHER = said(
    "These files are larger than %(most)s MB together. Send fewer of them, or make them smaller.",
    most=resumable.MOST_TOGETHER // 1_000_000,
)
_FULL = said("All files together are too large. Remove one that is not needed, or upload smaller ones.")
_UNCONFIRMED = said(
    "Confirm your e-mail address first: open the link that we mailed you. Until then all files together "
    "may have %(most)s MB.",
    most=drafts.MOST_UNCONFIRMED // 1_000_000,
)
_NO_ROOM = said(
    "We cannot take files at this moment. What you uploaded is kept. Try later, or write to the ICD."
)
_TOO_MANY = said("Too many files are on their way at once. Wait until some of them are here.")


def why_not(error: Exception) -> tuple[Said, int]:
    """What to say of a file that is not kept, and the HTTP status of it."""
    if isinstance(error, inspection.Refused):
        return error.said, 422
    if isinstance(error, storage.TooLarge):
        return TOO_LARGE, 413
    if isinstance(error, storage.DiskFull):
        return _NO_ROOM, 507
    if isinstance(error, resumable.TooMany):
        return _TOO_MANY, 429
    few = isinstance(error, drafts.DraftFull) and error.most < drafts.MOST_BYTES
    return (_UNCONFIRMED if few else _FULL), 422


def most_bytes(draft: Draft) -> int:
    """How many bytes all files of a draft may have: few until its address is confirmed, where mail goes."""
    unproven = context().settings.mail and not draft.confirmed
    return drafts.MOST_UNCONFIRMED if unproven else drafts.MOST_BYTES


def open_slot(assessment: Assessment, slot_id: str) -> Slot:
    """The slot of that name that can be filled now; answers 404 where there is none."""
    slot: Slot = found_or_404(next((slot for slot in assessment.open.slots if slot.id == slot_id), None))
    return slot


def put(draft: Draft, slot: Slot, arrived: Iterable[ReceivedFile], instead_of: str | None) -> None:
    """Keeps files in their slot, and tells so on the next page: several as one PDF where the slot takes one
    file, else each by itself. Raises NOT_KEPT and drafts.AlreadySealed."""
    files = list(arrived)
    if slot.most == 1 and len(files) > 1:
        files = [resumable.join_pictures(draft, files)]
    form = context().book.form(slot.form) if slot.form else None
    now, scanner = context().now(), context().settings.scanner
    for file in files:
        with metrics.upload(file.size):
            draft = drafts.place(draft, slot, file, now, instead_of, form, most_bytes(draft), scanner)
        closer_looks.owe(context().settings.kept, draft)
    flash(_("Kept: %(document)s", document=slot.name))
