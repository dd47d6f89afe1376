"""The preview's web server (http.server), for this machine alone, with a script that reloads open pages."""

import json
import mimetypes
import socketserver
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mobility.publishing.output import BuildFailed
from mobility.publishing.preview import Preview, Status

_EVENTS = "/_preview/events"
_SCRIPT = (Path(__file__).parent / "preview.js").read_text(encoding="utf-8")


def serve(shown: Preview, port: int) -> ThreadingHTTPServer:
    """A server of the preview, for this machine alone, already answering. Raises OSError where it cannot."""

    class Answer(_Answer):
        preview = shown

    server = _Server(("127.0.0.1", port), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def server_bind(self) -> None:
        """Binds without a name look-up, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]


class _Answer(BaseHTTPRequestHandler):
    preview: Preview

    def do_GET(self) -> None:
        """Sends a file of the site, or the events that tell open pages of changes."""
        try:
            path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
            if path == _EVENTS:
                self._send_events()
            else:
                self._send_file(path.lstrip("/"))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send_events(self) -> None:
        """Server-sent events: the status whenever it changes; a comment every ten seconds without news."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        seen = None
        while True:
            status = self.preview.wait(seen, 10)
            self.wfile.write(f"data: {_json(status)}\n\n".encode() if status else b":\n\n")
            self.wfile.flush()
            seen = status or seen

    def _send_file(self, path: str) -> None:
        status, state = self.preview.status, self.preview.state
        if path.endswith("/") or not path:
            path += "index.html"
        if state is None:
            self._send(503, path, _page("There is no site yet."), status)
            return
        try:
            found = state.file(path)
            if found is None and state.file(f"{path}/index.html"):
                self.send_response(308)
                self.send_header("Location", urllib.parse.quote(f"/{path}/"))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif found is None:
                language = path.split("/")[0] + "/"
                folder = language if language in state.editions else ""
                self._send(404, "404.html", state.file(f"{folder}404.html") or b"", status)
            else:
                self._send(200, path, found, status)
        except BuildFailed as error:
            status = Status(status.version, tuple(str(error).splitlines()))
            self._send(500, "500.html", _page("This page could not be made."), status)

    def _send(self, code: int, path: str, content: bytes, status: Status) -> None:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        if kind == "text/html":
            safe = _json(status).replace("<", "\\u003c")
            script = f"<script>{_SCRIPT.replace('STATUS', safe)}</script>"
            content = content.replace(b"</body>", script.encode() + b"</body>")
        self.send_response(code)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *said: object) -> None:
        """No line for each request."""


def _json(status: Status) -> str:
    return json.dumps({"version": status.version, "problems": status.problems, "isNew": status.is_new})


def _page(words: str) -> bytes:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>'
        f"<body><p>{words}</p></body></html>"
    ).encode()
