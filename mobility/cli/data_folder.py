"""The data folder that a command works on: its options, and its index for the commands that ask that."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from mobility.applications import data_format, index, submissions
from mobility.applications.bags import Bag
from mobility.catalogue.rulebook import Rulebook
from mobility.cli.reporter import fail
from mobility.office import last_good
from mobility.paths import Checkout, Instance, instance_of


def data_options(command: Callable[..., None]) -> Callable[..., None]:
    """Says where the data are; gives the command the context and the instance. MOBILITY_INDEX names the index
    where that does not stand in the data folder. Raises data_format.TooNew."""

    @click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="The data folder (default: instance/ beside partners.yaml).",
    )
    @click.option("--rehearsal", is_flag=True, help="What was only tried, by scripts/serve.")
    @click.pass_context
    @wraps(command)
    def run(context: click.Context, /, data: Path | None, rehearsal: bool, **options: Any) -> None:
        instance = instance_of(data or context.obj.root / "instance", os.environ)
        instance = instance.rehearsal if rehearsal else instance
        data_format.of(instance)
        command(context, instance, **options)

    return run


def used(instance: Instance) -> None:
    """Ends with code 1 where no portal has kept anything: the folder is named wrongly, or not mounted."""
    if not data_format.is_used(instance):
        fail(f"No portal has kept anything in {instance.root}: is it the right folder, and mounted?")


def as_owner(instance: Instance) -> None:
    """Ends with code 1 where another owns the data folder: what root writes there, the portal cannot."""
    if instance.root.exists() and instance.root.stat().st_uid != os.geteuid():
        owner = instance.root.owner()
        fail(f"{instance.root} belongs to {owner}: put `runuser -u {owner} --` before this command")


def reconcile_index(instance: Instance) -> None:
    """Brings the index up to the folders, as somebody may have edited a file by hand since. Where there is no
    data folder, none is made."""
    as_owner(instance)
    if instance.root.exists():
        index.reconcile(instance)


def bags_of(instance: Instance, reference: str) -> list[Bag]:
    """The bags of one application as they lie in the folders, without the index: a folder that cannot be
    written is read and verified, too."""
    return list(submissions.every(instance, reference)) or fail(
        f"No application {reference} in {instance.submissions}"
    )


def rules(checkout: Checkout, instance: Instance) -> Rulebook:
    """The rules; where what is edited is wrong, the last good ones, and that is said. Raises InvalidFile."""
    book, problems = last_good.rules(checkout, instance)
    for problem in problems:
        click.echo(f"{problem} (the last good rules are used)", err=True)
    return book
