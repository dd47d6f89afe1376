"""Counts for Prometheus: requests, uploads, files that are being looked at. No name, address or path in them.

By prometheus_client, whose counts all processes of a portal share in small files (PROMETHEUS_MULTIPROC_DIR,
which `portal.processes` sets); what lies on the disk is counted when it is asked for (`portal.monitoring`).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, request
from prometheus_client import Counter, Gauge, Histogram

_REQUESTS = Counter("mobility_requests", "Requests answered", ["view", "method", "status"])
_SECONDS = Histogram(
    "mobility_request_seconds",
    "How long answers took",
    ["view"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_UPLOADS = Counter("mobility_uploads", "Files that were sent whole, by what came of them", ["outcome"])
_BYTES = Counter("mobility_uploaded_bytes", "Bytes of files that were kept")
_LOOKING = Gauge(
    "mobility_uploads_being_looked_at",
    "Files at which, or for their turn in the sandbox, somebody waits",
    multiprocess_mode="livesum",
)
_METHODS = {"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"}


def register(app: Flask) -> None:
    """Counts every request of the app."""
    app.before_request(_begin)
    app.after_request(_count)


def _begin() -> None:
    g.begun = time.perf_counter()


def _count(response: Response) -> Response:
    view = request.endpoint or "none"
    method = request.method if request.method in _METHODS else "other"
    _REQUESTS.labels(view, method, response.status_code).inc()
    if "begun" in g:
        _SECONDS.labels(view).observe(time.perf_counter() - g.begun)
    return response


@contextmanager
def upload(size: int) -> Iterator[None]:
    """Counts a file whose keeping is the block: as kept, or by the name of what it raises."""
    with _LOOKING.track_inprogress():
        try:
            yield
        except Exception as error:
            _UPLOADS.labels(type(error).__name__).inc()
            raise
    _UPLOADS.labels("kept").inc()
    _BYTES.inc(size)
