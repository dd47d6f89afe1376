"""A portal of several processes: each can die, all end together, and nothing that was answered is lost."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
import requests

from mobility import storage
from mobility.applications import drafts
from mobility.catalogue.rulebook import Rulebook
from mobility.office import tasks
from mobility.paths import CHECKOUT, Instance
from tests.helpers.follow_ups import until
from tests.helpers.scans import Scans
from tests.helpers.student import Student


class Processes:
    """A portal as scripts/serve starts it, of two processes that serve pages and one that follows up."""

    def __init__(self, folder: Path):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.kept = Instance(folder).rehearsal
        words = ["--no-site", "--processes", "2", "--port", str(self.port), "--data", str(folder)]
        self.parent = subprocess.Popen(
            [sys.executable, "-m", "portal.serve", *words], cwd=CHECKOUT.root, stdout=subprocess.DEVNULL
        )

    def all(self) -> set[int]:
        """The portal's processes below the first; not the one by which Python counts what they share."""
        return {pid for pid in _children(self.parent.pid) if b"resource_tracker" not in _read(pid, "cmdline")}

    def follower(self) -> int | None:
        """The process that does what follows the answers: it holds the lock."""
        with suppress(FileNotFoundError):
            inode = self.kept.background_lock.stat().st_ino
            found = re.search(rf"FLOCK .* (\d+) \S+:{inode} ", Path("/proc/locks").read_text())
            return int(found[1]) if found else None
        return None

    def serving(self) -> set[int]:
        """The processes that serve pages."""
        return self.all() - {self.follower() or 0}

    def whole(self) -> bool:
        """Whether three run, and one of them follows up."""
        return len(self.all()) == 3 and self.follower() in self.all()


def _read(pid: int, what: str) -> bytes:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/{what}").read_bytes()
    return b""


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError):
            found |= {int(number) for number in each.read_text().split()}
    return found


def _runs(pid: int) -> bool:
    stat = _read(pid, "stat")
    return bool(stat) and b") Z" not in stat


def _answers(portal: Processes) -> bool:
    with suppress(requests.RequestException):
        return requests.get(f"{portal.address}/apply/", timeout=20).ok
    return False


@contextmanager
def started(folder: Path) -> Iterator[Processes]:
    """A portal that runs until the block ends."""
    found = Processes(folder)
    try:
        until(lambda: _answers(found) and found.whole())
        yield found
    finally:
        found.parent.send_signal(signal.SIGTERM)
        found.parent.wait(40)


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """A process that does nothing meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """A portal for the tests after which it is whole again."""
    with started(tmp_path_factory.mktemp("lasting") / "data") as found:
        yield found


@pytest.fixture
def ending(tmp_path: Path) -> Iterator[Processes]:
    """A portal that a test ends."""
    with started(tmp_path / "data") as found:
        yield found


def student(portal: Processes, book: Rulebook) -> Student:
    """One whose every request goes to whichever process takes it."""
    found = Student(portal, book)
    found.http.headers["Connection"] = "close"
    return found


def _half_an_upload(visitor: Student, portal: Processes, file: bytes) -> socket.socket:
    """A line on which the first half of an upload was sent."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/apply/documents").text)
    assert token
    whole = visitor.http.prepare_request(
        requests.Request(
            "POST",
            f"{portal.address}/apply/documents/passport",
            data={"csrf_token": token[1]},
            files={"file": ("passport.pdf", file)},
        )
    )
    assert isinstance(whole.body, bytes)
    head = "".join(f"{name}: {value}\r\n" for name, value in whole.headers.items())
    line = socket.create_connection(("127.0.0.1", portal.port), timeout=30)
    request = f"POST {whole.path_url} HTTP/1.1\r\nHost: 127.0.0.1:{portal.port}\r\n{head}\r\n"
    line.sendall(request.encode() + whole.body[: len(whole.body) // 2])
    return line


def _taken_by(portal: Processes, line: socket.socket) -> int | None:
    """The process that holds the other end of a line."""
    ours = f":{line.getsockname()[1]:04X}"
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        theirs = row.split()[2]
        if theirs.endswith(ours):
            inode = row.split()[9]
            for pid in portal.serving():
                with suppress(FileNotFoundError):
                    if f"socket:[{inode}]" in {
                        str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir()
                    }:
                        return pid
    return None


def _connected(held: ExitStack, portal: Processes) -> int | None:
    """The process that takes a new line, which stays open until `held` ends."""
    line = held.enter_context(socket.create_connection(("127.0.0.1", portal.port), timeout=30))
    until(lambda: _taken_by(portal, line))
    return _taken_by(portal, line)


def test_each_process_serves_the_same_session_and_they_count_limits_together(
    lasting: Processes, book: Rulebook
) -> None:
    visitor = student(lasting, book)
    visitor.begin()
    one, other = lasting.serving()
    told = []
    for resting in (one, other):
        with stopped(resting):
            for number in range(4):
                email = f"sampleova-{resting}-{number}@example.kz"
                told.append(visitor.post("/apply/address", {"email": email}).status_code)
    assert told == [200] * 6 + [429] * 2


def test_a_new_connection_goes_to_the_process_that_has_fewest(lasting: Processes) -> None:
    idle, _ = lasting.serving()
    with ExitStack() as held:
        with stopped(idle):
            for _ in range(30):
                _connected(held, lasting)

        def goes_to_the_idle_one() -> bool:
            with ExitStack() as further:
                taken = [_connected(further, lasting) for _ in range(24)]
            return taken.count(idle) >= 22  # by chance 12

        until(goes_to_the_idle_one, 10)  # a busy machine may not let it run for a moment


def test_a_process_killed_in_an_upload_is_replaced_and_nothing_stays_of_it(
    lasting: Processes, book: Rulebook, scans: Scans
) -> None:
    visitor = student(lasting, book)
    visitor.begin()
    file = scans.pdf("passport.pdf", text="passport")
    with _half_an_upload(visitor, lasting, file.read_bytes() + b"%" * 2_000_000) as line:
        until(lambda: _taken_by(lasting, line))
        victim = _taken_by(lasting, line)
        assert victim
        os.kill(victim, signal.SIGKILL)
        with suppress(ConnectionResetError):
            assert line.recv(1000) == b""
    assert visitor.get("/apply/documents").ok, "by the one that is left"
    until(lambda: victim not in lasting.all() and lasting.whole())
    assert all(draft.files == () for draft in drafts.every(lasting.kept))
    assert not list(lasting.kept.drafts.glob("*/.arriving-*"))
    assert visitor.upload("passport", file).ok
    assert [len(draft.files) for draft in drafts.every(lasting.kept) if draft.files] == [1]


def test_where_the_one_that_follows_up_is_killed_another_writes_the_mail(
    lasting: Processes, book: Rulebook
) -> None:
    before = lasting.follower()
    assert before
    os.kill(before, signal.SIGKILL)
    assert student(lasting, book).post("/apply/link", {"email": "nobody@example.kz"}).ok
    until(lambda: not list(tasks.waiting(lasting.kept)))
    until(lambda: lasting.whole() and lasting.follower() != before)


def test_what_was_kept_stays_whole_whichever_is_killed_and_no_zombie_is_left(
    lasting: Processes, book: Rulebook, scans: Scans
) -> None:
    visitor = student(lasting, book)
    visitor.begin()
    for victim in sorted(lasting.all()):
        os.kill(victim, signal.SIGKILL)
        until(lambda: _answers(lasting))
        assert visitor.upload("transcript", scans.pdf("transcript.pdf", text=str(victim))).ok
        until(lambda victim=victim: victim not in lasting.all() and lasting.whole())
    assert all(_runs(pid) for pid in _children(lasting.parent.pid))
    for draft in drafts.every(lasting.kept):
        assert [storage.digest(draft.path(file)) for file in draft.files] == [f.sha256 for f in draft.files]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_all_end_together_and_an_upload_whose_bytes_had_come_is_answered(
    ending: Processes, book: Rulebook, scans: Scans, how: signal.Signals
) -> None:
    visitor = student(ending, book)
    visitor.begin()
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/apply/documents").text)
    assert token
    answered: list[int] = []
    file = scans.pdf("passport.pdf", text="passport").read_bytes() + b"%" * 8_000_000

    def upload() -> None:
        with suppress(requests.RequestException):
            answer = visitor.http.post(
                f"{ending.address}/apply/documents/passport",
                data={"csrf_token": token[1]},
                files={"file": ("passport.pdf", file)},
                timeout=60,
                allow_redirects=False,
            )
            answered.append(answer.status_code)

    uploading = threading.Thread(target=upload)
    uploading.start()
    (place,) = ending.kept.drafts.glob("[!.]*")
    until(lambda: list(place.glob(".arriving-*")) or not uploading.is_alive())
    below = _children(ending.parent.pid)
    ending.parent.send_signal(how)
    uploading.join(60)
    assert ending.parent.wait(40) == 0
    (draft,) = drafts.every(ending.kept)
    assert answered in ([302], [303])
    assert [file.size for file in draft.files] == [len(file)]
    assert not list(place.glob(".arriving-*"))
    until(lambda: not any(_runs(pid) for pid in below))
    with socket.create_server(("127.0.0.1", ending.port)):
        pass  # nobody listens there any more


def test_an_upload_half_sent_holds_up_no_end_and_leaves_nothing(
    ending: Processes, book: Rulebook, scans: Scans
) -> None:
    visitor = student(ending, book)
    visitor.begin()
    file = scans.pdf("passport.pdf", text="passport").read_bytes() + b"%" * 2_000_000
    with _half_an_upload(visitor, ending, file) as line:
        until(lambda: _taken_by(ending, line))
        ending.parent.send_signal(signal.SIGTERM)
        assert ending.parent.wait(15) == 0, "before half sent requests would be waited for"
    (draft,) = drafts.every(ending.kept)
    assert draft.files == ()
    assert not [path for path in ending.kept.drafts.rglob("*") if path.name.startswith(".arriving-")]


def test_without_their_parent_the_others_end(ending: Processes) -> None:
    below = _children(ending.parent.pid)
    ending.parent.kill()
    ending.parent.wait()
    until(lambda: not any(_runs(pid) for pid in below))
