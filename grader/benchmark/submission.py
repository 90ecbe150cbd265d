"""What grading one submission costs, beside the floor.

The floor is what no grader can do without: the same pytest items, the same checks and the same
student functions, called in this warm interpreter with no process, no wire and no isolation, the
figures drawn and, where asked, saved. Everything above the floor is ours.

CPU time is counted where it is spent: in this process, in the fork server, and in each worker as
the kernel accounts for it when it is reaped.
"""

from __future__ import annotations

import os
import statistics
import time
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.benchmark.growth import Growth, measure_growth, share_of_memory_mb
from grader.checks.figure import FigureDescription
from grader.course.assignment import Assignment
from grader.engine.proxy import Subject
from grader.engine.runner import KeepFigures, grade_all
from grader.engine.task import Result, Task, task_of
from grader.errors import SpecError
from grader.sandbox.guest import figures as drawing
from grader.sandbox.host.launch import Exit, Launcher, Limits, PlainLauncher, WorkerProcess
from grader.sandbox.host.session import Session
from grader.sandbox.protocol import wire
from grader.sandbox.protocol.wire import Handle
from grader.submission.code import Part
from grader.submission.files import Submission
from grader.submission.program import Program

NBGRADER_S = 1.42  # CPU seconds of nbgrader 0.9.6 for one such submission, for comparison
WARM_UP = 5
PNG_DPI = 80
LIVES = 50


@dataclass(frozen=True)
class Run:
    """One way of grading the same submissions. Seconds and megabytes, each for one submission."""

    wall_s: float
    cpu_s: float
    trusted_cpu_s: float
    server_cpu_s: float
    worker_cpu_s: float
    score: float


@dataclass(frozen=True)
class Floor:
    """The floor's parts, CPU seconds for one submission."""

    wall_s: float
    cpu_s: float
    load_s: float
    calls_s: float
    drawing_s: float
    saving_s: float
    pytest_and_checks_s: float


@dataclass(frozen=True)
class SubmissionCost:
    """Everything that `bench` prints."""

    assignment: str
    submissions: int
    isolation: str
    start_up_s: float
    life_ms: float
    round_trip_ms: float
    worker_memory_mb: float
    floor: Floor
    floor_unsaved: Floor
    saved: Run
    unsaved: Run
    growth: Growth | None = None
    nbgrader_s: float = NBGRADER_S

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def measure(
    assignment: Assignment, count: int, open_launcher: Callable[[], Launcher], growth: int = 0
) -> SubmissionCost:
    """Grade `count` copies of the reference each way. Raises SpecError without a solution.

    growth: grade so many more and look for what grows.
    """
    if assignment.reference is None:
        raise SpecError(
            f"submissions are made from a solution, but {assignment.name} has none here; use the "
            "staff's copy of the course"
        )
    tasks = [_task(assignment, number) for number in range(count + WARM_UP)]
    floor = _measure_floor(assignment, tasks, "all")
    floor_unsaved = _measure_floor(assignment, tasks, "none")
    began = time.perf_counter()
    launcher = _ObservedSubject(open_launcher())
    try:
        round_trip_ms, worker_memory_mb, started = _measure_worker(launcher)
        life_ms = _measure_life(launcher)
        start_up_s = started - began
        unsaved = _measure_run(assignment, tasks, launcher, "none")
        saved = _measure_run(assignment, tasks, launcher, "all")
        grown = None
        if growth:
            grown = measure_growth(assignment, tasks[0], growth, launcher, launcher.server_pids)
    finally:
        launcher.close()
    return SubmissionCost(
        assignment=assignment.name,
        submissions=count,
        isolation=launcher.isolation,
        start_up_s=start_up_s,
        life_ms=life_ms,
        round_trip_ms=round_trip_ms,
        worker_memory_mb=worker_memory_mb,
        floor=floor,
        floor_unsaved=floor_unsaved,
        saved=saved,
        unsaved=unsaved,
        growth=grown,
    )


def _task(assignment: Assignment, number: int) -> Task:
    """The reference as a submission; each a little different, as students' are."""
    assert assignment.reference is not None
    source = assignment.reference.read_bytes() + f"\n# student {number}\n".encode()
    return task_of(Submission({f"{assignment.name}.py": source}, ""), f"s{number}", assignment.name)


class _Clock:
    """Reads clocks when the first submission after the warm-up begins and when the last ended."""

    def __init__(self, tasks: Sequence[Task], read: Callable[[], Sequence[float]]) -> None:
        self._tasks = tasks
        self._read = read
        self._first: Sequence[float] = ()
        self._last: Sequence[float] = ()

    def __iter__(self) -> Iterator[Task]:
        for number, task in enumerate(self._tasks):
            if number == WARM_UP:
                self._first = self._read()
            yield task
        self._last = self._read()

    def each(self) -> list[float]:
        """What passed, for one submission."""
        count = len(self._tasks) - WARM_UP
        return [(b - a) / count for a, b in zip(self._first, self._last, strict=True)]


def _measure_run(
    assignment: Assignment, tasks: Sequence[Task], launcher: _ObservedSubject, keep: KeepFigures
) -> Run:
    def read() -> Sequence[float]:
        return (
            time.perf_counter(),
            time.process_time(),
            cpu_of(launcher.server_pids()),
            launcher.worker_cpu_s,
        )

    clock, scores = _Clock(tasks, read), list[float]()

    def deliver(_: Task, result: Result) -> None:
        scores.append(result.staff.score)

    grade_all(assignment, clock, launcher, deliver, seed="bench", keep_figures=keep)
    wall, trusted, server, worker = clock.each()
    return Run(wall, trusted + server + worker, trusted, server, worker, statistics.mean(scores))


# The floor


class _Stopwatch:
    """CPU seconds of this process by what they went into."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = dict.fromkeys(("load", "calls", "drawing", "saving"), 0.0)

    @contextmanager
    def timing(self, what: str) -> Iterator[None]:
        began = time.process_time()
        yield
        self.spent[what] += time.process_time() - began


@dataclass
class _FloorFigure:
    """A figure of this process. See drawn.DrawnFigure."""

    title: str
    figure: Any
    stopwatch: _Stopwatch

    def png(self) -> bytes:
        with self.stopwatch.timing("saving"):
            return drawing.png(self.figure, dpi=PNG_DPI)


class _FloorSubject(Subject):
    """A submission whose functions are called right here, with nothing in between."""

    def __init__(self, stopwatch: _Stopwatch, watch: drawing.FigureWatch, *args: Any) -> None:
        super().__init__(*args)
        self._stopwatch = stopwatch
        self._watch = watch
        program: Program = args[0]
        self._parts = program.parts
        self._module = types.ModuleType(program.module)
        self._floor_drawn: dict[Any, tuple[FigureDescription, _FloorFigure]] = {}

    def start(self) -> None:
        with self._stopwatch.timing("load"):
            for part in self._parts:
                exec(compile(part.source, part.filename, "exec"), self._module.__dict__)

    def call(
        self,
        name: str,
        calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]],
        on: Handle | None = None,
    ) -> list[Any]:
        with self._stopwatch.timing("calls"):
            function = getattr(self._module, name)
            return [function(*args, **kwargs) for args, kwargs in calls]

    def draw(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        on: Handle | None = None,
    ) -> FigureDescription:
        key = (name, wire.encode([list(args), dict(kwargs)]))
        if key not in self._floor_drawn:
            with self._stopwatch.timing("drawing"), self._watch.during() as seen:
                figure = drawing.pick(getattr(self._module, name)(*args, **kwargs), seen)
                described = drawing.describe(figure)
            kept = _FloorFigure(name, figure, self._stopwatch)
            self._floor_drawn[key] = FigureDescription.from_wire(described), kept
        description, kept = self._floor_drawn[key]
        self._figures.append(kept)
        return description


def _measure_floor(assignment: Assignment, tasks: Sequence[Task], keep: KeepFigures) -> Floor:
    stopwatch, watch = _Stopwatch(), drawing.watch()

    def make(*args: Any) -> Subject:
        return _FloorSubject(stopwatch, watch, *args)

    def read() -> Sequence[float]:
        return (time.perf_counter(), time.process_time(), *stopwatch.spent.values())

    clock = _Clock(tasks, read)
    grade_all(
        assignment, clock, PlainLauncher(), lambda *_: None,
        seed="bench", keep_figures=keep, make_subject=make,
    )  # fmt: skip
    watch.close()
    wall, cpu, load, calls, drawn, saved = clock.each()
    return Floor(wall, cpu, load, calls, drawn, saved, cpu - load - calls - drawn - saved)


# One worker

_ECHO = Program(
    "echo",
    (
        Part(
            "echo.py",
            "echo.py",
            b"import matplotlib.pyplot as plt\ndef same(x): return x\ndef draw(y): plt.plot(y)\n",
        ),
    ),
)


def _measure_worker(launcher: _ObservedSubject) -> tuple[float, float, float]:
    """Milliseconds of a remote call with 50x10 float64 both ways, megabytes of a worker after a
    plot (its share of what is shared), and when the first worker stood ready."""
    session = Session(launcher, Limits())
    session.load(_ECHO)
    started = time.perf_counter()
    table = np.ones((50, 10))
    trips = []
    for _ in range(1000):
        began = time.perf_counter()
        session.call("same", [((table,), {})], None)
        trips.append(time.perf_counter() - began)
    session.draw("draw", [[1.0, 2.0]], {}, None)
    memory_mb = share_of_memory_mb(launcher.last_pid())
    session.close()
    return statistics.median(trips) * 1e3, memory_mb, started


def _measure_life(launcher: _ObservedSubject) -> float:
    """Milliseconds from asking for a worker to its end, with a small module and one call."""
    lives = []
    for _ in range(LIVES):
        began = time.perf_counter()
        session = Session(launcher, Limits())
        session.load(_ECHO)
        session.call("same", [((1.0,), {})], None)
        session.close()
        lives.append(time.perf_counter() - began)
    return statistics.median(lives) * 1e3


class _ObservedSubject:
    """A launcher that keeps the books of its workers' CPU time."""

    def __init__(self, launcher: Launcher) -> None:
        self.isolation, self.packages = launcher.isolation, launcher.packages
        self.worker_cpu_s = 0.0
        self._launcher = self._opened = launcher
        self._last: WorkerProcess | None = None

    def serving(self, packages: tuple[str, ...]) -> _ObservedSubject:
        self._launcher = self._launcher.serving(packages)
        self.packages = packages
        return self

    def launch(self, limits: Limits) -> WorkerProcess:
        worker = self._launcher.launch(limits)
        kill: Callable[[float], Exit] = worker.kill
        ended: list[Exit] = []

        def counted(grace_s: float = 0.0) -> Exit:
            if not ended:
                ended.append(kill(grace_s))
                self.worker_cpu_s += ended[0].cpu_s
            return ended[0]

        worker.kill = counted  # type: ignore[method-assign]  # the books are kept from outside
        self._last = worker
        return worker

    def last_pid(self) -> int:
        """The pid of the worker launched last, 0 if it is not known."""
        pid = getattr(self._last, "host_pid", None)
        return int(pid()) if pid is not None else 0

    def server_pids(self) -> list[int]:
        """The fork server's own processes, without its workers."""
        keeper = getattr(self._launcher, "zygote_pid", 0)
        return [keeper, *_children_of(keeper)] if keeper else []

    def close(self) -> None:
        self._opened.close()


# What the kernel says


def cpu_of(pids: Sequence[int]) -> float:
    """CPU seconds that these processes themselves have used."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _children_of(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
