"""Serves the built site beside the portal, where no web server stands before both."""

import functools
import gzip
import os
import re
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, request, send_from_directory
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from portal.context import context

blueprint = Blueprint("site", __name__)

_WORDY = {".css", ".html", ".ics", ".js", ".json", ".svg", ".txt", ".xml"}
_NAMED_BY_CONTENT = re.compile(r"\.[0-9a-f]{8}\.min\.(css|js)$")
_A_YEAR = 365 * 24 * 3600


@blueprint.get("/", defaults={"path": ""})
@blueprint.get("/<path:path>")
def page(path: str) -> AnyResponse:
    """A file of the site; a folder's is its index.html."""
    root = context().settings.site
    found = safe_join(str(root), path) if root else None
    if root is None or found is None:
        abort(404)
    if os.path.isdir(found):  # noqa: PTH112  (a name that no disk takes is not there, and no error)
        if path and not path.endswith("/"):
            return redirect(f"/{path}/", 308)
        path += "index.html"
    if not os.path.isfile(root / path):  # noqa: PTH113
        abort(404)
    forever = bool(_NAMED_BY_CONTENT.search(path))
    sent = send_from_directory(root.resolve(), path, max_age=_A_YEAR if forever else 0)
    sent.cache_control.immutable = forever
    return _small(sent, root.resolve() / path)


def _small(sent: Response, file: Path) -> Response:
    """The file packed, for browsers that unpack: a third of the bytes on a slow line."""
    if file.suffix not in _WORDY:
        return sent
    sent.vary.add("Accept-Encoding")
    if sent.status_code != 200 or not request.accept_encodings.quality("gzip"):
        return sent
    sent.direct_passthrough = False
    sent.set_data(_packed(file, file.stat().st_mtime_ns))
    sent.content_encoding = "gzip"
    return sent


@functools.lru_cache(maxsize=2000)
def _packed(file: Path, changed: int) -> bytes:  # noqa: ARG001  (a changed file is another one)
    return gzip.compress(file.read_bytes(), mtime=0)
