"""A limit of time for one top-level statement, which ends it and not the process."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator


class TooSlow(BaseException):
    """Ends a top-level statement that ran too long. Not an Exception: `except Exception` in the
    student's loop must not catch it."""


@contextlib.contextmanager
def soft_limit(seconds: float, left_s: float) -> Iterator[None]:
    """Raise TooSlow in the main thread after the shorter time, where the platform has SIGALRM.

    On a busy machine a statement may have stood in the queue for a core. One that has run without
    a pause and has not yet had its seconds gets what is left of them. 0 is no limit.
    """
    if not seconds or not hasattr(signal, "setitimer"):
        yield
        return
    import resource

    def used() -> tuple[float, int]:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime, usage.ru_nvcsw

    limit_s = min(seconds, left_s)
    began_s, pauses = used()

    def stop(*_: object) -> None:
        now_s, pauses_now = used()
        rest_s = limit_s - (now_s - began_s)
        if rest_s > 0 and pauses_now == pauses:
            signal.setitimer(signal.ITIMER_REAL, rest_s)
        elif seconds > left_s:
            raise TooSlow("still running, and loading has taken long before it")
        else:
            raise TooSlow(f"still running after {seconds:g} s")

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
