"""The mail that waits in the outbox, as its reader would read it."""

import re
from email.message import EmailMessage

from mobility.office import outbox
from mobility.paths import Instance
from tests.helpers.follow_ups import written


def mails(kept: Instance) -> list[str]:
    """Subject and words of each mail, the oldest first, once nothing is to be written any more."""
    written(kept)
    return [
        "\n".join([str(mail["Subject"]), mail.get_body(("plain",)).get_content()])  # type: ignore[union-attr]
        for mail in (outbox.message(kept, waits) for waits in outbox.waiting(kept))
    ]


def a_mail() -> EmailMessage:
    """A message to nobody yet."""
    message = EmailMessage()
    message["Subject"] = "Сәлем"
    message.set_content("Құттықтаймыз")
    return message


def links_in(text: str) -> list[str]:
    """The private links in a mail."""
    return re.findall(r"http://\S+/apply/back/\S+", text)
