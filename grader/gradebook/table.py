"""Grades as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from grader.gradebook.records import Grade
from grader.reports.summary import harmless_cell

_COLUMNS = (
    "assignment", "id", "name", "email", "section", "group", "points", "so_far", "max_points",
    "automatic", "automatic_max", "penalty", "adjustments", "comments", "days_late", "free_days",
    "due", "received_at", "attempts", "counts", "late", "standing", "open", "notes",
    "submission_sha256",
)  # fmt: skip


def grades_csv(grades: Sequence[Grade]) -> str:
    """One line for each student: every part of the grade, a column for each question.

    points is empty while something is open, and for who is excused; a question is empty while it
    is not marked.
    """
    questions = [each.question for each in grades[0].questions] if grades else []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *(f"question {name}" for name in questions)])
    for grade in grades:
        writer.writerow([harmless_cell(cell) for cell in _cells(grade)])
    return text.getvalue()


def _cells(grade: Grade) -> Iterable[str]:
    student, attempt = grade.student, grade.attempt
    yield from (grade.assignment, student.id, student.name, student.email)
    yield from (student.section, student.group)
    yield from map(_number, (grade.points, grade.so_far, grade.max_points))
    yield from map(_number, (grade.automatic.points, grade.automatic.max_points, grade.penalty))
    yield _number(sum(each.points for each in grade.adjustments))
    yield _number(sum(each.points for each in grade.comments))
    yield from (str(grade.late.days), str(grade.late.free_days))
    yield grade.due.isoformat() if grade.due else ""
    yield attempt.received_at.isoformat(timespec="seconds") if attempt else ""
    yield from (str(grade.attempts), grade.why, grade.late.why)
    yield grade.standing.kind.value if grade.standing else ""
    yield from ("; ".join(grade.open), "; ".join(grade.notes))
    yield attempt.sha256 if attempt else ""
    yield from (_number(each.points) for each in grade.questions)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
