"""Corrections of many grades at once, and what they would do to each grade before they count.

What a correction would do is computed by the one rule for grades (`grades_of`) from the facts as
they would be; nothing is written for it. It is made only if it still comes to what was looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from grader.course.course import Course
from grader.errors import MarkConflict, UsageError
from grader.gradebook.connect import reading, writing
from grader.gradebook.decisions import follow, set_mark, set_override
from grader.gradebook.desk.together import CORRECTION, keep_group
from grader.gradebook.grades.facts import GradeFacts
from grader.gradebook.grades.grades import Rules, grades_of
from grader.gradebook.grades.policy import is_points
from grader.gradebook.grades.rules import rules_of
from grader.gradebook.history import Author
from grader.gradebook.outcomes import OutcomeReader
from grader.gradebook.queries import find_student, load_facts, student_id, unknown
from grader.gradebook.records import Attempt, CheckPoints, Grade, Mark, Override, Student
from grader.gradebook.rubrics import RubricChange, rubric_changes
from grader.gradebook.store import Gradebook
from grader.reports.schema import Outcome

CHANGED = "something changed meanwhile, so nothing was done; look at what it would do once more"
# What `waived` counts as not attempted, as far as a report tells: see engine.waived.
NO_ATTEMPT = (Outcome.NOT_ATTEMPTED, Outcome.BLOCKED, Outcome.REFUSED, Outcome.GRADER_ERROR)


class CheckRule(StrEnum):
    """Who gets the points of a check that was wrong."""

    EVERYBODY = "everybody"
    ATTEMPTED = "attempted"
    FAILED = "failed"  # whoever did not pass gets so many points as are given

    @property
    def words(self) -> str:
        """For people."""
        return {
            CheckRule.EVERYBODY: "everybody who handed in gets its points",
            CheckRule.ATTEMPTED: "everybody who attempted it gets its points",
            CheckRule.FAILED: "everybody who did not pass it gets a number of points",
        }[self]


@dataclass(frozen=True)
class CheckState:
    """How a check ended in the attempts that count. failed: attempted, and not passed."""

    id: str
    title: str
    max_points: float
    passed: int
    failed: int
    not_attempted: int


@dataclass(frozen=True)
class CheckFinding:
    """How one check ended in one attempt. nothing_ran: no part of the attempt could be run."""

    points: float
    max_points: float
    outcome: Outcome
    nothing_ran: bool

    @property
    def is_attempt(self) -> bool:
        """Whether what the check asks for was attempted, as far as the report tells."""
        return self.outcome not in NO_ATTEMPT and not self.nothing_ran

    @property
    def state(self) -> str:
        """One of FINDING_STATES."""
        if self.outcome is Outcome.PASSED:
            return "passed"
        return "failed" if self.is_attempt else "not attempted"


FINDING_STATES = ("passed", "failed", "not attempted")


@dataclass(frozen=True)
class GradeChange:
    """A grade before and after a correction. why: what is corrected in it."""

    student: Student
    before: Grade
    after: Grade
    why: str

    @property
    def gain(self) -> float:
        """Points gained, negative if points are lost; with what is open counted as 0."""
        return round(self.after.so_far - self.before.so_far, 10)


@dataclass(frozen=True)
class Correction:
    """What a correction would do.

    changes: every grade that something is corrected in, also where the total stays. stamp: the same
    for the same correction of the same grades. stay: who has points set by hand, which stay.
    """

    changes: tuple[GradeChange, ...]
    stamp: str
    stay: tuple[str, ...] = ()

    @property
    def gains(self) -> int:
        """How many students gain points."""
        return sum(each.gain > 0 for each in self.changes)

    @property
    def losses(self) -> int:
        """How many students lose points."""
        return sum(each.gain < 0 for each in self.changes)


class Corrections:
    """Corrections in one course. clock: the present, aware and in UTC."""

    def __init__(self, course: Course, book: Gradebook, clock: Callable[[], datetime]) -> None:
        self._course = course
        self._engine = book.engine
        self._outcomes = book.outcomes
        self._clock = clock

    # A rubric

    def rubric(self, assignment: str) -> tuple[tuple[RubricChange, ...], Correction]:
        """What the rubric as it is now would change, by question and by student."""
        with reading(self._engine) as connection:
            return self._rubric(connection, assignment)

    def follow_rubric(self, assignment: str, stamp: str, *, who: str, why: str) -> Correction:
        """Let the marks follow it. stamp: of what was looked at.

        Raises UsageError without a reason, and MarkConflict if it would do something else by now.
        """
        author = self._author(who, why)
        with writing(self._engine) as connection:
            changes, correction = self._rubric(connection, assignment)
            require_same(correction, stamp)
            follow(connection, assignment, self._course.spec(assignment), changes, author)
            return correction

    def _rubric(
        self, connection: Connection, assignment: str
    ) -> tuple[tuple[RubricChange, ...], Correction]:
        questions = self._course.spec(assignment).questions
        changes = rubric_changes(connection, assignment, questions)
        facts, rules = self._facts(connection, assignment)
        moved = {
            (each.attempt.key, change.question): each.after
            for change in changes
            if change.max_points[1] is not None
            for each in change.marks
            if each.before != each.after
        }
        corrected = replace(
            facts,
            marks=tuple(moved.get((each.attempt, each.question), each) for each in facts.marks),
        )
        said = {key: _mark_said(facts.marks, key, after) for key, after in moved.items()}
        why: dict[int, list[str]] = {}
        for (attempt, _), text in said.items():
            why.setdefault(attempt, []).append(text)
        found = changes_between(assignment, facts, corrected, rules, why)
        items = [[list(pair) for pair in change.items] for change in changes]
        return changes, Correction(found, stamp_of(found, [items, sorted(said.values())]))

    # A check

    def checks(self, assignment: str) -> tuple[CheckState, ...]:
        """How each check ended in the attempts that count, in the order of the reports."""
        with reading(self._engine) as connection:
            facts, rules = self._facts(connection, assignment)
            counting = counting_attempts(grades_of(assignment, facts, rules))
            found = _findings(connection, self._outcomes, counting)
        known: dict[str, tuple[str, float]] = {}
        ended: Counter[tuple[str, str]] = Counter()
        for theirs in found.values():
            for check, (title, finding) in theirs.items():
                known.setdefault(check, (title, finding.max_points))
                ended[check, finding.state] += 1
        return tuple(
            CheckState(check, *told, *(ended[check, state] for state in FINDING_STATES))
            for check, told in known.items()
        )

    def check(
        self, assignment: str, check: str, rule: CheckRule, points: float | None = None
    ) -> Correction:
        """What it would do to give the points of a check by a rule. points: for FAILED.

        Raises UsageError for an unknown check, and for points that are not possible.
        """
        with reading(self._engine) as connection:
            return self._check(connection, assignment, check, rule, points)[0]

    def give_check(
        self,
        assignment: str,
        check: str,
        rule: CheckRule,
        points: float | None,
        stamp: str,
        *,
        who: str,
        why: str,
    ) -> Correction:
        """Do it, with a line of history for each grade. The arguments are those of `check`.

        It can be taken back as the groups of `together` are.

        Raises UsageError without a reason, and MarkConflict if it would do something else by now.
        """
        author = self._author(who, why)
        with writing(self._engine) as connection:
            correction, planned = self._check(connection, assignment, check, rule, points)
            require_same(correction, stamp)
            theirs: dict[int, list[Grade]] = {}
            for change in correction.changes:
                attempt = change.before.attempt
                assert attempt is not None, "only an attempt that counts is corrected"
                theirs.setdefault(attempt.key, []).append(change.before)
            for key, (grade, *others) in theirs.items():
                partners = [each.student.id for each in others]
                set_override(connection, grade, check, planned[key], author, partners=partners)
            # What was set by hand stays, so that before there was nothing.
            rows = [(key, "", json.dumps(planned[key])) for key in theirs]
            keep_group(connection, assignment, CORRECTION, check, author.why, author, rows)
            return correction

    def _check(
        self,
        connection: Connection,
        assignment: str,
        check: str,
        rule: CheckRule,
        points: float | None,
    ) -> tuple[Correction, dict[int, float]]:
        facts, rules = self._facts(connection, assignment)
        counting = counting_attempts(grades_of(assignment, facts, rules))
        found = _findings(connection, self._outcomes, counting)
        theirs = {key: each[check][1] for key, each in found.items() if check in each}
        if not theirs:
            known = dict.fromkeys(name for each in found.values() for name in each)
            raise UsageError(unknown("check", check, known))
        most = max(each.max_points for each in theirs.values())
        possible = points is not None and is_points(points) and 0 <= points <= most
        if rule is CheckRule.FAILED and not possible:
            said = "nothing" if points is None else f"{points:g}"
            raise UsageError(f"{said} is no number of points for {check}; give 0 to {most:g}")
        by_hand = {each.attempt for each in facts.overrides if each.check == check}
        planned = {
            key: given
            for key, finding in theirs.items()
            if key not in by_hand and (given := _given(finding, rule, points)) is not None
        }
        now = self._clock()
        corrected = replace(
            facts,
            overrides=(
                *facts.overrides,
                *(Override(key, check, given, "", "", now) for key, given in planned.items()),
            ),
            checks={**facts.checks, **_points_of(found, planned)},
        )
        why = {
            key: [f"{theirs[key].outcome.words}: {theirs[key].points:g} → {given:g}"]
            for key, given in planned.items()
        }
        changes = changes_between(assignment, facts, corrected, rules, why)
        stay = tuple(
            attempt.handed_in_by
            for key, attempt in counting.items()
            if key in by_hand & theirs.keys()
        )
        stamp = stamp_of(changes, [check, rule, points, sorted(planned.items())])
        return Correction(changes, stamp, stay), planned

    # What these share

    def _facts(self, connection: Connection, assignment: str) -> tuple[GradeFacts, Rules]:
        rules = rules_of(self._course, assignment)
        return load_facts(connection, tuple(rules.specs)), rules

    def _author(self, who: str, why: str) -> Author:
        if not why.strip():
            raise UsageError("a correction needs a reason, which the history keeps; write one")
        return Author(who, self._clock(), why.strip())


def set_points(
    connection: Connection,
    course: Course,
    attempt: Attempt,
    kind: str,
    item: str,
    points: float,
    author: Author,
) -> tuple[Grade, Grade]:
    """Set the points of one check or question of the attempt that counts; the grade before and now.

    kind: "check" or "question". A question keeps its comment and its ticked items.

    Raises UsageError if another attempt counts.
    """
    student = find_student(connection, student_id(connection, attempt.student))
    rules = rules_of(course, attempt.assignment)

    def grade() -> Grade:
        facts = load_facts(connection, tuple(rules.specs), student)
        return grades_of(attempt.assignment, facts, rules, student)[0]

    before = grade()
    if before.attempt is None or before.attempt.key != attempt.key:
        raise UsageError(
            f"{attempt.label} is not the attempt of {student.id} that counts, so its points change "
            "nothing; leave the points empty"
        )
    if kind == "check":
        set_override(connection, before, item, points, author)
    else:
        old = next((each.mark for each in before.questions if each.question == item), None)
        rubric, comment = ((), "") if old is None else (old.rubric, old.comment)
        mark = Mark(attempt.key, item, points, rubric, comment, author.who, author.at)
        set_mark(connection, attempt, mark, course.spec(attempt.assignment), author)
    return before, grade()


def require_same(correction: Correction, stamp: str) -> None:
    """Raises MarkConflict for a correction that is not the one that was looked at."""
    if correction.stamp != stamp:
        raise MarkConflict(CHANGED)


def _given(finding: CheckFinding, rule: CheckRule, points: float | None) -> float | None:
    """The points by a rule; None where nothing changes."""
    if finding.outcome is Outcome.PASSED:
        return None
    if rule is CheckRule.ATTEMPTED and not finding.is_attempt:
        return None
    given = points if rule is CheckRule.FAILED else finding.max_points
    fault = finding.outcome is Outcome.GRADER_ERROR  # even 0 points end that it is open
    return None if given == finding.points and not fault else given


def counting_attempts(grades: Iterable[Grade]) -> dict[int, Attempt]:
    """The graded attempts that count, by key."""
    return {
        each.attempt.key: each.attempt
        for each in grades
        if each.attempt is not None and each.attempt.report is not None
    }


def _findings(
    connection: Connection, outcomes: OutcomeReader, counting: Mapping[int, Attempt]
) -> dict[int, dict[str, tuple[str, CheckFinding]]]:
    """By attempt and check, the check's title and how it ended."""
    by_report = {each.report: each for each in counting.values() if each.report is not None}
    return {
        by_report[report].key: {
            each.id: (
                each.title,
                CheckFinding(
                    each.points, each.max_points, each.outcome, bool(by_report[report].reason)
                ),
            )
            for each in checks
        }
        for report, checks in outcomes.of(connection, by_report).items()
    }


def _points_of(
    found: Mapping[int, Mapping[str, tuple[str, CheckFinding]]], attempts: Iterable[int]
) -> dict[int, tuple[CheckPoints, ...]]:
    return {
        key: tuple(
            CheckPoints(check, f.points, f.max_points, f.outcome is Outcome.GRADER_ERROR)
            for check, (_, f) in found[key].items()
        )
        for key in attempts
    }


def changes_between(
    assignment: str,
    facts: GradeFacts,
    corrected: GradeFacts,
    rules: Rules,
    why: Mapping[int, Sequence[str]],
) -> tuple[GradeChange, ...]:
    """Every grade that changes, or in whose attempt something is corrected; gains first."""
    found = []
    pairs = zip(
        grades_of(assignment, facts, rules), grades_of(assignment, corrected, rules), strict=True
    )
    for before, after in pairs:
        key = None if before.attempt is None else before.attempt.key
        if key in why or before != after:
            said = "; ".join(why.get(key, ())) if key is not None else ""
            found.append(GradeChange(before.student, before, after, said))
    return tuple(sorted(found, key=lambda each: (-each.gain, each.student.id)))


def _mark_said(marks: Iterable[Mark], key: tuple[int, str], after: Mark) -> str:
    before = next(each for each in marks if (each.attempt, each.question) == key)
    return f"{after.question}: {before.points:g} → {after.points:g}"


def stamp_of(changes: Iterable[GradeChange], more: object) -> str:
    """The same text for the same changes. more: what else a correction consists of."""
    said = [[each.student.id, each.before.so_far, each.after.so_far, each.why] for each in changes]
    return hashlib.sha256(json.dumps([said, more]).encode()).hexdigest()[:32]
