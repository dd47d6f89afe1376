"""Two hosts, each a portal with an index of its own, on one data folder behind nginx and HAProxy; one of them
is killed in the midst of uploads and submissions, and nothing that was answered is lost.

MOBILITY_TWO_MOUNTS=/mnt/one:/mnt/other gives each host its own mount of one shared file system.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from mobility import storage
from mobility.applications import bags, drafts, index, journal, lookup, submissions
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import CHECKOUT, Instance, instance_of
from tests.helpers.deployment import FILES, Client, certify, free_ports
from tests.helpers.follow_ups import until
from tests.helpers.scans import Scans
from tests.helpers.student import Student

STUDENTS = 4


class Host:
    """A portal as one of several hosts runs it."""

    def __init__(self, folder: Path, data: Path, number: int, redis: int):
        self.port, self.monitor_port = free_ports(2)
        self.monitor = f"http://127.0.0.1:{self.monitor_port}"
        own = {
            "MOBILITY_INDEX": str(folder / f"index-{number}.sqlite3"),
            "MOBILITY_REDIS": f"redis://127.0.0.1:{redis}/0",
        }
        self.kept = instance_of(data, own).rehearsal
        ports = ["--port", str(self.port), "--monitor", str(self.monitor_port)]
        self.parent = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "portal.serve",
                "--no-site",
                "--processes",
                "1",
                *ports,
                "--data",
                str(data),
            ],
            cwd=CHECKOUT.root,
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ready(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.monitor}/readyz", timeout=20).ok
        return False

    def lose_power(self) -> None:
        """All its processes are gone at once."""
        os.killpg(self.parent.pid, signal.SIGKILL)
        self.parent.wait()

    def end(self) -> None:
        if self.parent.poll() is None:
            self.parent.terminate()
            self.parent.wait(40)


@dataclass
class Front:
    """A web server before them: the address at which it takes requests, and the file by which it is known."""

    address: str
    certificate: str = ""

    def browser(self) -> requests.Session:
        return Client(self) if self.certificate else requests.Session()


@dataclass
class Hosts:
    """All of them, and the web servers before them."""

    fronts: tuple[Front, Front]
    hosts: tuple[Host, Host]


@contextmanager
def _redis(folder: Path) -> Iterator[int]:
    (port,) = free_ports(1)
    words = ["redis-server", "--port", str(port), "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        yield port
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def _nginx(folder: Path, ports: list[int]) -> Iterator[Front]:
    """nginx with deploy/nginx/several-hosts.conf before the two."""
    (port,) = free_ports(1)
    upstream = (FILES / "nginx" / "several-hosts.conf").read_text()
    for there, here in zip(("10.0.0.11:8000", "10.0.0.12:8000"), ports, strict=True):
        assert there in upstream
        upstream = upstream.replace(there, f"127.0.0.1:{here}")
    upstream = upstream.replace("__Host-application", "application")  # a rehearsal's
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi"))
    temporary += "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"""
        pid {folder}/nginx.pid; error_log {folder}/error.log; {"user root;" if os.getuid() == 0 else ""}
        events {{ }}
        http {{ access_log off; client_max_body_size 61m; {temporary} {upstream}
            server {{ listen 127.0.0.1:{port}; location / {{
                proxy_pass http://mobility_portal; proxy_http_version 1.1; proxy_set_header Connection "";
                proxy_set_header Host 127.0.0.1:{port}; proxy_connect_timeout 5s; }} }} }}
    """)
    nginx = ["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")]
    subprocess.run(nginx, check=True)
    try:
        yield Front(f"http://127.0.0.1:{port}")
    finally:
        subprocess.run([*nginx, "-s", "stop"], check=True)


@contextmanager
def _haproxy(folder: Path, hosts: tuple[Host, Host]) -> Iterator[Front]:
    """HAProxy with deploy/haproxy/several-hosts.cfg before the two."""
    http, https, nobody = free_ports(3)
    certify("localhost", folder)
    pem = folder / "localhost.pem"
    pem.write_bytes((folder / "fullchain.pem").read_bytes() + (folder / "privkey.pem").read_bytes())
    text = (FILES / "haproxy" / "several-hosts.cfg").read_text()
    changes = {
        "__Host-application": "application",  # a rehearsal's
        "check port 8001": "check",
        "10.0.0.11:8000": f"127.0.0.1:{hosts[0].port} port {hosts[0].monitor_port}",
        "10.0.0.12:8000": f"127.0.0.1:{hosts[1].port} port {hosts[1].monitor_port}",
        "10.0.0.11:8080": f"127.0.0.1:{nobody}",
        "10.0.0.12:8080": f"127.0.0.1:{nobody}",
        "https://mobility.example.kz%": f"https://localhost:{https}%",
        "/etc/haproxy/mobility.example.kz.pem": str(pem),
        "mobility.example.kz": "localhost",
        "bind :443": f"bind 127.0.0.1:{https}",
        "bind :80": f"bind 127.0.0.1:{http}",
    }
    for there, here in changes.items():
        assert there in text
        text = text.replace(there, here)
    (folder / "haproxy.cfg").write_text(text)
    with (folder / "haproxy.log").open("w") as log:
        server = subprocess.Popen(["/usr/sbin/haproxy", "-f", str(folder / "haproxy.cfg")], stdout=log)
        try:
            front = Front(f"https://localhost:{https}", str(folder / "fullchain.pem"))
            until(lambda: server.poll() is not None or _answers(front))
            assert server.poll() is None, "HAProxy does not take the file"
            yield front
        finally:
            server.terminate()
            server.wait(20)


def _answers(front: Front) -> bool:
    with suppress(requests.RequestException):
        return front.browser().get("/apply/").ok
    return False


@pytest.fixture
def data(tmp_path: Path) -> Iterator[list[Path]]:
    """The data folder, as each of the two hosts sees it."""
    mounts = os.environ.get("MOBILITY_TWO_MOUNTS")
    if not mounts:
        yield [tmp_path / "data"] * 2
        return
    one, other = (Path(mount) / f"mobility-{os.getpid()}" for mount in mounts.split(":"))
    one.mkdir()
    yield [one, other]
    shutil.rmtree(other)


@pytest.fixture
def hosts(tmp_path: Path, data: list[Path]) -> Iterator[Hosts]:
    with ExitStack() as stack:
        redis = stack.enter_context(_redis(tmp_path))
        both = Host(tmp_path, data[0], 1, redis), Host(tmp_path, data[1], 2, redis)
        for host in both:
            stack.callback(host.end)
        until(lambda: all(host.ready() for host in both))
        nginx = stack.enter_context(_nginx(tmp_path, [host.port for host in both]))
        haproxy = stack.enter_context(_haproxy(tmp_path, both))
        yield Hosts((nginx, haproxy), both)


@dataclass
class Sent:
    """What one student was told is kept: files by their hash, and the reference of what was submitted."""

    files: set[str] = field(default_factory=set)
    reference: str = ""
    breaks: int = 0


def _patiently(act: Callable[[], requests.Response], told: Sent) -> requests.Response:
    """Does something again while nobody answers it, as a student would who reads an error page."""
    for _ in range(40):
        with suppress(requests.RequestException, AssertionError):
            answer = act()
            if answer.status_code < 500:
                return answer
        told.breaks += 1
        time.sleep(0.1)
    raise AssertionError("nobody answers any more")


def _apply(student: Student, answers: dict[str, Any], scans: Scans, number: int, told: Sent) -> None:
    """Fills and submits one application, and notes what was acknowledged."""
    for section in student.book.application.sections:
        typed = {f.id: answers[f.id] for f in section.fields if isinstance(answers.get(f.id), str)}
        _patiently(lambda: student.post(f"/apply/questions/{section.id}", typed), told)  # noqa: B023
    page = _patiently(lambda: student.get("/apply/documents"), told).text
    for slot in re.findall(r'id="slot-([^"]+)"', page):
        file = scans.pdf(f"{number}-{slot}.pdf", text=f"{number} {slot}")
        answer = _patiently(lambda: student.upload(slot, file), told)  # noqa: B023
        assert answer.ok
        told.files.add(storage.digest(file))
    receipt = _patiently(lambda: student.post("/apply/submit"), told)
    found = re.search(r"R20\d\d[AS]-\d{4,}", receipt.text)
    assert found, receipt.url
    told.reference = found[0]


def _stays_with_its_host(student: Student, log: Path) -> None:
    for _ in range(6):
        student.get("/apply/documents")

    def hosts() -> list[str]:
        return [line.split()[6] for line in log.read_text().splitlines() if "GET /apply/documents" in line]

    until(lambda: len(hosts()) == 6)  # the log follows the answers
    assert len(set(hosts())) == 1


def _haproxy_keeps_its_promises(front: Front, log: Path) -> None:
    """What deploy/haproxy says of itself, with one host left."""
    http = front.browser()
    page = http.get("/apply/", headers={"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "evil.example"})
    assert page.status_code == 200 and "evil.example" not in page.text
    assert page.headers["Strict-Transport-Security"] == "max-age=63072000"
    with pytest.raises(requests.ConnectionError):
        http.get("/apply/", headers={"Host": "evil.example"})
    for path in (
        "apply/back/one-secret",
        "/apply//back/one-secret/more",
        "apply/sign-in/back?code=one-secret",
    ):
        http.get(f"{front.address}/{path}")
    for path, size in (("start", 1_100_000), ("documents/passport", 64_000_000)):
        with suppress(requests.ConnectionError):  # HTTP/1.1: it closes while more comes
            assert http.post(f"/apply/{path}", data=b"0" * size).status_code == 413
    assert http.post("/apply/documents/passport", data=b"0" * 1_100_000).status_code == 400  # the portal's
    assert http.get("/metrics").status_code == 503, "goes to the site, which is not there, and to no monitor"
    written = log.read_text()
    assert "one-secret" not in written and "GET /apply/back/*** " in written
    found = {http.post("/apply/verify").status_code for _ in range(210)}
    assert found == {400, 429} and http.get("/apply/").ok


def test_a_host_that_is_lost_takes_nothing_with_it_that_was_acknowledged(
    hosts: Hosts, book: Rulebook, tmp_path: Path, invented: Callable[..., dict[str, Any]]
) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    told = [Sent() for _ in range(STUDENTS)]
    fronts = [hosts.fronts[number % 2] for number in range(STUDENTS)]
    students = [Student(front, book, front.browser()) for front in fronts]
    for student in students:
        student.begin()
    _stays_with_its_host(students[1], tmp_path / "haproxy.log")
    threads = [
        threading.Thread(target=_apply, args=(student, invented(), Scans(folder), number, told[number]))
        for number, student in enumerate(students)
    ]
    for thread in threads:
        thread.start()
    until(lambda: sum(len(each.files) for each in told) >= STUDENTS // 2)
    assert all(thread.is_alive() for thread in threads), "all are in the midst of it"
    hosts.hosts[0].lose_power()
    for thread in threads:
        thread.join(120)
    _haproxy_keeps_its_promises(hosts.fronts[1], tmp_path / "haproxy.log")
    kept = hosts.hosts[1].kept
    there = {bag.reference: bag for bag in submissions.every(kept)}
    assert sorted(each.reference for each in told) == sorted(there), "each once, and no other"
    for each in told:
        bag = there[each.reference]
        assert bags.verify(bag) == []
        assert each.files == {file["sha256"] for file in bag.record()["files"]}
    assert journal.breaks(kept) == [] and submissions.lost(kept) == []
    assert all(draft.sealed for draft in drafts.every(kept))
    call = next(iter(there.values())).call
    for host in hosts.hosts:  # the lost one comes back with what its index knew
        index.reconcile(host.kept)
    one, two = (lookup.applications(host.kept, call)[0] for host in hosts.hosts)
    assert one == two and len(one) == STUDENTS
    assert not Instance(kept.root).index.exists() and not kept.limit_counts.exists()
