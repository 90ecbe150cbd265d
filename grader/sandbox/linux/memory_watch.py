"""How the zygote learns that the kernel refused a large allocation.

The kernel keeps count of what a process got, not of what it was refused. So a filter
(seccomp.build_watch) asks the zygote before each very large mapping of a child. The zygote compares
with the child's present size, remembers if the limit will refuse, and lets the call go on: the
limit decides, the zygote only testifies. Smaller allocations need no witness: when one fails, the
kernel's peak counter stands near the limit.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from grader.sandbox.linux import seccomp, syscalls

_NOTIFICATION = struct.Struct("=QIIiIQ6Q")  # struct seccomp_notif
_ANSWER = struct.Struct("=QqiI")  # struct seccomp_notif_resp
_IOCTL_RECEIVE = 0xC0502100
_IOCTL_ANSWER = 0xC0182101
_CONTINUE = 1


@dataclass
class Account:
    """One child's memory. pid: as the zygote sees it. limit_bytes: of its address space.

    statm_fd: its /proc/<pid>/statm, opened by the trusted side, or -1: then only a mapping larger
    than the whole limit is known to be refused. refused: whether one was.
    """

    pid: int
    limit_bytes: int
    statm_fd: int = -1
    refused: bool = False

    def used_bytes(self) -> int:
        """The present size of the address space, 0 where it cannot be known."""
        with contextlib.suppress(OSError, ValueError):
            if self.statm_fd >= 0:
                pages = int(os.pread(self.statm_fd, 100, 0).split()[0])
                return pages * resource.getpagesize()
        return 0

    def close(self) -> None:
        """Forget the child."""
        if self.statm_fd >= 0:
            os.close(self.statm_fd)
            self.statm_fd = -1


def start(program: bytes) -> int:
    """Apply the filter to this process and all that it forks; the listener's descriptor, or -1.

    A container's own filter may already have the one listener that the kernel gives (EBUSY).
    program: empty where libseccomp could not make one.
    """
    with contextlib.suppress(OSError):
        return seccomp.load_with_listener(program) if program else -1
    return -1


def answer(listener_fd: int, accounts: Iterable[Account]) -> None:
    """Take one question of the kernel's, note what it means, and let the call go on."""
    block = bytearray(_NOTIFICATION.size)
    try:
        fcntl.ioctl(listener_fd, _IOCTL_RECEIVE, block)
    except OSError:
        return  # the child has died meanwhile
    number, thread_id, _, _, _, _, *arguments = _NOTIFICATION.unpack(block)
    for account in accounts:
        if account.pid == thread_id or syscalls.has_thread(account.pid, thread_id):
            if account.used_bytes() + _growth(arguments) > account.limit_bytes:
                account.refused = True
            break
    with contextlib.suppress(OSError):
        fcntl.ioctl(listener_fd, _IOCTL_ANSWER, _ANSWER.pack(number, 0, 0, _CONTINUE))


def _growth(arguments: list[int]) -> int:
    """By how many bytes a watched call wants to grow the address space.

    mremap has its new length where mmap has its protection bits, which are always smaller.
    """
    is_mremap = arguments[2] > seccomp.WATCHED_BYTES
    return arguments[2] - arguments[1] if is_mremap else arguments[1]
