"""A launcher that keeps a worker ready: a submission need not wait for an interpreter to start.

Between two saves of a student's file there is time for it. What a worker imports, numpy above all,
takes many times as long as the checks of a homework.
"""

from __future__ import annotations

import contextlib
import os
import threading

from grader.errors import GraderFault
from grader.sandbox.host.launch import Limits, PlainLauncher, PlainWorker


class SpareLauncher:
    """Ordinary subprocesses, as PlainLauncher starts them, one of them ahead of its use."""

    isolation = PlainLauncher.isolation

    def __init__(self) -> None:
        self.packages: tuple[str, ...] = ()
        self._plain = PlainLauncher(warm=True)
        self._lock = threading.Lock()
        self._starting: threading.Thread | None = None
        self._spare: PlainWorker | None = None
        self._last: PlainWorker | None = None
        self._stopped = False

    def prepare(self) -> None:
        """Start a worker, if none is ready, and do not wait for it."""
        if self._starting is None:
            self._starting = threading.Thread(target=self._start, daemon=True)
            self._starting.start()

    def serving(self, packages: tuple[str, ...]) -> SpareLauncher:
        """See Launcher.serving. This one itself: a worker without a jail is told what it may import
        when it loads a submission, so that which is ready serves too."""
        if packages != self.packages:
            self.packages, self._plain = packages, self._plain.serving(packages)
        return self

    def launch(self, limits: Limits) -> PlainWorker:
        """See Launcher.launch. Raises GraderFault after `interrupt`, until `resume`."""
        with self._lock:
            if self._stopped:
                raise GraderFault("the run was stopped")
            self._last = self._take() or self._plain.launch(limits)
            return self._last

    def interrupt(self) -> None:
        """End the worker that is at work and start none for what is left. From any thread."""
        with self._lock:
            self._stopped = True
            if self._last is not None:
                self._last.interrupt()

    def resume(self) -> None:
        """After `interrupt`: start workers again."""
        with self._lock:
            self._stopped = False

    def close(self) -> None:
        """End the worker that was never used."""
        spare = self._take()
        if spare is not None:
            spare.kill()
            spare.rpc.close()
            for pipe in (spare.stdout_fd, spare.stderr_fd):
                os.close(pipe)

    def _start(self) -> None:
        with contextlib.suppress(GraderFault):  # whoever needs one tries again, and says why not
            self._spare = self._plain.launch(Limits())

    def _take(self) -> PlainWorker | None:
        if self._starting is not None:
            self._starting.join()
        spare, self._spare, self._starting = self._spare, None, None
        return spare
