"""What people type in commands: days as they write them, references in any case."""

import datetime
import re
from typing import Any

import click

from mobility.i18n import written_dates

_REFERENCE = re.compile(r"(R?)([0-9]{4})([AS])([0-9]+)")


class _Day(click.ParamType[datetime.date]):
    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        if isinstance(value, datetime.date):
            return value
        found = written_dates.parse(str(value))
        return found or self.fail(f"{value} is no day: write it as 2027-04-10 or 10.04.2027", param, ctx)


class _Reference(click.ParamType[str]):
    name = "reference"

    def convert(self, value: Any, _: click.Parameter | None, __: click.Context | None) -> str:
        return reference(str(value))


def reference(typed: str) -> str:
    """A reference as it is written: 2027a-42 and "2027A 0042" are 2027A-0042. Anything else stays."""
    plain = re.sub(r"[\s\u2010-\u2015_-]", "", typed).upper()
    found = _REFERENCE.fullmatch(plain.translate(_LOOK_ALIKES))
    return f"{found[1]}{found[2]}{found[3]}-{int(found[4]):04}" if found else typed


_LOOK_ALIKES = str.maketrans({"\u0410": "A", "\u0405": "S"})
"""Cyrillic letters that look like those in references."""
DAY = _Day()
REFERENCE = _Reference()
