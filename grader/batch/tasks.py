"""What passes between the plan of a batch and those who carry it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from grader.batch.cache_keys import function_of
from grader.batch.journal import Entry, JournalWriter
from grader.engine.runner import Graded, Job, KeepFigures, Kept, empty_report
from grader.reports.schema import CheckResult, Outcome, read_report
from grader.reports.summary import Row, row_of
from grader.reports.writer import Outbox
from grader.sandbox.host.launch import Launcher, PlainLauncher
from grader.submission.files import Submission
from grader.submission.sources import UNKNOWN, Source


@dataclass(frozen=True)
class Options:
    """How to grade.

    isolation: the level to run at, as `probe` found it, or "none". seed: of the hidden checks,
    None for the one from the staff's key. html: whether to make pages too. scheduler: of a Dask
    cluster, "local" for one on this machine; None to grade in processes of our own.
    """

    out: Path
    isolation: str
    jobs: int = 1
    seed: str | None = None
    keep_figures: KeepFigures = "failed"
    html: bool = False
    scheduler: str | None = None


@dataclass(frozen=True)
class Homework:
    """What results of one homework depend on today. See `keys`. seed: of its hidden checks."""

    seed: str
    run: str
    checks: Mapping[str, str]


@dataclass(frozen=True)
class Task:
    """One submission to grade.

    assignment: UNKNOWN where it belongs to none of the course's. holds: the check functions whose
    results in the reports below `earlier` still hold; the others are run.
    """

    item: Source
    assignment: str
    holds: frozenset[str] = frozenset()
    earlier: Path | None = None

    def job(self, submission: Submission) -> Job:
        """For the runner, with what is kept of earlier reports."""
        kept = None if self.earlier is None else self._kept(self.earlier / self.assignment)
        item = self.item
        return Job(item.student, item.label, submission, item.warnings, kept)

    def _kept(self, folder: Path) -> Kept | None:
        label = self.item.label
        try:
            staff = read_report(folder / f"{label}.json")
            student = read_report(folder / "student" / f"{label}.json")
            checks = {
                check.id: check
                for check in staff.checks
                if function_of(check.id) in self.holds and check.outcome is not Outcome.GRADER_ERROR
            }
            pictures = {
                name: (folder / name).read_bytes() for name in _pictures_of(checks.values())
            }
        except (OSError, ValueError):
            return None  # what cannot be read is made again
        tails = staff.stdout_tail or "", student.stdout_tail or ""
        return Kept(checks, pictures, staff.warnings, student.warnings, *tails)


def _pictures_of(checks: Iterable[CheckResult]) -> Iterator[str]:
    for check in checks:
        yield from (figure.file for figure in check.figures if figure.file is not None)


@dataclass(frozen=True)
class Finished:
    """A task that was done."""

    task: Task
    row: Row


class Executor(Protocol):
    """Carries tasks out."""

    def run(self, tasks: Sequence[Task]) -> Iterator[Finished]:
        """Do them, in any order; each is whole in the output folder and its journal when it is
        told of.

        Raises UsageError for an assignment that is broken and GraderFault for a fault of ours
        that stops everything.
        """


def why_unknown(item: Source) -> str:
    """Why a submission belongs to no assignment."""
    submission = item.read()
    if submission.problem is not None:
        return f"the submission {submission.problem}; its assignment is not known"
    if item.assignment is None:
        return "nothing tells which assignment this is; name it with --assignment"
    return f"there is no assignment {item.assignment[:80]!r} in this course"


class Results:
    """Where whoever grades puts results: the reports, then the entry in the journal."""

    def __init__(self, options: Options, homeworks: Mapping[str, Homework]) -> None:
        self._options = options
        self._outbox = Outbox(options.out, html=options.html)
        self._journal = JournalWriter(options.out)
        self._homeworks = homeworks

    def put(self, task: Task, graded: Graded) -> Row:
        """Write all there is of a submission. Raises GraderFault where it cannot be written."""
        report = self._outbox.put(graded)
        row = row_of(graded.staff, task.item)
        homework = self._homeworks.get(task.assignment)
        if homework is not None:  # else nothing tells what it rests on
            found = task.item.warnings
            self._journal.add(Entry(homework.run, homework.checks, report, found, row))
        return row

    def put_empty(self, task: Task, reason: str, staff_reason: str | None = None) -> Row:
        """Write the reports of a submission for which there are no checks, or that we fail on.

        staff_reason: see empty_report.
        """
        item = task.item
        job = Job(item.student, item.label, item.read(), item.warnings)
        isolation = self._options.isolation
        graded = empty_report(job, task.assignment, reason, isolation, staff_reason)
        self._outbox.put(graded)
        row = row_of(graded.staff, item)
        return row if task.assignment == UNKNOWN else replace(row, faults=1)


def launcher_at(isolation: str) -> Launcher:
    """A launcher of a level that was found to hold when the run began."""
    if isolation == PlainLauncher.isolation:
        return PlainLauncher()
    # Linux only, and only where something is graded.
    from grader.sandbox.host.fork_server import ForkServerLauncher

    return ForkServerLauncher("full" if isolation == "full" else "landlock")
