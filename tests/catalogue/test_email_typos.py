"""A slip in the domain of an address is asked about, and nothing else is."""

from typing import Any

import pytest
import yaml

from mobility.catalogue import email_typos
from mobility.paths import CHECKOUT

CASES = yaml.safe_load((CHECKOUT.root / "tests/data/email-typos.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["typed"])
def test_the_address_that_was_meant_is_guessed(case: dict[str, Any]) -> None:
    assert email_typos.likely_meant(case["typed"], ["kbtu.edu.kz"]) == (case["meant"] or "")


@pytest.mark.parametrize("domain", email_typos.USUAL)
def test_usual_domains_are_no_slips_of_each_other(domain: str) -> None:
    assert email_typos.likely_meant(f"a@{domain}") == ""
