"""The commands `mobility staff …`: who may open the office's desk."""

import datetime

import click

from mobility.applications.review import NotPossible
from mobility.catalogue import calls
from mobility.cli.data_folder import as_owner, data_options, rules
from mobility.cli.reporter import fail, stops_where_wrong
from mobility.office import notices, outbox, staff
from mobility.office.desk import Desk, apply_address
from mobility.office.staff import ROLES, Member, Role
from mobility.paths import Instance


@click.group("staff")
@data_options
@stops_where_wrong
def members(context: click.Context, instance: Instance) -> None:
    """Add, list and remove those who may open the office's desk in a browser."""
    as_owner(instance)
    book = rules(context.obj, instance)
    now = datetime.datetime.now(calls.zone(book.catalogue.calls))
    context.obj = Desk(instance, book, apply_address(book), context.params["rehearsal"], now)


@members.command("add")
@click.argument("name")
@click.argument("address")
@click.option("--role", type=click.Choice(ROLES), default="officer", show_default=True)
@click.pass_obj
def add(desk: Desk, name: str, address: str, role: Role) -> None:
    """Let somebody in; a link by which they set up a passkey is mailed to ADDRESS."""
    try:
        _invite(desk, staff.add(desk.instance, name, address, role, desk.now))
    except NotPossible as error:
        fail(str(error))


@members.command("link")
@click.argument("address")
@click.pass_obj
def link(desk: Desk, address: str) -> None:
    """Mail a new setup link to somebody whose device is lost, or new."""
    _invite(desk, _found(desk, address))


@members.command("list")
@click.pass_obj
def list_(desk: Desk) -> None:
    """Who may open the desk."""
    for member in staff.every(desk.instance):
        ways = f"{len(member.passkeys)} passkey{'' if len(member.passkeys) == 1 else 's'}"
        click.echo(f"{member.id}  {member.role:8}{member.name}  {member.address}  {ways}")


@members.command("remove")
@click.argument("address")
@click.pass_obj
def remove(desk: Desk, address: str) -> None:
    """Let somebody in no more; what they did stays told."""
    member = _found(desk, address)
    staff.leave(desk.instance, member, desk.now)
    click.echo(f"{member.name} is let in no more.")


def _found(desk: Desk, address: str) -> Member:
    return staff.of_address(desk.instance, address) or fail(f"{address} is not of the staff")


def _invite(desk: Desk, member: Member) -> None:
    if not desk.address:
        fail("settings.address is not set in partners.yaml, so no link can be made: set it, then staff link")
    secret = staff.invite(desk.instance, member, desk.now)
    desk_address = desk.address.removesuffix("apply/") + "office/"
    mail = notices.staff_link(desk, member, f"{desk_address}setup/{secret}")
    outbox.spool(desk.instance, mail, member.address, member.id, desk.now)
    click.echo(f"{member.name} ({member.role}): a setup link is written to {member.address}.")
