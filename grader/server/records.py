"""The values that cross the server's boundaries: plain and frozen, without a database.

Times are aware and in UTC. `key` is the row's number in the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do."""

    OWNER = "owner"
    MARKER = "marker"
    STUDENT = "student"

    @property
    def is_staff(self) -> bool:
        return self is not Role.STUDENT


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in.

    student: the key of their row among the gradebook's students; None for staff. timezone: the name
    of theirs, "" for the course's.
    """

    key: int
    id: str
    name: str
    email: str
    role: Role
    student: int | None
    active: bool
    timezone: str = ""

    @property
    def called(self) -> str:
        """For people."""
        return self.name or self.id


@dataclass(frozen=True)
class Visit:
    """A request by somebody who is signed in. csrf: what each of their forms has to send back."""

    account: Account
    csrf: str
    session: str  # the hash of its secret


@dataclass(frozen=True)
class PersonalToken:
    """A personal token, without its secret. seen_at: when it was last used, to the hour."""

    key: int
    label: str
    at: datetime
    seen_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True)
class HandInDraft:
    """Files that were uploaded to be looked at. hand_in: what became of them, if anything did."""

    id: str
    account: int
    assignment: str
    sha256: str
    size: int
    at: datetime
    expires_at: datetime
    hand_in: int | None = None


class HandInState(StrEnum):
    """Where a hand-in is in the queue."""

    WAITING = "waiting"
    GRADING = "grading"
    GRADED = "graded"
    OPEN = "open"  # we failed twice: staff look at it, and it costs nothing

    @property
    def words(self) -> str:
        """For staff."""
        return {
            HandInState.WAITING: "waiting to be graded",
            HandInState.GRADING: "being graded",
            HandInState.GRADED: "graded",
            HandInState.OPEN: "the grader failed",
        }[self]


@dataclass(frozen=True)
class HandIn:
    """One hand-in, which is also its receipt. See the table `hand_ins`."""

    key: int
    assignment: str
    student: int
    student_id: str
    account: int
    members: tuple[str, ...]
    received_at: datetime
    number: int
    sha256: str
    size: int
    state: HandInState
    turn: int = 0
    tries: int = 0
    failures: int = 0
    trouble: str = ""
    attempt: int | None = None
    graded_at: datetime | None = None

    @property
    def label(self) -> str:
        """The name of its report."""
        return f"{self.student_id}-{self.number}"


class EventKind(StrEnum):
    """What happened to a hand-in."""

    STARTED = "started"
    CHECK = "check"
    DONE = "done"
    OPEN = "open"


@dataclass(frozen=True)
class Event:
    """One thing that happened to a hand-in. text: JSON."""

    key: int
    hand_in: int
    kind: EventKind
    text: str


@dataclass(frozen=True)
class Alert:
    """What staff should look at."""

    key: int
    kind: str
    assignment: str
    subject: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Request:
    """A student's request to look again at one check or question of an attempt.

    kind: "check" or "question". item: its id. before, after: the grade as text, where the answer
    changed it. answered_at: None while it is open.
    """

    key: int
    attempt: int
    account: int
    kind: str
    item: str
    reason: str
    at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class QueueState:
    """The queue in numbers. oldest: when the first of those that wait was received."""

    waiting: int
    grading: int
    graded: int
    open: int
    oldest: datetime | None


@dataclass(frozen=True)
class WorkersState:
    """The processes that grade. alive: how many there are now. started: how often one was started.
    trouble: why the last one ended that was not told to, "" if none did.
    """

    wanted: int
    alive: int
    started: int
    trouble: str
