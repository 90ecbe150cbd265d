"""Forks the ordinary worker process of a student's code from one that has imported what it needs.

A worker that `PlainLauncher` starts is a new interpreter, which spends most of its life on
importing numpy and matplotlib. In commands that tests start (see warm.py) a nursery stands in for
`subprocess.Popen`: a process that was forked before the command began and so knows nothing of it,
and that forks one worker for each order. The worker is a process of its own with its own session,
streams and environment, and a child of whoever ordered it, who alone can wait for its end. Tests of
the launcher itself, of the watch mode and of systems without fork start real interpreters.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import json
import multiprocessing
import multiprocessing.context
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
import types
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkContext, ForkProcess
from typing import Any, NoReturn

from grader.sandbox.guest import worker
from grader.sandbox.host import launch
from grader.sandbox.linux import warm_up

LONGEST = 1 << 17  # of an order, in bytes
CLONE_PARENT = 0x8000
PR_SET_PDEATHSIG = 1
# The number of the system call, by machine; 0 where nobody has looked it up.
CLONE = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine, 0) * (sys.platform == "linux")
RPC_FD = 3


class Nursery:
    """A process that forks workers, as the process sees it that orders them."""

    def __init__(self, pristine: Pristine) -> None:
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (self._socket, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * LONGEST)
        self._pid = os.fork()
        if self._pid == 0:
            self._socket.close()
            _serve(theirs, pristine)
        theirs.close()
        atexit.register(self.close, os.getpid())

    def close(self, owner: int) -> None:
        """End it, in the process that made it."""
        if os.getpid() == owner:
            # Python 3.13 and newer call it once more where a grading process ends.
            atexit.unregister(self.close)
            self._socket.close()
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)

    def start(self, command: list[str], **options: Any) -> Started:
        """The worker that `subprocess.Popen` would start with these arguments."""
        (handed_down,) = options["pass_fds"]
        read, write = os.pipe()
        order = {"args": command[5:], "cwd": options["cwd"], "env": options["env"]}
        assert command[1:4] == ["-P", "-m", "grader.sandbox.guest.worker"], command
        assert command[4] == str(handed_down)
        with self._lock:
            fds = [read, options["stdout"], options["stderr"], handed_down]
            socket.send_fds(self._socket, [json.dumps(order).encode()], fds)
            pid = int(self._socket.recv(16))
        os.close(read)
        return Started(pid, write)


class Started(subprocess.Popen[bytes]):
    """A worker, with as much of Popen as its owner uses."""

    def __init__(self, pid: int, stdin: int) -> None:
        self.pid = pid
        self.args = ["worker"]
        self.returncode = None
        self.stdin = os.fdopen(stdin, "wb")
        self.stdout = self.stderr = None
        self._child_created = True
        self._waitpid_lock = threading.Lock()


@dataclass(frozen=True)
class Pristine:
    """What a worker may have of its interpreter: the path and the modules, by name."""

    path: tuple[str, ...]
    modules: frozenset[str]


def prepare(imported: Iterable[str]) -> Pristine:
    """Import what workers need, then what commands need, in the process that all others come of."""
    warm_up.import_everything(())
    warm_up.draw_once()
    pristine = Pristine(tuple(sys.path), frozenset(sys.modules))
    for name in imported:
        __import__(name)
    warnings.filterwarnings(
        "ignore", message=".*multi-threaded, use of fork", category=DeprecationWarning
    )
    gc.collect()
    gc.freeze()
    return pristine


def install(pristine: Pristine) -> Nursery | None:
    """From now on this process forks its workers and its grading processes, where it can."""
    if not CLONE:
        return None
    nursery = Nursery(pristine)
    stand_in: Any = types.SimpleNamespace(**{**vars(subprocess), "Popen": nursery.start})
    launch.subprocess = stand_in
    by_method = multiprocessing.context._default_context.get_context

    def get_context(method: str | None = None) -> Any:
        return _forking(pristine) if method in ("fork", "spawn") else by_method(method)

    multiprocessing.get_context = get_context  # type: ignore[assignment]
    return nursery


def _forking(pristine: Pristine) -> ForkContext:
    """Starts grading processes that are forked, each with a nursery of its own."""

    class Runner(ForkProcess):
        def run(self) -> None:
            _die_with_parent()
            nursery = install(pristine)
            try:
                super().run()
            finally:
                if nursery is not None:
                    nursery.close(os.getpid())

    class Context(ForkContext):
        Process = Runner  # type: ignore[assignment]

    return Context()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _serve(orders: socket.socket, pristine: Pristine) -> NoReturn:
    """Fork a worker for each order, until nobody can give one any more."""
    _die_with_parent()
    os.chdir("/")
    sys.path[:] = pristine.path
    for name in set(sys.modules) - pristine.modules:
        del sys.modules[name]
    sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__
    while True:
        order, fds, _, _ = socket.recv_fds(orders, LONGEST, 4)
        if not order:
            os._exit(0)
        if _fork_sibling() == 0:
            _become_worker(orders, json.loads(order), fds)
        for fd in fds:
            os.close(fd)


def _fork_sibling() -> int:
    """Fork a child of this process's own parent."""
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    pid: int = ctypes.PyDLL(None).syscall(CLONE, CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    return pid


def _become_worker(orders: socket.socket, order: Mapping[str, Any], fds: Iterable[int]) -> NoReturn:
    os.setsid()
    orders.send(str(os.getpid()).encode())
    orders.close()
    for target, fd in enumerate(fds):
        os.dup2(fd, target)
    os.closerange(RPC_FD + 1, 1024)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["worker", str(RPC_FD), *order["args"]]
    try:
        worker.main()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)
