"""What the office types, and the mail that waits to go."""

import re
import subprocess
import sys

from mobility.office import outbox
from mobility.paths import CHECKOUT, Instance


def office(kept: Instance, *words: str) -> subprocess.CompletedProcess[str]:
    """`mobility office`, as an officer types it."""
    command = [sys.executable, "-m", "mobility", "office", "--data", str(kept.root), *words]
    return subprocess.run(command, cwd=CHECKOUT.root, capture_output=True, text=True, check=False)


def mails(kept: Instance) -> list[str]:
    """Subject and words of each mail, the oldest first."""
    return [
        "\n".join([str(mail["Subject"]), mail.get_body(("plain",)).get_content()])  # type: ignore[union-attr]
        for mail in (outbox.message(kept, waits) for waits in outbox.waiting(kept))
    ]


def links_in(text: str) -> list[str]:
    """The private links in a mail."""
    return re.findall(r"http://\S+/apply/back/\S+", text)
