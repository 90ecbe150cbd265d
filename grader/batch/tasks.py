"""How to grade a batch, what carries it out, and where the results go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from grader.batch.journal import JournalEntry, JournalWriter
from grader.course.feedback import StudentView
from grader.engine.runner import KeepFigures, empty_report
from grader.engine.task import Result, Task
from grader.errors import GraderFault
from grader.reports.summary import Row, row_of
from grader.reports.visible import student_report
from grader.reports.writer import Outbox
from grader.sandbox.host.launch import Launcher, PlainLauncher
from grader.sandbox.host.probe import open_launcher
from grader.submission.files import UNUSABLE
from grader.submission.sources import UNKNOWN, Source


@dataclass(frozen=True)
class Options:
    """How to grade.

    isolation: the level to run at, as `probe` found it, or "none". seed: of the hidden checks,
    None for the one from the staff's key. html: whether to make pages too. scheduler: of a Dask
    cluster, "local" for one on this machine; None to grade in processes of our own. only: the
    assignments and labels of what is to be graded, if it is not everything. people: the names of
    people, for pages, by the names under which they handed in. waiting: homeworks and names under
    which somebody handed in whose own due date is later than now, though the homework's is not.
    zone: of the times on pages; None for UTC.
    """

    out: Path
    isolation: str
    jobs: int = 1
    seed: str | None = None
    keep_figures: KeepFigures = "failed"
    html: bool = False
    scheduler: str | None = None
    only: frozenset[tuple[str, str]] | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    waiting: frozenset[tuple[str, str]] = frozenset()
    zone: tzinfo | None = None

    def wants(self, assignment: str, label: str) -> bool:
        """Whether a submission is to be graded or shown."""
        return self.only is None or (assignment, label) in self.only


@dataclass(frozen=True)
class Keys:
    """What results of one homework depend on today; see cache_keys. seed: of its hidden checks.

    shown: what students see of a result now; early, what those see whose own due date is later.
    waiting: the names under which these handed in.
    """

    seed: str
    run: str
    checks: Mapping[str, str]
    shown: StudentView = field(default_factory=StudentView)
    early: StudentView = field(default_factory=StudentView)
    waiting: frozenset[str] = frozenset()

    def shown_to(self, source: Source) -> StudentView:
        """What those see who handed this in; of partners the latest due date counts."""
        return self.early if self.waiting & {source.student, *source.members} else self.shown


class Executor(Protocol):
    """Carries tasks out."""

    def run(self, tasks: Sequence[Task]) -> Iterator[Row]:
        """Do them, in any order, and yield the line of each in the summary.

        By then all of it is written to the output folder and noted in its journal.

        Raises UsageError for an assignment that is broken and GraderFault for a fault of ours
        that stops everything.
        """


def why_unknown(source: Source) -> str:
    """Why a submission belongs to no assignment."""
    submission = source.read()
    if submission.problem is not None:
        return f"{UNUSABLE}{submission.problem}; its assignment is unknown"
    if source.assignment is None:
        return "it is not known which assignment this is; name it with --assignment"
    return f"this course has no assignment {source.assignment[:80]!r}; name one with --assignment"


def outbox_of(options: Options) -> Outbox:
    """Where the results go."""
    return Outbox(options.out, html=options.html, people=options.people, zone=options.zone)


class ResultWriter:
    """Writes what a task gave: the reports, then the entry in the journal."""

    def __init__(self, options: Options, keys: Mapping[str, Keys]) -> None:
        self._options = options
        self._outbox = outbox_of(options)
        self._journal = JournalWriter(options.out)
        self._keys = keys

    def put(self, task: Task, result: Result) -> Row:
        """Write all results of a submission. Raises GraderFault if they cannot be written."""
        keys = self._keys.get(task.assignment)
        if keys is not None:
            view = keys.shown_to(task.source)
            theirs = student_report(result.staff, result.student, view)
            result = replace(result, student=theirs)
        report = self._outbox.put(task, result)
        row = row_of(result.staff, task.source)
        if keys is not None:  # else it is not known what the result depends on
            found = task.source.warnings
            entry = JournalEntry(keys.run, keys.checks, report, found, row, view.key)
            self._journal.add(entry)
        return row

    def put_empty(self, task: Task, reason: str, staff_reason: str | None = None) -> Row:
        """Write the reports of a submission without checks, or on which the grader fails.

        staff_reason: see empty_report.
        """
        result = empty_report(task, reason, self._options.isolation, staff_reason)
        self._outbox.put(task, result)
        row = row_of(result.staff, task.source)
        return row if task.assignment == UNKNOWN else replace(row, faults=1)


def launcher_at(isolation: str, *, many: bool = True) -> Launcher:
    """A launcher for the isolation level that was found to hold when the run began.

    many: whether it will be for more than a few submissions. Raises GraderFault if that level does
    not hold here now, never giving a lower one silently.
    """
    launcher = open_launcher(isolation == PlainLauncher.isolation, many=many)
    if launcher.isolation != isolation:
        launcher.close()
        raise GraderFault(
            f"the isolation level here is {launcher.isolation}, not {isolation}; run "
            "`python -m grader doctor`"
        )
    return launcher
