"""Finds checks that fail for everybody, and tells staff once.

A check that several students have tried and none has passed is more often wrong itself than a sign
of a class that cannot do it. Its points stay what they are until a person looks. A check counts as
tried if it failed in any way but "not attempted", "blocked" or a fault of ours. What was found
before the homework's files changed does not count.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Engine, select

from grader.course.course import Course
from grader.gradebook.connect import reading
from grader.gradebook.models import check_events, hand_ins
from grader.reports.schema import Outcome
from grader.server.alerts import Alerts
from grader.server.grading.versions import Versions
from grader.server.records import EventKind

STUDENTS = 5
FAILS = "fails for all"  # the kind of the alert
_UNTRIED = (Outcome.NOT_ATTEMPTED, Outcome.BLOCKED, Outcome.GRADER_ERROR)


@dataclass
class _Tally:
    """Who has passed a check and who has only tried it: keys of students."""

    passed: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)


class FailsForAll:
    """Counts the events of checks as they come. One instance for one server's start."""

    EVERY_S: ClassVar[float] = 20.0

    def __init__(self, course: Course, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._course = course
        self._engine = engine
        self._alerts = Alerts(engine, clock)
        self._versions = Versions(course.root)
        self._counted: dict[str, str] = {}  # the version that is counted, by homework
        self._tallies: dict[tuple[str, str], _Tally] = {}
        self._told: set[tuple[str, str]] | None = None  # checks with an open alert
        self._last = 0

    def look(self) -> None:
        """Count what is new; raise and settle alerts."""
        if self._told is None:
            told = [alert for alert in self._alerts.open_alerts() if alert.kind == FAILS]
            self._told = {(alert.assignment, alert.subject) for alert in told}
        self._forget_changed()
        query = select(
            check_events.c.key, check_events.c.text, hand_ins.c.assignment, hand_ins.c.student
        ).join_from(check_events, hand_ins)
        new = check_events.c.key > self._last, check_events.c.kind == EventKind.CHECK
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(*new).order_by(check_events.c.key)).all()
        changed = set()
        for key, text, assignment, student in rows:
            self._last = key
            check = json.loads(text)
            tally = self._tallies.setdefault((assignment, check["id"]), _Tally())
            if check["outcome"] == Outcome.PASSED:
                tally.passed.add(student)
            elif check["outcome"] not in _UNTRIED:
                tally.failed.add(student)
            changed.add((assignment, check["id"]))
        for name in sorted(changed):
            self._tell(*name, self._told)

    def _tell(self, assignment: str, check: str, told: set[tuple[str, str]]) -> None:
        key = assignment, check
        tally = self._tallies[key]
        if not tally.passed and len(tally.failed) >= STUDENTS and key not in told:
            text = (
                f"{check} of {assignment} has failed for all {len(tally.failed)} students who "
                "tried it; look whether the check is right"
            )
            self._alerts.raise_alert(FAILS, assignment, check, text)
            told.add(key)
        elif tally.passed and key in told:
            self._alerts.settle(FAILS, assignment, check)
            told.discard(key)

    def _forget_changed(self) -> None:
        versions = self._versions.now(self._course)
        for name in [each for each, of in self._counted.items() if versions.get(each) != of]:
            self._tallies = {key: of for key, of in self._tallies.items() if key[0] != name}
            self._told = {key for key in self._told or () if key[0] != name}
            self._alerts.settle(FAILS, name)
        self._counted = versions
