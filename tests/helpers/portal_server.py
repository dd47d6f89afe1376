"""Starts the portal behind a real server in a thread, with a clock that a test sets."""

import datetime
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import waitress.server

from mobility.paths import CHECKOUT, Checkout, Instance
from mobility.uploads.virus_scan import Scanner
from portal import create_app
from portal.settings import Settings, SignIn


class Portal:
    """A running portal: its address, what it keeps, and its clock."""

    def __init__(
        self,
        instance: Instance,
        now: datetime.datetime,
        rehearsal: bool,
        checkout: Checkout,
        sign_in: SignIn | None,
        site: Path | None,
        scanner: Scanner | None,
    ):
        self.now = now
        door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{door.getsockname()[1]}"
        self.settings = Settings(
            checkout=checkout,
            instance=instance,
            secret_key="only-for-this-test-" + "0123456789abcdef",
            address=f"{self.address}/apply/",
            hosts=("127.0.0.1", "localhost"),
            clock=lambda: self.now,
            rehearsal=rehearsal,
            https=False,
            sign_in=sign_in,
            site=site,
            scanner=scanner,
        )
        self.app = create_app(self.settings)
        self.server = waitress.server.create_server(self.app, sockets=[door], threads=8)


@contextmanager
def running(
    folder: Path,
    now: datetime.datetime,
    rehearsal: bool = False,
    checkout: Checkout = CHECKOUT,
    sign_in: SignIn | None = None,
    site: Path | None = None,
    scanner: Scanner | None = None,
) -> Iterator[Portal]:
    """Serves a portal that keeps its data in `folder`, until the block ends."""
    portal = Portal(Instance(folder), now, rehearsal, checkout, sign_in, site, scanner)
    background = portal.app.extensions["background"]
    background.start()
    with serving(portal.server):
        yield portal
    background.stop()


@contextmanager
def serving(server: Any) -> Iterator[None]:
    """Runs a Waitress server in a thread."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        # The loop ends when it has nothing left to watch; it is told so from inside.
        server.trigger.pull_trigger(server._map.clear)
        thread.join(5)
        server.task_dispatcher.shutdown()
        server.close()
