"""Whether a receipt is ours and unchanged: told to anyone, and nothing else is told."""

from flask import Response, render_template, request

from mobility.applications import receipts
from portal.apply import blueprint
from portal.apply.browser_session import found_or_404
from portal.context import context


@blueprint.get("/verify")
def verify() -> str:
    """Asks for a receipt."""
    return render_template("apply/verify.html", verdict=None, text="")


@blueprint.post("/verify")
def verify_receipt() -> str:
    """Says of the text of a receipt, typed or as a file, whether it is ours and unchanged."""
    text, file = request.form.get("receipt", ""), request.files.get("file")
    if file and file.filename:
        text = file.stream.read(receipts.LONGEST).decode("utf-8", "replace")
    verdict = receipts.verify(context().settings.kept, text)
    return render_template("apply/verify.html", verdict=verdict, text=text)


@blueprint.get("/receipt-key.pem")
def receipt_key() -> Response:
    """The public key, for those who verify by themselves; not there until a first receipt is signed."""
    key = found_or_404(receipts.public_key(context().settings.kept))
    return Response(key, mimetype="application/x-pem-file")
