"""Which students were told of their grade by mail, as lines of the history: none is told twice.

A mail begins with the line "sending" and ends with "sent" or "not sent". Where the second line is
missing, the program was stopped in between, and nobody knows whether the mail arrived.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, select

from grader.gradebook.connect import reading, writing
from grader.gradebook.history import Author, log
from grader.gradebook.models import history
from grader.gradebook.queries import load_history

ACTION = "mail"
_WHAT = "grade by mail"


class MailState(StrEnum):
    """How the last mail to a student about a homework ended."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "not sent"


@dataclass(frozen=True)
class MailRecord:
    """The last mail to a student about a homework. total: the grade at that time, in words. why: it
    was not sent."""

    state: MailState
    total: str
    at: datetime
    who: str
    why: str = ""


class Mails:
    """The mails of one course about grades. clock: the present, aware and in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def of(self, assignment: str) -> dict[str, MailRecord]:
        """The last mail to each student about a homework, by the student's id."""
        with reading(self._engine) as connection:
            return _load(connection, assignment)

    def begin(
        self, assignment: str, student: str, total: str, seen: MailRecord | None, who: str
    ) -> bool:
        """Say that a mail is being sent. seen: the last one that is known of.

        False, with nothing written, if there was another one meanwhile: somebody else is sending.
        """
        with writing(self._engine) as connection:
            if _load(connection, assignment, student).get(student) != seen:
                return False
            self._log(connection, assignment, student, f"{MailState.SENDING}: {total}", who)
            return True

    def end(self, assignment: str, student: str, total: str, who: str, trouble: str = "") -> None:
        """Say how it ended. trouble: why it was not sent."""
        state = MailState.FAILED if trouble else MailState.SENT
        with writing(self._engine) as connection:
            self._log(connection, assignment, student, f"{state}: {total}", who, trouble)

    def _log(
        self, connection: Connection, assignment: str, student: str, said: str, who: str,
        why: str = "",
    ) -> None:  # fmt: skip
        author = Author(who, self._clock(), why)
        log(
            connection,
            [author.change(ACTION, _WHAT, assignment=assignment, student=student, after=said)],
        )


def _load(
    connection: Connection, assignment: str, student: str | None = None
) -> dict[str, MailRecord]:
    query = select(history).where(history.c.assignment == assignment, history.c.action == ACTION)
    if student is not None:
        query = query.where(history.c.student == student)
    found = {}
    # Of somebody who was forgotten, the line is left without what it said.
    query = query.where(history.c.after != "")
    for entry in load_history(query.order_by(history.c.key), connection):
        state, _, total = entry.after.partition(": ")
        record = MailRecord(MailState(state), total, entry.at, entry.who, entry.why)
        found[entry.student] = record
    return found
