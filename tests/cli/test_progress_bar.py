"""Long commands show on a terminal how far they are, and nowhere else."""

import os
import pty
import subprocess
import sys

from mobility.paths import CHECKOUT, Instance
from tests.helpers.applications import Filled, Sealed


def test_a_terminal_sees_how_far_it_is(filled: Filled, seal: Sealed, instance: Instance) -> None:
    for _ in range(3):
        seal(filled())
    words = [sys.executable, "-m", "mobility", "submissions", "--data", str(instance.root), "verify"]
    ours, theirs = pty.openpty()
    shown = subprocess.run(words, stdout=subprocess.PIPE, stderr=theirs, cwd=CHECKOUT.root, check=True)
    os.close(theirs)
    told = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "verified" in told and "100%" in told
    assert b"3 bags verified, all as sealed." in shown.stdout and b"%" not in shown.stdout
    piped = subprocess.run(words, capture_output=True, cwd=CHECKOUT.root, check=True)
    assert piped.stderr == b""
