"""/healthz, /readyz and /metrics, on a port of their own: no web server that serves the portal hands them on.

The first process of a portal answers them, which sees whether the others live. Nothing that is read grows
with the number of applications.
"""

import http.client
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from waitress.server import create_server
from werkzeug.wrappers import Request, Response

from mobility import storage
from mobility.office import backlog
from portal.settings import Settings

_SECONDS = 5.0
"""After which a portal that says nothing counts as not ready."""


@dataclass(frozen=True)
class State:
    """How the processes of a portal are: `alive` of `wanted`, and whether they are told to end."""

    alive: int
    wanted: int
    ending: bool = False


class Monitor:
    """The WSGI app. `state`: how the processes are now; `door`: where the portal listens; `counts`: the
    folder in which its processes count."""

    def __init__(self, settings: Settings, door: socket.socket, counts: str, state: Callable[[], State]):
        self._settings, self._door, self._state = settings, door, state
        self._registry = CollectorRegistry()
        MultiProcessCollector(self._registry, counts)  # type: ignore[no-untyped-call]
        self._registry.register(self)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answers a request."""
        path = Request(environ).path
        if path == "/metrics":
            answer = Response(generate_latest(self._registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
        elif path == "/healthz":
            answer = Response("alive\n")
        elif path == "/readyz":
            lacks = list(self._lacks())
            answer = Response("".join(f"{line}\n" for line in lacks or ["ready"]), 503 if lacks else 200)
        else:
            answer = Response("There are /healthz, /readyz and /metrics\n", 404)
        return answer(environ, start_response)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What is seen at this moment, for /metrics."""
        state = self._state()
        yield GaugeMetricFamily("mobility_processes", "Processes of the portal that run", state.alive)
        yield GaugeMetricFamily("mobility_processes_wanted", "Processes that should run", state.wanted)
        try:
            found = backlog.of(self._settings.kept)
        except OSError:
            yield GaugeMetricFamily("mobility_data_readable", "Whether the data folder can be read", 0)
            return
        yield GaugeMetricFamily("mobility_data_readable", "Whether the data folder can be read", 1)
        for name, says, value in (
            ("mobility_mail_waiting", "Mails in the outbox", found.mails),
            ("mobility_mail_oldest_seconds", "Since the oldest was written or last tried", found.oldest_mail),
            ("mobility_tasks_waiting", "Tasks that follow answers and are not done", found.tasks),
            ("mobility_drafts_to_look_at", "Drafts with files that wait for a closer look", found.looks),
            ("mobility_index_behind_bytes", "Of the journal, not read by the index", found.index_behind),
            ("mobility_disk_free_bytes", "Of the data folder's disk", found.free),
            ("mobility_disk_bytes", "Of the data folder's disk", found.size),
        ):
            if value is not None:
                yield GaugeMetricFamily(name, says, value)

    def _lacks(self) -> Iterator[str]:
        """Why no request should come here now."""
        state, kept = self._state(), self._settings.kept
        if state.ending:
            yield "the portal is ending"
            return
        if state.alive < state.wanted:
            yield f"{state.wanted - state.alive} of {state.wanted} processes are not running"
        try:
            free = backlog.of(kept).free
        except OSError as error:
            yield f"the data folder cannot be read: {type(error).__name__}"
        else:
            if not os.access(kept.root, os.W_OK):
                yield "the data folder cannot be written"
            if free < storage.ROOM_TO_KEEP:
                yield "the disk is nearly full: no file is taken"
        if not _answers(self._door, self._settings):
            yield "the portal does not answer"


def start(monitor: Monitor, place: socket.socket) -> None:
    """Answers in a thread, as long as this process runs."""
    server = create_server(monitor, map={}, sockets=[place], threads=2, ident=None)
    threading.Thread(target=server.run, name="monitoring", daemon=True).start()


def _answers(door: socket.socket, settings: Settings) -> bool:
    """Whether the portal answers by its own socket."""
    host, port = door.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    asked = {"Host": settings.hosts[0] if settings.hosts else here}
    try:
        with closing(http.client.HTTPConnection(here, port, timeout=_SECONDS)) as line:
            line.request("HEAD", "/apply/static/portal.css", headers=asked)
            return line.getresponse().status == 200
    except OSError:
        return False
