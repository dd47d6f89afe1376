"""Whether a receipt is ours and unchanged: told to anyone, and nothing else is told."""

from flask import Response, render_template, request

from mobility.applications import receipts
from portal.apply import blueprint
from portal.context import context


@blueprint.route("/verify", methods=["GET", "POST"])
def verify() -> str:
    """Takes the text of a receipt, typed or as a file."""
    text, verdict = request.form.get("receipt", ""), None
    if request.method == "POST":
        file = request.files.get("file")
        if file and file.filename:
            text = file.stream.read(receipts.LONGEST).decode("utf-8", "replace")
        verdict = receipts.verify(context().settings.kept, text)
    return render_template("apply/verify.html", verdict=verdict, text=text)


@blueprint.get("/receipt-key.pem")
def receipt_key() -> Response:
    """The public key, for those who verify by themselves."""
    return Response(receipts.public_key(context().settings.kept), mimetype="application/x-pem-file")
