"""Asks ClamAV's daemon (clamd) about a file, by its INSTREAM command: the file's bytes go over a socket."""

import logging
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from mobility.i18n.languages import said
from mobility.uploads.inspection import Refused

log = logging.getLogger("uploads")

_SECONDS, _PIECE = 30, 1 << 18
_INFECTED = said(
    "The virus scanner found something in this file, and it was not kept. "
    "Check your device, make the document anew and upload that."
)


@dataclass(frozen=True)
class Scanner:
    """Where clamd listens: `path` of a Unix socket, or `host` and `port`."""

    path: str = ""
    host: str = ""
    port: int = 0


def scanner(address: str) -> Scanner:
    """Of unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310. Raises ValueError."""
    if found := re.fullmatch(r"unix:(/.+)", address):
        return Scanner(path=found[1])
    if found := re.fullmatch(r"tcp://(\[[^]]+\]|[^:/\[]+):(\d{1,5})", address):
        return Scanner(host=found[1].strip("[]"), port=int(found[2]))
    raise ValueError(address)


def passed(path: Path, scanner: Scanner) -> bool:
    """Whether a file was looked at and nothing found; false where the scanner gives no answer. Raises
    Refused where it finds something."""
    try:
        answer = _ask(path, scanner)
    except OSError as error:
        log.error("The virus scanner does not answer: %s", error)
        return False
    if answer.endswith(b" FOUND"):
        log.warning("The virus scanner refused a file: %.200r", answer)
        raise Refused(_INFECTED)
    if answer != b"stream: OK":
        log.error("The virus scanner could not look at a file: %.200r", answer)
    return answer == b"stream: OK"


def answers(scanner: Scanner) -> bool:
    """Whether the scanner is there."""
    try:
        with _connected(scanner) as line:
            line.sendall(b"zPING\0")
            return line.recv(100).startswith(b"PONG")
    except OSError:
        return False


def _ask(path: Path, scanner: Scanner) -> bytes:
    with path.open("rb") as file, _connected(scanner) as line:
        line.sendall(b"zINSTREAM\0")
        while piece := file.read(_PIECE):
            line.sendall(len(piece).to_bytes(4, "big") + piece)
        line.sendall(bytes(4))
        with line.makefile("rb") as answer:
            return answer.read(1000).rstrip(b"\0")


def _connected(scanner: Scanner) -> socket.socket:
    if scanner.host:
        return socket.create_connection((scanner.host, scanner.port), _SECONDS)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(_SECONDS)
    try:
        line.connect(scanner.path)
    except OSError:
        line.close()
        raise
    return line
