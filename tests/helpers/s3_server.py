"""An S3 server on this machine (moto's), which keeps its objects in memory."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import requests

from mobility.paths import CHECKOUT
from tests.helpers.deployment import free_ports
from tests.helpers.follow_ups import until


@contextmanager
def s3_server(bucket: str) -> Iterator[str]:
    """The address of a server that has one empty bucket."""
    (port,) = free_ports(1)
    program = CHECKOUT.build / "s3" / "bin" / "moto_server"  # scripts/test sets it up
    words = [program, "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"

    def listens() -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    try:
        until(listens)
        assert requests.put(f"{address}/{bucket}", timeout=20).ok
        yield address
    finally:
        server.terminate()
        server.wait(20)
