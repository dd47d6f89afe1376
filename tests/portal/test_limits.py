"""Limits hold across processes where a Redis counts: a real one."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from mobility import storage
from portal import limits
from portal.limits import Limits


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of this test's own, on a socket in its folder."""
    program = shutil.which("redis-server")
    assert program, "scripts/test installs it"
    place = tmp_path / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", str(place), "--save", "", "--dir", str(tmp_path)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert running.stdout
    for line in running.stdout:
        if b"eady to accept connections" in line:
            break
    yield running
    running.terminate()
    running.wait(10)


@pytest.fixture
def address(server: subprocess.Popen[bytes], tmp_path: Path) -> str:
    assert server.poll() is None
    return f"redis+unix://{tmp_path}/redis.sock"


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    return tmp_path / "counts" / "limits.sqlite3"


def test_two_processes_count_together_in_redis(address: str, counts: Path) -> None:
    one, other = Limits(address, counts, "secret"), Limits(address, counts, "secret")
    told = [each.reached("3/minute; 10/day", "begin", "client") for each in (one, other, one, other, one)]
    assert told == [False, False, False, True, True]
    assert not one.reached("3/minute", "begin", "another client")


def test_two_processes_count_together_in_a_file(counts: Path) -> None:
    one, other = Limits(None, counts, "secret"), Limits(None, counts, "secret")
    told = [each.reached("3/minute; 10/day", "begin", "client") for each in (one, other, one, other, one)]
    assert told == [False, False, False, True, True]
    assert not one.reached("3/minute", "begin", "another client")
    assert counts.stat().st_mode & 0o077 == 0


def test_the_file_of_counts_names_nobody_and_may_be_lost(counts: Path) -> None:
    limits = Limits(None, counts, "secret")
    assert not limits.reached("1/minute", "mail", "victim@example.kz")
    kept = b"".join(path.read_bytes() for path in counts.parent.iterdir())
    assert b"victim" not in kept
    assert re.findall(rb"[0-9a-f]{64}", kept)
    for beside in ("-wal", "-shm"):
        counts.with_name(counts.name + beside).unlink(missing_ok=True)
    counts.write_bytes(b"no database " * 400)
    assert [limits.reached("1/minute", "x"), limits.reached("1/minute", "x")] == [False, True]


def test_what_is_over_is_not_kept(counts: Path) -> None:
    limits = Limits(None, counts, "secret")
    for number in range(5):
        limits.reached("1/second", "x", str(number))
    time.sleep(1.05)
    assert not limits.reached("1/second", "x", "0")
    with storage.database(counts) as found:
        assert found.execute("SELECT count(*) FROM hits").fetchone()[0] == 1


def test_without_its_redis_a_process_counts_by_itself_meanwhile(
    address: str, counts: Path, server: subprocess.Popen[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    limits = Limits(address, counts, "secret")
    assert not limits.reached("1/minute", "x")
    server.terminate()
    server.wait(10)
    assert [limits.reached("1/minute", "x"), limits.reached("1/minute", "x")] == [False, True]
    assert "Redis does not answer" in caplog.text


def test_one_client_cannot_count_as_many_by_its_address() -> None:
    def counted(address: str) -> str:
        with Flask("any").test_request_context(environ_base={"REMOTE_ADDR": address}):
            return limits.client()

    assert counted("192.0.2.7") != counted("192.0.2.8")
    assert counted("::ffff:192.0.2.7") == counted("192.0.2.7")
    assert counted("2001:db8:1:2::1") == counted("2001:DB8:1:2:ffff::9") != counted("2001:db8:1:3::1")
    assert counted("fe80::1%eth0") == counted("fe80::2%eth0")
    assert counted("") == "" and counted("unix") == "unix"


def test_one_mailbox_cannot_count_as_many_by_its_address() -> None:
    written = ["victim@example.kz", "VICTIM@Example.kz", "victim+1@example.kz", "vic.tim+2+3@example.kz"]
    assert len({limits.recipient(each) for each in written}) == 1
    others = ["victim2@example.kz", "victim@example.com", "+victim@example.kz"]
    assert len({limits.recipient(each) for each in (written[0], *others)}) == 4
