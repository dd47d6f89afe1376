"""Limits hold across processes where a Redis counts: a real one."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

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


def test_two_processes_count_together_in_redis(address: str) -> None:
    one, other = Limits(address), Limits(address)
    told = [each.reached("3/minute; 10/day", "begin", "client") for each in (one, other, one, other, one)]
    assert told == [False, False, False, True, True]
    assert not one.reached("3/minute", "begin", "another client")


def test_in_memory_each_process_counts_by_itself() -> None:
    one, other = Limits(None), Limits(None)
    assert [one.reached("1/minute", "x"), one.reached("1/minute", "x")] == [False, True]
    assert not other.reached("1/minute", "x")


def test_without_its_redis_a_process_counts_by_itself_meanwhile(
    address: str, server: subprocess.Popen[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    limits = Limits(address)
    assert not limits.reached("1/minute", "x")
    server.terminate()
    server.wait(10)
    assert [limits.reached("1/minute", "x"), limits.reached("1/minute", "x")] == [False, True]
    assert "Redis does not answer" in caplog.text
