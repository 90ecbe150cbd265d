"""When a call's time is up, measured fairly on a machine that is busy.

A limit is wall time, so that code which sleeps or waits is ended too. But where other processes
take the cores (another submission with sixty threads, say), a small call may stand in the queue for
longer than it runs. So the clock stands still while the worker's main thread is ready to run and
gets no core, by the kernel's account, until the process itself has used its limit in CPU time or
the submission's time in all is over. The account is asked for only where a call takes long.
"""

from __future__ import annotations

import time

from grader.sandbox.host.launch import Spent, WorkerProcess

# The part of the limit after which the account is first read: waiting before that is not known.
_FIRST_LOOK = 0.1
# How soon to look again at a thread that stands in the queue: its account is kept up to when it
# got a core last.
_NEXT_LOOK_S = 0.05
ENDLESS = "Does a loop there ever end?"


def still_running(what: str, limit_s: float) -> str:
    """What is said of a call whose time is up."""
    return f"{what} was still running after {limit_s:g} s"


class Deadline:
    """One request's deadline. limit_s: its own limit. ends_at: of the submission, monotonic."""

    def __init__(self, worker: WorkerProcess, limit_s: float, ends_at: float) -> None:
        now = time.monotonic()
        self._worker = worker
        self._limit_s = limit_s
        self._ends_at = ends_at
        self._due = now + limit_s
        self._looked_at = now + limit_s * _FIRST_LOOK
        self._first: Spent | None = None
        self._last = Spent()

    def left_s(self) -> float:
        """Seconds to wait before this is asked again; 0 or less: time is up."""
        now = time.monotonic()
        if self._first is None and now >= self._looked_at:
            self._first = self._last = self._worker.spent()
        left_s = min(self._looked_at if self._first is None else self._due, self._ends_at) - now
        if left_s > 0 or now >= self._ends_at:
            return left_s
        self._due = now + self._grant(now)
        return min(self._due, self._ends_at) - now

    def _grant(self, now: float) -> float:
        """Seconds more, where some of those since the last look went by in the queue."""
        assert self._first is not None
        last, spent = self._last, self._worker.spent()
        since_s, self._looked_at, self._last = now - self._looked_at, now, spent
        if spent.cpu_s - self._first.cpu_s >= self._limit_s:
            return 0.0
        waited_s = max(spent.waited_s - last.waited_s, 0.0)
        if spent.ready and spent.ran_s - last.ran_s < since_s / 2:
            waited_s = max(waited_s, _NEXT_LOOK_S)
        return waited_s
