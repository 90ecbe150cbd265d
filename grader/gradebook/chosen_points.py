"""Points of a check for attempts that somebody chose: what they would do, and giving them.

Points that were set by hand before are replaced, as whoever chose the attempt saw them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from grader.course.course import Course
from grader.errors import MarkConflict, UsageError
from grader.gradebook.connect import reading, writing
from grader.gradebook.corrections import (
    CHANGED,
    Correction,
    changes_between,
    require_same,
    stamp_of,
)
from grader.gradebook.desk.together import set_together
from grader.gradebook.grades.facts import CheckPoints
from grader.gradebook.grades.grades import grades_of
from grader.gradebook.grades.pools import grouped
from grader.gradebook.grades.rules import rules_of
from grader.gradebook.queries import load_checks, load_facts
from grader.gradebook.records import Grade, Override
from grader.gradebook.store import Gradebook


@dataclass(frozen=True)
class ChosenPoints:
    """Points of one check for several attempts of a homework, by their keys."""

    assignment: str
    check: str
    points: float
    attempts: frozenset[int]


class PointsForMany:
    """Gives points to many at once. clock: the present, aware and in UTC."""

    def __init__(self, course: Course, book: Gradebook, clock: Callable[[], datetime]) -> None:
        self._course = course
        self._engine = book.engine
        self._clock = clock

    def look(self, chosen: ChosenPoints) -> Correction:
        """What giving them would do. Raises MarkConflict if an attempt no longer counts."""
        with reading(self._engine) as connection:
            return self._look(connection, chosen)[0]

    def give(self, chosen: ChosenPoints, stamp: str, *, who: str, why: str) -> Correction:
        """Give them, as one group that can be undone. why: students read it.

        stamp: of what was looked at. Raises UsageError without a reason and for points that are not
        possible, and MarkConflict if it would do something else by now.
        """
        if not why.strip():
            raise UsageError("points that are set by hand need a reason, which the students read")
        with writing(self._engine) as connection:
            correction, theirs = self._look(connection, chosen)
            require_same(correction, stamp)
            set_together(
                connection, chosen.assignment, chosen.check, chosen.points, theirs,
                who=who, at=self._clock(), why=why.strip(),
            )  # fmt: skip
            return correction

    def _look(
        self, connection: Connection, chosen: ChosenPoints
    ) -> tuple[Correction, Mapping[int, Sequence[Grade]]]:
        """The correction, and the grades of those for whom each attempt counts."""
        rules = rules_of(self._course, chosen.assignment)
        facts = load_facts(connection, tuple(rules.specs))
        grades = grades_of(chosen.assignment, facts, rules)
        counted = grouped((each.attempt.key, each) for each in grades if each.attempt is not None)
        if not chosen.attempts <= counted.keys():
            raise MarkConflict(CHANGED)
        theirs = {key: counted[key] for key in sorted(chosen.attempts)}
        checks = _checks_of(connection, theirs)
        before = {
            key: {
                **{each.id: each.points for each in checks.get(key, ())},
                **{each.check: each.points for each in theirs[key][0].automatic.overrides},
            }.get(chosen.check)
            for key in theirs
        }
        if None in before.values():
            raise MarkConflict(CHANGED)
        held = [
            each
            for each in facts.overrides
            if each.check == chosen.check and each.attempt in chosen.attempts
        ]
        now = self._clock()
        given = [Override(key, chosen.check, chosen.points, "", "", now) for key in theirs]
        others = [each for each in facts.overrides if each not in held]
        corrected = replace(facts, overrides=(*others, *given), checks={**facts.checks, **checks})
        why = {
            key: [f"the check: {points:g} → {chosen.points:g}"] for key, points in before.items()
        }
        changes = changes_between(chosen.assignment, facts, corrected, rules, why)
        seen = [[each.attempt, each.points, each.who, each.why, each.note] for each in held]
        stamp = stamp_of(changes, [chosen.check, chosen.points, list(theirs), seen])
        return Correction(changes, stamp), theirs


def _checks_of(
    connection: Connection, theirs: Mapping[int, Sequence[Grade]]
) -> dict[int, tuple[CheckPoints, ...]]:
    """What the checks of each attempt gave, by the attempt's key."""
    attempts = [grades[0].attempt for grades in theirs.values()]
    by_report = {
        each.report: each.key for each in attempts if each is not None and each.report is not None
    }
    found = load_checks(connection, by_report)
    return {by_report[report]: tuple(checks) for report, checks in found.items()}
