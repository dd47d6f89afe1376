"""The log as lines of JSON (MOBILITY_LOG=json), without personal data, or as plain text.

Of a failure a line names the kind and the places in the code, not the message, which may quote an answer; of
other libraries' lines it has the words without what they fill in, which may be an address.
"""

import datetime
import json
import logging
import time
import traceback

from flask import Flask, Response, g, request

_OURS = {"portal", "uploads", "mobility"}
_requests = logging.getLogger("portal.requests")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        ours = record.name.split(".")[0] in _OURS
        line = {
            "at": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage() if ours else _template(record),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])
            line["error"] = record.exc_info[0].__name__
            line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False)


def configure(as_json: bool) -> None:
    """Sets up the log of this process, on standard error."""
    handler = logging.StreamHandler()
    if as_json:
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    if not as_json:  # a plain line of a request would tell nothing but that there was one
        _requests.setLevel(logging.WARNING)


def register(app: Flask) -> None:
    """Logs every request by its view, never by its address."""
    app.after_request(_log)


def _log(response: Response) -> Response:
    facts = {"view": request.endpoint, "method": request.method[:10], "status": response.status_code}
    if "begun" in g:
        facts["milliseconds"] = round((time.perf_counter() - g.begun) * 1000)
    _requests.info("answered", extra={"facts": facts})
    return response


def _template(record: logging.LogRecord) -> str:
    """Of another library's record the words alone; where they are filled in, the place in its code."""
    return str(record.msg) if record.args else f"{record.module}:{record.lineno}"
