"""Starts `python -m grader` or `python -m pytest`, each a fork of a process that has both.

A command is a process of its own in every way that a test can see; it only does not spend a second
on imports. Run as a program this file is the process that forks: it reads orders from the socket
whose number it is given, until that is closed.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from grader.sandbox.host.launch import WORKER_ENVIRONMENT

ROOT = Path(__file__).resolve().parents[1]
# What most commands import at some point.
IMPORTED = (
    "grader.cli", "grader.batch", "grader.authoring.validate", "grader.gradebook", "rich.table",
    "pytest",
)  # fmt: skip
LONGEST = 1 << 17  # of an order, in bytes


class WarmStart:
    """The process that forks, as the tests see it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * LONGEST)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                # One thread: a process with more is not to be forked.
                env={**environment, **WORKER_ENVIRONMENT},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        atexit.register(self.close)

    def close(self) -> None:
        """End it."""
        self._socket.close()
        self._process.wait(30)

    def run(
        self, module: str, args: list[str], *, cwd: Path, env: Mapping[str, str], timeout_s: float
    ) -> tuple[int, str, str]:
        """The exit code, standard output and standard error of `python -m module args`.

        Raises subprocess.TimeoutExpired, having killed it.
        """
        order = json.dumps(
            {"module": module, "args": args, "cwd": str(cwd), "env": dict(env)}
        ).encode()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            answer, theirs = os.pipe()
            with os.fdopen(answer, "rb", buffering=0) as stream:
                try:
                    socket.send_fds(self._socket, [order], [out.fileno(), err.fileno(), theirs])
                finally:
                    os.close(theirs)
                pid = int(stream.read(16))
                if not select.select([stream], [], [], timeout_s)[0]:
                    os.kill(pid, signal.SIGKILL)
                    raise subprocess.TimeoutExpired(args, timeout_s)
                code = os.waitstatus_to_exitcode(int(stream.read(16)))
            return code, _text(out.fileno()), _text(err.fileno())


def _text(fd: int) -> str:
    size = os.fstat(fd).st_size
    text = os.pread(fd, size, 0).decode("utf-8", "surrogateescape")
    return text.replace("\r\n", "\n").replace("\r", "\n")


# The process that forks


def _serve(end: socket.socket) -> dict[str, object] | None:
    """Returns in each command's process with its order, and in the end with None.

    Between the two stands a minder, which tells the command's number and how it ended.
    """
    signal.signal(signal.SIGCHLD, _reap)
    while True:
        order, fds, _, _ = socket.recv_fds(end, LONGEST, 3)
        if not order:
            return None
        if os.fork():
            for fd in fds:
                os.close(fd)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        end.close()
        out, err, answer = fds
        pid = os.fork()
        if pid == 0:
            os.close(answer)
            for fd, standard in ((out, 1), (err, 2)):
                os.dup2(fd, standard)
                os.close(fd)
            asked: dict[str, object] = json.loads(order)
            return asked
        os.write(answer, f"{pid:16}".encode())
        status = os.waitpid(pid, 0)[1]
        with contextlib.suppress(BrokenPipeError):
            os.write(answer, f"{status:16}".encode())
        os._exit(0)


def _reap(*_: object) -> None:
    """Take leave of the minders that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _main(fd: int) -> None:
    import nursery  # beside this file
    import write_points

    del sys.path[0]  # this folder; a command finds the grader as it is installed
    pristine = nursery.prepare(IMPORTED)
    with socket.socket(fileno=fd) as end:
        order = _serve(end)
    if order is None:
        return
    nursery.install(pristine)
    os.environ.clear()
    os.environ.update(order["env"])  # type: ignore[call-overload]
    os.chdir(str(order["cwd"]))
    write_points.watch()
    # As `python -m` does, which puts the working directory in front.
    sys.path.insert(0, str(Path.cwd()))
    sys.argv = [str(order["module"]), *order["args"]]  # type: ignore[misc]
    runpy.run_module(str(order["module"]), run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
