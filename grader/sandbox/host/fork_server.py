"""Workers forked from a jailed zygote: the trusted side's half of the sandbox.

Theory of operation. One `ForkServerLauncher` holds one zygote (zygote.py) through a `ZygoteLink`. A
launch sends the limits and the child's three descriptors; back come a pidfd and, on the child's own
channel, one byte when its jail is closed (forked_worker.py). What the zygote says is believed,
since it runs no student code and no child can reach it; what a child says never passes through
here. Homeworks that let submissions import more have a fork server each, started when one of them
is graded (`serving`).

The zygote's death takes its children with it. It is noticed at the next word to it: the workers
end with an unknown status, the next launch starts a new zygote and counts a restart. When this
process dies, however it dies, the socket closes and everything ends.

One child is forked and jailed ahead of need, so that the next submission finds it waiting. That
saves waiting, not CPU time.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grader._internal import log
from grader.errors import GraderFault
from grader.sandbox.host.forked_worker import ForkedWorker, cpu_limit_s
from grader.sandbox.host.launch import Limits
from grader.sandbox.host.proc_status import count_own_threads
from grader.sandbox.host.zygote_link import (
    ID_RANGE,
    BootFacts,
    ColdModule,
    Level,
    ZygoteDied,
    ZygoteLink,
)
from grader.sandbox.linux import jail

_BOOT_LOG = log.logger("sandbox.boot")

# Where a limit on threads includes the user's other processes: room for those that start later.
_THREADS_TO_COME = 500


class ForkServerLauncher:
    """Workers forked from a jailed zygote. `isolation` is "full" or "landlock".

    restarts: how many zygotes died and were replaced. notice: what a user should know about the
    level, or "". counts_threads: whether the limit on threads counts a child's own and no others.
    try_new: called with the launcher when it has a new zygote, before that has a submission.
    packages: what workers may import beside numpy and matplotlib, loaded before they are forked.
    Raises SandboxUnavailable where the level cannot be built; whether it holds is
    for `probe.open_launcher` to try.
    """

    def __init__(
        self,
        level: Level,
        *,
        notice: str = "",
        ahead: bool = True,
        wait: bool = True,
        packages: tuple[str, ...] = (),
        _without: frozenset[str] = frozenset(),
        _python: str = sys.executable,
    ) -> None:
        """ahead: keep one child jailed and waiting. wait: until the first child can be had; else
        `wait_ready` must be called before. _without: layers left out, for tests only.
        """
        self.isolation: str = level
        self.packages = packages
        self.notice = notice
        self.restarts = 0
        self._level = level
        self._ahead = ahead
        self._without = jail.layers(_without)
        self._python = _python
        self._lock = threading.RLock()
        self._launched = 0
        self._spare: ForkedWorker | None = None
        self._last_limits: Limits | None = None
        self._cold: frozenset[str] = frozenset()
        self._link = self._new_link()
        self._others: dict[tuple[str, ...], ForkServerLauncher] = {}
        self.counts_threads = True
        self.try_new: Callable[[ForkServerLauncher], None] = lambda launcher: None
        self._other_threads = 0
        if wait:
            self.wait_ready()

    def expect(self, *, many: bool) -> None:
        """See ZygoteLink.expect."""
        self._link.expect(many=many)

    def wait_ready(self) -> None:
        """Wait for the zygote's boot. Raises SandboxUnavailable."""
        while True:
            try:
                self._link.wait_ready()
                break
            except ColdModule as found:
                # Each submission then imports it by itself: slower, and right all the same.
                self._link.close()
                self._cold |= {found.name}
                self._link = self._new_link()
        if self._level == "landlock" and self._first_user_id() is None:
            # The kernel counts all threads of the user together, and of root none.
            self.counts_threads = False
            self._other_threads = count_own_threads() + _THREADS_TO_COME

    def _new_link(self) -> ZygoteLink:
        return ZygoteLink(self._level, self._without, self._python, self.packages, self._cold)

    @property
    def facts(self) -> BootFacts:
        """What the present zygote said of itself."""
        return self._link.facts

    @property
    def zygote_pid(self) -> int:
        """The pid of the fork server's outermost process."""
        return self._link.pid

    def launch(self, limits: Limits) -> ForkedWorker:
        """See launch.Launcher.launch."""
        with self._lock:
            worker = self._take_spare(limits) or self._launch_now(limits, "serve", {})
            # Two launches with the same limits promise a third.
            if self._ahead and limits == self._last_limits:
                with contextlib.suppress(ZygoteDied):
                    self._spare = self._ask_for(limits, "serve", {})
            self._last_limits = limits
            return worker

    def serving(self, packages: tuple[str, ...]) -> ForkServerLauncher:
        """See launch.Launcher.serving: one fork server for each set of packages, so that nobody
        sees or pays for what another homework needs. Raises GraderFault where it does not hold."""
        if packages == self.packages:
            return self
        with self._lock:
            known = self._others.get(packages)
            if known is None:
                known = ForkServerLauncher(
                    self._level,
                    notice=self.notice,
                    ahead=self._ahead,
                    packages=packages,
                    _without=self._without,
                    _python=self._python,
                )
                known.counts_threads &= self.counts_threads
                known.try_new = self.try_new
                self._others[packages] = known
                known.try_new(known)
            return known

    def launch_canary(self, limits: Limits, order: Mapping[str, Any]) -> ForkedWorker:
        """A child that tries what must fail and reports on its channel; probe.py reads it."""
        with self._lock:
            return self._launch_now(limits, "canary", order)

    def close(self) -> None:
        """End everything. Idempotent."""
        with self._lock:
            if self._spare is not None:
                self._spare.discard()
                self._spare = None
            self._link.close()
            for other in self._others.values():
                other.close()

    def __enter__(self) -> ForkServerLauncher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take_spare(self, limits: Limits) -> ForkedWorker | None:
        spare, self._spare = self._spare, None
        if spare is None:
            return None
        if spare.limits != limits or spare.has_ended():
            spare.discard()
            return None
        try:
            spare.wait_ready()
        except ZygoteDied:
            return None
        return spare

    def _launch_now(self, limits: Limits, task: str, canary: Mapping[str, Any]) -> ForkedWorker:
        """Fork a child, from a new zygote if the old one turns out to be dead."""
        for _ in range(2):
            if self._link.dead:
                _BOOT_LOG.warning(
                    "the fork server died: %s", self._link.last_words or "it said nothing"
                )
                self._link.close()
                self._link = self._new_link()
                self._link.wait_ready()
                self.restarts += 1
                if task != "canary":
                    self.try_new(self)
            with contextlib.suppress(ZygoteDied):
                worker = self._ask_for(limits, task, canary)
                worker.wait_ready()
                return worker
        words = f": {self._link.last_words}" if self._link.last_words else ""
        raise GraderFault(f"the fork server died twice while it was starting a worker{words}")

    def _ask_for(self, limits: Limits, task: str, canary: Mapping[str, Any]) -> ForkedWorker:
        """Order a child and return at once. Raises ZygoteDied."""
        self._launched += 1
        number = self._launched
        user_id = self._first_user_id()
        if user_id is not None:
            # A user for each child, so that siblings share neither files nor counters. Other
            # graders on this machine begin elsewhere.
            user_id += (os.getpid() * 100 + number) % ID_RANGE
        folder = self._make_folder(number, user_id)
        rpc, rpc_theirs = socket.socketpair()
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        order = {
            "launch": number,
            "memory_mb": limits.memory_mb,
            "cpu_s": cpu_limit_s(limits),
            "disk_mb": limits.disk_mb,
            "processes": limits.threads + self._other_threads,
            "folder": str(folder or jail.BOX),
            "user_id": user_id,
            "task": task,
            "canary": dict(canary),
        }
        worker = ForkedWorker(self._link, number, limits, rpc, (out_read, err_read), folder)
        try:
            self._link.send(order, (rpc_theirs.fileno(), out_write, err_write))
        except ZygoteDied:
            worker.discard()
            raise
        finally:
            rpc_theirs.close()
            os.close(out_write)
            os.close(err_write)
        return worker

    def _first_user_id(self) -> int | None:
        """Where children must change their user by themselves: the first of the ids to take."""
        can = self._level == "landlock" and self._link.facts.open_to_others
        return self._link.outer_id if can else None

    def _make_folder(self, number: int, user_id: int | None) -> Path | None:
        if self._link.work_folder is None:
            return None
        folder = self._link.work_folder / str(number)
        folder.mkdir()
        if user_id is not None:
            os.chown(folder, 0, user_id)
        folder.chmod(0o2750)  # what is put into it has its group too
        return folder
