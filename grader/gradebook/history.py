"""The history: a line for every change, written in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from grader.gradebook.models import history
from grader.gradebook.records import HistoryEntry


@dataclass(frozen=True)
class Author:
    """Who changes something, when, and why: what every line of the history needs.

    why: the reason; of a decision about one student, that student reads it. note: for staff only.
    """

    who: str
    at: datetime
    why: str = ""
    note: str = ""

    def change(
        self,
        action: str,
        what: str,
        *,
        assignment: str = "",
        student: str = "",
        before: object = None,
        after: object = None,
    ) -> HistoryEntry:
        """A line of the history by this author. student: an id."""
        return HistoryEntry(
            at=self.at,
            who=self.who,
            action=action,
            assignment=assignment,
            student=student,
            what=_said(what),
            before=_said(before),
            after=_said(after),
            why=self.why,
            note=self.note,
        )


def _said(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def log(connection: Connection, changes: Iterable[HistoryEntry]) -> None:
    """Add lines to the history."""
    if rows := [asdict(change) for change in changes]:
        connection.execute(insert(history), rows)
