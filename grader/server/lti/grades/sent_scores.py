"""What was sent to platforms, and what became of it. Each method is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from grader.gradebook.connect import reading, writing
from grader.gradebook.history import Author, log
from grader.gradebook.models import lti_scores
from grader.server.lti.grades.scores import PlannedScore
from grader.server.lti.protocol.records import PlatformCourse, SentScore

_COLUMNS = ("student", "points", "max_points", "pending", "refused", "at")


class SentScores:
    """The scores that were sent to one course of a platform for one homework. who: sends now."""

    def __init__(self, engine: Engine, course: PlatformCourse, assignment: str, who: str) -> None:
        self._engine = engine
        self._course = course
        self._assignment = assignment
        self._who = who

    def by_student(self) -> Mapping[int, SentScore]:
        """The last of each student, by their key."""
        query = select(*(lti_scores.c[name] for name in _COLUMNS)).where(
            lti_scores.c.course == self._course.key, lti_scores.c.assignment == self._assignment
        )
        with reading(self._engine) as connection:
            return {row.student: SentScore(*row) for row in connection.execute(query)}

    def taken(self, planned: PlannedScore, at: datetime) -> None:
        """The platform took a score, or has it anyway."""
        said = {"points": planned.points, "max_points": planned.max_points}
        self._keep(planned, {**said, "pending": planned.points is None, "refused": "", "at": at})

    def refused(self, planned: PlannedScore, at: datetime, why: str) -> None:
        """The platform did not take a score; what it took before stays known."""
        self._keep(planned, {"refused": why[:500], "at": at})

    def _keep(self, planned: PlannedScore, said: Mapping[str, object]) -> None:
        here = {
            "course": self._course.key,
            "assignment": self._assignment,
            "student": planned.student.key,
        }
        same = [lti_scores.c[name] == value for name, value in here.items()]
        row = {**said, "who": self._who}
        with writing(self._engine) as connection:
            if connection.execute(update(lti_scores).where(*same).values(**row)).rowcount:
                return
            nothing = {"points": None, "max_points": planned.max_points, "pending": False}
            connection.execute(insert(lti_scores).values(**{**here, **nothing, **row}))

    def note(self, told: str, at: datetime) -> None:
        """A line of the history about a whole push."""
        what = f"grades sent to {self._course.title or self._course.context} of the LMS"
        change = Author(self._who, at).change("lms", what, assignment=self._assignment, after=told)
        with writing(self._engine) as connection:
            log(connection, [change])
