"""A real mail server for what the outbox sends."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from mobility.office.outbox import Server


class Mailbox(Message):
    """What a real server takes; it refuses those that it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []
        self.refused: dict[str, str] = {}

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)

    async def handle_RCPT(self, *told: Any) -> str:  # noqa: N802
        _, _, envelope, address, _ = told
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"


@contextmanager
def receiving(mailbox: Mailbox) -> Iterator[Server]:
    """Serves a mailbox until the block ends."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield Server("127.0.0.1", port, "icd@university.example")
    controller.stop()
