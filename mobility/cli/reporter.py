"""Output of the commands: `--json`, and errors. What is wrong goes to standard error, a line each, and ends
with code 1."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any, NoReturn, TypeVar

import click

from mobility.applications.review import NotPossible
from mobility.yamlfiles.reader import InvalidFile

T = TypeVar("T")
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


def watched(things: Sequence[T], what: str) -> Iterator[T]:
    """The things one by one; on a terminal, how far it has come is shown while it takes long."""
    if len(things) < 2 or not sys.stderr.isatty():
        yield from things
        return
    with click.progressbar(things, label=what, file=sys.stderr, show_eta=True) as shown:
        yield from shown
