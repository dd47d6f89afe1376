"""The command `mobility doctor`: says in plain words what is wrong with a deployment."""

import datetime
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from mobility.catalogue import calls, rulebook
from mobility.cli.data_folder import data_options
from mobility.cli.reporter import as_json, stops_where_wrong
from mobility.office import checkup, surroundings
from mobility.office.checkup import Finding
from mobility.office.desk import apply_address
from mobility.paths import Instance


@click.command()
@click.option(
    "--env",
    "settings",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file with the portal's settings, as /etc/mobility.env.",
)
@click.option("--backups", type=click.Path(path_type=Path), help="Where backups are to be.")
@click.option("--offline", is_flag=True, help="Ask neither the public address nor the mail server.")
@as_json
@data_options
@stops_where_wrong
def doctor(
    context: click.Context,
    instance: Instance,
    settings: Path | None,
    backups: Path | None,
    offline: bool,
    as_json: bool,
) -> None:
    """Say what is wrong with a deployment, and what to do; code 1 where something is. Changes nothing."""
    environment = {**os.environ, **(_settings(settings) if settings else {})}

    def findings() -> Iterator[Finding]:
        book = rulebook.load(context.obj)
        now = datetime.datetime.now(calls.zone(book.catalogue.calls))
        yield from checkup.of_instance(instance, book, now)
        if backups:
            yield checkup.of_backups(backups, now)
        yield from surroundings.of_machine(context.obj.root)
        if not offline:
            yield from surroundings.of_settings(environment)
            address = apply_address(book)
            if address.startswith("https://"):
                yield from surroundings.of_address(address)
            else:
                yield Finding(
                    False,
                    "settings.address in partners.yaml is not set, or does not begin with https://",
                    "Set it: links in mail begin with it.",
                )

    found = list(findings())
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2))
    else:
        for each in found:
            click.echo(f"{'ok   ' if each.good else 'WRONG'}  {each.says}")
            if each.do:
                click.echo(f"       → {each.do}")
    wrong = sum(not each.good for each in found)
    if not as_json:
        click.echo(f"{wrong} of {len(found)} things are wrong." if wrong else "All is well.")
    if wrong:
        raise SystemExit(1)


def _settings(path: Path) -> dict[str, str]:
    """A file of KEY=VALUE lines, as systemd reads it."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith(("#", ";")))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}
