"""The commands `mobility backup` and `mobility restore`."""

import datetime
from pathlib import Path

import click

from mobility.catalogue import calls, rulebook
from mobility.cli.data_folder import as_owner, data_options, used
from mobility.cli.reporter import fail, stops_where_wrong
from mobility.office import backup
from mobility.paths import Checkout, Instance


@click.command("backup")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.option("--check", "checking", is_flag=True, help="Read the last backup there again instead.")
@click.option("--keep", type=click.IntRange(1), help="Remove all but so many, once the new one is whole.")
@data_options
@stops_where_wrong
def write_backup(
    context: click.Context, instance: Instance, target: Path, checking: bool, keep: int | None
) -> None:
    """Copy all that a portal keeps, while it runs, into a new folder in TARGET; or check the last one.

    Files that have not changed are shared with the backup before. Whoever is erased stands in old ones until
    they are removed.
    """
    if checking:
        last = backup.newest(target) or fail(f"No backup in {target}")
        try:
            faults = list(backup.check(last))
        except backup.NoBackup as why:
            fail(f"{last} is not a whole backup: {why}")
        if faults:
            fail(*faults)
        click.echo(f"{last}: as it was written")
        return
    used(instance)
    as_owner(instance)
    if target.resolve().is_relative_to(instance.root.resolve()):
        fail(f"{target} is in the data folder, and each backup would hold those before: name another folder")
    try:
        click.echo(backup.write(instance, target, _now(context.obj)))
    except OSError as error:
        fail(f"No backup could be made in {target}: {error.strerror}")
    removed, strange = backup.thin_out(target, keep) if keep else ([], [])
    for old in removed:
        click.echo(f"removed {old}")
    if strange:
        fail(
            *(f"{old} stays: it holds other data than the new one" for old in strange),
            f"Is {instance.root} the right folder, and mounted? If so, remove these by hand.",
        )


@click.command("restore")
@click.argument("source", metavar="BACKUP", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--skip",
    type=click.IntRange(0),
    default=backup.SKIP,
    show_default=True,
    help="References left out, as those given since may be on receipts; 0 where nothing came since.",
)
@data_options
@stops_where_wrong
def restore(context: click.Context, instance: Instance, source: Path, skip: int) -> None:
    """Fill an empty data folder from a backup, and verify every bag; code 1 where one is not as it was."""
    as_owner(instance)
    try:
        found = backup.restore(source, instance, _now(context.obj), skip)
    except backup.NotEmpty:
        fail(f"{instance.root} is not empty: restore into a new folder, and start the portal on that")
    except backup.NoBackup as why:
        fail(f"{source} is not a whole backup: {why}")
    for fault in found.faults:
        click.echo(fault)
    click.echo(f"{found.files} files restored; {found.bags} bags verified, {len(found.faults)} faults.")
    if found.mails:
        click.echo(
            f"{found.mails} mails waited when the backup was made, and will go when the portal starts: "
            "look at them with `mobility office mail` first."
        )
    if found.faults:
        raise SystemExit(1)


def _now(checkout: Checkout) -> datetime.datetime:
    return datetime.datetime.now(calls.zone(rulebook.load(checkout).catalogue.calls))
