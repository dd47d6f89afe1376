"""Commands on submitted applications: `mobility submissions …`, and those on receipts."""

import datetime
import json
from pathlib import Path
from typing import Any, TextIO

import click

from mobility.applications import bag_check, bags, listing, lookup, receipts, submissions
from mobility.applications.summary import Summary
from mobility.catalogue import calls
from mobility.cli.data_folder import as_owner, bags_of, data_options, reconcile_index, rules, used
from mobility.cli.reporter import as_json, fail, says_why_not, stops_where_wrong, watched
from mobility.cli.typed import REFERENCE
from mobility.paths import Instance


@click.group("submissions")
@data_options
def submitted(context: click.Context, instance: Instance) -> None:
    """List, show and verify sealed applications."""
    context.obj = instance


@submitted.command("list")
@as_json
@click.pass_obj
def list_(instance: Instance, as_json: bool) -> None:
    """One line an application."""
    if as_json:
        rows = [
            _row(instance, e) for call in _calls(instance) for e in lookup.applications(instance, call)[0]
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    told = ""
    for call in _calls(instance):
        place = instance.submissions / call
        for reference, version, sent, name, folder in lookup.lines(instance, call):
            told += f"{reference}  {version}  {sent}  {name}  {place}/{folder}/{version}\n"
    click.echo(told, nl=False)
    if not told:
        click.echo(f"No application in {instance.submissions}", err=True)


@submitted.command()
@click.argument("reference", type=REFERENCE)
@as_json
@click.pass_obj
@says_why_not
def show(instance: Instance, reference: str, as_json: bool) -> None:
    """Everything one application holds."""
    for bag in bags_of(instance, reference):
        if as_json:
            click.echo(json.dumps({"folder": str(bag.folder), **bag.record()}, ensure_ascii=False, indent=2))
        else:
            click.echo(f"{bag.folder}\n\n{(bag.folder / bags.RECORD).read_text(encoding='utf-8')}")


@submitted.command()
@click.argument("reference", required=False, type=REFERENCE)
@click.pass_obj
def verify(instance: Instance, reference: str | None) -> None:
    """Find changed, missing and added files; code 1 where there is one.

    Of all applications, of one by its reference, or of any BagIt bag by its folder.
    """
    if reference and Path(reference).is_dir():
        _verify_folder(Path(reference))
        return
    used(instance)
    chosen = bags_of(instance, reference) if reference else list(submissions.every(instance))
    sealed, lost = submissions.journalled(instance), submissions.lost(instance)
    bad = 0
    for bag in watched(chosen, "verified"):
        name = f"{bag.reference} {bag.version}"
        found = bag_check.check(bag.folder, ours=True)
        told = [line for line in lost if line.startswith(f"{name}:")]
        lost = [line for line in lost if line not in told]
        faults = [*found.faults, *(line.removeprefix(f"{name}: ") for line in told)]
        bad += bool(faults)
        whole = "as sealed" if (bag.reference, bag.version) in sealed else "whole, but not in the journal"
        click.echo(f"{name}: {'NOT as sealed' if faults else whole}")
        _say(faults, found.strays)
    gone = [line for line in lost if reference is None or line.startswith(reference)]
    for line in gone:
        click.echo(line)
    if bad or gone:
        raise SystemExit(1)
    if unknown := [bag for bag in chosen if (bag.reference, bag.version) not in sealed]:
        count = f"{len(unknown)} of {len(chosen)} bags"
        fail(f"{count} are whole, and the journal does not name them: compare it with a backup.")
    click.echo(f"{len(chosen)} bags verified, all as sealed.")


def _verify_folder(folder: Path) -> None:
    found = bag_check.check(folder)
    click.echo(f"{folder}: {'NOT a valid bag' if found.faults else 'a valid bag'}")
    _say(found.faults, found.strays)
    if found.faults:
        raise SystemExit(1)


def _say(faults: list[str], strays: list[str]) -> None:
    for fault in faults:
        click.echo(f"  {fault}")
    for stray in strays:
        click.echo(f"  {stray} was left by a file manager and is no document: it can be deleted")


@submitted.command("index")
@click.pass_obj
def write_index(instance: Instance) -> None:
    """Write index.html, index.xlsx and index.csv of every call anew."""
    for call in _calls(instance):
        last = lookup.last_submitted(instance, call)
        zone = datetime.datetime.fromisoformat(last).tzinfo if last else datetime.UTC
        listing.write(instance, call, datetime.datetime.now(zone))
        click.echo(instance.submissions / call / "index.html")


@click.command("verify-receipt")
@click.argument("receipt", type=click.File(encoding="utf-8", errors="replace"))
@data_options
def verify_receipt(_: click.Context, instance: Instance, receipt: TextIO) -> None:
    """Say whether a receipt matches, differs, or is unknown; code 1 unless it matches."""
    verdict = receipts.verify(instance, receipt.read(receipts.LONGEST))
    click.echo(verdict)
    if verdict != "matches":
        raise SystemExit(1)


@click.command("receipt-key")
@click.option("--rotate", is_flag=True, help="Make a new key; receipts signed before verify on.")
@data_options
@stops_where_wrong
def receipt_key(context: click.Context, instance: Instance, rotate: bool) -> None:
    """Print the public key by which others verify receipts; with --rotate the name of a new one."""
    if rotate:
        used(instance)
        as_owner(instance)
        zone = calls.zone(rules(context.obj, instance).catalogue.calls)
        click.echo(receipts.rotate(instance, datetime.datetime.now(zone)))
    else:
        key = receipts.public_key(instance) or fail("No receipt was signed yet, so there is no key")
        click.echo(key, nl=False)


def _calls(instance: Instance) -> list[str]:
    """The calls that have applications, by the index as the folders are now."""
    if not instance.root.exists():
        return []
    reconcile_index(instance)
    return lookup.calls(instance)


def _row(instance: Instance, found: Summary) -> dict[str, Any]:
    """What a list says of an application, for people and for programs."""
    return {
        "reference": found.reference,
        "version": found.version,
        "call": found.call,
        "state": found.state,
        "received": found.submitted,
        "name": found.name,
        "marks": found.marks,
        "folder": f"{instance.submissions}/{found.call}/{found.folder}/{found.version}",
    }
