"""The tables of cases that the rules in Python and those in the browser both pass."""

import itertools
from typing import Any

import yaml

from mobility.catalogue.forms import Field
from mobility.catalogue.institution import Source
from mobility.catalogue.partners import Agreement, Offer, Partner, Programme, Requirements
from mobility.paths import CHECKOUT

CASES = yaml.safe_load((CHECKOUT.root / "tests/data/eligibility-cases.yaml").read_text())
TYPED = yaml.safe_load((CHECKOUT.root / "tests/data/typed-answers.yaml").read_text(encoding="utf-8"))
"""What people type for names, phones, dates and numbers of papers."""
FIELDS = {
    "latin": "family-name",
    "date": "birth-date",
    "iin": "iin",
    "passport": "passport-number",
    "phone": "phone",
}
"""A question of the application form of each kind in that table."""
NUMBERS = yaml.safe_load((CHECKOUT.root / "tests/data/number-cases.yaml").read_text(encoding="utf-8"))


def typed_at_once() -> list[dict[str, dict[str, Any]]]:
    """The cases of that table by question of the application form, as many at a time as one form holds."""
    columns = [[case for case in TYPED if case["kind"] == kind] for kind in FIELDS]
    rows = itertools.zip_longest(*columns)
    return [{name: case for name, case in zip(FIELDS.values(), row, strict=True) if case} for row in rows]


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
