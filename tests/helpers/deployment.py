"""The deployment of `deploy/` on this machine: the real nginx, and the real portal behind it.

The files are used as they stand, but for host, ports and folders: `adapted` has the list.
"""

import datetime
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mobility.paths import CHECKOUT, Checkout, Instance
from portal import create_app, processes
from portal.settings import Settings
from tests.helpers.portal_server import serving

FILES = CHECKOUT.root / "deploy"


@dataclass
class Deployment:
    """A running deployment. `settings`: of the portal, which tests may stop and start."""

    folder: Path
    settings: Settings
    portal_port: int
    http_port: int
    https_port: int
    _running: ExitStack = field(default_factory=ExitStack)

    @property
    def address(self) -> str:
        """Of the site."""
        return f"https://localhost:{self.https_port}"

    @property
    def plain(self) -> str:
        """Where http is spoken."""
        return f"http://localhost:{self.http_port}"

    @property
    def certificate(self) -> str:
        """The file by which clients know the server."""
        return str(self.folder / "tls" / "fullchain.pem")

    def logs(self) -> str:
        """All that the web server wrote down."""
        return "".join(path.read_text() for path in sorted((self.folder / "log").iterdir()))

    def start_portal(self) -> None:
        door = socket.create_server(("127.0.0.1", self.portal_port))
        server = processes.waitress_server(create_app(self.settings), self.settings, door)
        self._running.callback(lambda: [each.close() for each in list(server.active_channels.values())])
        self._running.enter_context(serving(server))

    def stop_portal(self) -> None:
        self._running.close()

    def adapted(self, text: str) -> str:
        """A file of `deploy/`, for this machine."""
        text = re.sub(r"\n *listen \[::\].*", "", text)  # IPv6 may be missing here
        for there, here in {
            "mobility.example.kz": "localhost",
            "/etc/letsencrypt/live/localhost": f"{self.folder}/tls",
            "/srv/mobility/deploy/nginx": f"{self.folder}/nginx",
            "/var/lib/mobility-site": str(self.settings.checkout.build),
            "/var/log/nginx": f"{self.folder}/log",
            "/var/log/caddy": f"{self.folder}/log",
            "listen 443": f"listen 127.0.0.1:{self.https_port}",
            "listen 80": f"listen 127.0.0.1:{self.http_port}",
            "127.0.0.1:8000": f"127.0.0.1:{self.portal_port}",
            "Host $host;": f"Host $host:{self.https_port};",
        }.items():
            text = text.replace(there, here)
        return text


class Client(requests.Session):
    """A browser as far as http goes. As pages of the portal ask it to, it tells where it comes from by origin
    alone; it takes paths as well as whole addresses."""

    def __init__(self, deployed: Deployment):
        super().__init__()
        self.trust_env = False  # it knows this server's certificate, and no other
        self.address, self.verify = deployed.address, deployed.certificate
        self.headers["Referer"] = f"{deployed.address}/"

    def request(self, method: str, url: str, *given: Any, **more: Any) -> requests.Response:  # type: ignore[override]
        where = self.address + url if url.startswith("/") else url
        return super().request(method, where, *given, **{"timeout": 60, **more})


@contextmanager
def prepared(folder: Path, checkout: Checkout, now: datetime.datetime) -> Iterator[Deployment]:
    """The portal alone, with ports and a certificate for a web server before it."""
    portal_port, http_port, https_port = free_ports(3)
    settings = Settings(
        checkout=checkout,
        instance=Instance(folder / "instance"),
        secret_key="only-for-this-test-" + "0123456789abcdef",
        address=f"https://localhost:{https_port}/apply/",
        hosts=("localhost", "127.0.0.1"),
        clock=lambda: now,
    )
    found = Deployment(folder, settings, portal_port, http_port, https_port)
    for name in ("tls", "nginx", "log"):
        (folder / name).mkdir()
    certify("localhost", folder / "tls")
    found.start_portal()
    try:
        yield found
    finally:
        found.stop_portal()


@contextmanager
def behind_nginx(folder: Path, checkout: Checkout, now: datetime.datetime) -> Iterator[Deployment]:
    """Debian's nginx with our files, and the portal behind it."""
    with prepared(folder, checkout, now) as found:
        for path in (FILES / "nginx").iterdir():
            (folder / "nginx" / path.name).write_text(found.adapted(path.read_text()))
        main = folder / "nginx.conf"
        main.write_text(_main(folder))
        nginx = ["/usr/sbin/nginx", "-c", str(main), "-e", str(folder / "log" / "start.log")]
        subprocess.run(nginx, check=True)  # it listens when this ends
        try:
            yield found
        finally:
            subprocess.run([*nginx, "-s", "stop"], check=True)


@contextmanager
def behind_caddy(folder: Path, checkout: Checkout, now: datetime.datetime) -> Iterator[Deployment]:
    """Debian's Caddy with our file, and the portal behind it."""
    with prepared(folder, checkout, now) as found:
        text = found.adapted((FILES / "Caddyfile").read_text())
        options = f"http_port {found.http_port}\nhttps_port {found.https_port}\n"
        text = text.replace("{\n", "{\nadmin off\nauto_https disable_certs\n" + options, 1)
        own = f"tls {folder}/tls/fullchain.pem {folder}/tls/privkey.pem\n"
        (folder / "Caddyfile").write_text(text.replace("\nlocalhost {\n", "\nlocalhost {\n" + own))
        home = {"HOME": str(folder), "PATH": os.environ["PATH"]}
        with (folder / "log" / "errors.log").open("w", buffering=1) as errors:
            command = ["caddy", "run", "--config", str(folder / "Caddyfile")]
            caddy = subprocess.Popen(command, env=home, stderr=subprocess.PIPE, text=True)
            assert caddy.stderr
            for line in caddy.stderr:
                errors.write(line)
                if "serving initial configuration" in line:
                    break
            rest = threading.Thread(target=lambda: errors.writelines(caddy.stderr or ()))
            rest.start()
            try:
                yield found
            finally:
                caddy.terminate()
                caddy.wait(20)
                rest.join()


def _main(folder: Path) -> str:
    """Debian's own nginx.conf, but for its user and folders."""
    text = Path("/etc/nginx/nginx.conf").read_text()
    text = text.replace("user www-data;", "user root;" if os.getuid() == 0 else "")
    text = text.replace("/run/nginx.pid", f"{folder}/nginx.pid").replace("/var/log/nginx", f"{folder}/log")
    text = text.replace("/etc/nginx/conf.d/*.conf", f"{folder}/nginx/mobility.conf")
    text = re.sub(r"include /etc/nginx/(sites|modules)-enabled/.*", "", text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return text.replace(
        "http {", "http {" + "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds), 1
    )


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with ExitStack() as doors:
        found = [doors.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [door.getsockname()[1] for door in found]


def certify(host: str, folder: Path) -> None:
    """A key, and a certificate that it signed itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string(f"CN={host}")
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "privkey.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
