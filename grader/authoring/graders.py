"""Grades homeworks' own trials: the starter, the reference, alternatives and mistakes.

Theory of operation. A few processes share the trials of a homework, each in one pytest session
behind one launcher, and go on with the next homework without waiting for each other. Each begins
with the reference. Then a variant is given those of the reference's results that it cannot change
(footprints.py) and those of its figures (album.py), so that it costs what it changes; `thorough`
spares nothing.

Some trials are graded by several processes, after different submissions and with different hash
seeds: their reports must be the same except for times. These include a mistake in every function,
and the reference, which every check sees: the last process grades it at the end as well.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import queue
import shutil
import signal
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from grader.authoring.footprints import Footprints
from grader.authoring.trials import Trial, TrialResult, shares
from grader.course.assignment import Assignment, load_assignment
from grader.course.course import find_course
from grader.engine.collection import Check
from grader.engine.proxy import Subject
from grader.engine.runner import grade_all
from grader.engine.task import Result, Task, task_of
from grader.errors import GraderError, GraderFault, ProcessorTimeUp, SpecError
from grader.reports.schema import Report
from grader.sandbox.host.launch import Launcher
from grader.sandbox.host.probe import open_launcher
from grader.submission.files import Submission

DIED = (
    "the process that runs the checks ended before it finished; look in the checks and the "
    "reference for code that ends a process, such as os._exit"
)


AHEAD = 2  # homeworks on their way at a time
Progress = Callable[[str, int, int], None]
Outcome = tuple[str, float, "list[TrialResult] | GraderError"]


@dataclass(frozen=True)
class Trials:
    """The trials of one homework. seed: of the hidden checks."""

    name: str
    seed: str
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class _Order:
    """What one process is to do for one homework."""

    name: str
    seed: str
    trials: tuple[Trial, ...]
    thorough: bool


@dataclass
class _Job:
    """One homework on its way through the processes.

    piles: what each grades. began, ended: by the clock of perf_counter; 0 before. ends: how many
    processes are through. done: whether nothing more will come of it.
    """

    work: Trials
    piles: list[tuple[Trial, ...]]
    reports: dict[str, list[Report]] = field(default_factory=dict)
    began: float = 0.0
    ended: float = 0.0
    ends: int = 0
    problem: GraderError | None = None

    @property
    def done(self) -> bool:
        return self.ends >= len(self.piles)

    def fail(self, problem: GraderError) -> None:
        self.problem, self.ends = problem, len(self.piles)
        self.ended = time.perf_counter()

    def outcome(self) -> Outcome:
        took_s = self.ended - self.began if self.began else 0.0
        if self.problem is not None:
            return self.work.name, took_s, self.problem
        return (
            self.work.name,
            took_s,
            [
                TrialResult(trial, first, tuple(others))
                for trial in self.work.trials
                for first, *others in [self.reports[trial.name]]
            ],
        )


class _Helper:
    """A process that grades, and the thread that takes what it says into the `inbox`.

    current: the homework that it grades.
    """

    def __init__(self, root: Path, unsafe: bool, inbox: _Inbox) -> None:
        context = multiprocessing.get_context("spawn")
        self.current = ""
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_main, args=(theirs, root, unsafe), daemon=True)
        self._process.start()
        theirs.close()
        self._inbox = inbox
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._inbox.put((self, *self._pipe.recv()))
        self._inbox.put((self, "died", "", DIED))

    def order(self, order: _Order | None) -> None:
        """Tell it what to grade after everything else; None to end then."""
        with contextlib.suppress(BrokenPipeError):  # its end is told by its reader
            self._pipe.send(order)

    def finish(self) -> None:
        """Let it end what it started, and itself."""
        self.order(None)
        self._process.join(2)

    def close(self) -> None:
        self._process.terminate()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._reader.join()
        self._pipe.close()


_Inbox = queue.SimpleQueue[tuple[_Helper, str, str, Any]]


class Graders:
    """The processes that grade. A context manager; those that broke are started again when needed.

    root: the course's folder. unsafe: run the trials without isolation. thorough: run every check
    and draw every figure, even where the reference's holds.
    """

    def __init__(self, root: Path, unsafe: bool = False, thorough: bool = False) -> None:
        self._root = root
        self._unsafe = unsafe
        self._thorough = thorough
        self._helpers: list[_Helper] = []
        self._inbox: _Inbox = queue.SimpleQueue()

    def __enter__(self) -> Graders:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for helper in self._helpers if kind is None else ():
            helper.finish()
        self.close()

    def run(self, work: Iterable[Trials], progress: Progress) -> Iterator[Outcome]:
        """Grade every trial of these homeworks, some of them more than once.

        Yields each homework's name, the seconds that its trials took, and their results in order,
        or a SpecError if the checks cannot be run and a GraderFault where we fail. The next
        homework is asked for while one is graded. progress: called after each grading.
        """
        jobs: dict[str, _Job] = {}
        for each in work:
            job = jobs[each.name] = _Job(each, shares(each.trials) if each.trials else [])
            self._order(job)
            self._take(jobs, progress, wait=False)
            yield from _outcomes(jobs)
            while len(jobs) > AHEAD:
                self._take(jobs, progress, wait=True)
                yield from _outcomes(jobs)
        while jobs:
            self._take(jobs, progress, wait=True)
            yield from _outcomes(jobs)

    def close(self) -> None:
        """End all processes at once."""
        for helper in self._helpers:
            helper.close()
        self._helpers.clear()

    def _order(self, job: _Job) -> None:
        while len(self._helpers) < len(job.piles):
            self._helpers.append(_Helper(self._root, self._unsafe, self._inbox))
        for helper, pile in zip(self._helpers, job.piles, strict=False):
            helper.order(_Order(job.work.name, job.work.seed, pile, self._thorough))

    def _take(self, jobs: dict[str, _Job], progress: Progress, *, wait: bool) -> None:
        """Take what the processes have said by now. wait: for one thing at least."""
        wait = wait and not all(job.done for job in jobs.values())
        while wait or not self._inbox.empty():
            wait = False
            helper, kind, name, value = self._inbox.get()
            if helper not in self._helpers:
                continue  # its last words
            if kind in ("fault", "died"):
                self._start_again(jobs, helper.current, GraderFault(value))
                continue
            job = jobs[name]
            if kind == "begin":
                helper.current = name
                job.began = job.began or time.perf_counter()
            elif kind == "report":
                label, text = value
                job.reports.setdefault(label, []).append(Report.model_validate_json(text))
            else:
                job.ends, job.ended = job.ends + 1, time.perf_counter()
                if kind == "spec":
                    job.problem = job.problem or SpecError(value)
            total = sum(map(len, job.piles))
            progress(name, sum(map(len, job.reports.values())), total)

    def _start_again(self, jobs: dict[str, _Job], name: str, fault: GraderFault) -> None:
        """Give up a homework in which a process broke, and begin the others anew."""
        self.close()
        waiting = [job for job in jobs.values() if not job.done]
        broken = jobs.get(name)
        if broken is None or broken.done:
            broken = waiting[0]
        broken.fail(fault)
        for job in waiting:
            if job is not broken:
                job.reports, job.ends, job.began = {}, 0, 0.0
                self._order(job)


def _outcomes(jobs: dict[str, _Job]) -> Iterator[Outcome]:
    """What is done, as far as everything before it is done too."""
    while jobs:
        job = next(iter(jobs.values()))
        if not job.done:
            return
        del jobs[job.work.name]
        yield job.outcome()


# In a process of its own


def _main(pipe: Connection, root: Path, unsafe: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone decides what Ctrl-C means
    orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, orders), daemon=True).start()
    launcher: Launcher | None = None
    try:
        while (order := orders.get()) is not None:
            pipe.send(("begin", order.name, None))
            try:
                launcher = launcher or open_launcher(unsafe)
                _grade(find_course(root).assignment(order.name), order, launcher, pipe)
            except SpecError as exc:
                pipe.send(("spec", order.name, str(exc)))
            except GraderError as exc:
                text = "; ".join([str(exc), *getattr(exc, "__notes__", ())])
                pipe.send(("fault", order.name, text))
            else:
                pipe.send(("end", order.name, None))
    except BrokenPipeError:
        pass  # the parent is gone, so nobody needs the results
    except Exception:
        text = "the grading process failed:\n" + traceback.format_exc(limit=-6)
        with contextlib.suppress(OSError):
            pipe.send(("fault", "", text))
    finally:
        if launcher is not None:
            launcher.close()


def _receive(pipe: Connection, orders: queue.SimpleQueue[_Order | None]) -> None:
    """Take each order when it comes: whoever sends it must not wait for the one before."""
    with contextlib.suppress(EOFError, OSError):
        while (order := pipe.recv()) is not None:
            orders.put(order)
    orders.put(None)


def _grade(
    assignment: Assignment,
    order: _Order,
    launcher: Launcher,
    pipe: Connection,
) -> None:
    public = [_task(trial, assignment) for trial in order.trials if trial.kind == "public"]
    assert assignment.reference is not None
    shared = Footprints(assignment.reference.read_text(encoding="utf-8"))

    def deliver(task: Task, result: Result) -> None:
        pipe.send(("report", order.name, (task.source.label, result.staff.to_json())))

    def rest() -> Iterator[Task]:
        for trial in order.trials:
            if trial.kind != "public":
                held = None
                if not order.thorough:
                    replaced = None if trial.kind == "starter" else trial.target
                    held = shared.turn_to(replaced, [data for _, data in trial.files])
                yield replace(_task(trial, assignment), earlier=held)

    def learn(task: Task, result: Result) -> None:
        shared.learn(result)
        deliver(task, result)

    grade_all(
        *(assignment, rest(), launcher, learn),
        seed=order.seed, keep_figures="none",
        make_subject=Subject if order.thorough else shared.subject, on_collect=shared.collected,
        on_raise=_refuse_endless,
    )  # fmt: skip
    if public:
        with tempfile.TemporaryDirectory(prefix="grader-") as folder:
            bare = _without_solution(assignment, Path(folder))
            try:
                grade_all(
                    *(bare, public, launcher, deliver),
                    seed="public", hidden=False, keep_figures="none",
                )  # fmt: skip
            except SpecError as exc:
                reason = str(exc).replace(f"{bare.folder}{os.sep}", "")
                raise SpecError(
                    f"without solutions/, as on a student's machine: {reason}"
                ) from None


def _refuse_endless(check: Check, raised: BaseException) -> None:
    """A check that may never end would take its time with every trial."""
    if isinstance(raised, ProcessorTimeUp):
        raise SpecError(f"{check.id}: {raised}")


def _task(trial: Trial, assignment: Assignment) -> Task:
    files = dict(trial.files)
    digest = hashlib.sha256(b"".join(files.values())).hexdigest()
    return task_of(Submission(files, digest), trial.name, assignment.name)


def _without_solution(assignment: Assignment, folder: Path) -> Assignment:
    """The homework as a student has it, without solutions/."""
    copied = folder / "assignments" / assignment.name
    shutil.copytree(assignment.folder, copied)
    for entry, source in zip(assignment.spec.data, assignment.data.values(), strict=True):
        target = folder / "datasets" / entry
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    return load_assignment(copied, None, folder / "datasets", assignment.packages)
