"""A jailed child that tries what a submission must not be able to do.

The trusted side does not ask whether the kernel has a feature; it starts this in the very jail that
submissions get and believes only that an attempt failed. The report, one line of JSON, names the
attempts that succeeded and the ordinary needs that did not. An attempt that ends the process (a
successful exec) leaves no report, which counts as a failure of the jail.
"""

from __future__ import annotations

import ctypes
import errno
import json
import mmap
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Act = Callable[[], object]

TOO_MANY_THREADS = "start more threads than its limit"
_STACK_BYTES = 256 << 10


def report(rpc: socket.socket, order: Mapping[str, Any]) -> None:
    """Try everything and answer.

    order: secret (a file), folder (one that anybody may write to), port (of a listener on
    127.0.0.1), abstract (the name of a listening abstract socket), pid (of the trusted process),
    memory_mb and threads (this child's limits), writes (whether it has a folder of its own),
    hides (whether even the existence of paths is hidden), calls (names and numbers of system
    calls to make without arguments).
    """
    answer = {
        "possible": [name for name, act in _forbidden(order).items() if _succeeds(act)],
        "broken": [name for name, act in _needed(order).items() if not _succeeds(act)],
    }
    rpc.sendall(json.dumps(answer).encode() + b"\n")
    rpc.recv(1)  # the trusted side looks at this process in the meantime


def _forbidden(order: Mapping[str, Any]) -> dict[str, Act]:
    secret, folder, pid = order["secret"], Path(order["folder"]), order["pid"]
    acts: dict[str, Act] = {
        "read a file of the grader": lambda: Path(secret).read_bytes(),
        "change a file of the grader": lambda: os.open(secret, os.O_WRONLY),
        "truncate a file of the grader": lambda: os.truncate(secret, 0),
        "change the mode of a file of the grader": lambda: Path(secret).chmod(0o777),
        "write outside its folder": lambda: (folder / "canary").write_bytes(b"x"),
        "read /etc/passwd": lambda: Path("/etc/passwd").read_bytes(),
        "list the root folder": lambda: list(Path("/").iterdir()),
        "read /proc": lambda: Path("/proc/self/environ").read_bytes(),
        "read /sys": lambda: list(Path("/sys/class").iterdir()),
        "connect by TCP": lambda: socket.create_connection(("127.0.0.1", order["port"]), 1),
        "connect to an abstract socket": lambda: _connect_abstract(order["abstract"]),
        "send a signal to the grader": lambda: os.kill(pid, 0),
        "send a signal to everybody": lambda: os.kill(-1, signal.SIGCONT),
        "start a process": _fork,
        "gain an id": lambda: os.setuid(0),
        "allocate more memory than its limit": lambda: mmap.mmap(-1, order["memory_mb"] << 21),
    }
    for name, number in order["calls"].items():
        acts[f"make the system call {name}"] = _system_call(number)
    if order["threads"]:
        acts[TOO_MANY_THREADS] = lambda: _threads(order["threads"] + 1)
    if order["hides"]:
        acts["see whether a path exists"] = lambda: Path(secret).stat()
    if not order["writes"]:
        acts["write a file"] = lambda: Path("canary").write_bytes(b"x")
    acts["execute a program"] = lambda: os.execv(sys.executable, [sys.executable, "-c", "0"])
    return acts


def _needed(order: Mapping[str, Any]) -> dict[str, Act]:
    import matplotlib
    import numpy as np

    font = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    acts: dict[str, Act] = {
        "read the standard library": lambda: Path(os.__file__).read_bytes(),
        "read numpy": lambda: Path(np.__file__).read_bytes(),
        "read matplotlib's fonts": font.read_bytes,
        "write to /dev/null": lambda: Path(os.devnull).write_bytes(b"x"),
        "use 10 MB": lambda: np.ones(10 << 17),
        "start a thread": lambda: _threads(1),
    }
    if order["writes"]:
        acts["write a file"] = lambda: Path("canary").write_bytes(b"x")
    return acts


def _succeeds(act: Act) -> bool:
    try:
        act()
    except (OSError, MemoryError, RuntimeError):
        return False
    return True


def _connect_abstract(name: str) -> None:
    with socket.socket(socket.AF_UNIX) as end:
        end.connect("\0" + name)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _system_call(number: int) -> Act:
    """A call with zeros as arguments; that the kernel looked at them at all is a success."""

    def call() -> None:
        zeros = [ctypes.c_long(0)] * 5
        result = ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *zeros)
        if result < 0 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS):
            raise OSError(ctypes.get_errno(), "refused")

    return call


def _threads(count: int) -> None:
    """Hold `count` threads at once; RuntimeError where one cannot be started."""
    stop = threading.Event()
    started: list[threading.Thread] = []
    # With stacks of the usual 8 MB it could be the limit on memory that ends this, and look as if
    # threads were limited where they are not.
    threading.stack_size(_STACK_BYTES)
    try:
        for _ in range(count):
            thread = threading.Thread(target=stop.wait, daemon=True)
            thread.start()
            started.append(thread)
    finally:
        stop.set()
        for thread in started:
            thread.join()
        threading.stack_size(0)
