"""The command `mobility purge`: removes what was never submitted, or all applications of a call."""

import datetime
from dataclasses import replace
from pathlib import Path

import click

from mobility.applications import submissions
from mobility.catalogue import calls
from mobility.cli.data_folder import as_owner, data_options, reconcile_index, rules, used
from mobility.cli.reporter import fail, says_why_not, stops_where_wrong
from mobility.office import keeping, retention
from mobility.office.desk import Desk, apply_address
from mobility.paths import Instance

_A_PART = 25
_MOST_DAYS = 36_500


@click.command()
@click.argument("call_id", metavar="[CALL]", required=False)
@click.option(
    "--days",
    type=click.IntRange(0, _MOST_DAYS),
    default=30,
    show_default=True,
    help="Without CALL: how long after its closing.",
)
@click.option("--yes", is_flag=True, help="Remove them; without this they are only told.")
@data_options
@stops_where_wrong
@says_why_not
def purge(context: click.Context, instance: Instance, call_id: str | None, days: int, yes: bool) -> None:
    """Erase all applications and drafts of CALL, with a certificate.

    Without CALL remove drafts that were never submitted, with all their files, some days after their call
    closed.
    """
    used(instance)
    as_owner(instance)
    book = rules(context.obj, instance)
    now = datetime.datetime.now(calls.zone(book.catalogue.calls))
    desk = Desk(instance, book, apply_address(book), context.params["rehearsal"], now)
    if call_id:
        reconcile_index(instance)
        _purge_call(desk, call_id, yes)
    else:
        _purge_drafts(desk, days, yes)


def _purge_call(desk: Desk, call_id: str, yes: bool) -> None:
    kept = keeping.of_call(desk, call_id)
    if not kept.anything:
        fail(f"nothing is kept of {call_id}")
    click.echo(f"{kept.applications} applications of {call_id}, {kept.holding} of them take a place")
    click.echo(f"{kept.drafts} drafts, {kept.open} of them can be sent still, and stay")
    if kept.until:
        click.echo(f"to be kept until {kept.until}")
    for event, count in kept.copies.items():
        click.echo(f"copies to delete by hand: {keeping.COPIES[event]} of {count}")
    if kept.archived:
        click.echo("copied into an archive: after erasing, mobility archive removes it there, too")
    click.echo("copies to delete by hand: saved lists and backups, which the journal does not count")
    if not yes:
        click.echo("add --yes to erase all of it; it cannot be brought back")
        return
    written = keeping.purge(desk, call_id, most=0)  # begins, or says why not
    if written is None:
        written = _erase(desk, call_id, kept.applications)
    click.echo(written)


def _erase(desk: Desk, call_id: str, count: int) -> Path:
    """Erases in parts, each with its own time, and shows how far it is; gives the certificate."""
    with click.progressbar(length=count, label="Erasing") as bar:
        while True:
            now = datetime.datetime.now(desk.now.tzinfo)
            written = keeping.purge(replace(desk, now=now), call_id, _A_PART, lambda _: bar.update(1))
            if written:
                return written


def _purge_drafts(desk: Desk, days: int, yes: bool) -> None:
    found = list(submissions.left_over(desk.instance, desk.book.catalogue.calls, desk.now, days))
    for draft, call in found:
        if yes:
            retention.remove(desk.instance, draft, desk.now)
        click.echo(f"{'removed' if yes else 'would remove'} a draft of {call.id}, {len(draft.files)} files")
    click.echo(f"{len(found)} drafts{'' if yes or not found else '; add --yes to remove them'}")
