"""The command `mobility purge`: removes drafts that were never submitted."""

import datetime

import click

from mobility.applications import submissions
from mobility.catalogue import calls
from mobility.cli.data_folder import as_owner, data_options, rules
from mobility.cli.reporter import stops_where_wrong
from mobility.office import retention
from mobility.paths import Instance


@click.command()
@click.option("--days", default=30, show_default=True, help="How long after the closing of its call.")
@click.option("--yes", is_flag=True, help="Remove them; without this they are only told.")
@data_options
@stops_where_wrong
def purge(context: click.Context, instance: Instance, days: int, yes: bool) -> None:
    """Remove drafts that were never submitted, with all their files, some days after their call closed."""
    as_owner(instance)
    when = rules(context.obj, instance).catalogue.calls
    now = datetime.datetime.now(calls.zone(when))
    found = list(submissions.left_over(instance, when, now, days))
    for draft, call in found:
        if yes:
            retention.remove(instance, draft, now)
        click.echo(f"{'removed' if yes else 'would remove'} a draft of {call.id}, {len(draft.files)} files")
    click.echo(f"{len(found)} drafts{'' if yes or not found else '; add --yes to remove them'}")
