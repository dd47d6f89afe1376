"""The student's way: start, answers, documents, check, submission, receipt, and what comes after."""

from flask import Blueprint

blueprint = Blueprint("apply", __name__, url_prefix="/apply")

from portal.apply import (  # noqa: E402  (they add their pages to it)
    documents,
    links,
    open_link,
    pdf_forms,
    questions,
    receipts,
    resumable,
    start,
    status,
    submit,
)

__all__ = [
    "blueprint",
    "documents",
    "links",
    "open_link",
    "pdf_forms",
    "questions",
    "receipts",
    "resumable",
    "start",
    "status",
    "submit",
]
