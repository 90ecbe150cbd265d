"""A student's progress with a homework, as `list`, `status` and `hint` show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.course import Course, LastCheck
from grader.errors import SubmissionError
from grader.reports.schema import Report
from grader.student.receipts import Receipt, receipts_of, unreadable_receipts
from grader.student.remaining import is_answered
from grader.student.work import own_digest, read_work, work_digest
from grader.submission.choice import attempted, choose


@dataclass(frozen=True)
class Progress:
    """What is known of one homework.

    begun: the file differs from the starter. checked: what the last check found; `changed`, whether
    the files have changed since. receipts: of what was handed in, the oldest first; `unsent`,
    whether the files have changed since the last of them. damaged: files of receipts that cannot be
    read. answered: the written questions are, or there are none.
    """

    begun: bool
    checked: LastCheck | None
    changed: bool
    receipts: tuple[Receipt, ...]
    unsent: bool
    damaged: tuple[Path, ...]
    answered: bool


def progress_of(course: Course, assignment: Assignment) -> Progress:
    """Determine the progress from a homework's folder and from what was remembered about it."""
    files = read_work(assignment, assignment.folder).files
    # Earlier versions counted starters that nobody had touched, too.
    work = own_digest(files, assignment), work_digest(files)
    checked = course.last_check(assignment.name)
    receipts = tuple(receipts_of(course, assignment.name))
    return Progress(
        begun=_begun(files, assignment),
        checked=checked,
        changed=checked is not None and checked.work not in work,
        receipts=receipts,
        unsent=bool(receipts) and receipts[-1].work not in work,
        damaged=tuple(unreadable_receipts(course, assignment.name)),
        answered=is_answered(assignment, files),
    )


def _begun(files: Mapping[str, bytes], assignment: Assignment) -> bool:
    try:
        main, _ = choose(files, assignment)
    except SubmissionError:
        return False
    return attempted(main, files[main], assignment)


def remember_check(course: Course, assignment: Assignment, report: Report) -> None:
    """Keep the result of a check of the whole homework, in its own folder."""
    course.remember_check(
        assignment.name,
        LastCheck(
            score=report.score,
            max_score=report.max_score,
            work=own_digest(read_work(assignment, assignment.folder).files, assignment),
            outcomes={check.id: check.outcome.value for check in report.checks},
        ),
    )
