"""The sandbox: what runs in it has no secrets, no network, no files, and little time and memory."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from mobility.uploads import inspection, sandbox
from mobility.uploads.sandbox import Limits
from tests.helpers import bombs
from tests.helpers.scans import Scans


def worker() -> int:
    """The process id of this process's worker."""
    sandbox.start()
    (found,) = (pid for pid in children(os.getpid()) if b"mobility.uploads.worker" in proc(pid, "cmdline"))
    return found


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    told = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(each) for each in " ".join(told).split()]


def proc(pid: int, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


def libraries(pid: int) -> set[str]:
    """The files whose code a process has mapped to run."""
    mapped = [line.split(maxsplit=5) for line in proc(pid, "maps").decode().splitlines()]
    return {each[5] for each in mapped if len(each) > 5 and "x" in each[1]}


def gone(handle: int) -> bool:
    """Whether a process ends within ten seconds; by its pidfd."""
    return bool(select.select([handle], [], [], 10)[0])


def confined(attack: str, *given: str) -> str:
    """What a confined process prints that then tries an attack."""
    code = (
        "import os, socket, sys\n"
        "from mobility.uploads.worker import confinement\n"
        "confinement.confine()\n"
        f"try:\n    print({attack})\nexcept OSError as error:\n    print(error.strerror)\n"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", code, *given], env={}, capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def test_the_worker_has_no_environment_and_no_file_of_the_server(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w+") as held:
        os.set_inheritable(held.fileno(), True)
        pid = worker()
        assert proc(pid, "environ") == b""
        handles = {str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()}
    assert held.name not in handles
    # libffi (under ctypes) may hold its own library open, to map its trampolines.
    assert {each.split(":")[0] for each in handles - libraries(pid)} <= {
        "/dev/null",
        "socket",
        "anon_inode",
    }
    assert b"NoNewPrivs:\t1" in proc(pid, "status")


def test_which_protections_hold_is_told() -> None:
    assert {"empty environment", "no core dump", "no new privileges"} <= set(sandbox.protections())


def test_what_is_confined_reads_and_writes_no_file_of_ours(tmp_path: Path) -> None:
    if "no other files" in sandbox.protections():
        (tmp_path / "draft.json").write_text("{}")
        assert confined("open(sys.argv[1]).read()", str(tmp_path / "draft.json")) == "Permission denied"
        assert confined("open(sys.argv[1], 'w')", str(tmp_path / "new")) == "Permission denied"
        assert confined("os.listdir('/etc')") == "Permission denied"
        assert confined("os.unlink(sys.argv[1])", str(tmp_path / "draft.json")) == "Permission denied"


def test_what_is_confined_reaches_no_server_and_stops_no_process() -> None:
    held = sandbox.protections()
    with socket.create_server(("127.0.0.1", 0)) as server:
        reached = confined(
            "socket.create_connection(('127.0.0.1', int(sys.argv[1])))", str(server.getsockname()[1])
        )
    if "no sockets" in held:
        assert reached == "Permission denied"
    elif "no network" in held or "no TCP" in held:
        assert reached in ("Network is unreachable", "Permission denied", "Connection refused")
    if "no signals to other processes" in held:
        assert confined("os.kill(int(sys.argv[1]), 0)", str(os.getpid())) == "Operation not permitted"


def test_what_is_confined_opens_no_socket_of_any_family_and_looks_into_no_process() -> None:
    """Also where neither namespaces nor Landlock are to be had, as the filter needs none of them."""
    if "no sockets" in sandbox.protections():
        for family in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"):
            assert confined(f"socket.socket(socket.{family}, socket.SOCK_DGRAM)") == "Permission denied"
        memory = "open(f'/proc/{sys.argv[1]}/mem', 'rb').read(1)"
        assert confined(memory, str(os.getpid())) == "Permission denied"
        traced = "(_ for _ in ()).throw(OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno())))"
        attack = f"next({traced}) if libc.ptrace(16, int(sys.argv[1]), 0, 0) < 0 else 'traced'"
        loaded = "(ctypes := __import__('ctypes'), libc := ctypes.CDLL(None, use_errno=True))"
        assert confined(f"{loaded} and ({attack})", str(os.getpid())) == "Permission denied"


def test_a_task_starts_no_process_that_might_outlive_it() -> None:
    if "no sockets" in sandbox.protections():
        for attack in (
            "os.fork()",
            "os.execv('/bin/true', ['true'])",
            "os.posix_spawn('/bin/true', ['t'], {})",
        ):
            limited = f"confinement.limit(900_000_000, 5, 1000, 64) or {attack}"
            assert confined(limited) == "Permission denied"
        thread = "(t := __import__('threading').Thread(target=print)).start() or t.join() or 'runs'"
        assert confined(f"confinement.limit(900_000_000, 5, 1000, 64) or {thread}").endswith("runs")


def test_a_worker_that_dies_is_replaced(scans: Scans) -> None:
    before = worker()
    handle = os.pidfd_open(before)
    os.kill(before, signal.SIGKILL)
    assert gone(handle)
    assert inspection.look(scans.pdf()).pages == 1
    assert worker() != before


def test_the_worker_ends_with_whoever_started_it() -> None:
    code = "from mobility.uploads import sandbox; sandbox.start(); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout
        parent.stdout.readline()
        (pid,) = children(parent.pid)
        handle = os.pidfd_open(pid)
        parent.kill()
        assert gone(handle)


def test_a_task_that_overruns_is_ended_and_others_go_on(scans: Scans) -> None:
    with bombs.content_stream(scans.folder / "slow.pdf").open("rb") as file:
        assert sandbox.run("look", False, files=[file])["pages"] == 1
        with pytest.raises(sandbox.Unusable, match="too heavy"):
            sandbox.run("look_closely", "PDF", False, files=[file], limits=Limits(4_000_000_000, seconds=2))
    assert inspection.look(scans.pdf()).pages == 1
    for pid in children(worker()):
        with suppress(ProcessLookupError):
            assert gone(os.pidfd_open(pid))


def test_a_task_that_wants_too_much_memory_is_ended(scans: Scans) -> None:
    path = bombs.transparent_png(scans.folder / "large.png")
    with path.open("rb") as file, (scans.folder / "out").open("wb") as out:
        limits = Limits(memory=250_000_000)
        with pytest.raises(sandbox.Unusable, match="too many pixels"):
            sandbox.run("flatten", "PNG", files=[file], target=out, limits=limits)


def test_many_threads_get_each_its_own_answer(scans: Scans) -> None:
    paths = {n: scans.pdf(f"{n}.pdf", pages=n) for n in range(1, 17)}
    found = {}

    def look(number: int) -> None:
        found[number] = inspection.look(paths[number]).pages

    threads = [threading.Thread(target=look, args=(number,)) for number in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: number for number in paths}
