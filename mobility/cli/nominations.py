"""The command `mobility nominations`: what goes to a host of the students nominated there."""

import datetime
from pathlib import Path

import click

from mobility import storage
from mobility.catalogue import calls
from mobility.cli.data_folder import data_options, reconcile_index, rules, used
from mobility.cli.reporter import fail, says_why_not, stops_where_wrong
from mobility.office import nominations
from mobility.office.desk import Desk, apply_address
from mobility.office.nominations import KINDS, Kind
from mobility.paths import Instance


@click.command("nominations")
@click.argument("host")
@click.argument("call_id", metavar="CALL")
@click.option("--format", "kind", type=click.Choice(KINDS), default="xlsx", show_default=True)
@click.option("--pack", is_flag=True, help="A ZIP of the sheet and documents, a folder for each student.")
@click.option("--document", "slots", multiple=True, help="For the pack, as transcript; repeatable.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file (default: here, named for the host).",
)
@data_options
@stops_where_wrong
@says_why_not
def write_nominations(
    context: click.Context,
    instance: Instance,
    host: str,
    call_id: str,
    kind: Kind,
    pack: bool,
    slots: tuple[str, ...],
    out: Path | None,
) -> None:
    """Write the sheet of the students nominated to HOST (as usm) in CALL (as 2027-autumn), or a pack.

    Only who was told of the nomination is on it. The journal keeps that it was written, and by whom.
    """
    if slots and not pack:
        raise click.UsageError("Documents go with --pack.")
    used(instance)
    book = rules(context.obj, instance)
    reconcile_index(instance)
    now = datetime.datetime.now(calls.zone(book.catalogue.calls))
    desk = Desk(instance, book, apply_address(book), context.params["rehearsal"], now)
    target = out or Path(nominations.file_name(host, call_id, "zip" if pack else kind))
    if target.resolve().is_relative_to(instance.submissions.resolve()):
        fail(f"{target} is among sealed applications, where nothing may be added: choose another --out")
    with storage.writing(target) as file:
        if pack:
            copies = nominations.pack(desk, host, call_id, slots, file)
        else:
            content, copies = nominations.sheet(desk, host, call_id, kind)
            file.write(content)
    nominations.keep_in_journal(desk, copies)
    click.echo(target)
