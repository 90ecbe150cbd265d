"""The executor that uses the workers of a Dask cluster.

Theory of operation. This process reads the submissions and sends them as bytes, some at a time. On
each worker a `Station` holds the course's files, sent along too, and one launcher with its worker
server: student code runs in the sandbox below the Dask worker, never in it. Reports come back as
JSON text, are read through the schema and written here, so the cluster needs no common disk. What
student code made is text and bytes on all this way; nothing of it is ever unpickled.

A worker that dies costs nothing: Dask gives its parcel to another. A parcel whose workers died
again and again is taken apart, so that one submission cannot take its neighbours along.
"""

from __future__ import annotations

import io
import json
import logging
import shutil
import socket
import threading
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from distributed import (
    Client,
    Future,
    KilledWorker,
    LocalCluster,
    Worker,
    WorkerPlugin,
    as_completed,
    get_worker,
)

from grader._internal.zips import zip_files
from grader.batch.tasks import Keys, Options, ResultWriter, launcher_at
from grader.course.course import Course, find_course
from grader.course.packages import joined
from grader.engine.runner import KeepFigures, environment, grade_all
from grader.engine.task import Result, Task
from grader.errors import (
    ClusterUnavailable,
    CourseError,
    GraderFault,
    SubmissionError,
    UsageError,
)
from grader.reports.schema import Environment, Report
from grader.reports.summary import Row
from grader.sandbox.host.launch import Launcher
from grader.submission.program import prepare

LOCAL = "local"
PARCEL = 16
_CONNECT_S, _LISTENER_S = 30, 5
_STATION = "grader-station"
# Both reports as JSON text, and the pictures by name.
Answer = tuple[str, str, dict[str, bytes]]


class ClusterExecutor:
    """The workers of one cluster. See tasks.Executor."""

    def __init__(self, course: Course, options: Options, keys: Mapping[str, Keys]) -> None:
        self._course = course
        self._options = options
        self._keys = keys
        self._writer = ResultWriter(options, keys)

    def run(self, tasks: Sequence[Task]) -> Iterator[Row]:
        """Yield each as it is done. Raises UsageError if no worker can be reached."""
        parcels = deque(_parcels(tasks))
        with ExitStack() as stack:
            client = stack.enter_context(self._connect(stack))
            names = {task.assignment for task in tasks}
            files = pack_course(self._course, names)
            packages = joined(self._course.assignment(name).packages for name in names)
            station = Station(files, self._options.isolation, packages, environment(packages))
            client.register_plugin(station, name=_STATION)
            running: Any = as_completed(loop=client.loop)
            sent: dict[str, list[Task]] = {}
            ahead = 2 * len(client.scheduler_info()["workers"]) + 1
            while parcels or sent:
                while parcels and len(sent) < ahead:
                    future = self._send(client, parcels[0])
                    sent[future.key] = parcels.popleft()
                    running.add(future)
                future = next(running)
                parcel = sent.pop(future.key)
                yield from self._receive(future, parcel, parcels)
                future.release()

    def _connect(self, stack: ExitStack) -> Client:
        where: Any = self._options.scheduler
        if where == LOCAL:
            return connect(stack.enter_context(start_local(self._options.jobs)))
        try:
            require_listener(where)
        except UsageError as exc:
            raise UsageError(f"{exc}, or use `--scheduler local`") from None
        return connect(where)

    def _send(self, client: Client, parcel: list[Task]) -> Future:
        """Order a parcel to be graded. Its submissions are read only now."""
        name = parcel[0].assignment
        packed = [task.packed() for task in parcel]
        keep = self._options.keep_figures
        what = name, self._keys[name].seed, keep, packed
        return client.submit(grade_parcel, _STATION, *what, pure=False)

    def _receive(
        self, future: Future, parcel: list[Task], parcels: deque[list[Task]]
    ) -> Iterator[Row]:
        try:
            answers: list[Answer] = future.result()
        except KilledWorker:
            if len(parcel) > 1:
                parcels.extend([task] for task in parcel)
                return
            reason = "every worker that tried to grade this ended before it finished"
            yield self._writer.put_empty(parcel[0], reason)
            return
        for task, answer in zip(parcel, answers, strict=True):
            yield self._writer.put(task, self._result(task, answer))

    def _result(self, task: Task, answer: Answer) -> Result:
        program = None
        if self._options.html:
            try:
                program = prepare(task.read(), self._course.assignment(task.assignment))
            except SubmissionError:
                program = None  # its pages show no code
        return replace(read_answer(answer), program=program)


def read_answer(answer: Answer) -> Result:
    """What a worker sent, without the program."""
    staff, student, pictures = answer
    reports = Report.model_validate_json(staff), Report.model_validate_json(student)
    return Result(*reports, pictures)


def require_listener(address: str) -> None:
    """Raise UsageError if nothing listens there: at once, and not after Dask's long timeout."""
    parts = urlsplit(address)
    try:
        if not parts.hostname or not parts.port:
            raise ValueError("an address has the form tcp://HOST:PORT")
        socket.create_connection((parts.hostname, parts.port), _LISTENER_S).close()
    except (OSError, ValueError) as exc:
        raise UsageError(
            f"there is no Dask scheduler at {address}: {exc}; start one with `dask scheduler`"
        ) from None


def connect(where: str | LocalCluster) -> Client:
    """A client of a cluster that has at least one worker. Raises UsageError."""
    try:
        client = Client(where, timeout=_CONNECT_S, set_as_default=False)
        client.wait_for_workers(1, timeout=_CONNECT_S)
    except (OSError, ValueError, TimeoutError) as exc:
        raise UsageError(
            f"there are no Dask workers at {where}: {exc}; start some with "
            "`dask worker ADDRESS --nthreads 1`"
        ) from None
    return client


def start_local(workers: int) -> LocalCluster:
    """A scheduler and some workers on this machine, each worker a process."""
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )


def _parcels(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Some submissions at a time, each time of one assignment."""
    by_name: dict[str, list[Task]] = {}
    for task in tasks:
        by_name.setdefault(task.assignment, []).append(task)
    for same in by_name.values():
        for start in range(0, len(same), PARCEL):
            yield same[start : start + PARCEL]


def pack_course(course: Course, names: Iterable[str]) -> bytes:
    """What grading these assignments takes of a course's files and settings, as a zip."""
    settings = f"[tool.grader]\npackages = {json.dumps(course.settings.packages)}\n"
    files = {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for name in names
        for path in course.files_for_grading(name)
    }
    return zip_files({"pyproject.toml": settings.encode(), **files})


# On the workers


class Station(WorkerPlugin):  # type: ignore[misc]  # distributed is not typed
    """What a Dask worker keeps between parcels: the course's files, and one launcher.

    isolation, expected: the level and the versions that the results are planned for. packages: what
    submissions may import.
    """

    def __init__(
        self, files: bytes, isolation: str, packages: tuple[str, ...], expected: Environment
    ) -> None:
        self._files = files
        self._isolation = isolation
        self._packages = packages
        self._expected = expected
        self._folder: Path | None = None
        self._launcher: Launcher | None = None
        self._lock: Any = None

    def setup(self, worker: Worker) -> None:
        """Lay the course's files into the worker's own folder, which Dask cleans up."""
        self._lock = threading.Lock()  # a worker with several threads grades one at a time
        self._folder = Path(worker.local_directory) / "course"
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700, parents=True)
        with zipfile.ZipFile(io.BytesIO(self._files)) as archive:
            archive.extractall(self._folder)

    def teardown(self, worker: Worker) -> None:
        """End the worker server."""
        if self._launcher is not None:
            self._launcher.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def grade(
        self, name: str, seed: str, keep_figures: KeepFigures, tasks: Sequence[Task]
    ) -> list[Answer]:
        """Grade submissions of one assignment. Raises GraderFault."""
        answers: list[Answer] = []

        def deliver(_: Task, result: Result) -> None:
            pictures = dict(result.pictures)
            answers.append((result.staff.to_json(), result.student.to_json(), pictures))

        assert self._folder is not None
        with self._lock:
            launcher = self._open()
            assignment = find_course(self._folder).assignment(name)
            grade_all(assignment, tasks, launcher, deliver, seed=seed, keep_figures=keep_figures)
        return answers

    def _open(self) -> Launcher:
        """The launcher for the level that was asked for, never silently for a lower one."""
        if self._launcher is None:
            here = environment(self._packages)
            if here != self._expected:
                raise ClusterUnavailable(
                    f"a Dask worker has different versions: {here} instead of {self._expected}; "
                    "install the same versions as here"
                )
            try:
                self._launcher = launcher_at(self._isolation)
            except GraderFault as exc:
                raise ClusterUnavailable(f"on a Dask worker, {exc} there") from None
        return self._launcher


def grade_parcel(
    station_name: str, name: str, seed: str, keep_figures: KeepFigures, tasks: Sequence[Task]
) -> list[Answer]:
    """The task that Dask runs on a worker. Raises GraderFault."""
    station: Station = get_worker().plugins[station_name]
    try:
        return station.grade(name, seed, keep_figures, tasks)
    except CourseError as exc:
        raise GraderFault(str(exc)) from None
