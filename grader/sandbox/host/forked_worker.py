"""A jailed child of the fork server as the trusted side holds it, from its start to its end.

Its pidfd is the only handle on a process that cannot come to mean another one. Its end is told by
the zygote, which alone can reap it: status, CPU time, peak memory.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import select
import shutil
import signal
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from grader._internal import log
from grader.errors import GraderFault
from grader.sandbox.host.launch import Exit, Limits, Spent, spent_by
from grader.sandbox.host.proc_status import read_status
from grader.sandbox.host.zygote_link import ZygoteDied, ZygoteLink
from grader.sandbox.linux import seccomp, syscalls
from grader.sandbox.linux.zygote import FAILED, READY

_JAIL_LOG = log.logger("sandbox.jail")

_START_S = 20.0
_ERROR_BYTES = 1000
_WATCHED_KB = seccomp.WATCHED_BYTES >> 10
# The kernel ends a process by its count of clock ticks, which runs ahead of the exact one: a little
# on an idle machine, and far where others take the cores from the threads that burn them.
_COUNTED = 0.95
_COUNTED_AT_LEAST = 0.5


class ForkedWorker:
    """A jailed child as the trusted side holds it. See launch.Worker for what is not said here.

    folder: what the child can read of its own, made and filled by this side; None where it has a
    /box that it fills itself.
    """

    def __init__(
        self,
        link: ZygoteLink,
        number: int,
        limits: Limits,
        rpc: socket.socket,
        pipes: tuple[int, int],
        folder: Path | None,
    ) -> None:
        self.rpc = rpc
        self.stdout_fd, self.stderr_fd = pipes
        self.limits = limits
        self.label = f"worker {number}"
        self._link = link
        self._number = number
        self._last_calls: list[list[int]] = []
        self._folder = folder
        self._pidfd = -1
        self._box_fd = -1
        self._exit: Exit | None = None

    def wait_ready(self) -> None:
        """Wait until the jail is closed. Raises ZygoteDied or GraderFault, the worker buried."""
        try:
            # The channel first: by the time it speaks, everything else has come.
            self.rpc.settimeout(_START_S)
            word = self.rpc.recv(1)
            text = self.rpc.recv(_ERROR_BYTES).decode("utf-8", "replace") if word == FAILED else ""
            self.rpc.settimeout(None)
            self._pidfd = self._link.pidfd_of(self._number)
            if word != READY:
                _JAIL_LOG.warning("%s: not jailed: %s", self.label, text or "it died")
                raise GraderFault(f"the jail of a submission was not closed: {text or 'it died'}")
            if self._folder is None:
                self._box_fd = self._link.box_of(self._number)
            self._link.show_memory(self._number, self.host_pid())
            if self._link.diagnoses:
                self._log_steps(self._link.steps_of(self._number))
        except OSError as exc:
            self.discard()
            raise GraderFault(f"a worker did not start: {exc}") from exc
        except (GraderFault, ZygoteDied):
            self.discard()
            if self._link.dead:
                raise ZygoteDied from None
            raise

    def _log_steps(self, told: Mapping[str, Any]) -> None:
        for name, ms in told["steps"]:
            _JAIL_LOG.debug("%s: %6.2f ms  %s", self.label, ms, name)
        _JAIL_LOG.debug("%s: ready: the system call filter is closed", self.label)
        if not told["asks"]:
            _JAIL_LOG.warning(
                "%s: refused system calls cannot be named here: the filter of a container has the"
                " only listener that the kernel gives",
                self.label,
            )

    def place(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """See launch.Worker.place."""
        if self._folder is None:
            return dict(files)
        left = {}
        for name, data in files.items():
            relative = PurePosixPath(name)
            if relative.is_absolute() or ".." in relative.parts:
                raise GraderFault(f"{name!r} leads out of the submission's folder")
            try:
                self._lay(self._folder, relative, data)
            except (OSError, ValueError):
                # No name for this file system, or one that is a folder's: the worker, which cannot
                # write it either, says so to the student.
                left[name] = data
        return left

    @staticmethod
    def _lay(home: Path, relative: PurePosixPath, data: bytes) -> None:
        for parent in reversed(relative.parents[:-1]):
            folder = home / parent
            if not folder.exists():
                folder.mkdir()
                folder.chmod(0o2750)
        path = home / relative
        path.write_bytes(data)
        path.chmod(0o640)

    def breaches(self) -> frozenset[str]:
        """See launch.Worker.breaches."""
        if self._exit is not None:
            return frozenset({self._exit.breach} - {""})
        found = set()
        status = read_status(self.host_pid())
        nearly_kb = self._link.facts.base_kb + (self.limits.memory_mb << 10) - _WATCHED_KB
        # An allocation that fails is either large, and was watched, or comes near the limit.
        if status.get("VmPeak", 0) >= nearly_kb or self._link.has_refused_memory(self._number):
            found.add("memory")
        if status.get("Threads", 0) >= self.limits.threads:
            found.add("threads")
        if self._box_fd >= 0:
            box = os.fstatvfs(self._box_fd)
            if box.f_bfree == 0 or box.f_ffree == 0:
                found.add("disk")
        return frozenset(found)

    def refused_calls(self) -> tuple[str, ...]:
        """See launch.Worker.refused_calls."""
        if not self._link.diagnoses:
            return ()
        if self._exit is None:
            return tuple(map(_call_in_words, self._link.calls_of(self._number)))
        calls, self._last_calls = self._last_calls, []
        return tuple(map(_call_in_words, calls))

    def spent(self) -> Spent:
        """See launch.Worker.spent."""
        pid = self.host_pid()
        return spent_by(pid) if pid else Spent()

    def kill(self, grace_s: float = 0.0) -> Exit:
        """See launch.Worker.kill."""
        if self._exit is None:
            try:
                self._exit = self._end(grace_s)
            except ZygoteDied:
                self._exit = Exit(-1)
            for fd in (self._pidfd, self._box_fd):
                if fd >= 0:
                    os.close(fd)
            self._pidfd = self._box_fd = -1
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
        return self._exit

    def _end(self, grace_s: float) -> Exit:
        if self._pidfd < 0:
            self._pidfd = self._link.pidfd_of(self._number)
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        by_itself = bool(poll.poll(grace_s * 1000))
        syscalls.pidfd_kill(self._pidfd)
        told = self._link.exit_of(self._number)
        self._last_calls = told.get("calls", [])
        return Exit(
            status=told["status"],
            cpu_s=told["cpu_s"],
            max_rss_kb=told["max_rss_kb"],
            breach=_breach_of(told, self.limits, by_itself=by_itself),
        )

    def discard(self) -> None:
        """Kill a worker that no session has taken, and close what its session would close."""
        self.kill()
        self.rpc.close()
        for fd in (self.stdout_fd, self.stderr_fd):
            os.close(fd)

    def has_ended(self) -> bool:
        """Whether a child that waits for its first request has died meanwhile."""
        poll = select.poll()
        poll.register(self.rpc, select.POLLRDHUP)
        return bool(poll.poll(0))

    def host_pid(self) -> int:
        """The child's pid as /proc here has it; 0 where it is gone or there is no /proc."""
        with contextlib.suppress(OSError, ValueError):
            for line in Path(f"/proc/self/fdinfo/{self._pidfd}").read_text().splitlines():
                if line.startswith("Pid:"):
                    return max(int(line.split()[1]), 0)
        return 0


def cpu_limit_s(limits: Limits) -> int:
    """CPU seconds of all threads together: a backstop behind the deadlines of wall time."""
    return math.ceil(limits.total_s) + 1


def _breach_of(told: Mapping[str, Any], limits: Limits, *, by_itself: bool) -> str:
    """Which limit a child ran into, from what the kernel says of its end.

    by_itself: it had ended before it was killed from here.
    """
    status = told["status"]
    is_killed_by_filter = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSYS
    if is_killed_by_filter or told.get("killed"):
        return "filter"
    share = told["cpu_s"] / cpu_limit_s(limits)
    by_signal = by_itself and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if share >= (_COUNTED_AT_LEAST if by_signal else _COUNTED):
        return "cpu"
    if told["refused"] or told["max_rss_kb"] >= (limits.memory_mb << 10) - _WATCHED_KB:
        return "memory"
    return ""


def _call_in_words(call: Sequence[int]) -> str:
    """A refused call as "system call 41 (socket): EPERM". call: see ZygoteLink.calls_of."""
    number, architecture, error, count = call
    how = errno.errorcode.get(error, str(error)) if error else "killed for it"
    times = "" if count == 1 else f", {count} times"
    return f"system call {number} ({seccomp.name_of(number, architecture)}): {how}{times}"
