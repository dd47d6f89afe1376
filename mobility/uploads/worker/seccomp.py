"""Denies system calls to this process and its children for good, by seccomp filters (classic BPF).

They need no privilege and no namespace, so they hold too where a service may make none, as under systemd's
RestrictNamespaces. Nothing here is denied that reading a file needs.
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Offsets in struct seccomp_data; of the argument, its lower half."""
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_DENY = (_RETURN, 0, 0, _ERRNO | errno.EACCES)
_OTHER_INTERFACE, _CLONE_THREAD = 0x40000000, 0x10000
"""From the first on x86 counts its calls once more (x32)."""
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH of linux/audit.h."""
_OUTSIDE = {"x86_64": (41, 101, 310, 311, 425, 438), "aarch64": (198, 117, 270, 271, 425, 438)}
"""socket, ptrace, process_vm_readv, process_vm_writev, io_uring_setup (which opens sockets), pidfd_getfd."""
_PROCESSES = {"x86_64": (57, 58, 59, 322), "aarch64": (221, 281)}
"""fork, vfork, execve, execveat."""
_CLONE, _CLONE3 = {"x86_64": 56, "aarch64": 220}, 435
Step = tuple[int, int, int, int]
"""Of a filter: a code, how many steps to leap over if so, and if not, and a number."""


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def deny_outside() -> bool:
    """Denies new sockets, and looking into other processes; whether that holds. After PR_SET_NO_NEW_PRIVS."""
    machine = platform.machine()
    return machine in _ARCHITECTURES and _install(machine, _denied(_OUTSIDE[machine]))


def deny_processes() -> bool:
    """Denies new processes and programs, but no threads; whether that holds."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return False
    steps = _denied(_PROCESSES[machine])
    # Its flags stand in memory, where no filter can look; without it the C library takes clone.
    steps += [(_IF_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    steps += [(_IF_EQUAL, 0, 3, _CLONE[machine]), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    steps += [(_IF_SET, 1, 0, _CLONE_THREAD), _DENY]
    return _install(machine, steps)


def _denied(numbers: Iterable[int]) -> list[Step]:
    return [step for number in numbers for step in ((_IF_EQUAL, 0, 1, number), _DENY)]


def _install(machine: str, steps: list[Step]) -> bool:
    head = [(_LOAD, 0, 0, _ARCHITECTURE), (_IF_EQUAL, 1, 0, _ARCHITECTURES[machine]), _DENY]
    head += [(_LOAD, 0, 0, _NUMBER), (_IF_AT_LEAST, 0, 1, _OTHER_INTERFACE), _DENY]
    whole = [*head, *steps, (_RETURN, 0, 0, _ALLOW)]
    program = _Program(len(whole), b"".join(struct.pack("=HBBI", *step) for step in whole))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
