"""Resumable uploads: the core of tus 1.0 (https://tus.io/protocols/resumable-upload), with its extensions
creation, expiration and termination.

A file with the metadata `part` waits until `combine_uploads` names it, in order, with the others of one
document.
"""

import base64
import binascii
import datetime
from collections.abc import Callable
from email.utils import format_datetime
from functools import wraps
from typing import Any

from flask import Response, abort, request, url_for
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from mobility import storage
from mobility.applications import drafts, resumable
from mobility.applications.assessment import Assessment
from mobility.applications.drafts import Draft
from mobility.applications.resumable import PartialUpload
from mobility.catalogue.documents import Slot
from mobility.uploads.limits import MOST_BYTES
from portal.apply import blueprint, browser_session, slots
from portal.apply.browser_session import draft_required, found_or_404
from portal.context import context
from portal.language import say

_VERSION = "1.0.0"
_PIECE = "application/offset+octet-stream"
ENDPOINTS = tuple(
    f"apply.{view}"
    for view in ("create_upload", "upload_offset", "append_to_upload", "delete_upload", "combine_uploads")
)
"""What the script of a page asks, by the names of the views."""


def _tus(view: Callable[..., Any]) -> Callable[..., Any]:
    """Speaks the protocol around a view: its version, and refusals as plain text, which no page follows."""

    @wraps(view)
    def tus_view(**arguments: Any) -> Response:
        try:
            answer = _answered(view, arguments)
        except slots.NOT_KEPT as error:
            why, status = slots.why_not(error)
            answer = Response(say(why), status, mimetype="text/plain")
        except RequestEntityTooLarge:
            answer = Response(say(slots.TOO_LARGE), 413, mimetype="text/plain")
        except HTTPException as error:
            answer = Response(status=error.code)
        except (
            drafts.Gone,
            FileNotFoundError,
        ):  # another request has finished it, given it up, or erased all
            answer = Response(status=404)
        answer.headers["Tus-Resumable"] = _VERSION
        return answer

    return tus_view


def _answered(view: Callable[..., Any], arguments: dict[str, Any]) -> Response:
    if request.headers.get("Tus-Resumable") != _VERSION:
        return Response(status=412, headers={"Tus-Version": _VERSION})
    if browser_session.draft() is None:
        abort(404)
    answer = draft_required(view)(**arguments)
    if not isinstance(answer, Response) or (answer.location and answer.status_code != 201):
        return Response(status=403)  # a page, or the way to one: this application takes no file any more
    return answer


@blueprint.route("/documents/<slot_id>/tus", methods=["OPTIONS"])
def upload_options(slot_id: str) -> Response:  # noqa: ARG001
    """What of the protocol is spoken here."""
    headers = {
        "Tus-Resumable": _VERSION,
        "Tus-Version": _VERSION,
        "Tus-Extension": "creation,expiration,termination",
        "Tus-Max-Size": str(MOST_BYTES),
    }
    return Response(status=204, headers=headers)


@blueprint.post("/documents/<slot_id>/tus")
@_tus
def create_upload(assessment: Assessment, slot_id: str) -> Response:
    """Makes room for a file, and says where its pieces go."""
    slot = slots.open_slot(assessment, slot_id)
    length, told = _number("Upload-Length"), _metadata()
    arrival = resumable.create(
        assessment.draft,
        slot.id,
        told.get("filename", ""),
        length,
        context().now(),
        told.get("mark", "")[:300],
        told.get("instead_of"),
        "part" in told,
        slots.most_bytes(assessment.draft),
    )
    place = url_for(".append_to_upload", slot_id=slot.id, arrival_id=arrival.id)
    return Response(status=201, headers={"Location": place, **_expires(arrival)})


@blueprint.route("/documents/<slot_id>/tus/<arrival_id>", methods=["HEAD"])
@_tus
def upload_offset(assessment: Assessment, slot_id: str, arrival_id: str) -> Response:
    """How many bytes are here; of a file that has its slot, all."""
    arrival = resumable.find(assessment.draft, slot_id, arrival_id)
    kept = next((file for file in assessment.draft.in_slot(slot_id) if file.id == arrival_id), None)
    if kept:
        return Response(headers={"Upload-Offset": str(kept.size), "Upload-Length": str(kept.size)})
    found: PartialUpload = found_or_404(arrival)
    offset = resumable.offset(assessment.draft, found)
    state = {"Upload-Offset": str(offset), "Upload-Length": str(found.length)}
    return Response(headers={**state, **_expires(found)})


@blueprint.patch("/documents/<slot_id>/tus/<arrival_id>")
@_tus
def append_to_upload(assessment: Assessment, slot_id: str, arrival_id: str) -> Response:
    """Takes a piece; the last one puts the file into its slot."""
    slot = slots.open_slot(assessment, slot_id)
    if request.mimetype != _PIECE:
        abort(415)
    arrival: PartialUpload = found_or_404(resumable.find(assessment.draft, slot.id, arrival_id))
    try:
        offset = resumable.append(assessment.draft, arrival, request.stream, _number("Upload-Offset"))
        if offset == arrival.length and not arrival.part:
            _finish(assessment.draft, slot, [arrival])
    except resumable.WrongOffset:
        return Response(status=409)
    except storage.Busy:
        return Response(status=423)
    return Response(status=204, headers={"Upload-Offset": str(offset), **_expires(arrival)})


@blueprint.delete("/documents/<slot_id>/tus/<arrival_id>")
@_tus
def delete_upload(assessment: Assessment, slot_id: str, arrival_id: str) -> Response:
    """Forgets a file on its way."""
    resumable.discard(assessment.draft, found_or_404(resumable.find(assessment.draft, slot_id, arrival_id)))
    return Response(status=204)


@blueprint.post("/documents/<slot_id>/together")
@_tus
def combine_uploads(assessment: Assessment, slot_id: str) -> Response:
    """Makes one document of pictures that are here; asked again after a lost answer, it says the same."""
    draft, slot = assessment.draft, slots.open_slot(assessment, slot_id)
    named = request.form.getlist("id")
    if named and any(file.id == named[0] for file in draft.in_slot(slot.id)):
        return Response(status=204)
    parts: list[PartialUpload] = [found_or_404(resumable.find(draft, slot.id, name)) for name in named]
    if not parts or len(set(named)) != len(named):
        abort(400)
    _finish(draft, slot, parts)
    return Response(status=204)


def _finish(draft: Draft, slot: Slot, parts: list[PartialUpload]) -> None:
    """Puts what has come into the slot; refused or kept, it is not on its way any more."""
    files = [resumable.completed(draft, part) for part in parts]
    if None in files:
        abort(409)
    try:
        slots.put(draft, slot, [file for file in files if file], parts[0].instead_of)
    finally:
        resumable.discard(draft, *parts)


def _number(header: str) -> int:
    value = request.headers.get(header, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else abort(400)


def _metadata() -> dict[str, str]:
    """Upload-Metadata: names, each with a value in base64 that may be missing."""
    found = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            abort(400)
    return found


def _expires(arrival: PartialUpload) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(arrival.ends.astimezone(datetime.UTC), usegmt=True)}
