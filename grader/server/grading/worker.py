"""A worker: a process that claims hand-ins, grades them, and records what it found.

Theory of operation. A worker opens a session of one homework's checks and goes on with it as long
as the queue has hand-ins of it that come first; see `GradingQueue.claim`. It ends the session for
another homework's, and where the homework's files have changed. What goes wrong is of one of four
kinds. The homework cannot be graded: it is held, and nobody's hand-in suffers. The machine cannot
grade: the process ends, and the supervisor tells. The hand-in cannot be graded: it is given back
with the reason, and after the second time it is for staff. The database is away: the worker waits.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import threading
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url

from grader._internal import log
from grader._internal.clock import now_utc
from grader.course.course import find_course
from grader.errors import (
    ClusterUnavailable,
    GradebookUnavailable,
    GraderFault,
    StorageFailed,
    UsageError,
)
from grader.gradebook.connect import connect
from grader.sandbox.host.probe import open_launcher
from grader.server.grading.canary import Canaries
from grader.server.grading.order import WorkerOrder
from grader.server.grading.session import GradingDesk, GradingSession, LocalTaskGrader, TaskGrader
from grader.server.grading.versions import Versions
from grader.server.hand_ins.blobs import Blobs
from grader.server.hand_ins.queue import GradingQueue
from grader.server.records import HandIn

_LOG = log.logger("server.worker")

# How long a worker looks away while there is nothing to do, or while the database is away.
IDLE_S, AWAY_S = 0.1, 0.5
# A claim lasts longer than any check may take; it is renewed between checks.
CLAIM_S = 360.0
NICENESS = 10


def work(order: WorkerOrder, pipe: Connection) -> None:
    """The main function of a worker's process. It ends when the other end of `pipe` says so or is
    closed. It sends one text at most: why this machine cannot grade.
    """
    log.start(order.logging)
    # Whoever hands in or reads a page comes before what is graded; the sandbox inherits it.
    os.nice(NICENESS)
    # Ctrl-C goes to the whole group, and the supervisor alone decides what it means. SIGTERM ends
    # the process by an exception, so that a claim is given back and the sandbox is cleaned up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        # The system unlocks it when this process ends, however it does.
        with Path(order.lock).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with contextlib.closing(open_launcher(allow_unsafe=order.unsafe)) as launcher:
                if order.scheduler is None:
                    GradingWorker(order, LocalTaskGrader(launcher), pipe).run()
            if order.scheduler is not None:
                _work_there(order, order.scheduler, launcher.isolation, pipe)
    except KeyboardInterrupt:
        pass
    except (GraderFault, UsageError) as exc:
        with contextlib.suppress(OSError):
            pipe.send(str(exc))
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _work_there(order: WorkerOrder, scheduler: str, isolation: str, pipe: Connection) -> None:
    """Let a cluster grade: a thread waits for each hand-in. isolation: the level there, as here."""
    from grader.server.grading.cluster import ClusterTaskGrader

    ending = threading.Event()
    stop = _SharedStopSignal(pipe, ending)
    with (
        contextlib.closing(ClusterTaskGrader(scheduler, isolation, order.name)) as task_grader,
        ThreadPoolExecutor(order.jobs) as pool,
    ):
        clerks = [GradingWorker(order, task_grader, stop) for _ in range(order.jobs)]
        running = [pool.submit(clerk.run) for clerk in clerks]
        try:
            wait(running, return_when=FIRST_EXCEPTION)
        finally:
            ending.set()
        for each in running:
            each.result()


class StopSignal(Protocol):
    """How a worker hears that it is time to stop: a pipe's end, or something like it."""

    def poll(self, timeout: float) -> bool:
        """Whether it is; wait so many seconds to hear it."""


@dataclass(frozen=True)
class _SharedStopSignal:
    """One pipe for many threads, which also end when one of them fails."""

    pipe: Connection
    ending: threading.Event

    def poll(self, timeout: float) -> bool:
        return self.ending.is_set() or self.pipe.poll(timeout) or self.ending.is_set()


class GradingWorker:
    """Grades until it is told to stop. pipe: to whoever started it; its end means to stop.

    Several with one order share a name, and what they hold is one worker's to everybody else.
    """

    def __init__(self, order: WorkerOrder, task_grader: TaskGrader, pipe: StopSignal) -> None:
        self._name = order.name
        self._root = Path(order.root)
        self._pipe = pipe
        # What is lost in a power cut is graded again: its hand-in is on the disk.
        engine = connect(make_url(order.database), durable=False)
        self._queue = GradingQueue(engine, now_utc)
        self._canaries = Canaries(engine, order.started)
        self._versions = Versions(self._root)
        self._course = find_course(self._root)
        blobs = Blobs(Path(order.files))
        self._desk = GradingDesk(order.name, task_grader, self._queue, self._canaries, blobs)
        self._held: HandIn | None = None

    def run(self) -> None:
        """Grade what there is, and wait for more."""
        try:
            while (hand_in := self.next(None)) is not None:
                self._grade_from(hand_in)
        finally:
            # Nobody has to wait until the claim runs out.
            if self._held is not None:
                with contextlib.suppress(GradebookUnavailable):
                    self._queue.give_back(self._held.key, self._name, "")

    def next(self, prefer: str | None) -> HandIn | None:
        """The next hand-in, which this worker holds; None when it is time to stop."""
        while self._held is None:
            if self.told_to_stop(0):
                return None
            self._held = self._claimed(prefer)
            if self._held is None and self.told_to_stop(IDLE_S):
                return None
        return self._held

    def done(self) -> None:
        """The hand-in that was held has ended."""
        self._held = None

    def version(self, name: str) -> str:
        """What a homework consists of now."""
        return self._versions.of(name)

    def told_to_stop(self, wait_s: float) -> bool:
        """Whether to stop; wait so long to hear it."""
        try:
            return self._pipe.poll(wait_s)
        except OSError:
            return True

    def _claimed(self, prefer: str | None) -> HandIn | None:
        try:
            versions = self._versions.now(self._course)
            held = self._canaries.held(versions)
            ready = [name for name in versions if name not in held]
            return self._queue.claim(self._name, CLAIM_S, prefer, ready)
        except GradebookUnavailable:
            self.told_to_stop(AWAY_S)
            return None

    def _grade_from(self, hand_in: HandIn) -> None:
        """A session that begins with the hand-in that is held, and what goes wrong in one."""
        name, version, trouble = hand_in.assignment, self.version(hand_in.assignment), ""
        try:
            self._course = find_course(self._root)
            GradingSession(self, self._desk, self._course, name, version).run()
        except GradebookUnavailable:
            self.told_to_stop(AWAY_S)
        except UsageError as exc:
            # The homework's files are wrong, and no submission is to blame.
            self._hold(name, version, str(exc))
        except StorageFailed as exc:
            trouble = str(exc)
        except ClusterUnavailable:
            self._give_back("")
            raise
        except GraderFault as exc:
            self._give_back(str(exc))
            raise
        except Exception as exc:
            _LOG.exception("%s: grading failed", self._name)
            trouble = f"{type(exc).__name__}: {exc}"[:500]
        # What a session has claimed of another homework is held still, and not tried yet.
        if trouble or (self._held is not None and self._held.assignment == name):
            self._give_back(trouble)

    def _hold(self, name: str, version: str, trouble: str) -> None:
        with contextlib.suppress(GradebookUnavailable):
            self._canaries.keep(name, version, trouble)

    def _give_back(self, trouble: str) -> None:
        held, self._held = self._held, None
        while held is not None:
            try:
                self._queue.give_back(held.key, self._name, trouble)
                return
            except GradebookUnavailable:
                if self.told_to_stop(AWAY_S):
                    return
