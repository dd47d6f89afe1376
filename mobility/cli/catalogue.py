"""Commands that check what the office edits: `mobility check`, `stale`, `links` and `schema`."""

import datetime
import functools
import json
from dataclasses import asdict

import click

from mobility.catalogue import (
    calls,
    catalogue_file,
    doubtful_values,
    freshness,
    link_check,
    rulebook,
    untranslated,
)
from mobility.cli.reporter import as_json, fail, stops_where_wrong
from mobility.i18n.languages import LANGUAGES
from mobility.paths import Checkout
from mobility.publishing import schemas
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.output import BuildFailed
from mobility.publishing.page_check import page_check, page_files


@click.command()
@click.pass_obj
@stops_where_wrong
def check(checkout: Checkout) -> None:
    """Say what is wrong in partners.yaml and content/, and on which line."""
    now = datetime.datetime.now(datetime.UTC)
    book = rulebook.load(checkout, functools.partial(catalogue_file.load, now=now))
    local = now.astimezone(calls.zone(book.catalogue.calls))
    inputs = BuildInputs(checkout, book, local, checkout.content / "downloads")
    try:
        every = [inputs.templates(language) for language in LANGUAGES]
        page_check.require(inputs, every)
    except BuildFailed as error:
        fail(str(error))
    for problem in page_check.notes(inputs, every):
        click.echo(f"note: {problem}", err=True)
    for partner, fact in freshness.unsourced(book.catalogue):
        click.echo(f'note: partner "{partner}": no source states its {fact}; the site says so', err=True)
    for language, page in page_files.untranslated(checkout):
        click.echo(
            f"note: content/pages/{language}/{page} is missing: readers see the English text", err=True
        )
    for language in LANGUAGES:
        if lacking := untranslated.texts(book.catalogue, language):
            whose = ", ".join(f"{of} {len(texts)}" for of, texts in lacking.items())
            count = sum(map(len, lacking.values()))
            click.echo(f"note: {count} texts are shown in English in {language}: {whose}", err=True)
        for of, text in untranslated.other_numbers(book.catalogue, language):
            click.echo(f"note: {of}: other numbers in {language} than in English: {text}", err=True)
    for where, said in doubtful_values.notes(book, local.date()):
        click.echo(f"note: {where} {said}", err=True)
    offers = [offer for offer in book.catalogue.offers() if not offer.agreement.expired(local.date())]
    click.echo(f"All is well: {len(book.catalogue.partners)} partners, {len(offers)} programmes offered.")


@click.command()
@as_json
@click.pass_obj
@stops_where_wrong
def stale(checkout: Checkout, as_json: bool) -> None:
    """Say which facts are old or without source, and which agreements run out."""
    catalogue = rulebook.load(checkout).catalogue
    today = datetime.datetime.now(calls.zone(catalogue.calls)).date()
    found = list(freshness.report(catalogue, today))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
        return
    for finding in found:
        click.echo(f"{finding.kind}: {finding.where}: {finding.says}")
    click.echo(f"{len(found)} things to look after." if found else "Nothing to look after.")


@click.command("links")
@as_json
@click.pass_obj
def check_links(checkout: Checkout, as_json: bool) -> None:
    """Ask every address that the catalogue and the pages name whether it still answers; code 1 where one
    does not. Needs the network; a build never does this."""
    asked = link_check.find_links(checkout)
    found = [(link, fault) for link, fault in link_check.broken_links(asked)]
    if as_json:
        click.echo(json.dumps([{**asdict(link), "fault": fault} for link, fault in found], indent=2))
    else:
        for link, fault in found:
            click.echo(f"{link.file}:{link.line}: {link.url} {fault}")
        click.echo(f"{len(asked)} addresses asked, {len(found)} dead.")
    if found:
        raise SystemExit(1)


@click.command("schema")
@click.pass_obj
def write_schema(checkout: Checkout) -> None:
    """Write the JSON Schemas by which an editor completes and checks the YAML files."""
    for path in schemas.write(checkout.root / "docs" / "schema"):
        click.echo(path)
