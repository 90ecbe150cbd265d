"""The supervisor: a thread of the server that keeps its workers going.

It starts the workers, each a process of its own, and starts again those that end; it gives back
what a dead worker held, ends a worker that hangs, and cleans up now and then. A worker that cannot
work, for example because the sandbox does not hold on this machine, is started again ever more
rarely, and staff are told.
"""

from __future__ import annotations

import contextlib
import fcntl
import multiprocessing
import multiprocessing.connection
import secrets
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import Engine

from grader._internal import log
from grader._internal.clock import now_utc
from grader.course.course import Course
from grader.errors import GraderError
from grader.server.alerts import Alerts
from grader.server.grading.canary import Canaries
from grader.server.grading.entrance import start_work
from grader.server.grading.fails_for_all import FailsForAll
from grader.server.grading.order import STOP, WorkerOrder
from grader.server.hand_ins.blobs import Blobs
from grader.server.hand_ins.hand_ins import HandIns
from grader.server.hand_ins.queue import GradingQueue
from grader.server.records import WorkersState

_LOG = log.logger("server.supervisor")

LOOK_S = 1.0  # how often the supervisor looks, where nothing wakes it
SOUND_S = 10.0  # a worker that lived so long was able to work
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 60.0
OVERDUE_S, TIDY_S = 10.0, 600.0
CANARY_S = 60.0
ENDING_S = 5.0  # for a worker that was told to give back what it has
UNKNOWN_FILES_S = 24 * 3600.0
WORKERS = "workers"  # the kind of the alert


@dataclass
class _Place:
    """Where one worker after the other works. alerted: whether staff may have been told of its
    trouble, if by an earlier server."""

    process: BaseProcess | None = None
    pipe: Connection | None = None
    name: str = ""
    began: float = 0.0
    pause_s: float = 0.0
    start_at: float = 0.0
    said: str = ""
    alerted: bool = True


@dataclass
class _Every:
    """Something that is done now and then."""

    seconds: float
    act: Callable[[], None]
    due_at: float = field(default_factory=time.monotonic)


class Supervisor:
    """The workers of one server. A context manager: they work inside the block.

    order: for all of them; names and locks are the supervisor's. Raises StorageFailed if the
    server's folder cannot be used.
    """

    def __init__(
        self, course: Course, engine: Engine, hand_ins: HandIns, order: WorkerOrder, jobs: int
    ) -> None:
        self._order = order
        self._queue = GradingQueue(engine, now_utc)
        self._alerts = Alerts(engine, now_utc)
        self._canaries = Canaries(engine, order.started)
        self._fails = FailsForAll(course, engine, now_utc)
        self._hand_ins = hand_ins
        self._blobs = Blobs(Path(order.files))
        self._locks = Path(order.files) / "workers"
        self._places = [_Place() for _ in range(jobs)]
        self._started = 0
        self._trouble = ""
        self._context = multiprocessing.get_context("spawn")
        self._wake, self._woken = self._context.Pipe()
        self._stop_by: float | None = None
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._tasks = [
            _Every(OVERDUE_S, self._end_overdue),
            _Every(self._fails.EVERY_S, self._fails.look),
            _Every(CANARY_S / 2, lambda: self._canaries.try_again(CANARY_S)),
            _Every(TIDY_S, self._tidy),
        ]

    def start(self) -> None:
        """Give back what workers of an earlier server held, and start this one's."""
        self._locks.mkdir(mode=0o700, exist_ok=True)
        release_dead(self._queue, self._locks)
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """End the workers: each may finish what it grades within so many seconds."""
        self._stop_by = time.monotonic() + seconds
        self._wake.send(None)
        self._thread.join(seconds + 3 * ENDING_S)

    def __enter__(self) -> Supervisor:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(ENDING_S)

    def state(self) -> WorkersState:
        """How the workers are."""
        alive = sum(
            place.process is not None and place.process.is_alive() for place in self._places
        )
        return WorkersState(len(self._places), alive, self._started, self._trouble)

    def _run(self) -> None:
        while self._stop_by is None:
            for place in self._places:
                if place.process is None and time.monotonic() >= place.start_at:
                    self._begin(place)
            ends = [place.process.sentinel for place in self._places if place.process is not None]
            multiprocessing.connection.wait([*ends, self._woken], LOOK_S)
            for place in self._places:
                self._look_at(place)
            for task in self._tasks:
                self._do(task)
        self._end_all(self._stop_by)

    def _begin(self, place: _Place) -> None:
        name = f"{self._order.started[:8]}-{secrets.token_hex(4)}"
        lock = self._locks / name
        ours, theirs = self._context.Pipe()
        order = replace(self._order, name=name, lock=str(lock), logging=log.current())
        process = self._context.Process(target=start_work, args=(order, theirs), daemon=True)
        try:
            lock.touch(mode=0o600)
            process.start()
        except OSError as exc:
            self._later(place, f"a worker cannot be started: {exc.strerror}")
            return
        finally:
            theirs.close()
        self._started += 1
        place.process, place.pipe, place.name = process, ours, name
        place.began, place.said = time.monotonic(), ""
        _LOG.info("worker %s started as process %d", name, process.pid)

    def _look_at(self, place: _Place) -> None:
        """Hear what a worker says; if it has ended, see to what it held."""
        if place.process is None or place.pipe is None:
            return
        with contextlib.suppress(EOFError, OSError):
            if place.pipe.poll():
                place.said = str(place.pipe.recv())
        lived_s = time.monotonic() - place.began
        if place.process.is_alive():
            if lived_s > SOUND_S and place.alerted:
                place.pause_s = 0.0
                place.alerted = not self._calmly(lambda: self._alerts.settle(WORKERS, ""))
            return
        place.process.join()
        why = place.said or _how_it_ended(place.process.exitcode)
        self._clear(place, why)
        self._later(place, why)

    def _later(self, place: _Place, why: str) -> None:
        """Start a worker again after a while, a longer one each time it ends soon."""
        self._trouble = why
        _LOG.warning("a worker ended: %s", why)
        quick = time.monotonic() - place.began < SOUND_S
        place.pause_s = min(max(FIRST_PAUSE_S, 2 * place.pause_s), LONGEST_PAUSE_S) if quick else 0
        place.start_at = time.monotonic() + place.pause_s
        if place.said or place.pause_s > 4 * FIRST_PAUSE_S:
            place.alerted = True
            text = f"hand-ins are not graded by one of the workers: {why}"
            self._calmly(lambda: self._alerts.raise_alert(WORKERS, "", "", text))

    def _clear(self, place: _Place, trouble: str) -> None:
        """Take what a dead worker held. trouble: why it ended; "" if it was told to."""
        name = place.name
        if self._calmly(lambda: self._queue.release(name, trouble)):
            # Without its lock it would be taken for another machine's at the next start.
            (self._locks / name).unlink(missing_ok=True)
        if place.pipe is not None:
            place.pipe.close()
        place.process, place.pipe = None, None

    def _end_overdue(self) -> None:
        """End the workers that have held a claim for longer than grading can take.

        What a worker held that ended while the database was away is taken now.
        """
        overdue = set(self._queue.holders(overdue=True))
        for place in self._places:
            if place.name in overdue and place.process is not None:
                place.said = "grading took longer than the limits of the homework allow"
                place.process.kill()
        own = {place.name for place in self._places}
        release_dead(self._queue, self._locks, own)

    def _tidy(self) -> None:
        self._hand_ins.drop_drafts()
        self._canaries.forget_others(older_than_days=7)
        self._blobs.sweep(self._hand_ins.known_files(), UNKNOWN_FILES_S)

    def _do(self, task: _Every) -> None:
        if time.monotonic() >= task.due_at:
            task.due_at = time.monotonic() + task.seconds
            self._calmly(task.act)

    def _calmly(self, act: Callable[[], object]) -> bool:
        """Do something that may fail now and is done again later, such as without a database."""
        try:
            act()
        except (GraderError, OSError) as exc:
            _LOG.warning("%s", exc)
            return False
        except Exception:
            # Whatever it is, the workers have to be kept going.
            _LOG.exception("the supervisor failed at something")
            return False
        return True

    def _end_all(self, by: float) -> None:
        """Tell all to stop; who does not in time gives back what it has; who does not is ended."""
        working = [place for place in self._places if place.process is not None]
        for place in working:
            with contextlib.suppress(OSError, ValueError):
                place.pipe.send(STOP)  # type: ignore[union-attr]  # who works has a pipe
        for end, until in (("terminate", by), ("kill", by + ENDING_S)):
            for place in working:
                assert place.process is not None
                place.process.join(max(0.0, until - time.monotonic()))
                if place.process.is_alive():
                    getattr(place.process, end)()
        for place in working:
            assert place.process is not None
            place.process.join()
            self._clear(place, "")


def release_dead(queue: GradingQueue, locks: Path, living: Collection[str] = frozenset()) -> None:
    """Take what workers held that have ended without anybody noticing, with their server.

    locks: the folder of the files that workers of this machine lock while they live. living: those
    that need no look, some of which may be starting and have locked nothing yet.
    """
    for path in locks.iterdir():
        if path.name in living:
            continue
        with path.open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue  # it lives: another server's, or one that finishes its last
            queue.release(path.name, "")
            path.unlink(missing_ok=True)


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        return f"the grading process was ended by signal {-code}"
    return f"the grading process ended with exit code {code}"
