"""Two hosts, each a portal with an index of its own, on one data folder behind nginx; one of them is killed
in the midst of uploads and submissions, and nothing that was answered is lost."""

import os
import re
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
from tests.helpers.deployment import FILES, free_ports
from tests.helpers.follow_ups import until
from tests.helpers.scans import Scans
from tests.helpers.student import Student

STUDENTS = 4


class Host:
    """A portal as one of several hosts runs it."""

    def __init__(self, folder: Path, number: int, redis: int):
        self.port, monitor = free_ports(2)
        self.monitor = f"http://127.0.0.1:{monitor}"
        own = {
            "MOBILITY_INDEX": str(folder / f"index-{number}.sqlite3"),
            "MOBILITY_REDIS": f"redis://127.0.0.1:{redis}/0",
        }
        self.kept = instance_of(folder / "data", own).rehearsal
        words = ["--no-site", "--processes", "1", "--port", str(self.port), "--monitor", str(monitor)]
        self.parent = subprocess.Popen(
            [sys.executable, "-m", "portal.serve", *words, "--data", str(folder / "data")],
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
class Hosts:
    """All of them, and the address at which nginx takes requests."""

    address: str
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
def _nginx(folder: Path, ports: list[int]) -> Iterator[str]:
    """nginx with deploy/nginx/several-hosts.conf before the two."""
    (port,) = free_ports(1)
    upstream = (FILES / "nginx" / "several-hosts.conf").read_text()
    for there, here in zip(("10.0.0.11:8000", "10.0.0.12:8000"), ports, strict=True):
        assert there in upstream
        upstream = upstream.replace(there, f"127.0.0.1:{here}")
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
        yield f"http://127.0.0.1:{port}"
    finally:
        subprocess.run([*nginx, "-s", "stop"], check=True)


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    with ExitStack() as stack:
        redis = stack.enter_context(_redis(tmp_path))
        both = Host(tmp_path, 1, redis), Host(tmp_path, 2, redis)
        for host in both:
            stack.callback(host.end)
        until(lambda: all(host.ready() for host in both))
        address = stack.enter_context(_nginx(tmp_path, [host.port for host in both]))
        yield Hosts(address, both)


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


def test_a_host_that_is_lost_takes_nothing_with_it_that_was_acknowledged(
    hosts: Hosts, book: Rulebook, tmp_path: Path, invented: Callable[..., dict[str, Any]]
) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    told = [Sent() for _ in range(STUDENTS)]
    students = [Student(hosts, book) for _ in told]
    for student in students:
        student.begin()
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
