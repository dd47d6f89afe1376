"""The student's way: start, answers, documents, check, submission, receipt, and what comes after."""

from flask import Blueprint

blueprint = Blueprint("apply", __name__, url_prefix="/apply")

from portal.apply import (  # noqa: E402  (they add their pages to it)
    after,
    documents,
    links,
    paper,
    questions,
    receipts,
    resumable,
    start,
    submit,
)

__all__ = [
    "after",
    "blueprint",
    "documents",
    "links",
    "paper",
    "questions",
    "receipts",
    "resumable",
    "start",
    "submit",
]
