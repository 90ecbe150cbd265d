"""A limit of time for code of a homework's authors, which runs in the trusted process.

A student's function is ended by the clock from outside. A check, a reference or a known mistake
that never ends would keep the process that grades for ever, and with it everybody's results.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from grader.errors import ProcessorTimeUp

LEAST_S = 1e-3  # no time at all would be no timer
AGAIN_S = 1.0  # code that catches whatever is raised is stopped again
LOAD_S = 120.0  # of processor time for a file of the authors' as a whole
LOAD_WALL_S = 600.0


def loading_time(what: str) -> AbstractContextManager[None]:
    """The limit for what is run of a file of the authors' as a whole, named in the message."""
    return processor_time(
        LOAD_S,
        f"{what} was stopped after {LOAD_S:g} s of processor time; it may never end",
        wall_s=LOAD_WALL_S,
        idle_message=f"{what} was stopped after {LOAD_WALL_S:g} s; it may wait for ever",
    )


@contextmanager
def processor_time(
    limit_s: float, message: str, *, wall_s: float = math.inf, idle_message: str = ""
) -> Iterator[None]:
    """Raise ProcessorTimeUp in the block once the main thread has computed for so long in it.

    limit_s: seconds of processor time. Waiting, as for a student's function, counts nothing there.
    wall_s: seconds after which the block is stopped whatever it did, with `idle_message`: more than
    it can have waited with reason. One limit may stand in another, and then counts alone. There is
    none outside a process's main thread, and on Windows.
    """
    if not hasattr(signal, "setitimer") or (
        threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    is_over = False
    began_s, began_at = time.thread_time(), time.monotonic()

    def stop(*_: object) -> None:
        computing_s = limit_s - (time.thread_time() - began_s)
        left_s = min(computing_s, wall_s - (time.monotonic() - began_at))
        if is_over:
            return
        signal.setitimer(signal.ITIMER_REAL, max(left_s, LEAST_S) if left_s > 0 else AGAIN_S)
        if left_s <= 0:
            raise ProcessorTimeUp(message if computing_s <= 0 else idle_message)

    # A timer of processor time would make the clocks of processor time as coarse as itself.
    handler = signal.signal(signal.SIGALRM, stop)
    around_s, _ = signal.setitimer(signal.ITIMER_REAL, min(limit_s, wall_s))
    set_at = time.monotonic()
    try:
        yield
    finally:
        is_over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if around_s:  # the block around this one has a limit, too
            left_s = max(around_s - (time.monotonic() - set_at), LEAST_S)
            signal.setitimer(signal.ITIMER_REAL, left_s)
