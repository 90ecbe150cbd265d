"""Grades a homework's own variants: the starter, the reference, alternatives and mistakes.

Theory of operation. A few processes share the trials of a homework, each in one pytest session
behind one launcher, and go on with the next homework. Each begins with the reference. Then a
variant is given those of the reference's results that it cannot change (footprints.py) and those
of its figures (album.py), so that it costs what it changes; `thorough` spares nothing.

Some trials are graded by several processes, after different submissions and with different hash
seeds: their reports must be the same except for times. These include a mistake in every function,
and the reference, which every check sees: the last process grades it at the end as well.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import multiprocessing.connection
import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal

from grader.authoring.footprints import Footprints
from grader.checks.variants import Variant, submission_files
from grader.course.assignment import Assignment, load_assignment
from grader.course.course import find_course
from grader.engine.proxy import Subject
from grader.engine.runner import grade_all
from grader.engine.task import Result, Task, task_of
from grader.errors import GraderError, GraderFault, SpecError
from grader.reports.schema import Report
from grader.sandbox.host.launch import Launcher
from grader.sandbox.host.probe import open_launcher
from grader.submission.files import Submission

Kind = Literal["starter", "reference", "alternative", "mistake", "public"]
DIED = (
    "the process that runs the checks ended before it finished; look in the checks and the "
    "reference for code that ends a process, such as os._exit"
)


@dataclass(frozen=True)
class Trial:
    """Something to grade as if a student had handed it in.

    kind "public": the reference, with public checks only, in a course without solutions.
    name: as messages call it. target, words: a variant's.
    """

    kind: Kind
    name: str
    files: tuple[tuple[str, bytes], ...]
    target: str = ""
    words: str = ""


@dataclass(frozen=True)
class TrialResult:
    """A graded trial. again: the reports of further times, where there were any."""

    trial: Trial
    report: Report
    again: tuple[Report, ...] = ()


@dataclass(frozen=True)
class _Order:
    """What one process is to do for one homework."""

    name: str
    seed: str
    trials: tuple[Trial, ...]
    thorough: bool


def trials_of(assignment: Assignment, variants: Sequence[Variant]) -> list[Trial]:
    """Everything of a homework that can be graded, in the order of its files."""
    assert assignment.reference is not None
    name = assignment.name
    right = assignment.reference.read_text(encoding="utf-8")
    main = ((f"{name}.py", right.encode()),)
    trials = [
        Trial("starter", "the starter", ((f"{name}.py", assignment.starter.read_bytes()),)),
        Trial("reference", "the reference", main),
        Trial("public", "the reference without solutions/", main),
    ]
    for variant in variants:
        files = submission_files(variant, name, right)
        encoded = tuple((file, text.encode()) for file, text in files.items())
        trials.append(Trial(variant.kind, variant.name, encoded, variant.target, variant.words))
    return trials


class Graders:
    """The processes that grade. A context manager; one that broke is started again when needed.

    root: the course's folder. unsafe: run the trials without isolation. thorough: run every check
    and draw every figure, even where the reference's holds.
    """

    def __init__(self, root: Path, unsafe: bool = False, thorough: bool = False) -> None:
        self._root = root
        self._unsafe = unsafe
        self._thorough = thorough
        self._running: list[tuple[BaseProcess, Connection]] = []

    def __enter__(self) -> Graders:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            for process, pipe in self._running:
                pipe.close()  # at the end of its orders it ends what it started, and itself
                process.join(2)
        self.close()

    def run(
        self, name: str, trials: Sequence[Trial], seed: str, progress: Callable[[], None]
    ) -> list[TrialResult]:
        """Grade every trial of the homework `name`, some of them twice; results in order.

        seed: of the hidden checks. progress: called after each grading.
        Raises SpecError if the checks cannot be run and GraderFault where we fail.
        """
        reports: dict[str, list[Report]] = {trial.name: [] for trial in trials}
        piles = shares(trials)
        try:
            while len(self._running) < len(piles):
                self._start()
            pipes = [pipe for _, pipe in self._running]
            for pipe, pile in zip(pipes, piles, strict=True):
                pipe.send(_Order(name, seed, pile, self._thorough))
            for label, report in _received(pipes):
                reports[label].append(report)
                progress()
        except SpecError:
            raise  # all have ended, and can go on with the next homework
        except BaseException:
            self.close()  # what is still on its way belongs to this homework
            raise
        return [
            TrialResult(trial, first, tuple(others))
            for trial in trials
            for first, *others in [reports[trial.name]]
        ]

    def close(self) -> None:
        """End all processes at once."""
        for process, _ in self._running:
            process.terminate()
        for process, pipe in self._running:
            process.join(5)
            if process.is_alive():
                process.kill()
                process.join()
            pipe.close()
        self._running.clear()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_main, args=(theirs, self._root, self._unsafe), daemon=True
        )
        process.start()
        theirs.close()
        self._running.append((process, ours))


def shares(trials: Sequence[Trial], processes: int | None = None) -> list[tuple[Trial, ...]]:
    """What each process grades: together everything, and some of it twice.

    Twice: the starter, and the first mistake and the first alternative of each function. The
    reference comes first in each, and once more at the end of the last.
    processes: as many as there are cores, from 2 to 4, where left out.
    """
    count = processes or min(max(os.cpu_count() or 1, 2), 4)
    reference = [trial for trial in trials if trial.kind == "reference"]
    piles: list[list[Trial]] = [[] for _ in range(count)]
    seen: set[tuple[Kind, str]] = set()
    for index, trial in enumerate(trial for trial in trials if trial.kind != "reference"):
        piles[index % count].append(trial)
        if trial.kind != "public" and (trial.kind, trial.target) not in seen:
            seen.add((trial.kind, trial.target))
            piles[(index + 1) % count].append(trial)
    for place, pile in enumerate(piles):
        pile[:] = [*reference, *(pile[::-1] if place % 2 else pile)]
    piles[-1] += reference
    return [tuple(pile) for pile in piles]


def _received(pipes: list[Connection]) -> Iterator[tuple[str, Report]]:
    """What the processes send, until each has come to an end. Then raises what went wrong."""
    working = list(pipes)
    problem: GraderError | None = None
    while working:
        for pipe in multiprocessing.connection.wait(working):
            assert isinstance(pipe, Connection)
            try:
                kind, value = pipe.recv()
            except (EOFError, OSError):
                raise GraderFault(DIED) from None
            if kind == "report":
                label, text = value
                yield label, Report.model_validate_json(text)
                continue
            working.remove(pipe)
            if kind == "spec":
                problem = problem or SpecError(value)
            elif kind == "fault":
                problem = GraderFault(value)
    if problem is not None:
        raise problem


# In a process of its own


def _main(pipe: Connection, root: Path, unsafe: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone decides what Ctrl-C means

    def deliver(task: Task, result: Result) -> None:
        pipe.send(("report", (task.source.label, result.staff.to_json())))

    launcher: Launcher | None = None
    try:
        while True:
            order: _Order = pipe.recv()
            try:
                launcher = launcher or open_launcher(unsafe)
                _grade(find_course(root).assignment(order.name), order, launcher, deliver)
            except SpecError as exc:
                pipe.send(("spec", str(exc)))
            except GraderError as exc:
                pipe.send(("fault", "; ".join([str(exc), *getattr(exc, "__notes__", ())])))
            else:
                pipe.send(("end", None))
    except (EOFError, BrokenPipeError):
        pass  # the parent is gone, so nobody needs the results
    except Exception:
        text = "the grading process failed:\n" + traceback.format_exc(limit=-6)
        with contextlib.suppress(OSError):
            pipe.send(("fault", text))
    finally:
        if launcher is not None:
            launcher.close()


def _grade(
    assignment: Assignment,
    order: _Order,
    launcher: Launcher,
    deliver: Callable[[Task, Result], None],
) -> None:
    public = [_task(trial, assignment) for trial in order.trials if trial.kind == "public"]
    assert assignment.reference is not None
    shared = Footprints(assignment.reference.read_text(encoding="utf-8"))

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
    return load_assignment(copied, None, folder / "datasets")
