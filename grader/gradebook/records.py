"""The values that cross the gradebook's boundary: plain and frozen, without a database.

Times are aware and in UTC. Points are floats. `key` is the row's number in the database; people
never see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from grader.submission.files import why_unusable


@dataclass(frozen=True)
class Student:
    """One student.

    id: the roster's; where `on_roster` is False, the name that a submission goes by. group: of
    the roster, for homework done together. extension_days: the roster's, for every homework.
    extra: the roster's other columns, as they were. left: was on the roster, and no longer is.
    """

    key: int
    id: str
    name: str = ""
    email: str = ""
    login: str = ""
    section: str = ""
    group: str = ""
    extension_days: int = 0
    on_roster: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)
    left: bool = False


# The staff's and the student's report of one submission, as the grader wrote them: JSON text. The
# student's is empty if it was not kept.
ReportTexts = tuple[str, str]


@dataclass(frozen=True)
class Attempt:
    """One attempt: what is known before it is recorded, and what the gradebook adds.

    handed_in_by: the student's name in its folder, file or download. received_at: by the
    receiver's clock. source: where it was found. label: its report's file name. claimed: the id in
    its manifest, the student's own word; None without one. members: whom the manifest names as its
    makers, a claim too.

    The gradebook adds the rest. key: 0 until it is recorded. student: the key of its student.
    matched_by: how the student was found: "id", "login", "email", "name", "group" (by the name of
    their group), "person" (staff said so), or "" if nobody on the roster has that name.
    score, max_score, faults: of the report that counts, None if it is not graded yet. report:
    that report's key. reason: why nothing of it could be run, according to that report; "" if
    anything could.
    answers: before it is recorded, the digests of its answers by question.
    """

    assignment: str
    handed_in_by: str
    received_at: datetime
    sha256: str
    source: str = ""
    label: str = ""
    claimed: str | None = None
    members: tuple[str, ...] = ()
    key: int = 0
    student: int = 0
    matched_by: str = ""
    score: float | None = None
    max_score: float | None = None
    faults: int = 0
    report: int | None = None
    reason: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def unusable(self) -> str:
        """Why nothing of it could even be read; "" if it could."""
        return why_unusable(self.reason)


@dataclass(frozen=True)
class Mark:
    """A person's mark of one question of one attempt. rubric: the items that were met."""

    attempt: int
    question: str
    points: float
    rubric: tuple[str, ...]
    comment: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Override:
    """A check's points, set by a person: `points` in place of the automatic ones.

    why: what the student reads. note: for staff only; so it is in the other decisions, too.
    """

    attempt: int
    check: str
    points: float
    why: str
    who: str
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class Adjustment:
    """Points added to a student's homework, or, if negative, taken off."""

    assignment: str
    student: int
    points: float
    why: str
    who: str
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class Extension:
    """An extension: `days` more for one homework, in addition to those on the roster."""

    assignment: str
    student: int
    days: int
    why: str
    who: str
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class Comment:
    """What staff wrote about a place in an attempt; see `reports.schema.StaffComment`.

    file, line: "" and None for the whole work or a figure. figure: its title, "" for none.
    """

    key: int
    attempt: int
    file: str
    line: int | None
    figure: str
    text: str
    points: float
    who: str
    at: datetime


class StandingKind(StrEnum):
    """What staff may decide about a student's part in a homework, or in the course."""

    EXCUSED = "excused"  # the homework is no part of the student's total
    ZERO = "zero"  # it counts as 0, whatever was handed in
    WITHDRAWN = "withdrawn"  # the student has left the course: no grade counts


@dataclass(frozen=True)
class Standing:
    """A decision about a student's part in a homework. assignment: "" for the whole course."""

    assignment: str
    student: int
    kind: StandingKind
    why: str
    who: str
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the history. before, after: short texts, "" for nothing. note: for staff."""

    at: datetime
    who: str
    action: str
    assignment: str
    student: str
    what: str
    before: str
    after: str
    why: str
    note: str = ""


@dataclass(frozen=True)
class Claim:
    """Who is marking an answer, and until when. holder: one session of that person."""

    attempt: int
    question: str
    holder: str
    who: str
    until: datetime


@dataclass(frozen=True)
class CheckPoints:
    """The points of one check of a report. fault: it was lost through a fault of the grader."""

    id: str
    points: float
    max_points: float
    fault: bool


@dataclass(frozen=True)
class OutdatedOverride:
    """An override of a check that was worth `was` points when it was set, and is worth `now`."""

    override: Override
    was: float
    now: float

    @property
    def words(self) -> str:
        """For staff."""
        held = self.override
        return (
            f"{held.check} was set by hand to {held.points:g} of {self.was:g} points and stays, "
            f"but is worth {self.now:g} now"
        )

    def advice(self, assignment: str, student: str) -> str:
        """The same, with what to do about it. student: the id."""
        return (
            f"{self.words}; look at it again: python -m grader gradebook override "
            f"{assignment} {student} {self.override.check} POINTS --why TEXT"
        )


@dataclass(frozen=True)
class Automatic:
    """The points of the checks, overrides included. points: None if the attempt is not graded yet.

    faults: checks lost through a fault of the grader. outdated: what somebody has to look at again.
    """

    points: float | None
    max_points: float
    overrides: tuple[Override, ...]
    faults: int
    why: str
    outdated: tuple[OutdatedOverride, ...] = ()


@dataclass(frozen=True)
class QuestionMark:
    """One written question. mark: None if nobody has marked it yet.

    carried: the mark was given to an earlier attempt with the same answer. earlier: where there is
    no mark, that of an earlier attempt with another answer.
    """

    question: str
    max_points: float
    mark: Mark | None
    carried: bool = False
    earlier: Mark | None = None

    @property
    def points(self) -> float | None:
        """None if it is not marked yet."""
        return None if self.mark is None else self.mark.points


@dataclass(frozen=True)
class Late:
    """How late an attempt is and what that costs.

    days: begun after the due date, 0 if it was on time. free_days: of them, those taken from
    the course's budget. percent: what is taken off. accepted: False after the cut-off, or if too
    few free days are left.
    """

    days: int
    free_days: int
    percent: float
    accepted: bool
    why: str


@dataclass(frozen=True)
class Grade:
    """A student's homework, each part with its reason.

    attempt: the one that counts, None if there is none; `why` gives the reason. attempts: how
    many were handed in. due: with this student's extension. penalty: points taken off for
    lateness. points: the final points, rounded; None while something is open, and for who is
    excused. so_far: the same with everything open counted as 0. open: what still has to be done.
    notes: what staff should know. granted: the extension of this homework. rounding: the step to
    which the points are rounded. free_days_left: of the course's budget, before this homework.
    standing: what staff decided instead of a grade. comments: on the attempt that counts.
    """

    student: Student
    assignment: str
    attempt: Attempt | None
    attempts: int
    why: str
    due: datetime | None
    due_why: str
    late: Late
    automatic: Automatic
    questions: tuple[QuestionMark, ...]
    adjustments: tuple[Adjustment, ...]
    penalty: float
    points: float | None
    so_far: float
    max_points: float
    open: tuple[str, ...]
    notes: tuple[str, ...]
    granted: Extension | None = None
    rounding: float = 0.01
    free_days_left: int = 0
    standing: Standing | None = None
    comments: tuple[Comment, ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to be decided: there are points, or the student is excused."""
        return not self.open

    @property
    def excused(self) -> bool:
        """Whether it is no part of the student's total."""
        return self.standing is not None and self.standing.kind is not StandingKind.ZERO

    @property
    def withdrawn(self) -> bool:
        """Whether the student has left the course."""
        return self.standing is not None and self.standing.kind is StandingKind.WITHDRAWN
