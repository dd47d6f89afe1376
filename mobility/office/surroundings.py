"""Checks what a portal stands on and says what to do: settings, mail server, Redis, virus scanner, sandbox,
libraries, and how its public address answers."""

import datetime
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import redis
import requests

from mobility.office import outbox
from mobility.office.checkup import Finding
from mobility.uploads import sandbox, virus_scan

_SECONDS = 10
_SHORTEST_KEY = 32
_PROTECTIONS = {
    "no other files": "a kernel with Landlock (5.13 or newer, lsm=landlock)",
    "no sockets": "a kernel with seccomp",
    "no look into other processes": "a kernel with seccomp",
}
"""What the sandbox must have, and what gives it; beside seccomp no network namespace is needed."""
_HEADERS = (
    "Strict-Transport-Security",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
)
_LOCKED = re.compile(r"([A-Za-z0-9._-]+)==([^ ;\\]+)")


def of_settings(environment: Mapping[str, str]) -> Iterator[Finding]:
    """What the environment of the portal says, and whether what it names answers."""
    key = environment.get("MOBILITY_SECRET_KEY", "")
    if len(key) < _SHORTEST_KEY:
        says = "is not set" if not key else "is too short"
        yield Finding(False, f"MOBILITY_SECRET_KEY {says}", "Make one: docs/deploy.md has the command.")
    else:
        yield Finding(True, "The secret key is set")
    yield _mail(environment)
    if address := environment.get("MOBILITY_REDIS"):
        yield _redis(address)
    if address := environment.get("MOBILITY_CLAMD"):
        yield _scanner(address)


def of_machine(root: Path) -> Iterator[Finding]:
    """Which protections the sandbox has here, and whether the libraries are those that are locked."""
    try:
        holds = sandbox.protections()
    except sandbox.Unavailable:
        yield Finding(False, "The process in which files are read cannot be started", "The log says why.")
    else:
        lacking = [name for name in _PROTECTIONS if name not in holds]
        if lacking:
            gives = ", ".join(sorted({_PROTECTIONS[name] for name in lacking}))
            yield Finding(False, f"The sandbox for files lacks: {', '.join(lacking)}", f"Use {gives}.")
        else:
            yield Finding(True, f"The sandbox for files has: {', '.join(holds)}")
    yield _libraries(root)


def of_address(address: str) -> Iterator[Finding]:
    """How the portal's public address answers, such as https://mobility.example.kz/apply/."""
    try:
        answer = requests.get(address, timeout=_SECONDS, allow_redirects=False)
    except requests.exceptions.SSLError:
        yield Finding(False, f"{address} has no certificate that can be trusted", "See certbot or Caddy.")
        return
    except requests.RequestException as error:
        yield Finding(
            False,
            f"{address} does not answer: {type(error).__name__}",
            "Are the web server and the portal running? Does its name lead here?",
        )
        return
    if answer.status_code != 200:
        yield Finding(False, f"{address} answers {answer.status_code}", "Is the portal running, behind it?")
    yield from _headers(address, answer)
    yield from _certificate(address)
    yield from _not_public(address)


def _mail(environment: Mapping[str, str]) -> Finding:
    try:
        server = outbox.server(environment.get("MOBILITY_SMTP"), environment.get("MOBILITY_MAIL_FROM"))
    except outbox.BadServer as error:
        return Finding(False, str(error), "Set it so.")
    if server is None:
        return Finding(
            False, "No mail server is named (MOBILITY_SMTP): all mail waits", "docs/deploy.md says how."
        )
    if fault := outbox.fault(server):
        return Finding(
            False,
            f"The mail server {server.host} takes no mail: {fault}",
            "Check address and password.",
        )
    return Finding(True, f"The mail server {server.host} answers, and takes the sign-in")


def _redis(address: str) -> Finding:
    try:
        redis.Redis.from_url(address, socket_timeout=_SECONDS).ping()
    except (redis.RedisError, ValueError, OSError) as error:
        return Finding(
            False,
            f"Redis does not answer ({type(error).__name__}): each process counts limits by itself",
            "Start it, or set MOBILITY_REDIS right.",
        )
    return Finding(True, "Redis answers")


def _scanner(address: str) -> Finding:
    try:
        answers = virus_scan.answers(virus_scan.scanner(address))
    except ValueError:
        return Finding(False, "MOBILITY_CLAMD is not an address", "As unix:/run/clamav/clamd.ctl.")
    if answers:
        return Finding(True, "The virus scanner answers")
    return Finding(
        False, "The virus scanner does not answer: files are kept unscanned", "Start clamav-daemon."
    )


def _libraries(root: Path) -> Finding:
    """Compares what is installed with requirements.txt."""
    wrong = []
    for line in (root / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if (locked := _LOCKED.match(line)) and ";" not in line:
            try:
                there = metadata.version(locked[1])
            except metadata.PackageNotFoundError:
                there = "missing"
            if there != locked[2]:
                wrong.append(f"{locked[1]} is {there}, not {locked[2]}")
    if wrong:
        says = ", ".join(wrong[:5]) + (" …" if len(wrong) > 5 else "")
        return Finding(False, f"Libraries are not as locked: {says}", "scripts/mobility check installs them.")
    return Finding(True, "Libraries are as requirements.txt locks them")


def _headers(address: str, answer: requests.Response) -> Iterator[Finding]:
    missing = [name for name in _HEADERS if name not in answer.headers]
    policy = answer.headers.get("Content-Security-Policy", "")
    twice = answer.headers.get("X-Content-Type-Options", "nosniff") != "nosniff"
    if missing:
        yield Finding(False, f"{address} lacks {', '.join(missing)}", "Compare with the files in deploy/.")
    elif "unsafe-" in policy or twice:
        yield Finding(
            False, f"{address} has security headers twice, or weakened", "Something before it adds its own."
        )
    else:
        yield Finding(True, f"{address} has its security headers")


def _certificate(address: str) -> Iterator[Finding]:
    parts = urlsplit(address)
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), _SECONDS) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=parts.hostname) as safe,
        ):
            ends = ssl.cert_time_to_seconds(str((safe.getpeercert() or {})["notAfter"]))
    except (OSError, KeyError):
        return
    days = (ends - datetime.datetime.now(datetime.UTC).timestamp()) / 86400
    if days < 14:
        yield Finding(
            False, f"The certificate of {parts.hostname} ends in {days:.0f} days", "Why is it not renewed?"
        )
    else:
        yield Finding(True, f"The certificate of {parts.hostname} holds for {days:.0f} days")


def _not_public(address: str) -> Iterator[Finding]:
    where = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}"
    try:
        shown = "mobility_" in requests.get(f"{where}/metrics", timeout=_SECONDS).text
    except requests.RequestException:
        return
    if shown:
        yield Finding(False, f"Anybody can read {where}/metrics", "Do not hand the port of --monitor on.")
