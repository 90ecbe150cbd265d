"""How a class stands in a homework now: each student's newest graded attempt, check by check.

Of a report only what is asked for is read, because a class has thousands of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from grader.gradebook.connect import reading
from grader.gradebook.models import attempts, report_texts
from grader.gradebook.policy import order_of
from grader.gradebook.queries import load_attempts, load_students
from grader.gradebook.records import Attempt, Student
from grader.reports.schema import Outcome

_AT_ONCE = 500  # reports, so that never all of them are in memory


@dataclass(frozen=True)
class CheckStanding:
    """How one check ended for one student. mistake: its name, "" if it is not known."""

    id: str
    title: str
    outcome: Outcome
    mistake: str

    @property
    def passed(self) -> bool:
        """Whether it gave points."""
        return self.outcome is Outcome.PASSED


@dataclass(frozen=True)
class StudentProgress:
    """A student's newest graded attempt. attempts: how many they handed in."""

    student: Student
    attempt: Attempt
    attempts: int
    checks: tuple[CheckStanding, ...]

    @property
    def stuck_at(self) -> tuple[CheckStanding, ...]:
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


def class_progress(engine: Engine, assignment: str) -> tuple[StudentProgress, ...]:
    """Everybody of whom an attempt is graded, by id."""
    with reading(engine) as connection:
        people = {each.key: each for each in load_students(connection)}
        found = load_attempts(connection, attempts.c.assignment == assignment)
        counts: dict[int, int] = {}
        newest: dict[int, Attempt] = {}
        for attempt in sorted(found, key=order_of):
            counts[attempt.student] = counts.get(attempt.student, 0) + 1
            if attempt.report is not None:
                newest[attempt.student] = attempt
        checks = dict(_checks_of(connection, [each.report for each in newest.values()]))
    theirs = (
        StudentProgress(people[key], each, counts[key], checks.get(each.report or 0, ()))
        for key, each in newest.items()
    )
    return tuple(sorted(theirs, key=lambda each: each.student.id))


def _checks_of(
    connection: Connection, wanted: Sequence[int | None]
) -> Iterator[tuple[int, tuple[CheckStanding, ...]]]:
    query = select(report_texts.c.report, report_texts.c.staff)
    for begin in range(0, len(wanted), _AT_ONCE):
        some = wanted[begin : begin + _AT_ONCE]
        for key, text in connection.execute(query.where(report_texts.c.report.in_(some))):
            yield (
                key,
                tuple(
                    CheckStanding(
                        check["id"],
                        check["title"],
                        Outcome(check["outcome"]),
                        check["diagnosis"] or "",
                    )
                    for check in json.loads(text)["checks"]
                ),
            )


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
