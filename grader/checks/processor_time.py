"""A limit of processor time for code of a homework's authors, which runs in the trusted process.

A student's function is ended by the clock from outside. A check, a reference or a known mistake
that never ends would keep the process that grades for ever, and with it everybody's results.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from grader.errors import ProcessorTimeUp

AGAIN_S = 1.0  # code that catches whatever is raised is stopped again


@contextmanager
def processor_time(limit_s: float, message: str) -> Iterator[None]:
    """Raise ProcessorTimeUp in the block once this process has computed for so long in it.

    limit_s: seconds of processor time. Waiting, as for a student's function, counts nothing. One
    limit may stand in another. There is none outside a process's main thread, and on Windows.
    """
    if not hasattr(signal, "setitimer") or (
        threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    is_over = False

    def stop(*_: object) -> None:
        if not is_over:
            raise ProcessorTimeUp(message)

    began_s = time.process_time()
    handler = signal.signal(signal.SIGPROF, stop)
    left_s, again_s = signal.setitimer(signal.ITIMER_PROF, limit_s, AGAIN_S)
    try:
        yield
    finally:
        is_over = True
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
        if left_s:  # the block around this one has as much less
            left_s = max(left_s - (time.process_time() - began_s), 1e-3)
            signal.setitimer(signal.ITIMER_PROF, left_s, again_s)
