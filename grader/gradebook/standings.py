"""Excusing a student, giving zero, and withdrawing, and taking such decisions back."""

from __future__ import annotations

from datetime import datetime

from grader._internal.clock import now_utc
from grader.course.course import Course
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.gradebook.connect import writing
from grader.gradebook.decisions import set_standing, take_adjustment
from grader.gradebook.history import Author
from grader.gradebook.records import StandingKind

NO_REASON = "a change by hand needs a reason; give one with --why"


def decide_standing(
    book: Gradebook,
    course: Course,
    student: str,
    kind: StandingKind | None,
    *,
    assignment: str = "",
    who: str,
    why: str,
    note: str = "",
) -> None:
    """Decide on a student's part in a homework, instead of what was decided before.

    kind: None takes the decision back. assignment: "" for the whole course, from which a student
    can only withdraw. why: the reason, which the student reads; note: for staff only. Raises
    UsageError for an unknown student, and CourseError for an unknown homework.
    """
    if assignment:
        course.spec(assignment)
    if not why.strip():
        raise UsageError(NO_REASON)
    if kind is not None and (kind is StandingKind.WITHDRAWN) != (assignment == ""):
        raise UsageError("excuse and zero are about one homework, withdrawing about the course")
    author = Author(who, now_utc(), why.strip(), note.strip())
    with writing(book.engine) as connection:
        set_standing(connection, assignment, student, kind, author)


def take_back_adjustment(
    book: Gradebook,
    course: Course,
    assignment: str,
    student: str,
    at: datetime | None = None,
    *,
    who: str,
    why: str,
    note: str = "",
) -> None:
    """Take points back that were added or taken off by hand.

    at: when that was done; None for all of the homework. Raises UsageError if there are none, and
    CourseError for an unknown homework.
    """
    course.spec(assignment)
    if not why.strip():
        raise UsageError(NO_REASON)
    author = Author(who, now_utc(), why.strip(), note.strip())
    with writing(book.engine) as connection:
        take_adjustment(connection, assignment, student, at, author)
