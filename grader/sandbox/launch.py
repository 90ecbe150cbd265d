"""The seam between a session and the way its worker process comes to be.

A `Launcher` starts worker processes; a `Session` (session.py) talks to one. `PlainLauncher` starts
an ordinary subprocess: no isolation at all, for a student's own machine. Launchers that isolate
stand beside it and are chosen by name; nothing above this seam knows which one runs.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# One BLAS thread: a second one costs more than it gives at homework sizes and makes sums depend on
# the machine. The hash seed is fixed so that the order of a set is the same in each run.
WORKER_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Defaults are those of an assignment that names none.

    A breach has an outcome of its own: `call_s`, `load_s` and `total_s` time out, `memory_mb`
    is out of memory, `output_mb`, `reply_mb`, `disk_mb` and `threads` are over a limit.
    """

    call_s: float = 10.0
    load_s: float = 60.0
    total_s: float = 300.0
    memory_mb: int = 1024
    output_mb: int = 16
    reply_mb: int = 8
    disk_mb: int = 16
    threads: int = 64


@dataclass(frozen=True)
class Exit:
    """How a worker ended and what it used.

    status: as waitpid gives it (os.WIFSIGNALED and friends read it); -1 where nobody can know.
    cpu_s: user and system seconds of the worker and what it waited for.
    max_rss_kb: its largest resident set.
    breach: the limit that the kernel's account shows was reached: "memory", "cpu" or "filter" (a
    system call that kills); "" where it shows none.
    """

    status: int
    cpu_s: float = 0.0
    max_rss_kb: int = 0
    breach: str = ""

    def describe(self) -> str:
        """In words, for a message: "signal SIGSEGV" or "exit code 0"."""
        if self.status < 0:
            return "an unknown cause"
        if os.WIFSIGNALED(self.status):
            number = os.WTERMSIG(self.status)
            known = number in {item.value for item in signal.Signals}  # real-time ones are not
            return f"signal {signal.Signals(number).name if known else number}"
        return f"exit code {os.WEXITSTATUS(self.status)}"


@dataclass(frozen=True)
class Spent:
    """What a living worker has had of the machine so far, by the kernel's account.

    cpu_s: of all its threads. ran_s: of its main thread. waited_s: how long that was ready to run
    and had no core, up to when it got one last. ready: whether it runs or waits for a core now.
    Zeros where nobody keeps account.
    """

    cpu_s: float = 0.0
    ran_s: float = 0.0
    waited_s: float = 0.0
    ready: bool = False


class Worker(Protocol):
    """One started worker process as the trusted side holds it.

    rpc: the trusted end of the channel that carries frames, a stream socket.
    stdout_fd, stderr_fd: the read ends of the worker's output pipes.
    """

    rpc: socket.socket
    stdout_fd: int
    stderr_fd: int

    def place(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Lay files, by relative path, where the worker's code finds them beside itself.

        Returns those that the worker must write itself: all of them, or none where it may not
        write and they were laid out for it.
        """

    def breaches(self) -> frozenset[str]:
        """Limits that are reached now, by the kernel's account and not by the worker's word.

        Of "memory", "threads" and "disk"; empty where nobody keeps account.
        """

    def spent(self) -> Spent:
        """What it has had of the machine so far."""

    def kill(self, grace_s: float = 0.0) -> Exit:
        """Wait `grace_s` for a natural end, then kill; reap and say how it ended. Idempotent."""


class Launcher(Protocol):
    """Starts workers. `isolation` is the word that stands in the report."""

    isolation: str

    def launch(self, limits: Limits) -> Worker:
        """A new worker, ready for its first frame. Raises GraderFault where none can be had."""

    def close(self) -> None:
        """End everything that this launcher started."""


class PlainWorker:
    """A worker that is an ordinary child process."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        rpc: socket.socket,
        stdout_fd: int,
        stderr_fd: int,
        folder: tempfile.TemporaryDirectory[str],
    ) -> None:
        self.rpc = rpc
        self.stdout_fd = stdout_fd
        self.stderr_fd = stderr_fd
        self._process = process
        self._folder = folder
        self._exit: Exit | None = None

    def place(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """See Worker.place: an ordinary process writes its own files."""
        return dict(files)

    def breaches(self) -> frozenset[str]:
        """See Worker.breaches: none of these limits is set on an ordinary process."""
        return frozenset()

    def spent(self) -> Spent:
        """See Worker.spent."""
        return spent_by(self._process.pid)

    def kill(self, grace_s: float = 0.0) -> Exit:
        """See Worker.kill. The whole process group goes, so that no child of it stays."""
        if self._exit is not None:
            return self._exit
        end = time.monotonic() + grace_s
        status, usage = 0, None
        while True:
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid or time.monotonic() >= end:
                break
            time.sleep(0.002)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if not pid:
            _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._folder.cleanup()
        self._exit = Exit(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
        return self._exit


def spent_by(pid: int) -> Spent:
    """The account of a process in Linux's /proc; zeros where there is none."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        folder = Path(f"/proc/{pid}")
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        ran_ns, waited_ns = map(int, (folder / "schedstat").read_text().split()[:2])
        cpu_s = ticks / os.sysconf("SC_CLK_TCK")
        return Spent(cpu_s, ran_ns / 1e9, waited_ns / 1e9, fields[0] == "R")
    return Spent()


class PlainLauncher:
    """Ordinary subprocesses: the student's code can do whatever the user can."""

    isolation = "none"

    def launch(self, limits: Limits) -> PlainWorker:
        """See Launcher.launch. `limits` holds only for what the session itself can measure."""
        trusted, theirs = socket.socketpair()
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        folder = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        command = [sys.executable, "-P", "-m", "grader.sandbox.worker", str(theirs.fileno())]
        # The key behind the hidden checks' seeds may stand in the environment.
        ours = {name: text for name, text in os.environ.items() if not name.startswith("GRADER_")}
        environ = {**ours, **WORKER_ENVIRONMENT}
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out_write,
            stderr=err_write,
            pass_fds=[theirs.fileno()],
            env=environ,
            cwd=folder.name,
            start_new_session=True,
        )
        theirs.close()
        os.close(out_write)
        os.close(err_write)
        return PlainWorker(process, trusted, out_read, err_read, folder)

    def close(self) -> None:
        """Nothing to end: each worker is killed by its session."""
