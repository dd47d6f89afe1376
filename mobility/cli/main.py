"""The `mobility` command: a face over the domain, and the one place that prints."""

import contextlib
import datetime
import itertools
import json
import tempfile
from collections.abc import Callable
from functools import wraps
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, TextIO

import click
import yaml

from mobility.applications import bags, journal, listing, private_links, receipts, record, submissions
from mobility.applications.bags import Bag
from mobility.catalogue import calls, freshness, rulebook
from mobility.catalogue.rulebook import Rulebook
from mobility.cli import maintenance, office
from mobility.cli.reporter import as_json, fail, stops_where_wrong
from mobility.office import dossier, outbox
from mobility.paths import CHECKOUT, Checkout, Instance
from mobility.publishing import preview, schemas, site_builder


@click.group()
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where partners.yaml stands (default: here, else the folder of this program).",
)
@click.pass_context
def main(context: click.Context, root: Path | None) -> None:
    """Checks what the office edits, builds the site, and reads what applicants submitted."""
    here = Path.cwd()
    context.obj = Checkout(root or (here if (here / "partners.yaml").exists() else CHECKOUT.root))


@main.command()
@click.pass_obj
@stops_where_wrong
def check(checkout: Checkout) -> None:
    """Say what is wrong in partners.yaml and content/, and on which line."""
    book = rulebook.load(checkout)
    for partner, fact in freshness.unsourced(book.catalogue):
        click.echo(f'note: partner "{partner}": no source states its {fact}; the site says so', err=True)
    for language, page in site_builder.untranslated(checkout):
        click.echo(
            f"note: content/pages/{language}/{page} is missing: readers see the English text", err=True
        )
    offers = list(book.catalogue.offers())
    click.echo(f"All is well: {len(book.catalogue.partners)} partners, {len(offers)} programmes offered.")


main.add_command(maintenance.stale)
main.add_command(maintenance.check_links)
main.add_command(office.office)


@main.command("schema")
@click.pass_obj
def write_schema(checkout: Checkout) -> None:
    """Write the JSON Schemas by which an editor completes and checks the YAML files."""
    for path in schemas.write(checkout.root / "docs" / "schema"):
        click.echo(path)


@main.command()
@click.pass_obj
@stops_where_wrong
def build(checkout: Checkout) -> None:
    """Build the site; where anything is wrong, the last good one stays."""
    from mobility.pdfforms import render  # the typesetter is slow to load, and only needed here

    book = rulebook.load(checkout)
    now = datetime.datetime.now(calls.zone(book.catalogue.calls))
    name = book.catalogue.institution.name
    try:
        built = site_builder.build(
            checkout, book, now, lambda folder: render.write_all(book.forms, folder, name)
        )
    except site_builder.BuildFailed as error:
        fail(str(error))
    click.echo(f"Built {built}")


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port  [default: 8080, or the next free one]")
@click.pass_obj
def serve(checkout: Checkout, port: int | None) -> None:
    """Show the site as it would be built, anew at each save; what is wrong is said here and on the page."""
    from mobility.pdfforms import render  # the typesetter is slow to load, and only needed here

    def forms(book: Rulebook, folder: Path) -> None:
        render.write_all(book.forms, folder, book.catalogue.institution.name)

    def say() -> None:
        wrong = shown.told.problems
        click.echo(
            "\n".join(wrong) if wrong else f"{datetime.datetime.now():%H:%M:%S} shown", err=bool(wrong)
        )

    with tempfile.TemporaryDirectory(prefix="mobility-preview-") as kept:
        shown = preview.Preview(checkout, Path(kept), lambda: datetime.datetime.now(datetime.UTC), forms)
        shown.refresh()
        server = _server(shown, port)
        say()
        click.echo(f"\n  Open  http://127.0.0.1:{server.server_port}/\n\n  Ctrl-C stops it.\n")
        try:
            preview.watch(shown, say)
        except KeyboardInterrupt:
            server.shutdown()


def _server(shown: preview.Preview, port: int | None) -> ThreadingHTTPServer:
    for number in [port] if port else range(8080, 8100):
        with contextlib.suppress(OSError):
            return preview.serve(shown, number)
    return fail(f"Port {port or '8080 to 8099'} is taken: name another with --port")


def data_options(command: Callable[..., None]) -> Callable[..., None]:
    """Says where the data are; gives the command the context and the instance."""

    @click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="The data folder (default: instance/ beside partners.yaml).",
    )
    @click.option("--rehearsal", is_flag=True, help="What was only tried, by scripts/serve.")
    @click.pass_context
    @wraps(command)
    def run(context: click.Context, /, data: Path | None, rehearsal: bool, **options: Any) -> None:
        instance = Instance(data or context.obj.root / "instance")
        command(context, instance.rehearsal if rehearsal else instance, **options)

    return run


@main.group("submissions")
@data_options
def submitted(context: click.Context, instance: Instance) -> None:
    """List, show and verify sealed applications."""
    context.obj = instance


@submitted.command("list")
@as_json
@click.pass_obj
def list_(instance: Instance, as_json: bool) -> None:
    """One line an application."""
    found = [_summary(bag) for bag in submissions.every(instance)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for row in found:
        click.echo("  ".join(str(row[key]) for key in ("reference", "version", "received", "name", "folder")))
    if not found:
        click.echo(f"No application in {instance.submissions}", err=True)


@submitted.command()
@click.argument("reference")
@as_json
@click.pass_obj
def show(instance: Instance, reference: str, as_json: bool) -> None:
    """Everything one application holds."""
    for bag in _found(instance, reference):
        if as_json:
            click.echo(json.dumps({"folder": str(bag.folder), **bag.record()}, ensure_ascii=False, indent=2))
        else:
            click.echo(f"{bag.folder}\n\n{(bag.folder / bags.RECORD).read_text(encoding='utf-8')}")


@submitted.command()
@click.argument("reference", required=False)
@click.pass_obj
def verify(instance: Instance, reference: str | None) -> None:
    """Find changed, missing and added files; code 1 where there is one."""
    chosen = _found(instance, reference) if reference else list(submissions.every(instance))
    bad = 0
    for bag in chosen:
        faults = bags.verify(bag)
        bad += bool(faults)
        click.echo(f"{bag.reference} {bag.version}: {'NOT as sealed' if faults else 'as sealed'}")
        for fault in faults:
            click.echo(f"  {fault}")
    gone = [line for line in submissions.lost(instance) if reference is None or line.startswith(reference)]
    for line in gone:
        click.echo(line)
    if bad or gone:
        raise SystemExit(1)
    click.echo(f"{len(chosen)} bags verified, all as sealed.")


@submitted.command("index")
@click.pass_obj
def write_index(instance: Instance) -> None:
    """Write index.html and index.csv of every call anew."""
    places = sorted({bag.call_folder for bag in submissions.every(instance)})
    for place in places:
        first = next(bags.in_call(place)).record()
        listing.write(place, datetime.datetime.now(record.moment(first).tzinfo))
        click.echo(place / "index.html")


@main.command()
@click.option("--days", default=30, show_default=True, help="How long after the closing of its call.")
@click.option("--yes", is_flag=True, help="Remove them; without this they are only told.")
@data_options
@stops_where_wrong
def purge(context: click.Context, instance: Instance, days: int, yes: bool) -> None:
    """Remove drafts that were never submitted, with all their files, some days after their call closed."""
    rules = rulebook.load(context.obj).catalogue.calls
    now = datetime.datetime.now(calls.zone(rules))
    found = list(submissions.left_over(instance, rules, now, days))
    for draft, call in found:
        if yes:
            private_links.forget(instance, draft)
            outbox.forget(instance, draft.journal_name)
            journal.record(instance, now, "draft purged", draft.journal_name, call=call.id)
        click.echo(f"{'removed' if yes else 'would remove'} a draft of {call.id}, {len(draft.files)} files")
    click.echo(f"{len(found)} drafts{'' if yes or not found else '; add --yes to remove them'}")


@main.command("verify-receipt")
@click.argument("receipt", type=click.File(encoding="utf-8", errors="replace"))
@data_options
def verify_receipt(_: click.Context, instance: Instance, receipt: TextIO) -> None:
    """Say whether a receipt matches, differs, or is unknown; code 1 unless it matches."""
    verdict = receipts.verify(instance, receipt.read(receipts.LONGEST))
    click.echo(verdict)
    if verdict != "matches":
        raise SystemExit(1)


@main.command("dossier")
@click.argument("reference", required=False)
@click.option("--call", "call_id", help="All applications of a call, as 2027-autumn.")
@click.option("--restricted", is_flag=True, help="With passport and questionnaire; not for the committee.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The PDF; with --call the folder (default: in the data)."
)
@data_options
def write_dossier(
    _: click.Context,
    instance: Instance,
    reference: str | None,
    call_id: str | None,
    restricted: bool,
    out: Path | None,
) -> None:
    """Write an application as one PDF: a cover, then every document."""
    if bool(reference) == bool(call_id):
        raise click.UsageError("Give a reference, or --call with the name of a call.")
    if reference:
        applications = [_found(instance, reference)]
    else:
        bags_of = itertools.groupby(submissions.every(instance), lambda bag: (bag.call, bag.reference))
        applications = [list(found) for (call, _), found in bags_of if call == call_id]
    if not applications:
        fail(f"No application in {instance.submissions / str(call_id)}")
    bad = 0
    for found in map(bags.that_count, applications):
        name = f"{found[0].reference}{'-restricted' if restricted else ''}.pdf"
        folder = out if out and call_id else instance.dossiers / found[0].call
        target = out if out and reference else folder / name
        bad += not _dossier(found, target, restricted)
    if bad:
        raise SystemExit(1)


def _dossier(found: list[Bag], target: Path, restricted: bool) -> bool:
    """Writes one dossier, and says what is not shown in it; false where none could be made."""
    try:
        documents = dossier.write(found, target, restricted)
    except dossier.InsideBag:
        fail(f"{target} is among sealed applications, where nothing may be added: choose another --out")
    except (OSError, KeyError, ValueError, yaml.YAMLError) as error:
        click.echo(f"{found[0].reference}: no dossier: {type(error).__name__}: {error}", err=True)
        return False
    click.echo(target)
    for document in documents:
        if document.reason:
            click.echo(f"  not shown: {document.file['file']}: {document.reason}")
    return True


def _found(instance: Instance, reference: str) -> list[Bag]:
    return submissions.find(instance, reference) or fail(
        f"No application {reference} in {instance.submissions}"
    )


def _summary(bag: Bag) -> dict[str, Any]:
    kept = bag.record()
    given = kept["answers"]
    return {
        "reference": bag.reference,
        "version": bag.version,
        "call": kept["call"],
        "received": kept["submitted"],
        "name": f"{given['family-name']}, {given['given-name']}",
        "marks": kept["marks"],
        "folder": str(bag.folder),
    }
