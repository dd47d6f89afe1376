"""The tables of cases that the rules in Python and those in the browser both pass."""

from typing import Any

import yaml

from mobility.catalogue.forms import Field
from mobility.catalogue.institution import Source
from mobility.catalogue.partners import Agreement, Offer, Partner, Programme, Requirements
from mobility.paths import CHECKOUT

CASES = yaml.safe_load((CHECKOUT.root / "tests/data/eligibility-cases.yaml").read_text())
NUMBERS = yaml.safe_load((CHECKOUT.root / "tests/data/number-cases.yaml").read_text(encoding="utf-8"))


def question(kind: str, **more: Any) -> Field:
    """A question of one kind."""
    return Field.model_validate({"id": "asked", "type": kind, "label": "Asked", **more})


def offer_of(case: dict[str, Any]) -> Offer:
    """The invented programme that a case is about."""
    host = dict(case["host"])
    levels = tuple(host.pop("levels", ()))
    programme = Programme(
        id="exchange", name="Exchange", requirements=Requirements(**case.get("programme", {}))
    )
    partner = Partner(
        id="invented",
        name="Invented University",
        country="KZ",
        city="Nowhere",
        agreement=Agreement(status="unconfirmed"),
        levels=levels,
        requirements=Requirements(**host),
        programmes=(programme,),
        sources=(Source(title="Invented", seen="2026-11-24"),),
    )
    return Offer(partner, programme)
