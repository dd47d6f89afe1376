"""The `mobility` command, run as an officer types it."""

import datetime
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from mobility.cli.main import main
from mobility.paths import CHECKOUT, Instance

A_YEAR_ON = f"{datetime.date.today() + datetime.timedelta(days=365)}"
"""A last day for commands, which go by the real clock."""


def mobility(*words: str, root: Path = CHECKOUT.root) -> subprocess.CompletedProcess[str]:
    """Runs `mobility` on the checkout, or on another folder that the office edits."""
    command = [sys.executable, "-m", "mobility", "--root", str(root), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKOUT.root)


def typed(kept: Instance, group: str, *words: str) -> Result:
    """A command of `mobility` on what a portal keeps, in this process: for what a process of its own adds
    nothing to."""
    return CliRunner().invoke(main, [group, "--data", str(kept.root), *words])


def office(kept: Instance, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs `mobility office` on what a portal keeps."""
    command = [sys.executable, "-m", "mobility", "office", "--data", str(kept.root), *words]
    return subprocess.run(command, cwd=CHECKOUT.root, capture_output=True, text=True, check=False)
