"""Which scores to send to a platform, and why others are not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from grader.gradebook.records import Grade, Student
from grader.server.lti.protocol.records import SentScore

# Systems keep two digits or more behind the point, so less is no change that somebody made.
CLOSE = 0.01
# Canvas counts each score as an attempt of the student, unless it is told not to.
CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"


class ScoreAction(StrEnum):
    """What happens with a student's score."""

    SEND = "send"
    SAME = "same"
    CHANGED = "changed"
    STRANGER = "stranger"
    ELSEWHERE = "elsewhere"
    WAITS = "waits"
    EXCUSED = "excused"

    @property
    def words(self) -> str:
        """For people."""
        return {
            ScoreAction.SEND: "to be sent",
            ScoreAction.SAME: "the LMS has them already",
            ScoreAction.CHANGED: "the grade was changed in the LMS, left unchanged",
            ScoreAction.STRANGER: "has not come from the LMS yet, so it is not known who they are "
            "there",
            ScoreAction.ELSEWHERE: "not in this course of the LMS",
            ScoreAction.WAITS: "nothing was handed in, and something still may be",
            ScoreAction.EXCUSED: "excused, left unchanged",
        }[self]


@dataclass(frozen=True)
class PlannedScore:
    """A student's score. points: None for one that somebody still has to mark.

    max_points: the same for the whole class, as the column has one maximum. there: what the LMS
    has, of max_points; None for nothing. last: what was sent last.
    """

    student: Student
    action: ScoreAction
    subject: str
    points: float | None
    max_points: float
    handed_in: bool
    there: float | None
    last: SentScore | None

    @property
    def refused(self) -> str:
        """Why the LMS refused it last, "" if it did not."""
        return self.last.refused if self.last is not None else ""


def plan(
    grades: Sequence[Grade],
    subjects: Mapping[int, str],
    sent: Mapping[int, SentScore],
    results: Mapping[str, float],
    members: frozenset[str] | None,
) -> tuple[PlannedScore, ...]:
    """What to do with each grade.

    subjects: the platform's name of each student, by key. sent: what was sent before. results:
    what the platform has, by its names, as a part of the most. members: its names of all in the
    course; None if it does not tell.
    """
    most = max((grade.max_points for grade in grades), default=0.0)
    return tuple(_planned(grade, most, subjects, sent, results, members) for grade in grades)


def _planned(
    grade: Grade,
    most: float,
    subjects: Mapping[int, str],
    sent: Mapping[int, SentScore],
    results: Mapping[str, float],
    members: frozenset[str] | None,
) -> PlannedScore:
    subject, last = subjects.get(grade.student.key, ""), sent.get(grade.student.key)
    part = results.get(subject) if subject else None
    there = None if part is None else part * most

    def planned(action: ScoreAction) -> PlannedScore:
        return PlannedScore(
            grade.student, action, subject, grade.points, most, grade.attempts > 0, there, last
        )

    if grade.excused:
        return planned(ScoreAction.EXCUSED)
    if grade.points is None and grade.attempts == 0:
        return planned(ScoreAction.WAITS)
    if not subject:
        return planned(ScoreAction.STRANGER)
    if members is not None and subject not in members:
        return planned(ScoreAction.ELSEWHERE)
    if grade.points is not None and _same(there, grade.points):
        return planned(ScoreAction.SAME)
    expected = None
    if last is not None and last.points is not None:
        expected = last.points / (last.max_points or 1.0) * most
    if not _same(there, expected):
        return planned(ScoreAction.CHANGED)
    known = last is not None and not last.refused and last.points is None and last.pending
    if grade.points is None and known:
        return planned(ScoreAction.SAME)
    return planned(ScoreAction.SEND)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < CLOSE


def message(planned: PlannedScore, at: datetime, issuer: str) -> dict[str, Any]:
    """The score as the platform takes it. at: later than any that was sent before."""
    said: dict[str, Any] = {
        "userId": planned.subject,
        "timestamp": at.isoformat(timespec="milliseconds"),
        "activityProgress": "Completed" if planned.handed_in else "Initialized",
        "gradingProgress": "PendingManual",
    }
    if planned.points is not None:
        said |= {"gradingProgress": "FullyGraded", "scoreGiven": planned.points}
        said |= {"scoreMaximum": planned.max_points}
    if issuer.rstrip("/").endswith(".instructure.com"):
        said[CANVAS_SUBMISSION] = {"new_submission": False}
    return said


def later(now: datetime, last: SentScore | None) -> datetime:
    """A time stamp that is later than that of the last score, whatever our clock says."""
    step = timedelta(milliseconds=1)
    return now if last is None else max(now, last.at + step)
