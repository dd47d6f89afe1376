"""Several processes that serve one portal behind one socket, and one more for what follows the answers.

Each is started clean (spawn) and given the listening socket; a new connection goes to one of those that have
fewest. Waitress reads a request to its end before a thread takes it up, so that a slow client holds none. A
process that dies is replaced. SIGINT and SIGTERM end all of them: they take no new connection, finish what
they are at, and are killed only after a while.
"""

import functools
import logging
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, MutableSequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from flask import Flask
from prometheus_client.multiprocess import mark_process_dead
from waitress.server import BaseWSGIServer, create_server

from mobility.uploads import sandbox
from portal import create_app, logs, monitoring
from portal.background import Background
from portal.context import Context
from portal.settings import Settings

log = logging.getLogger("portal")

DRAIN = 20.0
"""Seconds that requests under way have to end."""
LAST = 30.0
"""Seconds after which a process that should end is killed."""
THREADS = 40
"""Of one process: more than wait for files to be looked at, so that pages are answered meanwhile."""
_BACK_OFF = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before a process is replaced that died so many times soon after its start."""
_SOON = 10.0
_HESITATION = 0.003
"""Seconds that a process leaves a new connection to the one that has fewest."""
_LARGEST_BODY = 500_000_000
"""Read to its end before the portal refuses it, so that the browser gets our answer and not a cut line."""
_ROOM_FOR_SLOW_CONNECTIONS = {"connection_limit": 1000, "channel_timeout": 60, "asyncore_use_poll": True}
"""Waitress takes no more than 100 connections by itself, and waits 120 s for those that say nothing."""
_CONTEXT = multiprocessing.get_context("spawn")
Work = Callable[[Settings, socket.socket], None]


@dataclass
class _Place:
    """One of the processes that are to run, and how often it died soon after its start."""

    work: Work
    process: BaseProcess
    begun: float
    deaths: int = 0
    again: float = field(default=0.0)


def run(settings: Settings, door: socket.socket, count: int, watched: socket.socket | None = None) -> None:
    """Serves by `count` processes until this one is told to end (SIGINT, SIGTERM). `watched`: a socket of its
    own for /healthz, /readyz and /metrics."""
    with tempfile.TemporaryDirectory(prefix="mobility-counts-") as counts:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts  # read by prometheus_client as a process begins
        _run(settings, door, count, watched, counts)


def _run(
    settings: Settings, door: socket.socket, count: int, watched: socket.socket | None, counts: str
) -> None:
    ends, told = _CONTEXT.Pipe(duplex=False)
    ending = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        ending.set()
        told.send_bytes(b"end")

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    connections = _CONTEXT.RawArray("i", count)
    works: list[Work] = [
        functools.partial(serve, connections=connections, number=number) for number in range(count)
    ]
    places = [_started(work, settings, door) for work in (*works, follow_up)]

    def state() -> monitoring.State:
        alive = sum(place.process.is_alive() for place in places)
        return monitoring.State(alive, len(places), ending.is_set())

    if watched:
        monitoring.start(monitoring.Monitor(settings, door, counts, state), watched)
    try:
        while not ends.poll():
            soon = [place.again - time.monotonic() for place in places if place.again]
            sentinels = [place.process.sentinel for place in places if not place.again]
            wait([ends, *sentinels], timeout=max(0.0, min(soon, default=60.0)))
            for place in places:
                _look_after(place, settings, door)
    finally:
        _end([place.process for place in places])
        for number, handler in before.items():
            signal.signal(number, handler)


def _look_after(place: _Place, settings: Settings, door: socket.socket) -> None:
    """Replaces a process that has died; one that dies soon and often only after a while."""
    now = time.monotonic()
    if not place.again and not place.process.is_alive():
        place.deaths = place.deaths + 1 if now - place.begun < _SOON else 0
        log.error("A process of the portal ended (%s), and is replaced", place.process.exitcode)
        mark_process_dead(place.process.pid)  # type: ignore[no-untyped-call]
        place.again = now + _BACK_OFF[min(place.deaths, len(_BACK_OFF) - 1)]
    if place.again and now >= place.again:
        fresh = _started(place.work, settings, door)
        place.process, place.begun, place.again = fresh.process, fresh.begun, 0.0


def _started(work: Work, settings: Settings, door: socket.socket) -> _Place:
    process = _CONTEXT.Process(target=_begin, args=(work, settings, door))
    process.start()
    return _Place(work, process, time.monotonic())


def _begin(work: Work, settings: Settings, door: socket.socket) -> None:
    """What a new process does first: Ctrl-C is for its parent, without which it does not go on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logs.configure(settings.json_logs)
    parent = multiprocessing.parent_process()
    assert parent

    def outlive() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=outlive, daemon=True).start()
    work(settings, door)


def _end(processes: list[BaseProcess]) -> None:
    for process in processes:
        process.terminate()
    last = time.monotonic() + LAST
    for process in processes:
        process.join(max(0.0, last - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


def serve(settings: Settings, door: socket.socket, connections: MutableSequence[int], number: int) -> None:
    """Serves pages until SIGTERM comes; then ends once the requests under way have their answers.
    `connections`: how many each of the processes has open; `number`: which of them this is."""
    app = create_app(settings)
    sockets: dict[int, Any] = {}
    server = waitress_server(app, settings, door, sockets)
    leave_to_others(server, connections, number)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)  # compiled now, not while the first students wait
    signal.signal(
        signal.SIGTERM, lambda _, __: threading.Thread(target=drain, args=(server, sockets)).start()
    )
    sandbox.share(len(connections))
    sandbox.start()
    server.run()
    server.task_dispatcher.shutdown()


def follow_up(settings: Settings, _: socket.socket) -> None:
    """Does what follows the answers until SIGTERM comes, at a lower priority than pages."""
    os.nice(10)
    background = Background(Context(settings))
    ends = threading.Event()
    signal.signal(signal.SIGTERM, lambda _, __: ends.set())
    background.start()
    ends.wait()
    background.stop()


def waitress_server(
    app: Flask, settings: Settings, door: socket.socket, sockets: dict[int, Any] | None = None
) -> BaseWSGIServer:
    """The portal behind a socket, ready to run. In production one web server, and nobody else, says
    by which address and for whom a request came. `sockets`: where Waitress keeps its open ones."""
    behind_proxy = {
        "trusted_proxy": settings.proxy,
        "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto x-forwarded-host",
    }
    return create_server(
        app,
        map=sockets,
        sockets=[door],
        threads=THREADS,
        ident=None,
        max_request_body_size=_LARGEST_BODY,
        clear_untrusted_proxy_headers=True,
        **_ROOM_FOR_SLOW_CONNECTIONS,
        **(behind_proxy if settings.https else {}),
    )


def leave_to_others(server: BaseWSGIServer, connections: MutableSequence[int], number: int) -> None:
    """Has a process that has more connections open than another leave it a moment to take the next; it waits
    for none that hangs. By chance alone one of two gets up to 13 of 16 students who come at once, and these
    wait for each other."""
    accept, readable = server.handle_accept, server.readable

    def count() -> bool:
        connections[number] = len(server.active_channels)
        return bool(readable())

    def hesitate() -> None:
        if connections[number] > min(connections):
            time.sleep(_HESITATION)
        accept()

    server.readable, server.handle_accept = count, hesitate


def drain(server: BaseWSGIServer, sockets: dict[int, Any]) -> None:
    """Takes no new connections, waits until those that sent a whole request have their answers, and ends the
    server. What was only half sent is dropped, and leaves nothing."""
    server.trigger.pull_trigger(server.del_channel)
    last = time.monotonic() + DRAIN
    while time.monotonic() < last:
        time.sleep(0.05)
        channels = list(server.active_channels.values())
        if not any(each.requests or each.total_outbufs_len for each in channels):
            break
    server.trigger.pull_trigger(sockets.clear)
