"""Results of grading again, which are looked at before they count.

They come from a run that wrote its reports to a folder of its own (`gradebook regrade`). Accepting
them records each as the newest report of its attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from grader.course.course import Course
from grader.gradebook.connect import reading, writing
from grader.gradebook.corrections import (
    Correction,
    changes_between,
    counting_attempts,
    require_same,
    stamp_of,
)
from grader.gradebook.grades.facts import GradeFacts
from grader.gradebook.grades.grades import Rules, grades_of
from grader.gradebook.grades.rules import rules_of
from grader.gradebook.history import Author
from grader.gradebook.models import report_texts
from grader.gradebook.queries import load_facts
from grader.gradebook.recording import record
from grader.gradebook.records import Attempt, CheckPoints, ReportTexts
from grader.reports.schema import CheckResult, Outcome, Report

NAMED = 3  # so many checks are named for one attempt; the rest are counted


@dataclass(frozen=True)
class Proposal:
    """A new result of an attempt. texts: the staff's and the student's report."""

    report: Report
    texts: ReportTexts


@dataclass(frozen=True)
class Regrade:
    """What accepting new results would do.

    same: how many attempts end as before. faulty: of how many a check was lost through a fault of
    the grader; their old results stay. strange: how many belong to no attempt by now.
    """

    correction: Correction
    accepted: tuple[str, ...]
    same: int
    faulty: int
    strange: int


class Regrades:
    """Regrading in one course. clock: the present, aware and in UTC."""

    def __init__(self, course: Course, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._course = course
        self._engine = engine
        self._clock = clock

    def wanted(self, assignment: str) -> tuple[Attempt, ...]:
        """The attempts whose results matter: those that count, or, where the best counts, all."""
        with reading(self._engine) as connection:
            facts, rules = self._facts(connection, assignment)
            counting = counting_attempts(grades_of(assignment, facts, rules))
            graded = [each for each in facts.attempts if each.assignment == assignment]
        every = rules.attempts == "best"
        return tuple(each for each in graded if each.report and (every or each.key in counting))

    def look(self, assignment: str, proposals: Mapping[str, Proposal]) -> Regrade:
        """What accepting would do. proposals: by the labels of attempts."""
        with reading(self._engine) as connection:
            return self._look(connection, assignment, proposals)[0]

    def accept(
        self, assignment: str, proposals: Mapping[str, Proposal], stamp: str, *, who: str, why: str
    ) -> Regrade:
        """Record the new results. stamp: of what was looked at. why: for staff, in the history.

        Raises MarkConflict if it would do something else by now.
        """
        author = Author(who, self._clock(), note=why)
        with writing(self._engine) as connection:
            regrade, entries = self._look(connection, assignment, proposals)
            require_same(regrade.correction, stamp)
            record(connection, entries, author)
            return regrade

    def _look(
        self, connection: Connection, assignment: str, proposals: Mapping[str, Proposal]
    ) -> tuple[Regrade, list[tuple[Attempt, ReportTexts | None]]]:
        facts, rules = self._facts(connection, assignment)
        attempts = {each.label: each for each in facts.attempts if each.assignment == assignment}
        old = _load_reports(connection, attempts.values())
        new: dict[int, Proposal] = {}
        why: dict[int, list[str]] = {}
        same = faulty = strange = 0
        for label, proposal in proposals.items():
            attempt = attempts.get(label)
            if attempt is None or attempt.key not in old or not _is_of(proposal.report, attempt):
                strange += 1
            elif proposal.report.faults:
                faulty += 1
            elif not (said := _differences(old[attempt.key], proposal.report)):
                same += 1
            else:
                new[attempt.key], why[attempt.key] = proposal, said
        corrected = replace(
            facts,
            attempts=tuple(_as_proposed(each, new.get(each.key)) for each in facts.attempts),
            checks={
                key: _points(new[key].report) if key in new else points
                for key, points in facts.checks.items()
            },
            most={**facts.most, assignment: _most(facts, assignment, new)},
        )
        for grade in grades_of(assignment, corrected, rules):
            if grade.attempt is not None and grade.attempt.key in why:
                why[grade.attempt.key] += [each.words for each in grade.automatic.outdated]
        changes = changes_between(assignment, facts, corrected, rules, why)
        accepted = tuple(label for label, each in attempts.items() if each.key in new)
        totals = [(label, proposals[label].report.score) for label in accepted]
        correction = Correction(changes, stamp_of(changes, totals))
        entries: list[tuple[Attempt, ReportTexts | None]] = [
            (attempts[label], proposals[label].texts) for label in accepted
        ]
        return Regrade(correction, accepted, same, faulty, strange), entries

    def _facts(self, connection: Connection, assignment: str) -> tuple[GradeFacts, Rules]:
        rules = rules_of(self._course, assignment)
        return load_facts(connection, tuple(rules.specs)), rules


def _is_of(report: Report, attempt: Attempt) -> bool:
    return report.submission_sha256 == attempt.sha256


def _load_reports(connection: Connection, attempts: Iterable[Attempt]) -> dict[int, Report]:
    """The reports that count now, by attempt."""
    by_report = {each.report: each.key for each in attempts if each.report is not None}
    query = select(report_texts.c.report, report_texts.c.staff)
    rows = connection.execute(query.where(report_texts.c.report.in_(by_report)))
    return {by_report[report]: Report.model_validate_json(text) for report, text in rows}


def _most(facts: GradeFacts, assignment: str, new: Mapping[int, Proposal]) -> float:
    now = [each.report.max_score for each in new.values()]
    return max(now, default=facts.most.get(assignment, 0.0))


def _as_proposed(attempt: Attempt, proposal: Proposal | None) -> Attempt:
    if proposal is None:
        return attempt
    report = proposal.report
    return replace(attempt, score=report.score, max_score=report.max_score, faults=0, reason="")


def _points(report: Report) -> tuple[CheckPoints, ...]:
    return tuple(
        CheckPoints(each.id, each.points, each.max_points, each.outcome is Outcome.GRADER_ERROR)
        for each in report.checks
    )


def _differences(old: Report, new: Report) -> list[str]:
    """The checks that ended otherwise, in words; empty if none did."""
    was = {check.id: check for check in old.checks}
    now = {check.id: check for check in new.checks}
    said = []
    for name in dict.fromkeys([*was, *now]):
        before, after = was.get(name), now.get(name)
        if _state(before) != _state(after):
            either = after or before
            assert either is not None
            said.append(f"{either.title}: {_state(before)} → {_state(after)}")
    more = len(said) - NAMED
    return said if more <= 0 else [*said[:NAMED], f"and {more} more checks"]


def _state(check: CheckResult | None) -> str:
    if check is None:
        return "none"
    return f"{check.outcome.words} {check.points:g}/{check.max_points:g}"
