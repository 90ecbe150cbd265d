"""Checks on a student's own machine: no isolation, public checks only."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader._internal.syntax import parse
from grader.course.assignment import Assignment
from grader.course.course import PUBLIC_SEED
from grader.engine.debugger import LocalSubject
from grader.engine.runner import Graded, Job, KeepFigures, OnCollect, OnRaise, grade_all
from grader.errors import SubmissionError
from grader.reports.schema import Report
from grader.sandbox.host.launch import Launcher, PlainLauncher
from grader.student.work import read_work
from grader.submission.files import Submission
from grader.submission.program import prepare


@dataclass(frozen=True)
class Checked:
    """The result of checking, and the pictures that were kept, by their file name.

    report: all that is known, a fault of a check's own included, which the course is to be told.
    for_tools: the student's report, of the same form as that of a grading run.
    """

    report: Report
    for_tools: Report
    pictures: dict[str, bytes]


def check_locally(
    assignment: Assignment,
    path: Path,
    *,
    only: str | None = None,
    keep_figures: KeepFigures = "none",
    launcher: Launcher | None = None,
) -> Checked:
    """Run the public checks on a file or folder, as an ordinary subprocess of the student's."""
    graded: list[Graded] = []
    grade_all(
        assignment, [job_of(read_work(assignment, path))], launcher or PlainLauncher(),
        graded.append, seed=PUBLIC_SEED, hidden=False, keep_figures=keep_figures, only=only,
    )  # fmt: skip
    return Checked(graded[0].staff, graded[0].student, graded[0].pictures)


def debug_locally(
    assignment: Assignment, path: Path, *, only: str | None, on_raise: OnRaise
) -> Report:
    """Run the public checks with the student's code in this process, so that breakpoints work.

    on_raise: called for each check that does not pass, with what it raised; the traceback of an
    error of the student's code leads to it.
    """
    graded: list[Graded] = []
    folder = path if path.is_dir() else path.parent
    grade_all(
        assignment, [job_of(read_work(assignment, path))], PlainLauncher(), graded.append,
        seed=PUBLIC_SEED, hidden=False, keep_figures="none", only=only,
        make_subject=functools.partial(LocalSubject, folder), on_raise=on_raise,
    )  # fmt: skip
    return graded[0].staff


def watch_locally(
    assignment: Assignment,
    jobs: Iterator[Job],
    launcher: Launcher,
    deliver: Callable[[Report], None],
    *,
    only: str | None,
    on_collect: OnCollect,
) -> None:
    """Run the public checks on each of `jobs` as it comes, with everything loaded but once."""
    grade_all(
        assignment, jobs, launcher, lambda graded: deliver(graded.staff), seed=PUBLIC_SEED,
        hidden=False, keep_figures="none", only=only, on_collect=on_collect,
    )  # fmt: skip


def job_of(submission: Submission) -> Job:
    """A student's work as a job of the runner."""
    return Job(student="you", label="you", submission=submission)


def breakpoints(assignment: Assignment, submission: Submission) -> list[str]:
    """Where the code would stop for a debugger: "my_homework.py, line 12"."""
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
