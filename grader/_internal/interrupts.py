"""Ctrl-C at a moment at which nothing is half done."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until the block has ended; KeyboardInterrupt is raised then.

    Python interrupts its main thread alone: elsewhere there is nothing to do. A mask of signals
    would not do, because the system may give the signal to another thread, such as one that draws
    a progress bar.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    waiting = []
    signal.signal(signal.SIGINT, lambda *caught: waiting.append(caught))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    for caught in waiting[:1]:
        before(*caught)
