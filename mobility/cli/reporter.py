"""Output of the commands: `--json`, and errors. What is wrong goes to standard error, a line each, and ends
with code 1."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click

from mobility.applications.review import NotPossible
from mobility.yamlfiles.reader import InvalidFile

DAY = click.DateTime(["%Y-%m-%d"])
"""A day, as an option takes it."""
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def stops_where_wrong(command: Callable[..., None]) -> Callable[..., None]:
    """Prints what is wrong with an edited file, a line each, and ends with code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except InvalidFile as error:
            fail(*map(str, error.problems))

    return run


def fail(*lines: str) -> NoReturn:
    """Says what is wrong, and ends with code 1."""
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(1)


def says_why_not(command: Callable[..., None]) -> Callable[..., None]:
    """Prints why something cannot be done, and ends with code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except NotPossible as error:
            fail(str(error))

    return run


def day(given: datetime.datetime | None) -> datetime.date | None:
    """The day that an option names."""
    return given.date() if given else None
