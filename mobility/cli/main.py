"""The `mobility` command: its options, and all its subcommands."""

from pathlib import Path

import click

from mobility.cli import catalogue, office, site, submissions
from mobility.paths import CHECKOUT, Checkout


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


for command in (
    catalogue.check, catalogue.stale, catalogue.check_links, catalogue.write_schema,
    site.build, site.serve,
    submissions.submitted, submissions.purge, submissions.verify_receipt, submissions.receipt_key,
    submissions.write_dossier,
    office.office,
):  # fmt: skip
    main.add_command(command)
