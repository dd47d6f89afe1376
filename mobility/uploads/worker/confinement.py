"""Takes from this process what parsing a file does not need: network, other files, privileges, resources.

What a kernel does not have is left out; `confine` tells what holds. Linux only.
"""

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import mobility
from mobility.uploads.worker import seccomp

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE, _PR_SET_PDEATHSIG = 38, 4, 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""System calls of Landlock, the same on every architecture."""
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights on files each version of Landlock's interface knows."""
_TCP, _SCOPES = 0b11, 0b11
"""Binding and connecting (version 4); abstract Unix sockets and signals of processes outside (version 6)."""
_READABLE = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")
_SIGKILL = 9


def confine() -> list[str]:
    """Shuts this process and its children in; which protections hold."""
    holds = ["empty environment"] if not Path("/proc/self/environ").read_bytes() else []
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # where memory runs out, this ends first, and not the server
        handle = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(handle, b"1000")
        os.close(handle)
    holds += ["no core dump"]
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        holds.append("no new privileges")
    # A user namespace of its own is what lets an ordinary user have a network namespace: one without network.
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        holds.append("no network")
    if version := _restrict_files():
        holds += ["no other files"]
        holds += ["no TCP"] if version >= 4 else []
        holds += ["no signals to other processes"] if version >= 6 else []
    if seccomp.deny_outside():
        holds += ["no sockets", "no look into other processes"]
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return holds


def limit(memory: int, seconds: int, file_size: int, files: int) -> None:
    """Limits what one task may use: bytes of address space, seconds of processor, bytes of a written file,
    open files; what is lower already stays. Threads are not limited: libheif needs one, and the kernel would
    count those of the whole server. It starts no process, which might outlive it."""
    _libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    for which, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_NOFILE, files),
    ):
        highest = resource.getrlimit(which)[1]
        most = most if highest == resource.RLIM_INFINITY else min(most, highest)
        resource.setrlimit(which, (most, most))
    seccomp.deny_processes()


def _restrict_files() -> int:
    """Lets this process open nothing but Python and its libraries, to read; the version of Landlock, 0 where
    there is none. What is open already, or is handed over later, is not touched by it."""
    version = int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1))
    if version < 1:
        return 0
    rights = [(1 << _FILE_RIGHTS.get(version, 16)) - 1, _TCP, _SCOPES]
    known = 3 if version >= 6 else 2 if version >= 4 else 1
    wanted = struct.pack(f"={known}Q", *rights[:known])
    ruleset = _libc.syscall(_CREATE_RULESET, wanted, ctypes.c_size_t(len(wanted)), 0)
    if ruleset < 0:
        return 0
    try:
        for path in _readable():
            _allow(ruleset, path)
        return version if _libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | (_READ_DIR if path.is_dir() else 0)
        rule = struct.pack("=Qi", rights, handle)
        _libc.syscall(_ADD_RULE, ruleset, 1, rule, 0)
    finally:
        os.close(handle)


def _readable() -> Iterator[Path]:
    ours = Path(mobility.__file__).parent
    for place in {*_READABLE, sys.prefix, sys.base_prefix, str(ours)}:
        if Path(place).exists():
            yield Path(place)
