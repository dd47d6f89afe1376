"""Days and references as people type them in commands."""

import datetime

import click
import pytest

from mobility.cli.typed import DAY, reference


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-10",
        "10.12.2026",
        "10/12/2026",
        "10 декабря 2026",
        "December 10, 2026",
        "10 желтоқсан 2026 ж.",
    ],
)
def test_days_are_understood(typed: str) -> None:
    assert DAY.convert(typed, None, None) == datetime.date(2026, 12, 10)


@pytest.mark.parametrize("typed", ["soon", "31.02.2027", "10.12.26", ""])
def test_what_is_no_day_is_said_so(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="is no day"):
        DAY.convert(typed, None, None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2027A-0042", "2027A-0042"), ("2027a-0042", "2027A-0042"), ("2027a 42", "2027A-0042"),
        ("2027А–0042", "2027A-0042"), ("r2027s-7", "R2027S-0007"), ("2027A-12345", "2027A-12345"),
        ("instance/bag", "instance/bag"), ("2027", "2027"),
    ],
)  # fmt: skip
def test_references_are_understood(typed: str, meant: str) -> None:
    assert reference(typed) == meant
