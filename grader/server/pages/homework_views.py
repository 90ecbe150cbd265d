"""What a student's pages show of homeworks: due dates as they are for them, attempts, points.

Pure but for the gradebook that it reads; the templates only format it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.course.course import Course
from grader.course.feedback import StudentView, shown
from grader.gradebook.grades.policy import Deadlines, deadlines
from grader.gradebook.records import Attempt, Grade
from grader.server.records import HandIn, HandInState


@dataclass(frozen=True)
class AttemptView:
    """One hand-in of a student or their group.

    counts: whether it is the one that counts. same_as: the number of the earlier hand-in with the
    same files, if it is graded as that one: see policy.same_attempt.
    """

    hand_in: HandIn
    same_as: int | None
    counts: bool
    score: float | None
    max_score: float | None
    late: bool

    @property
    def state(self) -> str:
        """For people."""
        return {
            HandInState.WAITING: "waiting to be graded",
            HandInState.GRADING: "being graded",
            HandInState.GRADED: "graded",
            HandInState.OPEN: "not graded yet: the grader failed, and staff have been told",
        }[self.hand_in.state]


@dataclass(frozen=True)
class HomeworkView:
    """A homework as one student sees it.

    ends: their true last minutes; None without a due date. granted_days: more than others have.
    seen: what they may see of results now. open: what is still to be decided of their grade, once
    they see the grade.
    """

    name: str
    title: str
    max_points: float
    due: datetime | None
    ends: Deadlines | None
    granted_days: int
    attempts: tuple[AttemptView, ...]
    grade: Grade
    seen: StudentView
    now: datetime

    @property
    def is_open(self) -> bool:
        """Whether work may still be handed in so that it can count."""
        return self.ends is None or self.ends.last is None or self.now <= self.ends.last

    @property
    def is_late(self) -> bool:
        """Whether what is handed in now is late."""
        return self.ends is not None and self.now > self.ends.on_time

    @property
    def counting(self) -> AttemptView | None:
        """The attempt that counts."""
        return next((each for each in self.attempts if each.counts), None)

    @property
    def running(self) -> bool:
        """Whether something is waiting or being graded."""
        states = (HandInState.WAITING, HandInState.GRADING)
        return any(each.hand_in.state in states for each in self.attempts)


def homework_of(
    course: Course,
    grade: Grade,
    hand_ins: Sequence[HandIn],
    attempts: Mapping[int, Attempt],
    now: datetime,
    *,
    released: bool,
) -> HomeworkView:
    """One homework of a student.

    grade: theirs, as the gradebook has it. hand_ins: those of them and their group for this
    homework, in any order. attempts: the gradebook's, by key. Raises SpecError for a homework that
    cannot be read.
    """
    name = grade.assignment
    spec = course.spec(name)
    ends = deadlines(course.settings.late, grade.due, grade.free_days_left, course.zone)
    past = ends is not None and now > ends.on_time
    seen = shown(course.feedback(name), due_passed=past, released=released)
    ordered = sorted(hand_ins, key=lambda each: each.received_at)
    first = {each.attempt: each for each in reversed(ordered)}
    listed = []
    for each in reversed(ordered):
        same = each if each.attempt is None else first[each.attempt]
        graded = attempts.get(each.attempt or 0)
        # Points that a student may not see yet would tell how the hidden checks ended.
        told = graded if seen.public_checks and seen.hidden_outcomes else None
        listed.append(
            AttemptView(
                hand_in=each,
                same_as=None if same is each else same.number,
                counts=grade.attempt is not None
                and same is each
                and each.attempt == grade.attempt.key,
                score=None if told is None else told.score,
                max_score=None if told is None else told.max_score,
                late=ends is not None and each.received_at > ends.on_time,
            )
        )
    granted = grade.student.extension_days + (grade.granted.days if grade.granted else 0)
    return HomeworkView(
        name=name,
        title=spec.title,
        max_points=grade.max_points or spec.points or 0.0,
        due=grade.due,
        ends=ends,
        granted_days=granted,
        attempts=tuple(listed),
        grade=grade,
        seen=seen,
        now=now,
    )
