"""Decisions that are made and told at once, as most tests want them."""

from typing import Any

from mobility.applications.decisions import Outcome
from mobility.office import decisions
from mobility.office.desk import Desk


def tell(desk: Desk, reference: str, outcome: Outcome, *given: Any, **more: Any) -> None:
    """Decides on an application, and releases that."""
    decisions.decide(desk, reference, outcome, *given, **more)
    decisions.release(desk, reference)
