"""Receipts: shown and kept by the applicant, and verified by anyone, who is told nothing else."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from mobility.applications import bags, completeness, receipts, submissions
from mobility.applications.bags import Bag
from mobility.applications.record import moment
from mobility.catalogue import documents
from portal.apply import blueprint, browser_session
from portal.apply.browser_session import found_or_404
from portal.context import context


@blueprint.get("/receipt")
@blueprint.get("/receipt/<version>")
def receipt(version: str | None = None) -> Any:
    """What was received and when, as the sealed application itself says."""
    bag = _own_bag(version)
    if bag is None:
        return redirect(url_for(".overview"))
    record = bag.record()
    ctx = context()
    call, found = ctx.call_of(bag.call), list(bags.in_home(bag.home))
    sent = record if bag.version.startswith("v") else bags.newest(found).record()
    names = {slot.id: slot.name for slot in completeness.slots(ctx.book, call, record["answers"])}
    hosts = documents.named_by_hosts(completeness.wished(ctx.book, call, sent["answers"]))
    for file in record["files"]:
        names.setdefault(file["slot"], documents.named(file["document"], hosts))
    return render_template("apply/receipt.html", bag=bag, record=record, moment=moment(record), names=names)


@blueprint.get("/receipt.txt")
@blueprint.get("/receipt/<version>.txt")
def receipt_file(version: str | None = None) -> AnyResponse:
    """RECEIPT.txt, to keep."""
    bag = _own_bag(version)
    if bag is None:
        return redirect(url_for(".overview"))
    text = (bag.folder / "RECEIPT.txt").read_text(encoding="utf-8")
    name = f'attachment; filename="receipt-{bag.reference}-{bag.version}.txt"'
    return Response(text, mimetype="text/plain", headers={"Content-Disposition": name})


@blueprint.get("/verify")
def verify() -> str:
    """Asks for a receipt."""
    return _verify_page(None, "")


@blueprint.post("/verify")
def verify_receipt() -> str:
    """Says of the text of a receipt, typed or as a file, whether it is ours and unchanged."""
    text, file = request.form.get("receipt", ""), request.files.get("file")
    if file and file.filename:
        text = file.stream.read(receipts.LONGEST).decode("utf-8", "replace")
    return _verify_page(receipts.verify(context().settings.kept, text), text)


@blueprint.get("/receipt-key.pem")
def receipt_key() -> Response:
    """The public key, for those who verify by themselves; not there until a first receipt is signed."""
    return _pem(receipts.public_key(context().settings.kept))


@blueprint.get("/receipt-keys/<name>.pem")
def earlier_receipt_key(name: str) -> Response:
    """The public key of that name, for receipts that were signed before the key was changed."""
    return _pem(receipts.public_keys(context().settings.kept).get(name))


def _pem(key: str | None) -> Response:
    return Response(found_or_404(key), mimetype="application/x-pem-file")


def _verify_page(verdict: receipts.Verdict | None, text: str) -> str:
    kept = context().settings.kept
    present = receipts.public_key(kept)
    earlier = [name for name, key in receipts.public_keys(kept).items() if key != present]
    return render_template("apply/verify.html", verdict=verdict, text=text, earlier=earlier)


def _own_bag(version: str | None) -> Bag | None:
    """One of the open application's own bags; the newest version of it where none is named."""
    draft = browser_session.submitted()
    if not draft:
        return None
    found = submissions.of_draft(context().settings.kept, draft)
    if version is None:
        return bags.newest(found) if found else None
    return next((bag for bag in found if bag.version == version), None)
