"""Figures of uploads over real sockets: scans of 1 MB sent to a portal, and to a plain Flask view.

The plain view hashes the file, writes it and waits for the disk: what any portal must do at least.
"""

import argparse
import hashlib
import http.client
import io
import itertools
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import flask
import pikepdf
import waitress
from PIL import Image

from tests.helpers import bombs

_CLIENTS = 16
_BOMBERS = 4
_NUMBERS = itertools.count()
_BOUNDARY = "bench-of-uploads"


def scan() -> bytes:
    """A PDF of two scanned pages, about 1 MB."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(2):
            picture = io.BytesIO()
            Image.effect_noise((1240, 1754), 42).save(picture, "JPEG", quality=33)
            page = pdf.add_blank_page(page_size=(595, 842))
            image = pikepdf.Stream(
                pdf, picture.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=1240,
                Height=1754, ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )  # fmt: skip
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
            page.Contents = pikepdf.Stream(pdf, b"595 0 0 842 0 0 cm /Im0 Do")
        pdf.save(out)
    return out.getvalue()


class Client:
    """A connection that stays open, with its cookies."""

    def __init__(self, port: int):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        """The status and the text of an answer."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode()

    def token(self) -> str:
        """The token that a form of the portal needs."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.ask("GET", "/apply/verify")[1])
        assert found
        return found[1]

    def begin(self) -> None:
        """Begins an application."""
        fields = {"csrf_token": self.token(), "programme": "", "email": f"{secrets.token_hex(4)}@example.kz"}
        form = urllib.parse.urlencode(fields).encode()
        status, _ = self.ask("POST", "/apply/start", form, "application/x-www-form-urlencoded")
        assert status < 400, status
        self.head = self.token()

    def upload(self, path: str, file: bytes, name: str = "scan.pdf") -> tuple[int, float]:
        """The status of the answer to an upload, and seconds until it came. No two files are the same, as the
        same content is looked at closely but once."""
        file += b"%% %d\n" % next(_NUMBERS)
        fields = {"csrf_token": getattr(self, "head", "")}
        parts = [
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        parts.append(
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = "".join(parts).encode() + file + f"\r\n--{_BOUNDARY}--\r\n".encode()
        begun = time.perf_counter()
        status, _ = self.ask("POST", path, body, f"multipart/form-data; boundary={_BOUNDARY}")
        return status, time.perf_counter() - begun


def serve_plainly(port: int, folder: Path) -> None:
    """A view that keeps an upload and does no more."""
    app = flask.Flask(__name__)

    @app.post("/plain")
    def plain() -> str:
        digest = hashlib.sha256()
        with (folder / secrets.token_hex(8)).open("wb") as kept:
            while piece := flask.request.files["file"].stream.read(1 << 20):
                digest.update(piece)
                kept.write(piece)
            kept.flush()
            os.fsync(kept.fileno())
        return digest.hexdigest()

    waitress.serve(app, host="127.0.0.1", port=port, threads=40)


@contextmanager
def running(*command: str) -> Iterator[tuple[int, int]]:
    """A server as a process of its own: its port and its process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-m", *(word.replace("PORT", str(port)) for word in command)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as server:
        try:
            while server.poll() is None:
                with socket.socket() as trial:
                    if trial.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield port, server.pid
        finally:
            server.terminate()


def rate(clients: list[Client], path: str, file: bytes, seconds: float) -> float:
    """Uploads a second of all clients at once."""
    counts, end = [], time.perf_counter() + seconds

    def send(client: Client) -> None:
        count = 0
        while time.perf_counter() < end:
            status, _ = client.upload(path, file)
            count += status < 400
        counts.append(count)

    in_threads([lambda client=client: send(client) for client in clients])
    return sum(counts) / seconds


def in_threads(works: list[Callable[[], object]]) -> None:
    """Does all of it at once."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def while_bombed(port: int, folder: Path, path: str, seconds: float) -> list[float]:
    """Seconds that pages take while others send bombs."""
    files = [bombs.content_stream(folder / "content.pdf"), bombs.object_stream(folder / "objects.pdf")]
    end, times = time.perf_counter() + seconds, []
    reader = Client(port)
    reader.begin()

    def bomb(number: int) -> None:
        client, file = Client(port), files[number % len(files)].read_bytes()
        client.begin()
        while time.perf_counter() < end:
            client.upload(path, file)

    def read() -> None:
        while time.perf_counter() < end:
            begun = time.perf_counter()
            reader.ask("GET", "/apply/documents")
            times.append(time.perf_counter() - begun)
            time.sleep(0.02)

    in_threads([read, *(lambda n=n: bomb(n) for n in range(_BOMBERS))])
    return times


def memory(pid: int) -> float:
    """The most memory that a process has had in use, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def computing(pid: int) -> float:
    """Seconds of processor that a process, those it has started and those it has waited for have used."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]
    below = " ".join(each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/children"))
    return sum(map(int, numbers)) / os.sysconf("SC_CLK_TCK") + sum(map(computing, map(int, below.split())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="for each rate")
    parser.add_argument("--plain", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        serve_plainly(int(options.plain[0]), Path(options.plain[1]))
        return
    file, slot = scan(), "/apply/documents/transcript"
    print(f"a scan of {len(file) / 1e6:.2f} MB, two pages", flush=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, path, command in (
            ("plain Flask", "/plain", ("scripts.bench_uploads", "--plain", "PORT", place)),
            ("portal", slot, ("portal.serve", "--port", "PORT", "--data", f"{place}/data", "--no-site")),
        ):
            with running(*command) as (port, pid):
                clients = [Client(port) for _ in range(_CLIENTS)]
                if name == "portal":
                    for client in clients:
                        client.begin()
                for _ in range(5):
                    assert clients[0].upload(path, file)[0] < 400
                used = computing(pid)
                times = [clients[0].upload(path, file)[1] for _ in range(60)]
                used = (computing(pid) - used) / len(times)
                print(
                    f"{name}: one client, median {statistics.median(times) * 1000:.0f} ms, of which"
                    f" {used * 1000:.0f} ms computing;"
                    f" {_CLIENTS} clients, {rate(clients, path, file, options.seconds):.0f} a second",
                    flush=True,
                )
                if name == "portal":
                    for client in clients:
                        client.line.close()
                    pages = while_bombed(port, folder, path, options.seconds)
                    worst = statistics.quantiles(pages, n=100)[98]
                    print(
                        f"pages while {_BOMBERS} clients send bombs: median"
                        f" {statistics.median(pages) * 1000:.0f} ms, p99 {worst * 1000:.0f} ms"
                    )
                    print(f"most memory of the web process: {memory(pid):.0f} MB")


if __name__ == "__main__":
    main()
