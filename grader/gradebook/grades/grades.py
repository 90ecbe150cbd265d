"""From facts to grades: a pure function of the gradebook's facts and the course's rules.

    work    = the checks' points, with overrides, + the marks of the written questions
              + the points of comments on the work
    points  = work - penalty for lateness + adjustments, at least 0, rounded

The penalty is taken from the work only: an adjustment by a person is final. Anything that nobody
has decided yet is open, and is never silently counted as 0. Before a student's own due date has
passed, all of the grade is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Literal

from grader.course.assignment import Spec
from grader.course.course import LatePolicy
from grader.gradebook.grades.facts import GradeFacts
from grader.gradebook.grades.overridden import overridden_points
from grader.gradebook.grades.policy import (
    Choice,
    choose,
    count,
    extended,
    lateness,
    penalty,
    rounded,
    waiting_for,
)
from grader.gradebook.grades.pools import grouped, pools_of
from grader.gradebook.records import (
    Adjustment,
    Attempt,
    Automatic,
    Grade,
    Late,
    QuestionMark,
    StandingKind,
    Student,
)
from grader.gradebook.roster import name_key


@dataclass(frozen=True)
class Rules:
    """The course's rules. specs: of the homeworks concerned, in the order of their due dates."""

    specs: Mapping[str, Spec]
    late: LatePolicy
    attempts: Literal["last", "best"]
    zone: tzinfo | None
    rounding: float
    claimed_members: bool


def grades_of(
    assignment: str, facts: GradeFacts, rules: Rules, of: Student | None = None
) -> tuple[Grade, ...]:
    """The grade in `assignment` of everybody on the roster or who handed in, by id; or of one.

    Whoever left the roster is no part of everybody.

    The homeworks before it in `rules.specs` are those that may have used up free late days.
    """
    return every_grade(facts, rules, of, only=assignment)[assignment]


def every_grade(
    facts: GradeFacts, rules: Rules, of: Student | None = None, only: str | None = None
) -> dict[str, tuple[Grade, ...]]:
    """The same for each homework of the rules, or one, in one pass over them.

    Each takes what it needs of a student's free late days, and leaves the rest to those after it.
    """
    found: dict[str, tuple[Grade, ...]] = {}
    free, left = rules.late.free_days, dict[int, int]()
    asked = facts.students if of is None else (of,)
    for name, spec in rules.specs.items():
        homework = _Homework(name, facts, rules)
        if only in (None, name):
            found[name] = tuple(
                homework.grade(each, free if spec.due is None else left.get(each.key, free))
                for each in asked
                if (each.on_roster or each.key in homework.involved)
                and (not each.left or of is not None)
            )
        for each in asked if free and name != only else ():
            there = left.get(each.key, free)
            left[each.key] = there - homework.free_days_used(each, there)
    return found


class _Homework:
    """One homework's facts, sorted by student."""

    def __init__(self, name: str, facts: GradeFacts, rules: Rules) -> None:
        self._name = name
        self._spec = rules.specs[name]
        self._rules = rules
        self._facts = facts
        self._attempts = facts.attempts_by_homework.get(name, [])
        self._extensions = {
            each.student: each for each in facts.extensions if each.assignment == name
        }
        # Who has left the course has left each of its homeworks.
        self._standings = {
            each.student: each
            for each in sorted(facts.standings, key=lambda each: each.assignment, reverse=True)
            if each.assignment in (name, "")
        }
        self._adjustments = grouped(
            (each.student, each) for each in facts.adjustments if each.assignment == name
        )
        self._marks = facts.marks_by_attempt
        self._overrides = facts.overrides_by_attempt
        self._comments = facts.comments_by_attempt
        pools = pools_of(self._attempts, facts.students, facts.matcher, rules.claimed_members)
        self._pools, self._notes = pools.attempts, pools.notes
        self._due: dict[int, datetime] = {}
        self._waiting: dict[tuple[datetime | None, bool], tuple[str, ...]] = {}
        self._most = self._spec.points or facts.most.get(name, 0.0)

    @cached_property
    def involved(self) -> frozenset[int]:
        """Students with anything at all in this homework."""
        decided = (key for key, each in self._standings.items() if each.assignment)
        return frozenset((*self._pools, *self._adjustments, *self._extensions, *decided))

    # What one student's facts come to

    def _days_more(self, student: Student) -> int:
        granted = self._extensions.get(student.key)
        return student.extension_days + (granted.days if granted else 0)

    def due(self, student: Student) -> datetime | None:
        """With the roster's days and those granted."""
        if self._spec.due is None:
            return None
        days = self._days_more(student)
        if days not in self._due:
            self._due[days] = extended(self._spec.due, days, self._rules.zone)
        return self._due[days]

    def choice(self, student: Student, free_days_left: int) -> Choice:
        """The attempt of theirs that counts."""
        due, policy = self.due(student), self._rules.late

        def judge(attempt: Attempt) -> Late:
            return lateness(policy, attempt.received_at, due, free_days_left, self._rules.zone)

        def points(attempt: Attempt, late: Late) -> float:
            automatic = self._automatic(attempt)
            if automatic.points is None:
                return -1.0
            return automatic.points - penalty(policy, late, automatic.points, automatic.max_points)

        return choose(self._pools.get(student.key, ()), self._rules.attempts, judge, points)

    def free_days_used(self, student: Student, free_days_left: int) -> int:
        """What the attempt that counts takes of the budget; nothing of who is excused."""
        standing = self._standings.get(student.key)
        if standing is not None and standing.kind is not StandingKind.ZERO:
            return 0
        return self.choice(student, free_days_left).late.free_days

    def grade(self, student: Student, free_days_left: int) -> Grade:
        """Every part, and what they come to."""
        grade = self._worked_out(student, free_days_left)
        standing = self._standings.get(student.key)
        if standing is None:
            return grade
        # It is decided, whatever else is open.
        if standing.kind is StandingKind.ZERO:
            return replace(grade, points=0.0, so_far=0.0, open=(), standing=standing)
        return replace(grade, points=None, open=(), standing=standing)

    def _worked_out(self, student: Student, free_days_left: int) -> Grade:
        """The grade by what was handed in and decided about that."""
        choice = self.choice(student, free_days_left)
        attempt, late = choice.attempt, choice.late
        automatic = self._automatic(attempt)
        questions = self._questions(student, attempt)
        adjustments = tuple(self._adjustments.get(student.key, ()))
        work, max_points = automatic.points or 0.0, automatic.max_points
        for each in questions:
            work += each.points or 0.0
            max_points += each.max_points
        comments = () if attempt is None else tuple(self._comments.get(attempt.key, ()))
        work += sum(each.points for each in comments)
        taken = penalty(self._rules.late, late, work, max_points) if late.percent else 0.0
        total = work - taken
        for adjustment in adjustments:
            total += adjustment.points
        so_far = rounded(max(0.0, total), self._rules.rounding)
        still_open = self._waiting_for(student, adjustments)
        if attempt is not None:
            still_open += self._open(student, attempt, automatic, questions)
        return Grade(
            student=student,
            assignment=self._name,
            attempt=attempt,
            attempts=len(self._pools.get(student.key, ())),
            why=choice.why,
            due=self.due(student),
            due_why=self._due_why(student),
            late=late,
            automatic=automatic,
            questions=questions,
            adjustments=adjustments,
            penalty=taken,
            points=None if still_open else so_far,
            so_far=so_far,
            max_points=max_points,
            open=still_open,
            notes=self._notes_on(student, attempt),
            granted=self._extensions.get(student.key),
            rounding=self._rules.rounding,
            free_days_left=free_days_left,
            comments=comments,
        )

    def _automatic(self, attempt: Attempt | None) -> Automatic:
        if attempt is None:
            return Automatic(0.0, self._most, (), 0, "nothing counts")
        if attempt.score is None:
            return Automatic(None, self._most, (), 0, "not graded yet")
        overridden = self._overrides.get(attempt.key)
        most = attempt.max_score or 0.0
        if overridden is None:
            bonus = ", with bonus points" if attempt.score > most else ""
            return Automatic(attempt.score, most, (), attempt.faults, f"by the checks{bonus}")
        return overridden_points(
            attempt, overridden, self._facts.checks.get(attempt.key, ()), self._facts.worth
        )

    @cached_property
    def _unmarked(self) -> tuple[QuestionMark, ...]:
        return tuple(QuestionMark(each.id, each.points, None) for each in self._spec.questions)

    @cached_property
    def _asked(self) -> frozenset[str]:
        return frozenset(each.id for each in self._spec.questions)

    def _questions(self, student: Student, attempt: Attempt | None) -> tuple[QuestionMark, ...]:
        """The marks of the attempt, or those of the newest other attempt with the same answers."""
        if attempt is None:
            return self._unmarked
        if not self._marks:
            return self._unmarked
        others = [
            mark
            for other in self._pools[student.key]
            if other is not attempt
            for mark in self._marks.get(other.key, ())
        ]
        given = {mark.question: mark for mark in self._marks.get(attempt.key, ())}
        if not given and not others:
            return self._unmarked
        answers, found = self._facts.answers, []
        for each in self._unmarked:
            question, mark = each.question, given.get(each.question)
            earlier = sorted(
                (other for other in others if other.question == question and mark is None),
                key=lambda other: other.at,
            )
            answer = answers.get((attempt.key, question), "")
            same = [o for o in earlier if answer and answers.get((o.attempt, question)) == answer]
            found.append(
                replace(
                    each,
                    mark=same[-1] if same else mark,
                    carried=bool(same),
                    earlier=earlier[-1] if earlier and not same else None,
                )
            )
        return tuple(found)

    def _waiting_for(self, student: Student, adjustments: Sequence[Adjustment]) -> tuple[str, ...]:
        """Why the grade is open whatever was handed in."""
        theirs, facts = self._pools.get(student.key), self._facts
        names = () if theirs else facts.perhaps.get((self._name, student.key), ())
        if names:
            return (f"one of these may be theirs: {', '.join(names)}; say so with `match`",)
        # Without a due date, what a person decided about a student stands for work as well.
        asked = self.due(student), bool(theirs or adjustments)
        if asked not in self._waiting:
            due, decided = asked
            self._waiting[asked] = waiting_for(
                self._rules.late, due, self._rules.zone, facts.now, handed_in=decided
            )
        return self._waiting[asked]

    def _open(
        self,
        student: Student,
        attempt: Attempt,
        automatic: Automatic,
        questions: Sequence[QuestionMark],
    ) -> tuple[str, ...]:
        """What still has to be done before the points are final."""
        parts = []
        if automatic.points is None:
            parts.append("not graded yet")
        if automatic.faults > 0:
            lost = count(automatic.faults, "check")
            parts.append(f"{lost} lost through a fault of the grader: grade it again")
        if self._rules.attempts == "best":
            # It may turn out to be the better one.
            parts += [
                f"{each.label}: not graded yet"
                for each in self._pools[student.key]
                if each is not attempt and each.score is None
            ]
        parts += [f"{each.question}: not marked yet" for each in questions if each.mark is None]
        return tuple(parts)

    def _due_why(self, student: Student) -> str:
        if self._spec.due is None:
            return "there is no due date"
        granted = self._extensions.get(student.key)
        if not student.extension_days and granted is None:
            return "as for everybody"
        parts = []
        if student.extension_days:
            parts.append(f"{count(student.extension_days, 'day')} more, from the roster")
        if granted is not None:
            note = f" [for staff: {granted.note}]" if granted.note else ""
            said = f"{granted.why}{note}"
            parts.append(
                f"{count(granted.days, 'day')} more, granted by {granted.who}: {said.strip()}"
            )
        return "; ".join(parts)

    def _notes_on(self, student: Student, attempt: Attempt | None) -> tuple[str, ...]:
        """What staff should know about this grade."""
        strange = self._facts.has_roster and not student.on_roster
        notes = ["not on the roster"] if strange else []
        notes += self._notes.get(student.key, ())
        if attempt is None:
            return tuple(notes)
        if attempt.student != student.key:
            notes.append(f"handed in by {attempt.handed_in_by}")
        if attempt.claimed is not None and not _goes_by(student, attempt):
            notes.append(f"the manifest names {attempt.claimed} as the student")
        if attempt.unusable:
            notes.append(f"{attempt.label} cannot be used: it {attempt.unusable}")
        elif attempt.reason:
            notes.append(attempt.reason)
        if others := [each for each in self._pools[student.key] if each is not attempt]:
            carried = {
                (each.mark.attempt, each.question)
                for each in self._questions(student, attempt)
                if each.carried and each.mark is not None
            }
            for other in others:
                if other.unusable:
                    notes.append(f"{other.label} cannot be used: it {other.unusable}")
                notes += self._decided_in_vain(other, carried)
        notes += [
            f"{mark.points:g} points for {mark.question!r}, which is no longer a question"
            for mark in self._marks.get(attempt.key, ())
            if mark.question not in self._asked
        ]
        overridden = self._overrides.get(attempt.key, ())
        gone = len(overridden) - len(self._automatic(attempt).overrides) if overridden else 0
        if gone:
            notes.append(f"{count(gone, 'override')} of a check that no longer exists")
        notes += [each.advice(self._name, student.id) for each in self._automatic(attempt).outdated]
        return tuple(notes)

    def _decided_in_vain(self, other: Attempt, carried: set[tuple[int, str]]) -> list[str]:
        """What people decided about an attempt that does not count, but for marks carried over."""
        marked = {(mark.attempt, mark.question) for mark in self._marks.get(other.key, ())}
        decided = {
            "mark": len(marked - carried),
            "override": len(self._overrides.get(other.key, ())),
            "comment": len(self._comments.get(other.key, ())),
        }
        return [
            f"{count(number, what)} in {other.label}, which does not count"
            for what, number in decided.items()
            if number
        ]


def _goes_by(student: Student, attempt: Attempt) -> bool:
    names = (attempt.handed_in_by, student.id, student.login, student.email)
    return name_key(attempt.claimed or "") in map(name_key, names)
