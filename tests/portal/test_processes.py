"""A portal of several processes: each can die, all end together, and nothing that was answered is lost."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from mobility import storage
from mobility.applications import drafts
from mobility.catalogue.rulebook import Rulebook
from mobility.office import tasks
from mobility.paths import CHECKOUT, Instance
from tests.helpers.scans import Scans
from tests.helpers.student import Student


class Processes:
    """A portal as scripts/serve starts it, of two processes and one that follows up."""

    def __init__(self, folder: Path):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.kept = Instance(folder).rehearsal
        words = ["--no-site", "--processes", "2", "--port", str(self.port), "--data", str(folder)]
        self.parent = subprocess.Popen(
            [sys.executable, "-m", "portal.serve", *words], cwd=CHECKOUT.root, stdout=subprocess.DEVNULL
        )

    def children(self) -> set[int]:
        """The processes below the first; what Python starts for itself among them."""
        return _children(self.parent.pid)


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError):
            found |= {int(number) for number in each.read_text().split()}
    return found


def until(what: Callable[[], object], seconds: float = 20) -> None:
    """Waits until something is so."""
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.05)


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    found = Processes(tmp_path / "data")
    until(lambda: _answers(found), 40)
    yield found
    found.parent.send_signal(signal.SIGTERM)
    found.parent.wait(40)


@pytest.fixture
def visitor(processes: Processes, book: Rulebook) -> Student:
    return Student(processes, book)


def _answers(portal: Processes) -> bool:
    with suppress(requests.RequestException):
        return requests.get(f"{portal.address}/apply/", timeout=20).ok
    return False


def test_every_process_can_be_killed_and_another_takes_its_place(
    processes: Processes, visitor: Student, scans: Scans
) -> None:
    visitor.begin(email=f"sampleova-{secrets.token_hex(4)}@example.kz")
    for victim in processes.children():
        os.kill(victim, signal.SIGKILL)
        until(lambda: _answers(processes))
        assert visitor.upload("passport", scans.pdf("passport.pdf", text=str(victim))).ok
        until(lambda victim=victim: victim not in processes.children() and len(processes.children()) >= 3)
    assert visitor.post("/apply/link", {"email": "nobody@example.kz"}).ok
    until(lambda: not list(tasks.waiting(processes.kept)))
    (draft,) = drafts.every(processes.kept)
    assert [storage.digest(draft.path(file)) for file in draft.files] == [f.sha256 for f in draft.files]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_all_end_together_and_an_upload_under_way_is_whole_or_nothing(
    processes: Processes, visitor: Student, scans: Scans, how: signal.Signals
) -> None:
    visitor.begin()
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/apply/documents").text)
    assert token
    answered: list[int] = []
    file = scans.pdf("passport.pdf", text="passport").read_bytes() + b"%" * 8_000_000

    def upload() -> None:
        with suppress(requests.RequestException):
            answer = visitor.http.post(
                f"{processes.address}/apply/documents/passport",
                data={"csrf_token": token[1]},
                files={"file": ("passport.pdf", file)},
                timeout=60,
                allow_redirects=False,
            )
            answered.append(answer.status_code)

    uploading = threading.Thread(target=upload)
    uploading.start()
    (place,) = processes.kept.drafts.glob("[!.]*")
    until(lambda: list(place.glob(".arriving-*")) or not uploading.is_alive())
    below = processes.children()
    processes.parent.send_signal(how)
    uploading.join(60)
    assert processes.parent.wait(40) == 0
    (draft,) = drafts.every(processes.kept)
    assert answered in ([302], [303]), "its bytes had all come, so it was answered"
    assert [file.size for file in draft.files] == [len(file)]
    assert not list(place.glob(".arriving-*"))
    until(lambda: not any(_runs(pid) for pid in below))
    with socket.create_server(("127.0.0.1", processes.port)):
        pass  # nobody listens there any more


def test_without_their_parent_the_others_end(processes: Processes) -> None:
    below = processes.children()
    processes.parent.kill()
    processes.parent.wait()
    until(lambda: not any(_runs(pid) for pid in below), 40)


def _runs(pid: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    return False
