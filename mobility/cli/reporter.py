"""Output of the commands: `--json`, and errors. What is wrong goes to standard error, a line each, and ends
with code 1."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click

from mobility.yamlfiles.reader import InvalidFile

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
