"""The moments at which a command writes, each with a name; a test can have a run killed at one.

Python tells an audit hook of each file that is opened, renamed or removed before that is done, and
SQLite tells a trace callback of each statement. The hook is set in the process of a command that a
test starts (see warm.py), where the environment asks for it, and is inherited by the processes that
the command forks. The product knows nothing of it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import sys
from pathlib import Path
from sqlite3 import dbapi2
from typing import Any

VARIABLE = "TESTS_WRITE_POINTS"
_CHANGES = {
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_READING = ("SELECT", "PRAGMA", "BEGIN", "--")


def asking(root: Path, log: Path, kill_at: str = "") -> dict[str, str]:
    """The environment that has a command note its writes below `root` in the file `log`, one name a
    line, and be killed at the first one that is called `kill_at`: just before it, but where a file
    is opened just after that, when it may be empty."""
    log.touch()
    return {VARIABLE: json.dumps([str(root), str(log), kill_at])}


def watch() -> None:
    """Do what the environment asks for, in this process and all that it forks."""
    if VARIABLE not in os.environ:
        return
    root, log, kill_at = json.loads(os.environ.pop(VARIABLE))
    wanted, command = {kill_at}, os.getpid()
    notes = os.open(log, os.O_WRONLY | os.O_APPEND)

    def pass_through(point: str, *opening: Any) -> None:
        os.write(notes, f"{point}\n".encode())
        if point in wanted:
            wanted.clear()  # what follows passes here again
            if opening:
                os.open(*opening)
            # The command first: whoever kills itself kills nobody after that.
            for pid in (command, os.getpid()):
                os.kill(pid, signal.SIGKILL)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and args[2] & _WRITING):
            # A file that is renamed is known by its new name.
            path = args[1] if event == "os.rename" else args[0]
            if isinstance(path, str | os.PathLike) and str(path).startswith(root):
                opening = (path, args[2]) if event == "open" else ()
                pass_through(f"{event} {_common_name(os.path.relpath(path, root))}", *opening)

    last = [""]

    def trace(statement: str) -> None:
        words = statement.split()[:3]
        if not statement.lstrip().upper().startswith(_READING):
            # The tables of a new gradebook come in one transaction.
            name = "CREATE" if words[0] == "CREATE" else " ".join(words)
            pass_through(f"sqlite {name} after {last[0]}" if name == "COMMIT" else f"sqlite {name}")
            last[0] = name

    def connect(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = connect_really(*args, **options)
        connection.set_trace_callback(trace)
        return connection

    connect_really = dbapi2.connect
    dbapi2.connect = connect  # type: ignore[assignment]
    sys.addaudithook(hook)


def _common_name(path: str) -> str:
    """The same for files that differ in a number, a hash or a random part of their names only."""
    path = re.sub(r"[0-9a-f]{2}/[0-9a-f]{62}", "HASH", path)
    return re.sub(r"\d+", "N", re.sub(r"\.writing-[^/]*", ".writing", path))
