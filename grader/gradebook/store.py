"""The gradebook as an object: what may be written to it and what may be asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType

from sqlalchemy import Engine

from grader.course import Course
from grader.gradebook.records import (
    Attempt,
    Change,
    Extension,
    Grade,
    HandIn,
    Mark,
    Override,
    Reports,
    Student,
)
from grader.report import Report


def open_gradebook(course: Course) -> Gradebook:
    """The course's gradebook, made if missing and brought to this program's schema version.

    Raises CourseError for a URL that cannot be used and a gradebook that a newer program made.
    """
    raise NotImplementedError


class Gradebook:
    """One course's gradebook. A context manager; every method is one transaction.

    who: who makes a change, for the history. Unknown students, assignments, questions and checks
    raise UsageError with the names that are near.
    """

    def __init__(self, course: Course, engine: Engine) -> None:
        self._course = course
        self._engine = engine

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    # Students

    def students(self) -> tuple[Student, ...]:
        """Everybody, by id; those that are not on the roster too."""
        raise NotImplementedError

    def student(self, name: str) -> Student:
        """By id, login, email or full name, upper or lower case. Raises UsageError."""
        raise NotImplementedError

    def match(self, name: str, student: str, *, who: str, why: str) -> int:
        """Say whose the submissions are that go by `name`, now and later. How many now."""
        raise NotImplementedError

    # Hand-ins and reports

    def record(self, entries: Iterable[tuple[HandIn, Reports | None]], *, who: str) -> int:
        """Keep hand-ins and their reports. How many of either were new.

        Recording the same again changes nothing: a hand-in is the same by assignment, student,
        sha256 and received_at, a report by its text. Of several reports of one hand-in the one
        recorded last counts, but one with a fault of ours never takes the place of one without.
        """
        raise NotImplementedError

    def attempts(self, assignment: str) -> tuple[Attempt, ...]:
        """Every hand-in of an assignment, in the order received."""
        raise NotImplementedError

    def unmatched(self) -> tuple[Attempt, ...]:
        """Hand-ins whose student is not on the roster, of every assignment."""
        raise NotImplementedError

    def report(self, attempt: Attempt, *, for_student: bool = False) -> Report:
        """The report that counts, with the points that people overrode and their reasons.

        Raises UsageError where it is not graded yet.
        """
        raise NotImplementedError

    # What people decide

    def mark(
        self,
        attempt: Attempt,
        question: str,
        points: float,
        *,
        who: str,
        rubric: Sequence[str] = (),
        comment: str = "",
    ) -> Mark | None:
        """Mark a written question of an attempt. Returns the mark that was there before."""
        raise NotImplementedError

    def unmark(self, attempt: Attempt, question: str, *, who: str) -> Mark | None:
        """Take a mark back. Returns it."""
        raise NotImplementedError

    def override(
        self, assignment: str, student: str, check: str, points: float | None, *, who: str, why: str
    ) -> Override | None:
        """Set a check's points in the attempt that counts; None for the automatic ones again."""
        raise NotImplementedError

    def adjust(self, assignment: str, student: str, points: float, *, who: str, why: str) -> None:
        """Add points to a student's homework, or take some off. Earlier adjustments stay."""
        raise NotImplementedError

    def extend(self, assignment: str, student: str, days: int, *, who: str, why: str) -> Extension:
        """Give a student `days` more for one homework, in place of what was given before."""
        raise NotImplementedError

    # What follows from it

    def grades(self, assignment: str) -> tuple[Grade, ...]:
        """Everybody's grade: the whole roster and whoever handed in, by id."""
        raise NotImplementedError

    def history(
        self, *, assignment: str | None = None, student: str | None = None, last: int | None = None
    ) -> tuple[Change, ...]:
        """Every change, the newest last."""
        raise NotImplementedError
