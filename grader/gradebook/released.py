"""The reports of a grade: what staff and the student get of it once it is in the gradebook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from grader.course.course import Course
from grader.course.feedback import Feedback, StudentView, shown
from grader.gradebook import Gradebook
from grader.gradebook.breakdown import sheet_of
from grader.gradebook.records import Comment, Grade
from grader.reports.grade_sheet import GradeSheet
from grader.reports.schema import Report, StaffComment


def shown_of(course: Course, grade: Grade, now: datetime, *, released: bool) -> StudentView:
    """What the student of a grade sees now. Raises CourseError and SpecError."""
    return shown_by(course.feedback(grade.assignment), grade, now, released=released)


def shown_by(feedback: Feedback, grade: Grade, now: datetime, *, released: bool) -> StudentView:
    """The same where the homework's rules are at hand: reading them takes a while."""
    past = grade.due is not None and grade.due < now
    return shown(feedback, due_passed=past, released=released)


def student_sheet(
    book: Gradebook, course: Course, grade: Grade, now: datetime, *, released: bool
) -> GradeSheet | None:
    """The grade as its student sees it; None if they do not see it yet."""
    seen = shown_of(course, grade, now, released=released)
    if not seen.grade:
        return None
    titles = {}
    if grade.attempt is not None and grade.attempt.report is not None:
        report = book.report(grade.attempt)
        titles = {check.id: check.title for check in report.checks}
    return sheet_of(grade, course.zone or UTC, titles=titles)


def reports_of(
    book: Gradebook, course: Course, grade: Grade, now: datetime, *, released: bool
) -> tuple[Report, Report]:
    """The staff's and the student's report of a grade, each with the grade part by part.

    Raises UsageError if nothing that counts is graded.
    """
    assert grade.attempt is not None
    seen = shown_of(course, grade, now, released=released)
    staff = book.report(grade.attempt)
    theirs = book.report(grade.attempt, for_student=True, seen=seen)
    name = grade.student.id
    if grade.student.name:
        name = f"{grade.student.name} ({name})"
    comments = reported_comments(grade.comments)
    sheet = student_sheet(book, course, grade, now, released=released)
    with_grade = {"student": name, "grade": sheet_of(grade, course.zone or UTC)}
    shown_grade = {"student": name, "grade": sheet, "comments": comments if sheet else ()}
    return (
        staff.model_copy(update={**with_grade, "comments": comments}),
        theirs.model_copy(update=shown_grade),
    )


def reported_comments(comments: Iterable[Comment]) -> tuple[StaffComment, ...]:
    """Comments as a report tells them, which does not say by whom they are."""
    return tuple(
        StaffComment(
            file=each.file or None,
            line=each.line,
            figure=each.figure or None,
            text=each.text,
            points=each.points,
        )
        for each in comments
    )
