"""Submissions with something in common: the same named mistake, or the same failing checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.course.course import Course
from grader.gradebook.connect import reading
from grader.gradebook.outcomes import CheckOutcome
from grader.gradebook.records import Attempt, Grade
from grader.gradebook.store import Gradebook
from grader.reports.schema import Outcome

MOST_GROUPS = 60
_FINE = frozenset({Outcome.PASSED, Outcome.GRADER_ERROR})


@dataclass(frozen=True)
class FaultMember:
    """One attempt that counts.

    points: of the checks that failed, by id, overrides included. by_hand: those of them whose
    points somebody has set by hand.
    """

    attempt: Attempt
    people: tuple[str, ...]
    student: int
    points: dict[str, float]
    by_hand: frozenset[str]


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
    ended = _ended(book, [grades[0].attempt for grades in counted.values() if grades[0].attempt])
    by_fault: dict[tuple[str, tuple[str, ...]], list[FaultMember]] = {}
    known: dict[str, CheckOutcome] = {}
    for key, grades in counted.items():
        failed = [each for each in ended[key] if each.outcome not in _FINE]
        known |= {each.id: each for each in failed}
        member = _member(grades, failed)
        for words in dict.fromkeys(each.mistake for each in failed if each.mistake):
            by_fault.setdefault((words, ()), []).append(member)
        if failed:
            by_fault.setdefault(("", tuple(each.id for each in failed)), []).append(member)
    found = []
    for (words, ids), members in by_fault.items():
        about = ids or _about(words, [ended[each.attempt.key] for each in members])
        checks = tuple((each, known[each].title, known[each].max_points) for each in about)
        if len(members) > 1:
            found.append(FaultGroup(words, checks, tuple(members)))
    return sorted(found, key=lambda each: (not each.named, -len(each.members)))[:MOST_GROUPS]


def _ended(book: Gradebook, attempts: Sequence[Attempt]) -> dict[int, tuple[CheckOutcome, ...]]:
    """How the checks ended, by attempt."""
    by_report = {each.report: each.key for each in attempts if each.report is not None}
    with reading(book.engine) as connection:
        found = book.outcomes.of(connection, by_report)
    return {by_report[report]: checks for report, checks in found.items()}


def _member(grades: Sequence[Grade], failed: Sequence[CheckOutcome]) -> FaultMember:
    attempt = grades[0].attempt
    assert attempt is not None, "only those that count are asked for"
    set_by_hand = {each.check: each.points for each in grades[0].automatic.overrides}
    return FaultMember(
        attempt,
        tuple(each.student.name or each.student.id for each in grades),
        grades[0].student.key,
        {each.id: set_by_hand.get(each.id, each.points) for each in failed},
        frozenset(each.id for each in failed if each.id in set_by_hand),
    )


def _about(words: str, ended: Sequence[Sequence[CheckOutcome]]) -> tuple[str, ...]:
    """The checks that name a mistake."""
    named = (each.id for checks in ended for each in checks if each.mistake == words)
    return tuple(dict.fromkeys(named))
