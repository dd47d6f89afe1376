"""The command `scripts/serve`: builds the site, and serves site and portal together on one address."""

import datetime
import os
import socket
import sys
from pathlib import Path

import click

from mobility.applications import bags, data_format, index
from mobility.catalogue import calls, rulebook
from mobility.office import last_good
from mobility.paths import CHECKOUT, instance_of
from mobility.pdfforms import render
from mobility.publishing import site_builder
from mobility.yamlfiles.reader import InvalidFile
from portal import demonstration, logs, processes, rehearsal
from portal.office import access
from portal.settings import (
    BadSettings,
    Settings,
    clamd,
    json_logs,
    mail_server,
    old_keys,
    own_address,
    own_hosts,
    own_key,
    proxy,
    real_clock,
    redis_address,
    sign_in,
)


@click.command(context_settings={"show_default": True})
@click.option("--port", type=click.IntRange(1, 65535), help="Port  [default: 8000, or the next free one]")
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=CHECKOUT.root / "instance",
    help="Folder of drafts and submissions; a rehearsal uses rehearsal/ in it.",
    show_default="instance",
)
@click.option(
    "--as-of",
    metavar="DATE",
    help="Pretend that today is this day (2027-03-15) or instant (2027-03-31T23:58), in a rehearsal.",
)
@click.option(
    "--production",
    is_flag=True,
    help="Real applications, real dates. Needs MOBILITY_SECRET_KEY, and a web server with https before it.",
)
@click.option(
    "--processes",
    "count",
    type=click.IntRange(1),
    default=len(os.sched_getaffinity(0)),
    help="How many processes serve pages.",
    show_default="one for each core",
)
@click.option(
    "--demo", is_flag=True, help="Fill an empty rehearsal with twelve invented applications, in all states."
)
@click.option(
    "--monitor",
    metavar="[HOST:]PORT",
    help="Answer /healthz, /readyz and /metrics there, for machines.",
)
@click.option(
    "--no-site", is_flag=True, help="Leave the site to the web server: it is neither built nor served here."
)
def main(
    port: int | None,
    host: str,
    data: Path,
    as_of: str | None,
    production: bool,
    count: int,
    demo: bool,
    monitor: str | None,
    no_site: bool,
) -> None:
    """Build the site and start site and portal on one address.

    Without --production this is a rehearsal: where no call is open the next one counts as open, every page of
    the portal says so, and what is submitted goes to a folder of its own.
    """
    if production and as_of:
        raise click.UsageError("--as-of is for rehearsals: a real deployment uses the real date")
    if production and demo:
        raise click.UsageError("--demo is for rehearsals")
    try:
        instance = instance_of(data, os.environ)
        book, problems = last_good.rules(CHECKOUT, instance if production else instance.rehearsal)
        clock = rehearsal.clock(as_of, book) if as_of else real_clock
        key = own_key(os.environ.get("MOBILITY_SECRET_KEY")) if production else rehearsal.secret_key(data)
        address = own_address(book) if production else ""
        before, as_json = old_keys(os.environ), json_logs(os.environ)
        mail, university, redis = mail_server(os.environ), sign_in(os.environ), redis_address(os.environ)
        scanner, before_us = clamd(os.environ), proxy(os.environ)
    except InvalidFile as error:
        raise SystemExit(f"{error}\nNothing was started: mend this first.") from error
    except BadSettings as error:
        raise SystemExit(str(error)) from error
    for problem in problems:
        click.echo(f"{problem} (the last good rules are used)", err=True)
    if not no_site:
        build_site(book, clock())
    door = _door(host, port)
    settings = Settings(
        checkout=CHECKOUT,
        instance=instance,
        secret_key=key,
        address=address or f"{_shown_address(door)}apply/",
        hosts=own_hosts(book, address) if production else _rehearsal_hosts(host),
        clock=clock,
        old_keys=before,
        json_logs=as_json,
        rehearsal=not production,
        https=production,
        site=None if no_site else CHECKOUT.site,
        mail=mail,
        sign_in=university,
        redis=redis,
        scanner=scanner,
        proxy=before_us,
    )
    logs.configure(as_json)
    watched = _watched(monitor) if monitor else None
    try:
        data_format.bring_up(settings.kept)
    except data_format.TooNew as error:
        raise SystemExit(str(error)) from error
    _sweep(settings)
    if demo:
        demonstration.fill(settings, book)
    index.reconcile(settings.kept)
    _say(door, settings, book)
    processes.run(settings, door, count, watched)


def build_site(book: rulebook.Rulebook, now: datetime.datetime) -> None:
    """Builds the site; where that fails, the last good one is served, and the reason is printed."""
    name = book.catalogue.institution.name
    try:
        site_builder.build(
            CHECKOUT,
            book,
            now.astimezone(calls.zone(book.catalogue.calls)),
            lambda folder: render.write_all(book.forms, folder, name),
        )
    except site_builder.BuildFailed as error:
        click.echo(f"{error}\nThe site could not be built.", err=True)
        if not CHECKOUT.site.exists():
            raise SystemExit(1) from error
        click.echo("The last good one is served.", err=True)


def _sweep(settings: Settings) -> None:
    """Clears away what a crash left half-made."""
    place = settings.kept.submissions
    for call in place.iterdir() if place.exists() else ():
        bags.sweep(call, real_clock())


def _door(host: str, port: int | None) -> socket.socket:
    """The socket to listen on; the next free port where none was named."""
    for number in [port] if port else range(8000, 8020):
        try:
            door = socket.create_server(
                (host, number), family=socket.AF_INET6 if ":" in host else socket.AF_INET
            )
        except OSError as error:
            if port:
                raise SystemExit(
                    f"Port {port} cannot be used ({error.strerror}): try --port {port + 1}"
                ) from error
        else:
            return door
    raise SystemExit("Ports 8000 to 8019 are all taken: name another with --port")


def _watched(place: str) -> socket.socket:
    """The socket for whoever watches the portal: on this machine alone, where no host is named."""
    host, _, port = place.rpartition(":")
    if not port.isdecimal():
        raise click.UsageError("--monitor must be as 8001 or 127.0.0.1:8001")
    return _door(host.strip("[]") or "127.0.0.1", int(port))


def _shown_address(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    shown_host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)
    return f"http://{shown_host}:{port}/"


def _rehearsal_hosts(host: str) -> tuple[str, ...]:
    """Those of this machine; any where phones beside it are to try, too."""
    return () if host in ("0.0.0.0", "::") else ("localhost", "127.0.0.1", "[::1]", host)


def _say(door: socket.socket, settings: Settings, book: rulebook.Rulebook) -> None:
    address = _shown_address(door)
    shown = f"\033]8;;{address}\033\\{address}\033]8;;\033\\" if sys.stdout.isatty() else address
    click.echo(f"\n  Open  {shown}\n")
    if settings.rehearsal:
        now = settings.clock().astimezone(calls.zone(book.catalogue.calls))
        call = calls.open_call(book.catalogue.calls, now) or calls.next_call(book.catalogue.calls, now)
        desk = f"{address}office/rehearsal/{access.rehearsal_token(settings.secret_key)}"
        click.echo(f"  The office's desk  {desk}\n")
        click.echo(f"  Rehearsal: the call for {call.name} counts as open; nothing sent is an application.")
    click.echo(f"  Submitted applications go to {settings.kept.submissions}")
    if not settings.mail:
        click.echo(f"  No mail server is named (MOBILITY_SMTP): mail waits in {settings.kept.outbox}")
    click.echo("  Ctrl-C stops both.\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(prog_name="scripts/serve")
    except KeyboardInterrupt:
        raise SystemExit(0) from None
