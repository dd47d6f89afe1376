"""The tables of cases that the rules in Python and those in the browser both pass."""

import itertools
import json
from pathlib import Path
from typing import Any

import yaml

from mobility.catalogue.eligibility import Profile
from mobility.catalogue.forms import Field
from mobility.catalogue.institution import Source
from mobility.catalogue.partners import (
    Agreement,
    Offer,
    Partner,
    Programme,
    Requirements,
)
from mobility.paths import CHECKOUT

CASES = yaml.safe_load((CHECKOUT.root / "tests/data/eligibility-cases.yaml").read_text())
TYPED = yaml.safe_load((CHECKOUT.root / "tests/data/typed-answers.yaml").read_text(encoding="utf-8"))
"""What people type into questions of each kind."""
_OTHER_PAGE = yaml.safe_load((CHECKOUT.root / "tests/data/eligibility-settings.yaml").read_text("utf-8"))
SETTINGS = _OTHER_PAGE["requirements"]
"""What the office sets to follow the university's other page."""
CASES_OF_SETTINGS = _OTHER_PAGE["cases"]
FIELDS = {
    "latin": "family-name",
    "date": "birth-date",
    "iin": "iin",
    "passport": "passport-number",
    "phone": "phone",
    "email": "email",
    "gpa": "gpa",
}
"""A question of the application form of each kind in that table."""
NUMBERS = yaml.safe_load((CHECKOUT.root / "tests/data/number-cases.yaml").read_text(encoding="utf-8"))
HALF_FILLED = [
    Profile(gpa=gpa, level=level, proof=proof, score=score, cefr=cefr)
    for gpa in (None, 2.4, 2.9, 3.1, 4.0)
    for level in (None, "bachelor", "doctorate")
    for proof, score, cefr in (
        (None, None, None),
        ("ielts", None, None), ("ielts", 4.0, None), ("ielts", 6.5, None),
        ("toefl", None, None), ("toefl", 90.0, None),
        ("toefl-6", None, None), ("toefl-6", 2.0, None), ("toefl-6", 3.5, None), ("toefl-6", 4.5, None),
        ("statement", None, None), ("statement", None, "B1"), ("statement", None, "C1"),
    )
]  # fmt: skip
"""All ways in which a reader may have told some things and not others."""


def follow_the_other_page(partners: Path) -> None:
    """Sets in a copy of partners.yaml what makes the office follow the university's other page."""
    text = partners.read_text(encoding="utf-8").replace("  min_gpa: 3.0", "  # min_gpa: 3.0")
    lines = [f"  {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in SETTINGS.items()]
    partners.write_text(text.replace("requirements:\n", "\n".join(["requirements:", *lines, ""]), 1), "utf-8")


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
