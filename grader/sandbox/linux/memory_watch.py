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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.sandbox.linux import seccomp, syscalls

_NOTIFICATION = struct.Struct("=QIIiIQ6Q")  # struct seccomp_notif
_ANSWER = struct.Struct("=QqiI")  # struct seccomp_notif_resp
_IOCTL_RECEIVE = 0xC0502100
_IOCTL_ANSWER = 0xC0182101
_CONTINUE = 1


@dataclass
class MemoryAccount:
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

    def testify(self, arguments: Sequence[int]) -> None:
        """Note whether the limit will refuse the large mapping that a call asks for."""
        if self.used_bytes() + _growth(arguments) > self.limit_bytes:
            self.refused = True

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


@dataclass(frozen=True)
class MappingRequest:
    """A system call that the kernel holds until its listener has answered.

    thread_id: of the caller, as this process sees it. call: the system call's number.
    """

    id: int
    thread_id: int
    call: int
    architecture: int
    arguments: tuple[int, ...]


def receive(listener_fd: int) -> MappingRequest | None:
    """The next question; None where the caller has died meanwhile."""
    block = bytearray(_NOTIFICATION.size)
    try:
        fcntl.ioctl(listener_fd, _IOCTL_RECEIVE, block)
    except OSError:
        return None
    number, thread_id, _, call, architecture, _, *arguments = _NOTIFICATION.unpack(block)
    return MappingRequest(number, thread_id, call, architecture, tuple(arguments))


def let_go_on(listener_fd: int, question: MappingRequest) -> None:
    """Have the kernel carry out the call as if nobody had been asked."""
    _answer(listener_fd, question, 0, _CONTINUE)


def refuse(listener_fd: int, question: MappingRequest, error: int) -> None:
    """Have the call fail with an errno; it is not carried out."""
    _answer(listener_fd, question, -error, 0)


def _answer(listener_fd: int, question: MappingRequest, error: int, flags: int) -> None:
    with contextlib.suppress(OSError):  # the caller has died meanwhile
        fcntl.ioctl(listener_fd, _IOCTL_ANSWER, _ANSWER.pack(question.id, 0, error, flags))


def answer(listener_fd: int, accounts: Iterable[MemoryAccount]) -> None:
    """Take one question about a mapping, note what it means, and let the call go on."""
    question = receive(listener_fd)
    if question is None:
        return
    for account in accounts:
        thread_id = question.thread_id
        if account.pid == thread_id or syscalls.has_thread(account.pid, thread_id):
            account.testify(question.arguments)
            break
    let_go_on(listener_fd, question)


def _growth(arguments: Sequence[int]) -> int:
    """By how many bytes a watched call wants to grow the address space.

    mremap has its new length where mmap has its protection bits, which are always smaller.
    """
    is_mremap = arguments[2] > seccomp.WATCHED_BYTES
    return arguments[2] - arguments[1] if is_mremap else arguments[1]
