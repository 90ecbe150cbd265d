"""The engine's input and output: a task for one submission, and its result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader._internal.clock import now_utc
from grader.reports.schema import CheckResult, Outcome, Report, read_report
from grader.submission.files import Submission
from grader.submission.program import Program
from grader.submission.sources import Source

AT_HOME = "you"  # whoever checks their own work: nobody knows who that is


@dataclass(frozen=True)
class Result:
    """The result of a task: the staff's report, the student's report, and their pictures.

    pictures: by the file name in the reports. program: what was run; None if the submission could
    not be made into a program, or if only the reports are left of a run.
    """

    staff: Report
    student: Report
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    program: Program | None = None


@dataclass(frozen=True)
class Task:
    """One submission to grade with the checks of one assignment.

    source: where it is and whose it is. assignment: UNKNOWN if it belongs to none of the course's.
    holds: the check functions whose results in the folder of reports `reports` are still valid;
    only the other checks are run. submission, earlier: its files and those earlier results, if the
    task carries them; else they are read from disk when they are needed.
    """

    source: Source
    assignment: str
    holds: frozenset[str] = frozenset()
    reports: Path | None = None
    submission: Submission | None = None
    earlier: Result | None = None

    def read(self) -> Submission:
        """Its files. Never raises for what a student did."""
        return self.source.read() if self.submission is None else self.submission

    def packed(self) -> Task:
        """The same task, carrying everything from the disk that grading it needs."""
        if self.submission is not None:
            return self
        return replace(self, submission=self.read(), earlier=self._holding())

    def _holding(self) -> Result | None:
        """The earlier result, with only those checks that are still valid."""
        if self.reports is None:
            return None
        folder, name = self.reports / self.assignment, f"{self.source.label}.json"
        try:
            staff, student = read_report(folder / name), read_report(folder / "student" / name)
            checks = tuple(
                check
                for check in staff.checks
                if function_of(check.id) in self.holds and check.outcome is not Outcome.GRADER_ERROR
            )
            pictures = {name: (folder / name).read_bytes() for name in _pictures_of(checks)}
        except (OSError, ValueError):
            return None  # a result that cannot be read is made again
        return Result(staff.model_copy(update={"checks": checks}), student, pictures)


def task_of(submission: Submission, student: str, assignment: str) -> Task:
    """A task for files that are in memory, for which it does not matter where they came from."""
    source = Source(Path(student), student, assignment, now_utc(), label=student)
    return Task(source, assignment, submission=submission)


def function_of(check_id: str) -> str:
    """ "checks::test_softmax" of "checks::test_softmax[3]": the cases of one parametrised check."""
    return check_id.partition("[")[0]


def _pictures_of(checks: Iterable[CheckResult]) -> Iterator[str]:
    for check in checks:
        yield from (figure.file for figure in check.figures if figure.file is not None)
