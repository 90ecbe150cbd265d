"""Single key presses, without Enter, on the terminals of every system.

The modules that read them differ and are imported where they are used.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator

LOOK_S = 0.1


@contextlib.contextmanager
def listening(press: Callable[[str], None]) -> Iterator[bool]:
    """Call `press` with each key, from a thread; whether there is a keyboard. Ctrl-C stays itself.

    The terminal is as before at the end.
    """
    if not sys.stdin.isatty():
        yield False
        return
    read = _windows_keys() or _unix_keys()
    if read is None:
        yield False
        return
    ended = threading.Event()

    def listen(key_of: Callable[[], str]) -> None:
        while not ended.is_set():
            key = key_of()
            if key:
                press(key)

    with read as key_of:
        thread = threading.Thread(target=listen, args=(key_of,), daemon=True)
        thread.start()
        try:
            yield True
        finally:
            ended.set()
            thread.join()


def _windows_keys() -> contextlib.AbstractContextManager[Callable[[], str]] | None:
    try:
        import msvcrt
    except ImportError:
        return None

    def key_of() -> str:
        if msvcrt.kbhit():  # type: ignore[attr-defined]  # Windows alone has it
            return str(msvcrt.getwch())  # type: ignore[attr-defined]
        time.sleep(LOOK_S)
        return ""

    return contextlib.nullcontext(key_of)


def _unix_keys() -> contextlib.AbstractContextManager[Callable[[], str]] | None:
    try:
        import select
        import termios
        import tty
    except ImportError:
        return None
    keyboard = sys.stdin.fileno()

    def key_of() -> str:
        if not select.select([keyboard], [], [], LOOK_S)[0]:
            return ""
        data = os.read(keyboard, 32)
        if not data:  # the terminal is gone
            time.sleep(LOOK_S)
        return data.decode("utf-8", "replace")[:1]

    @contextlib.contextmanager
    def without_enter() -> Iterator[Callable[[], str]]:
        before = termios.tcgetattr(keyboard)
        tty.setcbreak(keyboard)
        try:
            yield key_of
        finally:
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)

    return without_enter()
