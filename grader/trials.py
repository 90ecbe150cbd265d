"""Grading a homework's own variants: the starter, the reference, alternatives and mistakes.

Theory of operation. Two processes grade at once, each in one pytest session behind one launcher.
One starts at the top of the list of trials and the other at its end, and they overlap: what lies in
both shares is graded twice, in two processes, after different submissions and with different hash
seeds, and must come out the same but for times. Every check meets both a right and a wrong
submission among those.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import multiprocessing.connection
import shutil
import signal
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from grader.assignment import Assignment, load_assignment
from grader.checks.variants import Variant, submission_files
from grader.course import find_course
from grader.errors import GraderError, GraderFault, SpecError
from grader.report import Report
from grader.runner import Graded, Job, grade_all
from grader.sandbox.launch import Launcher
from grader.sandbox.probe import open_launcher
from grader.submission import Submission

Kind = Literal["starter", "reference", "alternative", "mistake", "public"]
EVERY = 4  # of the variants, one in so many is graded twice


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
class Tried:
    """A graded trial. again: the report of the second time, where there was one."""

    trial: Trial
    report: Report
    again: Report | None = None


@dataclass(frozen=True)
class _Order:
    """What one process is to do."""

    root: Path
    name: str
    seed: str
    unsafe: bool
    trials: tuple[Trial, ...]


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


def run_trials(
    root: Path,
    name: str,
    trials: Sequence[Trial],
    *,
    seed: str,
    unsafe: bool,
    progress: Callable[[], None],
) -> list[Tried]:
    """Grade every trial, some of them twice, and return them in order.

    root: the course's folder. seed: of the hidden checks. progress: called after each grading.
    Raises SpecError where the checks cannot be run and GraderFault where we fail.
    """
    orders = [_Order(root, name, seed, unsafe, share) for share in shares(trials)]
    reports: dict[str, list[Report]] = {trial.name: [] for trial in trials}
    context = multiprocessing.get_context("spawn")
    pipes: list[Connection] = []
    processes = []
    try:
        for order in orders:
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_main, args=(theirs, order), daemon=True)
            process.start()
            theirs.close()
            pipes.append(ours)
            processes.append(process)
        for label, report in _received(pipes):
            reports[label].append(report)
            progress()
    finally:
        for process in processes:
            process.terminate()
            process.join(5)
            if process.is_alive():
                process.kill()
                process.join()
    return [Tried(trial, *reports[trial.name][:2]) for trial in trials]


def shares(trials: Sequence[Trial]) -> tuple[tuple[Trial, ...], tuple[Trial, ...]]:
    """What each of two processes grades: together everything, and some of it twice.

    Twice: the starter, the reference, the first mistake of each function and one in four of
    the rest.
    """
    once: list[Trial] = []
    twice: list[Trial] = []
    public = [trial for trial in trials if trial.kind == "public"]
    seen: set[str] = set()
    for index, trial in enumerate(trials):
        if trial.kind == "public":
            continue
        first = trial.kind == "mistake" and trial.target not in seen
        seen |= {trial.target} if first else set()
        own = trial.kind in ("starter", "reference")
        (twice if own or first or index % EVERY == 0 else once).append(trial)
    half = len(once) // 2
    return (*public, *twice, *once[:half]), (*once[half:], *reversed(twice))


def _received(pipes: list[Connection]) -> Iterator[tuple[str, Report]]:
    """What the processes send, until all of them have ended. Raises what ended one."""
    open_pipes = list(pipes)
    while open_pipes:
        for pipe in multiprocessing.connection.wait(open_pipes):
            assert isinstance(pipe, multiprocessing.connection.Connection)
            try:
                kind, value = pipe.recv()
            except (EOFError, OSError):
                raise GraderFault("the grading process ended before its work was done") from None
            if kind == "report":
                label, text = value
                yield label, Report.model_validate_json(text)
            elif kind == "end":
                open_pipes.remove(pipe)
            elif kind == "spec":
                raise SpecError(value)
            else:
                raise GraderFault(value)


# In a process of its own


def _main(pipe: Connection, order: _Order) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone decides what Ctrl-C means
    # A terminated process must still end its fork server.
    signal.signal(signal.SIGTERM, _stop)
    # A warning of numpy's about a check's own sums is for the author's tests, not for this screen.
    warnings.simplefilter("ignore")

    def deliver(graded: Graded) -> None:
        pipe.send(("report", (graded.job.label, graded.staff.to_json())))

    with contextlib.suppress(BrokenPipeError):  # the parent is gone, and nobody wants the results
        pipe.send(_ended(order, deliver))


def _ended(order: _Order, deliver: Callable[[Graded], None]) -> tuple[str, str]:
    """Do what was ordered; the kind of its end, and the reason if it is none to be glad of."""
    try:
        launcher = open_launcher(order.unsafe)
        try:
            _grade(order, launcher, deliver)
        finally:
            launcher.close()
    except SpecError as exc:
        return "spec", str(exc)
    except GraderError as exc:
        return "fault", "; ".join([str(exc), *getattr(exc, "__notes__", ())])
    except BrokenPipeError:
        raise
    except Exception:
        return "fault", "the grading process failed:\n" + traceback.format_exc(limit=-6)
    return "end", ""


def _stop(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _grade(order: _Order, launcher: Launcher, deliver: Callable[[Graded], None]) -> None:
    assignment = find_course(order.root).assignment(order.name)
    public = [_job(trial) for trial in order.trials if trial.kind == "public"]
    rest = [_job(trial) for trial in order.trials if trial.kind != "public"]
    grade_all(assignment, rest, launcher, deliver, seed=order.seed, keep_figures="none")
    if public:
        with tempfile.TemporaryDirectory(prefix="grader-") as folder:
            bare = _without_solution(assignment, Path(folder))
            grade_all(
                bare, public, launcher, deliver, seed="public", hidden=False, keep_figures="none"
            )


def _job(trial: Trial) -> Job:
    files = dict(trial.files)
    digest = hashlib.sha256(b"".join(files.values())).hexdigest()
    return Job(trial.name, trial.name, Submission(files, digest))


def _without_solution(assignment: Assignment, folder: Path) -> Assignment:
    """The homework as a student has it: no solutions/ anywhere around."""
    copied = folder / "assignments" / assignment.name
    shutil.copytree(assignment.folder, copied)
    for entry, source in zip(assignment.spec.data, assignment.data.values(), strict=True):
        target = folder / "datasets" / entry
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    return load_assignment(copied, None, folder / "datasets")
