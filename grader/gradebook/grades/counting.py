"""Which submissions of a grading run count.

One rule decides everywhere: `grades.grades_of`, which calls `policy.choose`. The gradebook applies
it to all its facts. A run without a gradebook applies it here to the content of its folder: every
name is a separate student, and nobody has an extension.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from grader._internal.clock import now_utc
from grader.gradebook.grades.facts import GradeFacts
from grader.gradebook.grades.grades import Rules, grades_of
from grader.gradebook.grades.policy import NO_DUE_DATE, choose, order_of, same_attempt
from grader.gradebook.records import Attempt, Student
from grader.gradebook.roster import name_key
from grader.reports.summary import Row
from grader.submission.sources import Source


def attempt_of(source: Source, row: Row) -> Attempt:
    """A submission of a run as an attempt that is graded but not recorded yet."""
    return Attempt(
        assignment=row.assignment,
        handed_in_by=source.student,
        received_at=source.received_at,
        sha256=row.sha256,
        source=source.source or str(source.path),
        label=source.label,
        claimed=source.claimed,
        members=source.members,
        score=row.score,
        max_score=row.max_score,
        faults=row.faults,
        reason=row.reason or "",
    )


def counting_in_folder(attempts: Sequence[Attempt], rules: Mapping[str, Rules]) -> list[bool]:
    """For each attempt of a folder, whether it counts by the rules of its homework.

    For work that belongs to no homework in `rules`, each student's last attempt counts.
    """
    students: dict[str, Student] = {}
    for attempt in attempts:
        number = len(students) + 1
        name = attempt.handed_in_by
        students.setdefault(name_key(name), Student(number, name, on_roster=False))
    recorded: dict[tuple[str, int], list[Attempt]] = {}
    for number, attempt in sorted(enumerate(attempts, 1), key=lambda pair: order_of(pair[1])):
        student = students[name_key(attempt.handed_in_by)].key
        theirs = recorded.setdefault((attempt.assignment, student), [])
        if same_attempt(theirs, attempt) is None:
            theirs.append(replace(attempt, key=number, student=student))
    facts = GradeFacts(
        students=tuple(students.values()),
        has_roster=False,
        matcher=None,
        attempts=tuple(attempt for theirs in recorded.values() for attempt in theirs),
        checks={},
        most={},
        marks=(),
        overrides=(),
        adjustments=(),
        extensions=(),
        now=now_utc(),  # on which it does not depend what counts
    )
    chosen: set[int] = set()
    for assignment in {attempt.assignment for attempt in attempts}:
        if assignment in rules:
            grades = grades_of(assignment, facts, rules[assignment])
            chosen |= {grade.attempt.key for grade in grades if grade.attempt is not None}
        else:
            chosen |= _last_ones(recorded, assignment)
    return [number in chosen for number in range(1, len(attempts) + 1)]


def _last_ones(recorded: Mapping[tuple[str, int], Sequence[Attempt]], assignment: str) -> set[int]:
    choices = (
        choose(theirs, "last", lambda _: NO_DUE_DATE, lambda *_: 0.0)
        for (name, _), theirs in recorded.items()
        if name == assignment
    )
    return {choice.attempt.key for choice in choices if choice.attempt is not None}


def counting_in_book(
    attempts: Sequence[Attempt], recorded: Iterable[Attempt], chosen: frozenset[int]
) -> list[bool]:
    """For each attempt of a run, whether it counts according to the gradebook.

    recorded: the gradebook's attempts, in the order received. chosen: the keys of those that count
    for somebody. If the same work was handed in twice in a row, the first attempt counts.
    """
    by_name: dict[tuple[str, str], list[Attempt]] = {}
    for attempt in recorded:
        by_name.setdefault((attempt.assignment, name_key(attempt.handed_in_by)), []).append(attempt)
    counts = [False] * len(attempts)
    left = set(chosen)
    for index, attempt in sorted(enumerate(attempts), key=lambda pair: order_of(pair[1])):
        theirs = by_name.get((attempt.assignment, name_key(attempt.handed_in_by)), ())
        known = same_attempt(theirs, attempt)
        if known is not None and known.key in left:
            left.remove(known.key)
            counts[index] = True
    return counts
