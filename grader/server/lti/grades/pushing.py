"""Sends a homework's grades to a course of a platform, and first says what it would send.

The book of grades there is read before anything is written to it: a grade that somebody changed
there stays as it is, unless an owner has seen it and says otherwise. Each score is kept as soon as
the platform has answered, so that what ends in the middle goes on where it ended. Only one push at
a time writes to a column.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from grader.course.course import Course
from grader.errors import UsageError
from grader.gradebook.connect import reading
from grader.gradebook.models import accounts
from grader.gradebook.store import Gradebook
from grader.server.lti.grades.column_claims import ColumnClaim
from grader.server.lti.grades.scores import (
    PlannedScore,
    ScoreAction,
    later,
    message,
    plan,
)
from grader.server.lti.grades.sent_scores import SentScores
from grader.server.lti.platforms.store import Platforms
from grader.server.lti.protocol.records import Platform, PlatformCourse, PlatformFault, SentScore
from grader.server.lti.protocol.services import CourseServices, LineItem
from grader.server.lti.protocol.tool_keys import ToolKeys

# After so many answers in a row that are the platform's own trouble, the rest waits.
MOST_FAULTS = 3


@dataclass(frozen=True)
class PushPlan:
    """What would be sent to one course.

    column: its label there; "" if it is to be made. worth: the most points that it takes there;
    None if the platform does not tell.
    """

    course: PlatformCourse
    platform: Platform
    column: str
    worth: float | None
    scores: tuple[PlannedScore, ...]

    @property
    def is_scaled(self) -> bool:
        """Whether the LMS shows other numbers, as its column has another maximum."""
        return self.worth is not None and any(each.max_points != self.worth for each in self.scores)

    def of(self, action: str) -> tuple[PlannedScore, ...]:
        """Those with whom the same happens."""
        return tuple(each for each in self.scores if each.action == action)


@dataclass(frozen=True)
class RefusedScore:
    """A score that the platform did not take, with its reason."""

    score: PlannedScore
    why: str


@dataclass(frozen=True)
class PushResult:
    """What became of a push. left: how many were not tried. stopped: why, "" if none was left."""

    sent: tuple[PlannedScore, ...]
    refused: tuple[RefusedScore, ...]
    left: int
    stopped: str


class ScorePush:
    """The grades of one homework, for one course of a platform. clock: aware and in UTC."""

    def __init__(
        self,
        home: Course,
        book: Gradebook,
        course: PlatformCourse,
        clock: Callable[[], datetime],
        who: str,
    ) -> None:
        found = Platforms(book.engine, clock).get(course.platform)
        if found is None or not found.confirmed:
            raise UsageError("the platform of this course is not connected any more")
        self._home = home
        self._book = book
        self._course = course
        self._platform = found
        self._clock = clock
        self._who = who
        keys = ToolKeys.open(home, clock())
        self._services = CourseServices(found, course, keys, clock)

    def plan(self, assignment: str) -> PushPlan:
        """What would be sent; nothing is. Raises PlatformFault."""
        item = self._services.line_item(assignment)
        scores = self._planned(assignment, item)
        if item is None:
            return PushPlan(self._course, self._platform, "", None, scores)
        label = item.label or assignment
        return PushPlan(self._course, self._platform, label, item.max_points, scores)

    def push(
        self, assignment: str, overwritten: Mapping[int, str] | None = None, within_s: float = 600
    ) -> PushResult:
        """Send what is to be sent.

        overwritten: students, by their key, whose grade is sent although it was changed there, with
        the grade that was seen there, as `shown` writes it. within_s: what is not sent by then
        waits. Raises PlatformFault if nothing could be sent at all, and UsageError if somebody else
        is sending.
        """
        ends = time.monotonic() + within_s
        engine = self._book.engine
        with ColumnClaim(engine, self._course, assignment, self._who, self._clock) as claim:
            item = self._services.line_item(assignment)
            chosen = self._chosen(assignment, item, overwritten or {})
            if not chosen:
                return PushResult((), (), 0, "")
            if not claim.renew():
                raise UsageError("these grades are being sent by somebody else now; try again")
            if item is None:
                title, most = self._home.spec(assignment).title, chosen[0].max_points
                item = self._services.create_line_item(assignment, title, most)
            kept = SentScores(engine, self._course, assignment, self._who)
            result = self._send(item, chosen, kept, claim, ends)
            told = f"{len(result.sent)} sent, {len(result.refused)} refused"
            kept.note(told + (f", {result.left} not tried" if result.left else ""), self._clock())
            return result

    def _chosen(
        self, assignment: str, item: LineItem | None, seen: Mapping[int, str]
    ) -> list[PlannedScore]:
        """The scores to send. What the LMS turns out to have already is kept as taken."""
        scores = self._planned(assignment, item)
        kept = SentScores(self._book.engine, self._course, assignment, self._who)
        for each in scores:
            if each.action is ScoreAction.SAME and _is_news(each):
                kept.taken(each, later(self._clock(), each.last))
        return [
            each
            for each in scores
            if each.action is ScoreAction.SEND
            or (each.action is ScoreAction.CHANGED and seen.get(each.student.key) == shown(each))
        ]

    def _send(
        self,
        item: LineItem,
        chosen: list[PlannedScore],
        kept: SentScores,
        claim: ColumnClaim,
        ends: float,
    ) -> PushResult:
        sent: list[PlannedScore] = []
        refused: list[RefusedScore] = []
        faults, issuer = 0, self._platform.settings.issuer
        for number, each in enumerate(chosen):
            if time.monotonic() > ends or not claim.keep():
                why = "it took too long; send the rest now"
                return PushResult(tuple(sent), tuple(refused), len(chosen) - number, why)
            at = later(self._clock(), each.last)
            try:
                self._services.send(item, message(each, at, issuer))
            except PlatformFault as exc:
                kept.refused(each, at, str(exc))
                refused.append(RefusedScore(each, str(exc)))
                faults = faults + 1 if exc.status in (0, 401, 429) or exc.status >= 500 else 0
            else:
                kept.taken(each, at)
                sent.append(each)
                faults = 0
            if faults == MOST_FAULTS:
                left = len(chosen) - number - 1
                why = f"the platform failed {faults} times in a row; try again later"
                return PushResult(tuple(sent), tuple(refused), left, why if left else "")
        return PushResult(tuple(sent), tuple(refused), 0, "")

    def _planned(self, assignment: str, item: LineItem | None) -> tuple[PlannedScore, ...]:
        results = {} if item is None else self._services.results(item)
        members = None
        if self._course.memberships_url:
            members = frozenset(each.subject for each in self._services.members())
        kept = SentScores(self._book.engine, self._course, assignment, self._who)
        sent: Mapping[int, SentScore] = kept.by_student()
        if item is None:
            # The column is gone: what was sent to it is nowhere any more.
            sent = {}
        grades = self._book.grades(assignment)
        return plan(grades, self._subjects(), sent, results, members)

    def _subjects(self) -> dict[int, str]:
        """The platform's name of each student, by the key of the student."""
        engine, store = self._book.engine, Platforms(self._book.engine, self._clock)
        with reading(engine) as connection:
            rows = connection.execute(accounts.select().where(accounts.c.student.is_not(None)))
            of_account = {row.key: row.student for row in rows}
        known = store.subjects(self._platform.settings.issuer)
        return {of_account[key]: name for key, name in known.items() if key in of_account}


def shown(score: PlannedScore) -> str:
    """What the LMS has of a student, as an owner sees it."""
    return "–" if score.there is None else f"{score.there:g}"


def _is_news(score: PlannedScore) -> bool:
    """Whether the LMS has a score that was not known to be there."""
    last = score.last
    if score.points is None:
        return False
    return last is None or bool(last.refused) or last.points != score.points
