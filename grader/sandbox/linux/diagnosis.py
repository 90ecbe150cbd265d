"""What happened while a child was jailed, and which system calls it was refused afterwards.

Theory of operation. The ordinary filter of a submission (seccomp.py) refuses a call with an error
number, and the kernel keeps no record of it that an ordinary user could read. When somebody looks
for the reason of a failure (the logger `grader` stands at DEBUG) the trusted side therefore sends
the zygote a second form of the same filter, which refuses nothing by itself: the kernel holds the
call and asks a listener. The listener is the zygote. It runs the ordinary filter's BPF over the
call, counts it, and answers with the error that the ordinary filter has for it.

This keeps every refusal. A held call is never carried out unless the listener says so, and the
zygote says so only where the call is one of the two large mappings that memory_watch.py watches in
any case and the ordinary filter allows it. If the zygote dies, the kernel fails the call. The child
gives its listener away and loads the seal, a third filter for the two calls that it needed for
that, before it runs anything of the submission's. For a call through another architecture's door
the ordinary filter kills; here the zygote does, while the call is held.

The child's only message goes to the zygote over a pair of sockets made for it: the steps of its
jail with the time that each took, and the listener beside them.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from grader.sandbox.linux import memory_watch, seccomp, syscalls
from grader.sandbox.linux.memory_watch import MappingRequest, MemoryAccount

# A submission could make every call that there is; the log has room for the first of them.
MOST_CALLS = 64
_MOST_BYTES = 4096
# Two halves of what a filter returns: what to do, and with which errno.
_ACTION, _ERRNO = 0xFFFF0000, 0x0000FFFF
_RETURN_ERRNO = 0x00050000


@dataclass(frozen=True)
class Programs:
    """What stands for the ordinary filter. See seccomp.build_asking and seccomp.build_seal.

    mappings: the numbers of the calls that make or grow a mapping.
    """

    asking: bytes
    seal: bytes
    mappings: tuple[int, ...]


class Steps:
    """The steps taken so far, each with the milliseconds since the one before."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, float]] = []
        self._since = time.monotonic()

    def note(self, name: str) -> None:
        """A step is done."""
        now = time.monotonic()
        self.taken.append((name, round((now - self._since) * 1000, 2)))
        self._since = now


def load(channel_fd: int, plain: bytes, programs: Programs, steps: Steps) -> None:
    """Close a child's filter, and tell the zygote of its steps.

    plain: the ordinary filter, loaded where a container's own filter has taken the only listener
    that the kernel gives; then no refused call can be named. Raises OSError, as its caller's end.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, channel_fd) as channel:
        steps.note("all other descriptors closed")
        message = json.dumps(steps.taken).encode()
        try:
            listener_fd = seccomp.load_with_listener(programs.asking)
        except OSError:
            channel.send(message)
            seccomp.load(plain)
            return
        socket.send_fds(channel, [message], [listener_fd])
        os.close(listener_fd)
    seccomp.load(programs.seal)


@dataclass
class _DiagnosedChild:
    """One child in the zygote's books.

    channel_fd, listener_fd: -1 where there is none, not yet or not any more. calls: (number,
    architecture, errno) to how often it was refused; errno 0 where it was killed for the call.
    """

    number: int
    account: MemoryAccount
    plain: bytes
    pidfd: int
    channel_fd: int
    listener_fd: int = -1
    killed: bool = False
    calls: Counter[tuple[int, int, int]] = field(default_factory=Counter)


class Desk:
    """Where the zygote answers its children's listeners. One for one zygote."""

    def __init__(
        self,
        mappings: Collection[int],
        poll: select.poll,
        tell: Callable[[dict[str, Any]], None],
    ) -> None:
        """mappings: see Programs. tell: sends a message to the trusted side."""
        self._mappings = mappings
        self._poll = poll
        self._tell = tell
        self._children: dict[int, _DiagnosedChild] = {}
        self._by_fd: dict[int, _DiagnosedChild] = {}

    def open(
        self, number: int, account: MemoryAccount, plain: bytes, pidfd: int, channel_fd: int
    ) -> None:
        """A child was forked. plain: the ordinary filter, fitted. channel_fd: our end of its
        pair, which is the desk's from here on."""
        watched = _DiagnosedChild(number, account, plain, pidfd, channel_fd)
        self._children[number] = watched
        self._listen(channel_fd, watched)

    def has(self, fd: int) -> bool:
        """Whether an event of this descriptor is for `handle`."""
        return fd in self._by_fd

    def handle(self, fd: int, event: int) -> None:
        """Take a child's message, or one question of its listener's."""
        watched = self._by_fd[fd]
        if fd == watched.channel_fd:
            watched.channel_fd = -1
            self._take_message(fd, watched)
        elif event & select.POLLIN:
            self._judge(watched)
        else:  # the child has ended, and to wait for a question of its would be for ever
            watched.listener_fd = -1
            self._drop(fd)

    def calls_of(self, number: int) -> list[tuple[int, int, int, int]]:
        """What a child was refused since this was asked last: number, architecture, errno, how
        often."""
        watched = self._children.get(number)
        if watched is None:
            return []
        calls = [(*call, count) for call, count in watched.calls.items()]
        watched.calls.clear()
        return calls

    def has_killed(self, number: int) -> bool:
        """Whether a child was killed for a call."""
        watched = self._children.get(number)
        return watched is not None and watched.killed

    def close(self, number: int) -> None:
        """A child has ended."""
        watched = self._children.pop(number, None)
        if watched is not None:
            for fd in (watched.channel_fd, watched.listener_fd):
                if fd >= 0:
                    self._drop(fd)

    def _take_message(self, fd: int, watched: _DiagnosedChild) -> None:
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, os.dup(fd))
        self._drop(fd)
        with channel, contextlib.suppress(OSError, ValueError):
            data, fds, _, _ = socket.recv_fds(channel, _MOST_BYTES, 1)
            for listener_fd in fds:
                watched.listener_fd = listener_fd
                self._listen(listener_fd, watched)
            if data:
                steps = json.loads(data)
                self._tell({"jailed": watched.number, "steps": steps, "asks": bool(fds)})

    def _judge(self, watched: _DiagnosedChild) -> None:
        question = memory_watch.receive(watched.listener_fd)
        if question is None:
            return
        action = decide(watched.plain, question)
        if action == seccomp.ALLOW and question.call in self._mappings:
            watched.account.testify(question.arguments)
            memory_watch.let_go_on(watched.listener_fd, question)
            return
        is_errno = action & _ACTION == _RETURN_ERRNO
        key = question.call, question.architecture, action & _ERRNO if is_errno else 0
        if key in watched.calls or len(watched.calls) < MOST_CALLS:
            watched.calls[key] += 1
        if is_errno:
            memory_watch.refuse(watched.listener_fd, question, action & _ERRNO)
        else:
            # No answer: the kernel holds the call until the caller is dead.
            watched.killed = True
            syscalls.pidfd_kill(watched.pidfd)

    def _listen(self, fd: int, watched: _DiagnosedChild) -> None:
        self._by_fd[fd] = watched
        self._poll.register(fd, select.POLLIN)

    def _drop(self, fd: int) -> None:
        self._poll.unregister(fd)
        del self._by_fd[fd]
        os.close(fd)


def decide(program: bytes, question: MappingRequest) -> int:
    """The action that a classic BPF program of libseccomp's has for a call, as the kernel runs it.

    Only the instructions that libseccomp uses; anything else kills.
    """
    code = list(struct.iter_unpack("=HBBI", program))
    call = question.call, question.architecture, 0, *question.arguments
    data = struct.pack("=iIQ6Q", *call)
    at = value = 0
    while at < len(code):
        operation, yes, no, k = code[at]
        at += 1
        if operation == 0x20:  # load a word
            (value,) = struct.unpack_from("=I", data, k)
        elif operation == 0x54:  # and
            value &= k
        elif operation == 0x05:  # jump
            at += k
        elif operation == 0x06:  # return
            return int(k)
        elif operation in _TESTS:
            at += yes if _TESTS[operation](value, k) else no
        else:
            break
    return seccomp.KILL_PROCESS


_TESTS: dict[int, Callable[[int, int], bool]] = {
    0x15: lambda value, k: value == k,
    0x25: lambda value, k: value > k,
    0x35: lambda value, k: value >= k,
    0x45: lambda value, k: bool(value & k),
}
