"""Commands that make the static site: `mobility build` and `mobility serve` (live preview)."""

import contextlib
import datetime
import functools
import tempfile
from http.server import ThreadingHTTPServer
from pathlib import Path

import click

from mobility.catalogue import calls, catalogue_file, rulebook
from mobility.catalogue.incremental import IncrementalLoader
from mobility.catalogue.rulebook import Rulebook
from mobility.cli.reporter import fail, stops_where_wrong
from mobility.paths import Checkout
from mobility.publishing import preview, preview_server, site_builder


@click.command()
@click.pass_obj
@stops_where_wrong
def build(checkout: Checkout) -> None:
    """Build the site; where anything is wrong, the last good one stays."""
    from mobility.pdfforms import render  # the typesetter is slow to load, and only needed here

    book = rulebook.load(checkout, functools.partial(catalogue_file.load, now=_now()))
    now = datetime.datetime.now(calls.zone(book.catalogue.calls))
    name = book.catalogue.institution.name
    try:
        built = site_builder.build(
            checkout, book, now, lambda folder: render.write_all(book.forms, folder, name)
        )
    except site_builder.BuildFailed as error:
        fail(str(error))
    click.echo(f"Built {built}")


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port  [default: 8080, or the next free one]")
@click.pass_obj
def serve(checkout: Checkout, port: int | None) -> None:
    """Show the site as it would be built, anew at each save; what is wrong is said here and on the page."""
    from mobility.pdfforms import render  # the typesetter is slow to load, and only needed here

    def forms(book: Rulebook, folder: Path) -> None:
        render.write_all(book.forms, folder, book.catalogue.institution.name)

    def say() -> None:
        wrong = shown.status.problems
        click.echo(
            "\n".join(wrong) if wrong else f"{datetime.datetime.now():%H:%M:%S} shown", err=bool(wrong)
        )

    with tempfile.TemporaryDirectory(prefix="mobility-preview-") as kept:
        shown = preview.Preview(checkout, Path(kept), _now, forms)
        shown.loader = IncrementalLoader(_now)
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
            return preview_server.serve(shown, number)
    return fail(f"Port {port or '8080 to 8099'} is taken: name another with --port")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
