"""What is known of some homeworks, before any rule is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from grader.gradebook.grades.pools import grouped
from grader.gradebook.records import (
    Adjustment,
    Attempt,
    CheckPoints,
    Comment,
    Extension,
    Mark,
    Override,
    Standing,
    Student,
)
from grader.gradebook.roster import Matcher


@dataclass(frozen=True)
class GradeFacts:
    """The gradebook's facts about some homeworks.

    students: everybody, or one student and their group. matcher: None if no attempt names members.
    checks: by attempt, from the report that counts, only for attempts with an override. worth: by
    attempt and check, what a check was worth when its points were set by hand. most: by
    homework, what its checks are worth. now: when they were read. perhaps: by homework and student,
    the names of nobody's submissions that may be theirs, because they share the name.
    answers: by attempt and question, the digest of an answer. standings: of these homeworks and of
    the whole course.
    """

    students: tuple[Student, ...]
    has_roster: bool
    matcher: Matcher | None
    attempts: tuple[Attempt, ...]
    checks: Mapping[int, tuple[CheckPoints, ...]]
    most: Mapping[str, float]
    marks: tuple[Mark, ...]
    overrides: tuple[Override, ...]
    adjustments: tuple[Adjustment, ...]
    extensions: tuple[Extension, ...]
    now: datetime
    perhaps: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    answers: Mapping[tuple[int, str], str] = field(default_factory=dict)
    standings: tuple[Standing, ...] = ()
    comments: tuple[Comment, ...] = ()
    worth: Mapping[tuple[int, str], float] = field(default_factory=dict)

    # Sorted once for all homeworks.

    @cached_property
    def attempts_by_homework(self) -> dict[str, list[Attempt]]:
        return grouped((each.assignment, each) for each in self.attempts)

    @cached_property
    def marks_by_attempt(self) -> dict[int, list[Mark]]:
        return grouped((each.attempt, each) for each in self.marks)

    @cached_property
    def overrides_by_attempt(self) -> dict[int, list[Override]]:
        return grouped((each.attempt, each) for each in self.overrides)

    @cached_property
    def comments_by_attempt(self) -> dict[int, list[Comment]]:
        return grouped((each.attempt, each) for each in self.comments)
