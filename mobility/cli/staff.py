"""The commands `mobility staff …`: who may open the office's desk."""

import datetime
from collections.abc import Callable

import click

from mobility.catalogue import calls
from mobility.cli.data_folder import as_owner, data_options, rules
from mobility.cli.reporter import fail, says_why_not, stops_where_wrong
from mobility.i18n.languages import LANGUAGES, Language
from mobility.office import notices, outbox, staff
from mobility.office.desk import Desk, apply_address, office_address
from mobility.office.staff import ROLES, TOLD, Member, Role, Told
from mobility.paths import Instance


def _told_options(command: Callable[..., None]) -> Callable[..., None]:
    """What is mailed to a member of the staff, and in which language."""
    language = click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
    kinds = click.Choice([each.replace(" ", "-") for each in TOLD])
    what = "A digest each morning; at-once: with it answers, withdrawals, corrections as they come."
    return language(
        click.option("--told", type=kinds, default="daily", show_default=True, help=what)(command)
    )


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
@_told_options
@click.pass_obj
@says_why_not
def add(desk: Desk, name: str, address: str, role: Role, told: str, language: Language) -> None:
    """Let somebody in; a link by which they set up a passkey is mailed to ADDRESS."""
    _invite(desk, staff.add(desk.instance, name, address, role, desk.now, _told(told), language))


@members.command("tell")
@click.argument("address")
@_told_options
@click.pass_obj
def tell(desk: Desk, address: str, told: str, language: Language) -> None:
    """Set what is mailed to somebody: a daily digest, what cannot wait at once, too, or nothing."""
    member = staff.change_told(desk.instance, _found(desk, address), _told(told), language)
    click.echo(f"{member.name}: {member.told}, {member.language}")


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
    for path in desk.instance.staff.glob("[!.]*.yaml"):
        staff.read(path)  # nobody is left out without a word: one that cannot be read ends this
    for member in staff.every(desk.instance):
        ways = f"{len(member.passkeys)} passkey{'' if len(member.passkeys) == 1 else 's'}"
        told = f"told {member.told}, {member.language}"
        click.echo(f"{member.id}  {member.role:8}{member.name}  {member.address}  {ways}  {told}")


@members.command("remove")
@click.argument("address")
@click.pass_obj
def remove(desk: Desk, address: str) -> None:
    """Let somebody in no more; what they did stays told."""
    member = _found(desk, address)
    staff.leave(desk.instance, member, desk.now)
    outbox.forget(desk.instance, member.id, [member.address])
    click.echo(f"{member.name} is let in no more.")


def _told(given: str) -> Told:
    return next(known for known in TOLD if known.replace(" ", "-") == given)


def _found(desk: Desk, address: str) -> Member:
    return staff.of_address(desk.instance, address) or fail(f"{address} is not of the staff")


def _invite(desk: Desk, member: Member) -> None:
    if not desk.address:
        fail("settings.address is not set in partners.yaml, so no link can be made: set it, then staff link")
    secret = staff.invite(desk.instance, member, desk.now)
    mail = notices.staff_link(desk, member, f"{office_address(desk)}setup/{secret}")
    outbox.spool(desk.instance, mail, member.address, member.id, desk.now)
    click.echo(f"{member.name} ({member.role}): a setup link is written to {member.address}.")
