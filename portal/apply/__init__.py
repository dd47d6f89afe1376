"""The student's way: start, answers, documents, check, submission, receipt."""

from flask import Blueprint

blueprint = Blueprint("apply", __name__, url_prefix="/apply")

from portal.apply import (  # noqa: E402  (they add their pages to it)
    documents,
    paper,
    questions,
    resumable,
    start,
    submit,
)

__all__ = ["blueprint", "documents", "paper", "questions", "resumable", "start", "submit"]
