"""The command `mobility dossier`: applications as one PDF each."""

import datetime
import itertools
import os
from pathlib import Path

import click

from mobility import storage
from mobility.applications import bags, journal, record, review, submissions
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.applications.versioned_files import UNREADABLE
from mobility.catalogue.rulebook import Rulebook
from mobility.cli.data_folder import bags_of, data_options, rules
from mobility.cli.reporter import fail, stops_where_wrong, watched
from mobility.cli.typed import REFERENCE
from mobility.i18n.languages import LANGUAGES, Language
from mobility.office import dossier
from mobility.paths import Instance
from mobility.uploads.printable import Unshowable


@click.command("dossier")
@click.argument("reference", required=False, type=REFERENCE)
@click.option("--call", "call_id", help="All applications of a call, as 2027-autumn.")
@click.option("--restricted", is_flag=True, help="With passport and questionnaire; not for the committee.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The PDF; with --call the folder (default: in the data)."
)
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", help="Of the cover.", show_default=True
)
@data_options
@stops_where_wrong
def write_dossier(
    context: click.Context,
    instance: Instance,
    reference: str | None,
    call_id: str | None,
    restricted: bool,
    out: Path | None,
    language: Language,
) -> None:
    """Write an application as one PDF: a cover, then every document; with --call all but withdrawn ones."""
    if bool(reference) == bool(call_id):
        raise click.UsageError("Give a reference, or --call with the name of a call.")
    if out and out.exists() and out.is_dir() == bool(reference):
        raise click.UsageError(
            f"--out {out} is a {'folder: name a file' if reference else 'file: name a folder'}."
        )
    if reference:
        applications = [bags_of(instance, reference)]
    else:
        grouped = itertools.groupby(submissions.every(instance), lambda bag: (bag.call, bag.reference))
        applications = [list(found) for (call, _), found in grouped if call == call_id]
    if not applications:
        fail(f"No application in {instance.submissions / str(call_id)}")
    book, bad = rules(context.obj, instance), 0
    for found in watched(list(map(bags.that_count, applications)), "dossiers"):
        name = dossier.file_name(found[0].home.name, restricted)
        folder = out if out and call_id else instance.dossiers / found[0].call
        target = out if out and reference else folder / name
        bad += not _dossier(found, target, book, restricted, language, withdrawn_too=bool(reference))
    if bad:
        raise SystemExit(1)


def _note(bag: Bag) -> None:
    """Keeps in the journal that a copy was made, where the data folder is ours."""
    if bag.instance.root.stat().st_uid == os.geteuid():
        now = datetime.datetime.now(record.moment(bag.record()).tzinfo)
        journal.record(bag.instance, now, "dossier made", bag.reference, by="command")


def _dossier(
    found: list[Bag],
    target: Path,
    book: Rulebook,
    restricted: bool,
    language: Language,
    withdrawn_too: bool,
) -> bool:
    """Writes one dossier, and says what is not shown in it; false where none could be made."""
    newest = found[0]
    try:
        if not withdrawn_too and review.standing(newest.instance, newest.call, newest.reference).withdrawn:
            click.echo(f"{newest.reference}: left out, withdrawn")
            return True
        documents = dossier.write(found, target, book, restricted, language)
    except dossier.InsideBag:
        fail(f"{target} is among sealed applications, where nothing may be added: choose another --out")
    except (NotPossible, Unshowable) as error:
        click.echo(f"{newest.reference}: no dossier: {error}", err=True)
        return False
    except UNREADABLE as error:
        if storage.is_full(error):
            raise
        click.echo(f"{newest.reference}: no dossier: {type(error).__name__}: {error}", err=True)
        return False
    click.echo(target)
    _note(newest)
    for document in documents:
        if document.reason:
            click.echo(f"  not shown: {document.file['file']}: {document.reason}")
    return True
