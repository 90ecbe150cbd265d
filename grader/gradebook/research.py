"""The gradebook as tables for research, without identities if asked.

A pseudonym follows from the course's secret key, so that a person is the same one in every table
and every export, and who has no key cannot tell who it is. Without identities there is no time
of a hand-in either, only how long before the due date it came, in hours; and nothing that people
wrote unless it is asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from grader.course.course import Course
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.gradebook.course_totals import course_totals
from grader.gradebook.records import Attempt, Grade
from grader.reports.summary import harmless_cell

POINTS_ALONE = "points alone"  # of a mark for which no item of the rubric was ticked
Cell = str | float | None
Row = tuple[Cell, ...]

_HEADS: dict[str, tuple[str, ...]] = {
    "students.csv": ("student", "section", "group", "total", "total_so_far", "withdrawn"),
    "grades.csv": (
        "assignment", "student", "points", "so_far", "max_points", "automatic", "automatic_max",
        "penalty", "adjustments", "days_late", "free_days", "extension_days", "attempts",
        "standing", "open", "reasons",
    ),
    "attempts.csv": (
        "assignment", "student", "attempt", "received", "counts", "score", "max_score", "faults",
    ),
    "checks.csv": (
        "assignment", "student", "attempt", "check", "outcome", "points", "max_points", "mistake",
    ),
    "marks.csv": (
        "assignment", "student", "question", "points", "max_points", "rubric", "marker", "comment",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class _Naming:
    """What people, sections and groups are called in the tables."""

    of: Callable[[str], str]
    anonymous: bool
    texts: bool

    def text(self, *parts: str) -> str:
        return "; ".join(filter(None, parts)) if self.texts else ""


def research_tables(
    book: Gradebook, course: Course, *, anonymous: bool, texts: bool
) -> dict[str, str]:
    """CSV text by file name: students, grades, attempts, checks, marks.

    anonymous: pseudonyms instead of names. texts: with what people wrote, as it is. Raises
    CourseError and SpecError.
    """

    def pseudonym(name: str) -> str:
        # One for all homeworks, unlike those of marking.
        return course.pseudonym("", name) if name else ""

    names = _Naming(pseudonym if anonymous else str, anonymous, texts)
    rows: dict[str, list[Row]] = {name: [] for name in _HEADS}
    for total in course_totals(book, course):
        student = total.student
        rows["students.csv"].append(
            (
                names.of(student.id),
                names.of(student.section),
                names.of(student.group),
                total.percent,
                total.so_far,
                "withdrawn" if total.withdrawn else "",
            )
        )
    for assignment in course.by_due_date:
        grades = book.grades(assignment)
        rows["grades.csv"] += [_grade_row(grade, names) for grade in grades]
        rows["marks.csv"] += [row for grade in grades for row in _mark_rows(grade, names)]
        _add_attempts(book, assignment, grades, names, rows)
    return {name: _csv(_HEADS[name], _sorted(found)) for name, found in rows.items()}


def _sorted(rows: Iterable[Row]) -> list[Row]:
    """In the order of what they say, because the order of ids tells whose pseudonym is whose."""
    return sorted(rows, key=lambda row: tuple(map(str, row)))


def _grade_row(grade: Grade, names: _Naming) -> Row:
    why = [each.why for each in grade.automatic.overrides]
    why += [each.why for each in grade.adjustments]
    why += [
        grade.granted.why if grade.granted else "",
        grade.standing.why if grade.standing else "",
    ]
    granted = grade.granted.days if grade.granted else 0
    return (
        grade.assignment, names.of(grade.student.id), grade.points, grade.so_far, grade.max_points,
        grade.automatic.points, grade.automatic.max_points, grade.penalty,
        sum(each.points for each in grade.adjustments), grade.late.days, grade.late.free_days,
        granted + grade.student.extension_days, grade.attempts,
        grade.standing.kind.value if grade.standing else "", "" if grade.is_final else "open",
        names.text(*why),
    )  # fmt: skip


def _mark_rows(grade: Grade, names: _Naming) -> Iterable[Row]:
    for question in grade.questions:
        mark = question.mark
        if mark is not None:
            yield (
                grade.assignment,
                names.of(grade.student.id),
                question.question,
                mark.points,
                question.max_points,
                " | ".join(mark.rubric) or POINTS_ALONE,
                names.of(mark.who),
                names.text(mark.comment),
            )


def _add_attempts(
    book: Gradebook,
    assignment: str,
    grades: Sequence[Grade],
    names: _Naming,
    rows: dict[str, list[Row]],
) -> None:
    """The attempts at a homework of the students of these grades, and how their checks ended."""
    of_student = {grade.student.key: grade for grade in grades}
    numbers: dict[int, int] = {}
    for attempt in book.attempts(assignment):
        grade = of_student.get(attempt.student)
        if grade is None:
            continue
        number = numbers[attempt.student] = numbers.get(attempt.student, 0) + 1
        who = (assignment, names.of(grade.student.id), number)
        counts = grade.attempt is not None and grade.attempt.key == attempt.key
        rows["attempts.csv"].append(
            (
                *who,
                _received(attempt, grade, names),
                "counts" if counts else "",
                attempt.score,
                attempt.max_score,
                attempt.faults,
            )
        )
        try:
            checks = book.report(attempt).checks
        except UsageError:
            continue  # it is not graded yet
        rows["checks.csv"] += [
            (*who, c.id, c.outcome.value, c.points, c.max_points, c.diagnosis or "") for c in checks
        ]


def _received(attempt: Attempt, grade: Grade, names: _Naming) -> Cell:
    if not names.anonymous:
        return attempt.received_at.isoformat(timespec="seconds")
    if grade.due is None:
        return None
    return round((grade.due - attempt.received_at).total_seconds() / 3600, 1)


def _csv(head: Sequence[str], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([harmless_cell(_said(cell)) for cell in row])
    return text.getvalue()


def _said(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:.10g}" if isinstance(cell, (int, float)) else cell
