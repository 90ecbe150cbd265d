"""How a class stands in a homework now: each student's newest graded attempt, check by check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.gradebook.connect import reading
from grader.gradebook.grades.policy import order_of
from grader.gradebook.models import attempts
from grader.gradebook.outcomes import CheckOutcome
from grader.gradebook.queries import load_attempts, load_students
from grader.gradebook.records import Attempt, Student
from grader.gradebook.store import Gradebook
from grader.reports.schema import Outcome


@dataclass(frozen=True)
class StudentProgress:
    """A student's newest graded attempt. attempts: how many they handed in."""

    student: Student
    attempt: Attempt
    attempts: int
    checks: tuple[CheckOutcome, ...]

    @cached_property
    def stuck_at(self) -> tuple[CheckOutcome, ...]:
        """The checks that they tried and did not pass."""
        tried = (each for each in self.checks if each.outcome is not Outcome.NOT_ATTEMPTED)
        return tuple(each for each in tried if not each.passed)


@dataclass(frozen=True)
class CheckProgress:
    """How a check ended over the class. stuck: those who tried it and did not pass."""

    id: str
    title: str
    passed: int
    not_attempted: int
    stuck: tuple[StudentProgress, ...]


def class_progress(book: Gradebook, assignment: str) -> tuple[StudentProgress, ...]:
    """Everybody of whom an attempt is graded, by id."""
    with reading(book.engine) as connection:
        people = {each.key: each for each in load_students(connection)}
        found = load_attempts(connection, attempts.c.assignment == assignment)
        counts: dict[int, int] = {}
        newest: dict[int, Attempt] = {}
        for attempt in sorted(found, key=order_of):
            counts[attempt.student] = counts.get(attempt.student, 0) + 1
            if attempt.report is not None:
                newest[attempt.student] = attempt
        wanted = [each.report for each in newest.values() if each.report is not None]
        checks = book.outcomes.of(connection, wanted)
    theirs = (
        StudentProgress(people[key], each, counts[key], checks.get(each.report or 0, ()))
        for key, each in newest.items()
    )
    return tuple(sorted(theirs, key=lambda each: each.student.id))


def by_check(progress: Sequence[StudentProgress]) -> tuple[CheckProgress, ...]:
    """The checks, those at which most are stuck first."""
    titles: dict[str, str] = {}
    passed: dict[str, int] = {}
    untried: dict[str, int] = {}
    stuck: dict[str, list[StudentProgress]] = {}
    for each in progress:
        for check in each.checks:
            titles.setdefault(check.id, check.title)
            if check.passed:
                passed[check.id] = passed.get(check.id, 0) + 1
            elif check.outcome is Outcome.NOT_ATTEMPTED:
                untried[check.id] = untried.get(check.id, 0) + 1
            else:
                stuck.setdefault(check.id, []).append(each)
    found = [
        CheckProgress(id, title, passed.get(id, 0), untried.get(id, 0), tuple(stuck.get(id, ())))
        for id, title in titles.items()
    ]
    return tuple(sorted(found, key=lambda each: -len(each.stuck)))
