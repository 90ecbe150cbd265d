"""When a call's time is up, measured fairly on a machine that is busy.

A limit is wall time, so that code which sleeps or waits is ended too. But where other processes
take the cores (another submission with sixty threads, say), a small call may stand in the queue for
longer than it runs. So the clock stands still while the worker's main thread is ready to run and
gets no core, by the kernel's account, until the process itself has used its limit in CPU time or
the submission's time in all is over. The account is asked for only where a call takes long.
"""

from __future__ import annotations

import time

from grader.sandbox.launch import Spent, Worker

# The part of the limit after which the account is first read: waiting before that is not known.
_FIRST_LOOK = 0.1


class Deadline:
    """One request's deadline. limit_s: its own limit. ends_at: of the submission, monotonic."""

    def __init__(self, worker: Worker, limit_s: float, ends_at: float) -> None:
        now = time.monotonic()
        self._worker = worker
        self._limit_s = limit_s
        self._ends_at = ends_at
        self._first_look = now + limit_s * _FIRST_LOOK
        self._due = now + limit_s
        self._first: Spent | None = None
        self._granted_s = 0.0

    def left_s(self) -> float:
        """Seconds to wait before the next question; 0 or less: time is up."""
        now = time.monotonic()
        if self._first is None and now >= self._first_look:
            self._first = self._worker.spent()
        due = self._due if self._first is not None else self._first_look
        left_s = min(due, self._ends_at) - now
        if left_s > 0 or now >= self._ends_at:
            return left_s
        self._due += self._grant()
        return min(self._due, self._ends_at) - now

    def _grant(self) -> float:
        """Seconds that the worker has waited for a core since this was asked last."""
        assert self._first is not None
        spent = self._worker.spent()
        if spent.cpu_s - self._first.cpu_s >= self._limit_s:
            return 0.0
        waited_s = max(spent.waited_s - self._first.waited_s - self._granted_s, 0.0)
        self._granted_s += waited_s
        return waited_s
