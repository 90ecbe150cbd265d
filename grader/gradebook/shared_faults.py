"""Submissions with something in common: the same named mistake, or the same failing checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from grader.course.course import Course
from grader.gradebook.connect import reading
from grader.gradebook.models import report_texts
from grader.gradebook.records import Attempt, Grade
from grader.gradebook.store import Gradebook
from grader.reports.schema import CheckResult, Outcome, Report

MOST_GROUPS = 60
_FINE = frozenset({Outcome.PASSED, Outcome.GRADER_ERROR})


@dataclass(frozen=True)
class FaultMember:
    """One attempt that counts. points: of the group's checks, by id, overrides included."""

    attempt: Attempt
    people: tuple[str, ...]
    student: int
    points: dict[str, float]


@dataclass(frozen=True)
class FaultGroup:
    """Attempts with the same fault. named: the mistake's words; "" where the same checks fail.

    checks: id, title and full points of those that it is about.
    """

    named: str
    checks: tuple[tuple[str, str, float], ...]
    members: tuple[FaultMember, ...]


def fault_groups(book: Gradebook, course: Course, assignment: str) -> list[FaultGroup]:
    """The groups of two or more: named mistakes first, then failing checks, the largest first."""
    counted: dict[int, list[Grade]] = {}
    for grade in book.grades(assignment):
        if grade.attempt is not None and grade.attempt.report is not None:
            counted.setdefault(grade.attempt.key, []).append(grade)
    reports = _reports(book, [grades[0] for grades in counted.values()])
    by_fault: dict[tuple[str, tuple[str, ...]], list[FaultMember]] = {}
    known: dict[str, CheckResult] = {}
    for key, grades in counted.items():
        failed = [each for each in reports[key].checks if each.outcome not in _FINE]
        known |= {each.id: each for each in failed}
        member = _member(grades, failed)
        for words in dict.fromkeys(each.diagnosis for each in failed if each.diagnosis):
            by_fault.setdefault((words, ()), []).append(member)
        if failed:
            by_fault.setdefault(("", tuple(each.id for each in failed)), []).append(member)
    found = []
    for (words, ids), members in by_fault.items():
        about = ids or _about(words, [reports[each.attempt.key] for each in members])
        checks = tuple((each, known[each].title, known[each].max_points) for each in about)
        if len(members) > 1:
            found.append(FaultGroup(words, checks, tuple(members)))
    return sorted(found, key=lambda each: (not each.named, -len(each.members)))[:MOST_GROUPS]


def _reports(book: Gradebook, grades: Sequence[Grade]) -> dict[int, Report]:
    by_report = {each.attempt.report: each.attempt.key for each in grades if each.attempt}
    columns = report_texts.c.report, report_texts.c.staff
    query = select(*columns).where(report_texts.c.report.in_(by_report))
    with reading(book.engine) as connection:
        rows = connection.execute(query).all()
    return {by_report[key]: Report.model_validate_json(text) for key, text in rows}


def _member(grades: Sequence[Grade], failed: Sequence[CheckResult]) -> FaultMember:
    attempt = grades[0].attempt
    assert attempt is not None, "only those that count are asked for"
    set_by_hand = {each.check: each.points for each in grades[0].automatic.overrides}
    return FaultMember(
        attempt,
        tuple(each.student.name or each.student.id for each in grades),
        grades[0].student.key,
        {each.id: set_by_hand.get(each.id, each.points) for each in failed},
    )


def _about(words: str, reports: Sequence[Report]) -> tuple[str, ...]:
    """The checks that name a mistake."""
    named = (each.id for report in reports for each in report.checks if each.diagnosis == words)
    return tuple(dict.fromkeys(named))
