"""The student's way: start, answers, documents, check, submission, receipt."""

from flask import Blueprint

blueprint = Blueprint("apply", __name__, url_prefix="/apply")

from portal.apply import documents, paper, questions, start, submit  # noqa: E402  (they add their pages to it)

__all__ = ["blueprint", "documents", "paper", "questions", "start", "submit"]
