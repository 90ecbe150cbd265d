"""Runs the public checks on a student's own machine, without isolation."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader._internal.syntax import parse
from grader.course.assignment import Assignment
from grader.course.course import PUBLIC_SEED
from grader.engine.debugger import LocalSubject
from grader.engine.live import LiveSubject
from grader.engine.proxy import Subject
from grader.engine.runner import KeepFigures, OnCollect, OnRaise, OnResult, SubjectMaker, grade_all
from grader.engine.task import AT_HOME, Result, Task, task_of
from grader.errors import SubmissionError
from grader.reports.schema import Report
from grader.sandbox.host.launch import Launcher, PlainLauncher
from grader.sandbox.host.live import LiveCode
from grader.student.work import read_work
from grader.submission.files import Submission
from grader.submission.program import prepare, undone


@dataclass(frozen=True)
class LiveResult:
    """What the checks found of a notebook's functions. called: those that they asked for."""

    report: Report
    called: frozenset[str]


def check_locally(
    assignment: Assignment,
    path: Path,
    *,
    only: str | None = None,
    keep_figures: KeepFigures = "none",
    launcher: Launcher | None = None,
) -> Result:
    """Run the public checks on a file or folder, in an ordinary subprocess.

    The staff's report has everything that is known, including a fault in a check itself, which the
    course should hear about. The student's has the form that a grading run writes, for other
    programs.
    """
    return _grade_one(
        assignment, path, launcher or PlainLauncher(), keep_figures=keep_figures, only=only
    )


def debug_locally(
    assignment: Assignment, path: Path, *, only: str | None, on_raise: OnRaise
) -> Report:
    """Run the public checks with the student's code in this process, so that breakpoints work.

    on_raise: called for each check that does not pass, with what it raised; the traceback of an
    error of the student's code leads to it.
    """
    folder = path if path.is_dir() else path.parent
    make_subject = functools.partial(LocalSubject, folder)
    result = _grade_one(
        assignment, path, PlainLauncher(),
        only=only, make_subject=make_subject, on_raise=on_raise,
    )  # fmt: skip
    return result.staff


def check_followed(
    assignment: Assignment,
    path: Path,
    *,
    make_subject: SubjectMaker,
    on_collect: OnCollect,
    on_result: OnResult,
) -> Result:
    """Run the public checks on a file or folder, in what `make_subject` makes, with all pictures.

    on_collect, on_result: see grade_all.
    """
    return _grade_one(
        assignment, path, PlainLauncher(), only=None, keep_figures="all",
        make_subject=make_subject, on_collect=on_collect, on_result=on_result,
    )  # fmt: skip


def check_live(
    assignment: Assignment,
    work: Submission,
    live: LiveCode,
    labels: Mapping[str, str],
    *,
    only: str | None,
) -> LiveResult:
    """Run the public checks on the functions that a kernel has now, in the kernel.

    work: the cells that it has run, as a notebook, with the files beside it. labels: see
    LiveSubject. Raises KeyboardInterrupt if it is stopped.
    """
    results: list[Result] = []
    subjects: list[LiveSubject] = []

    def make_subject(*args: Any) -> LiveSubject:
        subjects.append(LiveSubject(live, labels, *args))
        return subjects[-1]

    grade_all(
        assignment, [work_task(assignment, work)], PlainLauncher(),
        lambda _, result: results.append(result),
        seed=PUBLIC_SEED, hidden=False, keep_figures="none", only=only, make_subject=make_subject,
    )  # fmt: skip
    called = {name for subject in subjects for name in subject.called}
    return LiveResult(_of_now(results[0].staff, assignment, work), frozenset(called))


def _of_now(report: Report, assignment: Assignment, work: Submission) -> Report:
    """A report without what is said of cells that were run before: they may be other cells now."""
    try:
        past = {*undone(prepare(work, assignment).parts).values()}
    except SubmissionError:
        return report
    warnings = tuple(text for text in report.warnings if text not in past)
    return report.model_copy(update={"warnings": warnings})


def _grade_one(
    assignment: Assignment,
    path: Path,
    launcher: Launcher,
    *,
    only: str | None,
    keep_figures: KeepFigures = "none",
    make_subject: SubjectMaker = Subject,
    on_raise: OnRaise | None = None,
    on_collect: OnCollect | None = None,
    on_result: OnResult | None = None,
) -> Result:
    """The result of the public checks on the file or folder `path`."""
    results: list[Result] = []
    task = work_task(assignment, read_work(assignment, path))
    grade_all(
        assignment, [task], launcher, lambda _, result: results.append(result),
        seed=PUBLIC_SEED, hidden=False, keep_figures=keep_figures, only=only,
        make_subject=make_subject, on_raise=on_raise,
        on_collect=on_collect, on_result=on_result,
    )  # fmt: skip
    return results[0]


def watch_locally(
    assignment: Assignment,
    tasks: Iterator[Task],
    launcher: Launcher,
    deliver: Callable[[Report], None],
    *,
    only: str | None,
    on_collect: OnCollect,
) -> None:
    """Run the public checks on each of `tasks` as it comes, loading everything only once."""
    grade_all(
        assignment, tasks, launcher, lambda _, result: deliver(result.staff), seed=PUBLIC_SEED,
        hidden=False, keep_figures="none", only=only, on_collect=on_collect,
    )  # fmt: skip


def work_task(assignment: Assignment, work: Submission) -> Task:
    """A student's own work as a task for the engine."""
    return task_of(work, AT_HOME, assignment.name)


def breakpoints(assignment: Assignment, submission: Submission) -> list[str]:
    """Where the code calls breakpoint(): "my_homework.py, line 12"."""
    try:
        parts = prepare(submission, assignment).parts
    except SubmissionError:
        return []
    found = []
    for part in parts:
        try:
            tree = parse(part.source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id == "breakpoint":
                found.append(f"{part.label}, line {called.lineno}")
    return found
