"""The `mobility` command: its options, and all its subcommands."""

import errno
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from mobility import storage
from mobility.applications.data_format import TooNew
from mobility.paths import CHECKOUT, Checkout

_COMMANDS = {
    "check": "catalogue.check",
    "stale": "catalogue.stale",
    "links": "catalogue.check_links",
    "schema": "catalogue.write_schema",
    "build": "site.build",
    "serve": "site.serve",
    "submissions": "submissions.submitted",
    "purge": "purge.purge",
    "verify-receipt": "submissions.verify_receipt",
    "receipt-key": "submissions.receipt_key",
    "dossier": "dossiers.write_dossier",
    "nominations": "nominations.write_nominations",
    "office": "office.office",
    "staff": "staff.members",
    "backup": "backups.write_backup",
    "restore": "backups.restore",
    "archive": "archives.archive_call",
    "doctor": "doctor.doctor",
}
"""Where each subcommand stands. Only the one that is asked for is imported, as all take half a second."""


class _Commands(click.Group):
    def list_commands(self, _: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, function = _COMMANDS[name].split(".")
        found: click.Command = getattr(import_module(f"mobility.cli.{module}"), function)
        return found

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except TooNew as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # who reads the output has gone: click ends quietly
                raise
            raise click.ClickException(_said(error)) from error


def _said(error: OSError) -> str:
    """What went wrong with a file or the disk, and what to do."""
    where = f": {error.filename}" if error.filename else ""
    if storage.is_full(error):
        return f"The disk is full{where}. Make room (dossiers/ in the data is made again), and repeat."
    return f"{error.strerror or type(error).__name__}{where}"


@click.group(cls=_Commands)
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
