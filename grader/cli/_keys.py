"""Single key presses, without Enter, on the terminals of every system.

The modules that read them differ and are imported where they are used.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator

LOOK_S = 0.1
# What a terminal sends for an arrow or a function key, which holds letters of its own.
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)


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

    def listen(keys_of: Callable[[], str]) -> None:
        while not ended.is_set():
            for key in keys_of():
                press(key)

    with read as keys_of:
        thread = threading.Thread(target=listen, args=(keys_of,), daemon=True)
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

    def keys_of() -> str:
        if not msvcrt.kbhit():  # type: ignore[attr-defined]  # Windows alone has it
            time.sleep(LOOK_S)
            return ""
        key = str(msvcrt.getwch())  # type: ignore[attr-defined]
        if key in "\0\xe0":  # an arrow or a function key, which a letter tells: "H" is up
            msvcrt.getwch()  # type: ignore[attr-defined]
            return ""
        return key

    return contextlib.nullcontext(keys_of)


def _unix_keys() -> contextlib.AbstractContextManager[Callable[[], str]] | None:
    try:
        import select
        import termios
        import tty
    except ImportError:
        return None
    keyboard = sys.stdin.fileno()

    def keys_of() -> str:
        if not select.select([keyboard], [], [], LOOK_S)[0]:
            return ""
        data = os.read(keyboard, 32)
        if not data:  # the terminal is gone
            time.sleep(LOOK_S)
        return _SEQUENCE.sub("", data.decode("utf-8", "replace"))

    @contextlib.contextmanager
    def without_enter() -> Iterator[Callable[[], str]]:
        before = termios.tcgetattr(keyboard)
        tty.setcbreak(keyboard)
        try:
            yield keys_of
        finally:
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)

    return without_enter()
