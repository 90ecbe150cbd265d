"""Waiting for a worker: for its answer on a socket, and for what it prints on two pipes.

Where the system can wait for both at once (`select.poll`: Linux, macOS) it does. Windows can wait
for sockets alone; there a thread reads each pipe, and its bytes are looked for at short intervals.
A student's own machine is all that ever needs it.
"""

from __future__ import annotations

import os
import select
import socket
import threading
from collections.abc import Sequence
from typing import Protocol

READ_BYTES = 1 << 16
LOOK_S = 0.05
FINISH_S = 0.5
MAX_UNREAD_BYTES = 1 << 20


class Waiter(Protocol):
    """What a session waits with. Pipes are named by their descriptors, which it then owns."""

    def wait(self, timeout_s: float, *, writing: bool) -> tuple[bool, bool, list[int]]:
        """Until something can be done: whether the socket can be read, and, if `writing`,
        written; and the pipes that can be read."""

    def read(self, pipe: int) -> bytes | None:
        """What stands in a pipe now, in part; None if nothing does, b"" at its end."""

    def finish(self) -> None:
        """After the worker's end: let what is on its way arrive."""

    def close(self) -> None:
        """Close the pipes."""


def waiter(rpc: socket.socket, pipes: Sequence[int]) -> Waiter:
    """The best that this system has."""
    rpc.setblocking(False)
    return Polling(rpc, pipes) if hasattr(select, "poll") else Threads(rpc, pipes)


class Polling:
    """Waits for the socket and the pipes with poll."""

    def __init__(self, rpc: socket.socket, pipes: Sequence[int]) -> None:
        self._rpc_fd = rpc.fileno()
        self._pipes = tuple(pipes)
        self._writing = False
        self._poll = select.poll()
        self._poll.register(self._rpc_fd, select.POLLIN)
        for fd in pipes:
            os.set_blocking(fd, False)
            self._poll.register(fd, select.POLLIN)

    def wait(self, timeout_s: float, *, writing: bool) -> tuple[bool, bool, list[int]]:
        """See Waiter.wait."""
        if writing != self._writing:
            events = select.POLLIN | select.POLLOUT if writing else select.POLLIN
            self._poll.modify(self._rpc_fd, events)
            self._writing = writing
        readable = writable = False
        pipes = []
        for fd, event in self._poll.poll(timeout_s * 1000 + 1):
            if fd != self._rpc_fd:
                pipes.append(fd)
                continue
            readable = bool(event & ~select.POLLOUT)
            writable = bool(event & select.POLLOUT)
        return readable, writable, pipes

    def read(self, pipe: int) -> bytes | None:
        """See Waiter.read."""
        try:
            piece = os.read(pipe, READ_BYTES)
        except OSError:  # nothing stands there
            return None
        if not piece:
            self._poll.unregister(pipe)
        return piece

    def finish(self) -> None:
        """See Waiter.finish: a pipe holds what was written, whether its writer lives or not."""

    def close(self) -> None:
        """See Waiter.close."""
        for fd in self._pipes:
            os.close(fd)


class Threads:
    """Waits for the socket with select, and reads each pipe in a thread of its own."""

    def __init__(self, rpc: socket.socket, pipes: Sequence[int]) -> None:
        self._rpc = rpc
        self._pumps = {fd: _Pump(fd) for fd in pipes}

    def wait(self, timeout_s: float, *, writing: bool) -> tuple[bool, bool, list[int]]:
        """See Waiter.wait."""
        wanted = [self._rpc] if writing else []
        readable, writable, _ = select.select([self._rpc], wanted, [], min(timeout_s, LOOK_S))
        return bool(readable), bool(writable), [fd for fd, p in self._pumps.items() if p.has_more]

    def read(self, pipe: int) -> bytes | None:
        """See Waiter.read."""
        return self._pumps[pipe].take()

    def finish(self) -> None:
        """See Waiter.finish."""
        for pump in self._pumps.values():
            pump.join(FINISH_S)

    def close(self) -> None:
        """See Waiter.close. Each thread ends with its pipe, whose writers have ended."""


class _Pump(threading.Thread):
    """Reads a pipe to its end and keeps what was not taken yet."""

    def __init__(self, fd: int) -> None:
        super().__init__(daemon=True)
        self._fd = fd
        self._unread = bytearray()
        self._changed = threading.Condition()
        self._ended = self._end_taken = False
        self.start()

    @property
    def has_more(self) -> bool:
        """Whether `take` has something to give, the end included."""
        return bool(self._unread) or (self._ended and not self._end_taken)

    def take(self) -> bytes | None:
        """See Waiter.read; all that there is."""
        with self._changed:
            if not self.has_more:
                return None
            data = bytes(self._unread)
            self._unread.clear()
            self._end_taken = not data
            self._changed.notify()
        return data

    def run(self) -> None:
        """Read until the end, with a bound on what lies unread."""
        while piece := self._piece():
            with self._changed:
                self._unread += piece
                self._changed.wait_for(lambda: len(self._unread) < MAX_UNREAD_BYTES)
        self._ended = True
        os.close(self._fd)

    def _piece(self) -> bytes:
        try:
            return os.read(self._fd, READ_BYTES)
        except OSError:  # how Windows tells of a pipe whose writer has ended
            return b""
