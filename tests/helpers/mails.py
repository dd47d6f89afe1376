"""The mail that waits in the outbox, as its reader would read it."""

import re
import time

from mobility.office import outbox, tasks
from mobility.paths import Instance


def mails(kept: Instance) -> list[str]:
    """Subject and words of each mail, the oldest first, once nothing is to be written any more."""
    written(kept)
    return [
        "\n".join([str(mail["Subject"]), mail.get_body(("plain",)).get_content()])  # type: ignore[union-attr]
        for mail in (outbox.message(kept, waits) for waits in outbox.waiting(kept))
    ]


def written(kept: Instance) -> None:
    """Waits until what follows the last answers is done."""
    ends = time.monotonic() + 20
    while any(task.next for task in tasks.waiting(kept)):
        assert time.monotonic() < ends, "tasks are not done"
        time.sleep(0.01)


def links_in(text: str) -> list[str]:
    """The private links in a mail."""
    return re.findall(r"http://\S+/apply/back/\S+", text)
