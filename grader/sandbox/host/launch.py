"""The seam between a session and the way its worker process comes to be.

A `Launcher` starts worker processes; a `Session` (session.py) talks to one. `PlainLauncher` starts
an ordinary subprocess: no isolation at all, for a student's own machine. Launchers that isolate
stand beside it and are chosen by name; nothing above this seam knows which one runs.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from grader.errors import SandboxUnavailable
from grader.sandbox.protocol.packages import ONE_THREAD, modules

# The hash seed is fixed so that the order of a set is the same in each run.
WORKER_ENVIRONMENT = {
    **ONE_THREAD,
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
}
# Windows neither counts what a child used, nor has process groups, nor hands a socket down.
POSIX = hasattr(os, "wait4")
CONNECT_S = 60.0
TOKEN_BYTES = 16
# The limits that an error in student code may be the sign of.
LIMITS_BEHIND = {
    "MemoryError": ("memory",),
    "_ArrayMemoryError": ("memory",),
    "OSError": ("disk", "memory"),
    "RuntimeError": ("threads",),
}


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
        number = self.status & 0x7F  # as WIFSIGNALED and its like read it, which Windows lacks
        if number:
            known = number in {item.value for item in signal.Signals}  # real-time ones are not
            return f"signal {signal.Signals(number).name if known else number}"
        return f"exit code {self.status >> 8}"


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


class WorkerProcess(Protocol):
    """One started worker process as the trusted side holds it.

    rpc: the trusted end of the channel that carries frames, a stream socket.
    stdout_fd, stderr_fd: the read ends of the worker's output pipes.
    label: what the log calls it.
    """

    rpc: socket.socket
    stdout_fd: int
    stderr_fd: int
    label: str

    def place(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Lay files, by relative path, where the worker's code finds them beside itself.

        Returns those that the worker must write itself: all of them, or none where it may not
        write and they were laid out for it.
        """

    def breaches(self) -> frozenset[str]:
        """Limits that are reached now, by the kernel's account and not by the worker's word.

        Of "memory", "threads" and "disk"; empty where nobody keeps account.
        """

    def refused_calls(self) -> tuple[str, ...]:
        """The system calls, in words, that it was refused since this was asked last.

        Known only during a diagnosis (log.py), and after the end too.
        """

    def spent(self) -> Spent:
        """What it has had of the machine so far."""

    def kill(self, grace_s: float = 0.0) -> Exit:
        """Wait `grace_s` for a natural end, then kill; reap and say how it ended. Idempotent."""


class Launcher(Protocol):
    """Starts workers. `isolation` is the word that stands in the report.

    packages: what its workers may import beside numpy and matplotlib.
    """

    isolation: str
    packages: tuple[str, ...]

    def serving(self, packages: tuple[str, ...]) -> Launcher:
        """A launcher like this one whose workers may import these; it ends with this one.

        Raises SandboxUnavailable.
        """

    def launch(self, limits: Limits) -> WorkerProcess:
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
        self.label = f"process {process.pid}"
        self._process = process
        self._folder = folder
        self._exit: Exit | None = None
        self._lock = threading.Lock()

    def place(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """See WorkerProcess.place: an ordinary process writes its own files."""
        return dict(files)

    def breaches(self) -> frozenset[str]:
        """See WorkerProcess.breaches: none of these limits is set on an ordinary process."""
        return frozenset()

    def refused_calls(self) -> tuple[str, ...]:
        """See WorkerProcess.refused_calls: nothing is refused."""
        return ()

    def spent(self) -> Spent:
        """See WorkerProcess.spent."""
        return spent_by(self._process.pid)

    def kill(self, grace_s: float = 0.0) -> Exit:
        """See WorkerProcess.kill."""
        with self._lock:
            if self._exit is None:
                self._exit = self._reap(grace_s) if POSIX else self._end(grace_s)
                if self._process.stdin is not None:
                    self._process.stdin.close()
                self._folder.cleanup()
            return self._exit

    def interrupt(self) -> None:
        """End the process at once; `kill` will find it dead. From any thread."""
        with self._lock:
            if self._exit is None:
                self._send_kill()

    def _send_kill(self) -> None:
        """The whole process group goes, so that no child of it stays."""
        if POSIX:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def _reap(self, grace_s: float) -> Exit:
        end = time.monotonic() + grace_s
        while True:
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid or time.monotonic() >= end:
                break
            time.sleep(0.002)
        self._send_kill()
        if not pid:
            _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return Exit(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)

    def _end(self, grace_s: float) -> Exit:
        try:
            code = self._process.wait(grace_s)
        except subprocess.TimeoutExpired:
            self._send_kill()
            code = self._process.wait()
        return Exit(-code if code < 0 else code << 8)


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
    """Ordinary subprocesses: the student's code can do whatever the user can.

    warm: whether a worker imports what it may before its first frame, which takes as long then as
    when the student's code asks for it, but happens while others are at work.
    """

    isolation = "none"

    def __init__(self, *, warm: bool = False, packages: tuple[str, ...] = ()) -> None:
        self.packages = packages
        self._warm = warm

    def serving(self, packages: tuple[str, ...]) -> PlainLauncher:
        """See Launcher.serving."""
        return PlainLauncher(warm=self._warm, packages=packages)

    def launch(self, limits: Limits) -> PlainWorker:
        """See Launcher.launch. `limits` holds only for what the session itself can measure."""
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        folder = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        with _Channel() as channel:
            command = [sys.executable, "-P", "-m", "grader.sandbox.guest.worker", channel.argument]
            process = subprocess.Popen(
                [*command, "warm", *modules(self.packages)] if self._warm else command,
                stdin=subprocess.PIPE,
                stdout=out_write,
                stderr=err_write,
                pass_fds=channel.handed_down,
                env=_environment(),
                cwd=folder.name,
                start_new_session=True,
                # Ctrl-C is for us alone.
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
            os.close(out_write)
            os.close(err_write)
            rpc = channel.open(process)
        return PlainWorker(process, rpc, out_read, err_read, folder)

    def close(self) -> None:
        """Nothing to end: each worker is killed by its session."""


def _environment() -> dict[str, str]:
    # The key behind the hidden checks' seeds may stand in the environment.
    ours = {name: text for name, text in os.environ.items() if not name.startswith("GRADER_")}
    return {**ours, **WORKER_ENVIRONMENT}


class _Channel:
    """How trusted side and worker come by their two ends of a stream socket.

    A pair of which the child inherits one end; where nothing can be inherited, the child connects
    to a port of this machine alone and shows a token that it read from its standard input.

    argument: for the worker's command line. handed_down: the descriptors that it inherits.
    """

    def __init__(self) -> None:
        self._token = b""
        if POSIX:
            self._ours, self._theirs = socket.socketpair()
            self.argument = str(self._theirs.fileno())
            self.handed_down: tuple[int, ...] = (self._theirs.fileno(),)
        else:
            self._theirs = socket.create_server(("127.0.0.1", 0), backlog=1)
            self._token = secrets.token_bytes(TOKEN_BYTES)
            self.argument, self.handed_down = "connect", ()

    def __enter__(self) -> _Channel:
        return self

    def __exit__(self, *exc: object) -> None:
        self._theirs.close()

    def open(self, process: subprocess.Popen[bytes]) -> socket.socket:
        """Our end, once the worker was started. Raises SandboxUnavailable if it never comes."""
        if POSIX:
            return self._ours
        assert process.stdin is not None
        port = self._theirs.getsockname()[1]
        process.stdin.write(f"{port} {self._token.hex()}\n".encode())
        process.stdin.flush()
        end = time.monotonic() + CONNECT_S
        while (left_s := end - time.monotonic()) > 0:
            self._theirs.settimeout(left_s)
            try:
                ours, _ = self._theirs.accept()
            except TimeoutError:
                break
            ours.settimeout(5.0)
            with contextlib.suppress(OSError):
                if secrets.compare_digest(ours.recv(TOKEN_BYTES), self._token):
                    ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    return ours
            ours.close()
        process.kill()
        raise SandboxUnavailable("the process that runs your code did not start; try again")
