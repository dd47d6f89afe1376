"""The command `mobility archive`: the sealed bags of a closed call in an S3-compatible store."""

import datetime
from typing import IO

import click

from mobility.applications import bags, journal
from mobility.catalogue import calls
from mobility.cli.data_folder import as_owner, data_options, rules, used
from mobility.cli.reporter import fail, stops_where_wrong
from mobility.office import archive, encrypted_bags
from mobility.paths import Instance


@click.command("archive")
@click.argument("call_id", metavar="CALL")
@click.option("--to", "address", required=True, help="Where, as s3://bucket/folder.")
@click.option("--endpoint", help="The store's address where it is not Amazon's, as https://s3.example.kz.")
@click.option("--for", "keys", multiple=True, help="Encrypt for a public key, age1…; several may be given.")
@click.option("--key", type=click.File(), help="With --check: the file with a private key, of age-keygen.")
@click.option("--check", "checking", is_flag=True, help="Read what is there back instead, and compare it.")
@data_options
@stops_where_wrong
def archive_call(
    context: click.Context,
    instance: Instance,
    call_id: str,
    address: str,
    endpoint: str | None,
    keys: tuple[str, ...],
    key: IO[str] | None,
    checking: bool,
) -> None:
    """Copy the sealed bags of a closed call, as 2027-autumn, and read each file back.

    What is there already is not sent again; what was erased here since is removed there. Bags lie there as in
    the folders, so that any program gets them back; with --for each is one file that who has the private key
    opens: age -d -i KEY bag.tar.age | tar x. What the store asks comes from AWS_ACCESS_KEY_ID and
    AWS_SECRET_ACCESS_KEY.
    """
    when = rules(context.obj, instance).catalogue.calls
    now = datetime.datetime.now(calls.zone(when))
    try:
        call = calls.by_id(when, call_id)
        place = archive.store(address, endpoint)
        public, private = (
            encrypted_bags.recipients(keys),
            encrypted_bags.identities(key.read()) if key else [],
        )
    except (*archive.FAILURES, encrypted_bags.BadKey) as error:
        fail(str(error))
    used(instance)
    if not checking and call.state(now) != "closed":
        fail(f"{call_id} is not closed yet: its applications may still change")
    as_owner(instance)
    total = len(list(bags.in_call(instance.submissions / call_id)))
    faults = done = 0
    try:
        found = (
            archive.verify(instance, call, place, private)
            if checking
            else archive.write(instance, call, place, public)
        )
        for done, step in enumerate(found, 1):
            faults += bool(step.faults)
            state = "; ".join(step.faults) or ("there already" if step.before else "whole")
            click.echo(f"{done}/{max(done, total)}  {step.name}: {state}")
        if not checking:
            for reference in archive.remove_erased(instance, call, place):
                click.echo(f"{reference} was erased here, and is removed there")
            journal.record(instance, now, "archived", "", call=call_id)
    except archive.Mixed as error:
        fail(str(error))
    except archive.FAILURES as error:
        fail(f"The store cannot be used: {str(error).splitlines()[0][:300]}", "Say the same again to go on.")
    if faults:
        fail(f"{faults} of {done} bags are not whole there.")
    click.echo(f"{done} bags, each file read back and as sealed.")
