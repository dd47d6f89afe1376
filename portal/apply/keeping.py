"""Putting a file that has arrived into its slot, and what is said where that cannot be."""

from collections.abc import Iterable

from flask import flash

from mobility import arrivals, disk, drafts, uploads
from mobility.calls import Call
from mobility.documents import Slot
from mobility.drafts import Arrived, Draft
from mobility.language import Said, said
from portal.apply import visitor
from portal.apply.visitor import found_or_404
from portal.house import house
from portal.language import _

NOT_KEPT = (uploads.Refused, disk.TooLarge, drafts.DraftFull, disk.DiskFull, arrivals.TooMany)
"""What keeps a file out, and is told beside its slot."""
TOO_LARGE = said(
    "The file is larger than 20 MB. Make it smaller (scan at 150 dpi, in grey) and upload it again."
)
TOO_LARGE_TOGETHER = said(
    "These files are larger than %(most)s MB together. Send fewer of them, or make them smaller.",
    most=arrivals.MOST_TOGETHER // 1_000_000,
)
_FULL = said("All files together are too large. Remove one that is not needed, or upload smaller ones.")
_NO_ROOM = said(
    "We cannot take files at this moment. What you uploaded is kept. Try later, or write to the ICD."
)
_TOO_MANY = said("Too many files are on their way at once. Wait until some of them are here.")


def why_not(error: Exception) -> tuple[Said, int]:
    """What to say of a file that is not kept, and the HTTP status of it."""
    if isinstance(error, uploads.Refused):
        return error.said, 422
    if isinstance(error, disk.TooLarge):
        return TOO_LARGE, 413
    if isinstance(error, disk.DiskFull):
        return _NO_ROOM, 507
    return (_TOO_MANY, 429) if isinstance(error, arrivals.TooMany) else (_FULL, 422)


def slot_of(draft: Draft, call: Call, slot_id: str) -> Slot:
    """The slot of that name that is open to this applicant; a page that is not there where there is none."""
    owed = visitor.parts(draft, call).slots
    slot: Slot = found_or_404(next((slot for slot in owed if slot.id == slot_id), None))
    return slot


def put(draft: Draft, slot: Slot, arrived: Iterable[Arrived], instead_of: str | None) -> None:
    """Keeps files in their slot, and tells so on the next page: several as one PDF where the slot takes one
    file, else each by itself. Raises NOT_KEPT and drafts.AlreadySealed."""
    files = list(arrived)
    if slot.most == 1 and len(files) > 1:
        files = [arrivals.one_pdf(draft, files)]
    form = house().book.form(slot.form) if slot.form else None
    for file in files:
        draft = drafts.settle(draft, slot, file, house().now(), instead_of, form)
    flash(_("Kept: %(document)s", document=slot.name))
