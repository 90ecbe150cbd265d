"""The workers of a Dask cluster as the place where hand-ins are graded.

Theory of operation. It is what `grade --scheduler` uses, with one hand-in at a time: `Station`s on
the Dask workers hold the course's files and a launcher, a hand-in travels there as bytes, and the
two reports come back as text. The queue, the claims and the gradebook stay here, so whatever dies
there is graded again by whoever takes it next, and recorded once. If the cluster cannot be used,
no hand-in is to blame: what is held is given back as not tried, and staff are told why it waits.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError

from distributed import Future
from distributed.comm import CommClosedError

from grader.batch.executors.cluster import (
    Answer,
    Station,
    connect,
    grade_parcel,
    pack_course,
    read_answer,
    require_listener,
)
from grader.course.assignment import Assignment
from grader.course.course import Course
from grader.course.packages import joined
from grader.engine.packages import require_packages
from grader.engine.runner import environment
from grader.engine.task import Result, Task
from grader.errors import ClusterUnavailable, SpecError
from grader.reports.schema import CheckResult

LOOK_S = 0.5  # how often somebody who waits looks whether there still is a cluster
WORKERLESS_S = 30.0  # a cluster whose workers are started again has some by then


class ClusterTaskGrader:
    """One cluster, for several threads. See `session.TaskGrader`.

    isolation: the level that workers must have. name: unique among all who use the cluster. Raises
    UsageError if there is no such cluster.
    """

    def __init__(self, scheduler: str, isolation: str, name: str) -> None:
        require_listener(scheduler)
        self._scheduler = scheduler
        self._isolation = isolation
        self._name = name
        self._client = connect(scheduler)
        self._lock = threading.Lock()
        self._files = b""
        self._used: Counter[str] = Counter()
        self._made = 0

    def close(self) -> None:
        """Leave the cluster as it was."""
        # A scheduler that is gone has nothing to be tidied.
        with contextlib.suppress(Exception):
            for station in self._used:
                self._client.unregister_worker_plugin(station)
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)

    def grade(
        self,
        course: Course,
        assignment: Assignment,
        tasks: Iterable[Task],
        deliver: Callable[[Task, Result], None],
        ended: Callable[[Task, CheckResult], None],
        goes_on: Callable[[], bool],
    ) -> None:
        """See `session.TaskGrader`. Raises ClusterUnavailable, too."""
        require_packages(assignment)
        with self._station(course) as station:
            for task in tasks:
                result = self._result(station, course, task, goes_on)
                if result is None:
                    return
                for check in result.staff.checks:
                    ended(task, check)
                deliver(task, result)

    @contextlib.contextmanager
    def _station(self, course: Course) -> Iterator[str]:
        """The name of a station with the course's files as they are now, while it is used."""
        with self._lock, self._told():
            names = _gradable(course)
            files = pack_course(course, names)
            if files != self._files:
                packages = joined(course.assignment(name).packages for name in names)
                station = Station(files, self._isolation, packages, environment(packages))
                self._made += 1
                self._client.register_plugin(station, name=self._current)
                self._files = files
            current = self._current
            self._used[current] += 1
        try:
            yield current
        finally:
            with self._lock:
                self._used[current] -= 1
                self._drop_unused()

    @property
    def _current(self) -> str:
        return f"grader-station-{self._name}-{self._made}"

    def _drop_unused(self) -> None:
        """Take away the stations of earlier files, once nobody grades there any more."""
        for old in [name for name, users in self._used.items() if not users]:
            if old != self._current:
                del self._used[old]
                with contextlib.suppress(Exception):  # with the cluster, they are gone
                    self._client.unregister_worker_plugin(old)

    def _result(
        self, station: str, course: Course, task: Task, goes_on: Callable[[], bool]
    ) -> Result | None:
        """What grading a task gives; None if it was told to stop."""
        name = task.assignment
        settings = course.secret_seed(name), course.settings.server.figures
        done = threading.Event()
        with self._told():
            what = station, name, *settings, [task.packed()]
            future: Future = self._client.submit(grade_parcel, *what, pure=False)
            future.add_done_callback(lambda _: done.set())
            seen_at = time.monotonic()
            while not done.wait(LOOK_S):
                if self._client.status != "running":
                    raise ClusterUnavailable(f"the Dask scheduler at {self._scheduler} is gone")
                if self._client.scheduler_info()["workers"]:
                    seen_at = time.monotonic()
                elif time.monotonic() - seen_at > WORKERLESS_S:
                    raise ClusterUnavailable(
                        f"the Dask cluster at {self._scheduler} has no workers any more"
                    )
                if not goes_on():
                    future.cancel()
                    return None
            answers: list[Answer] = future.result()
        return read_answer(answers[0])

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Say that it is the cluster that cannot be used. Raises ClusterUnavailable."""
        try:
            yield
        except (CancelledError, CommClosedError, TimeoutError, OSError) as exc:
            raise ClusterUnavailable(
                f"the Dask scheduler at {self._scheduler} cannot be reached: {exc}"
            ) from None


def _gradable(course: Course) -> list[str]:
    """The homeworks that can be graded here: those whose files and packages are there."""
    found = []
    for name in course.names:
        with contextlib.suppress(SpecError):
            if (course.root / "solutions" / name).is_dir():
                require_packages(course.assignment(name))
                found.append(name)
    return found
