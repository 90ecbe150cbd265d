"""Comments of staff on places in an attempt, and the bank of those that were written before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from grader.errors import UsageError
from grader.gradebook.connect import reading, writing
from grader.gradebook.grades.policy import is_points
from grader.gradebook.history import Author, log
from grader.gradebook.models import attempts, comments
from grader.gradebook.queries import load_comments, student_id
from grader.gradebook.records import Attempt, Comment

MOST_CHARACTERS = 4000
MOST_POINTS = 1000.0
MOST_IN_BANK = 200


@dataclass(frozen=True)
class CommentPlace:
    """Where a comment belongs: a line of a file, a figure, or, with neither, the whole work."""

    file: str = ""
    line: int | None = None
    figure: str = ""

    @property
    def words(self) -> str:
        """For people."""
        if self.figure:
            return f"figure {self.figure}"
        return f"{self.file}, line {self.line}" if self.file else "the whole work"


@dataclass(frozen=True)
class BankEntry:
    """A comment that was written in a homework before, and how often."""

    text: str
    points: float
    times: int


class Comments:
    """The comments in one gradebook. clock: the present, aware and in UTC.

    Every change is in the history. They belong to an attempt, as marks do.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def add(
        self, attempt: Attempt, place: CommentPlace, text: str, points: float, *, who: str
    ) -> Comment:
        """Write a comment. points: what it adds to the grade, or takes off.

        Raises UsageError for an empty or very long text, and impossible points.
        """
        row = {"file": place.file, "line": place.line, "figure": place.figure}
        said = {"text": _checked(text), "points": _possible(points)}
        now = self._clock()
        with writing(self._engine) as connection:
            added = insert(comments).values(**row, **said, attempt=attempt.key, who=who, at=now)
            key = connection.execute(added.returning(comments.c.key)).scalar_one()
            made = _existing(connection, key)
            _log(connection, None, made, Author(who, now))
        return made

    def change(self, key: int, text: str, points: float, *, who: str) -> Comment:
        """Give a comment another text and other points. Raises UsageError as `add`."""
        said = {"text": _checked(text), "points": _possible(points)}
        with writing(self._engine) as connection:
            old = _existing(connection, key)
            connection.execute(update(comments).where(comments.c.key == key).values(**said))
            new = _existing(connection, key)
            _log(connection, old, new, Author(who, self._clock()))
        return new

    def remove(self, key: int, *, who: str) -> Comment:
        """Take a comment away and return it. Raises UsageError if it is gone already."""
        with writing(self._engine) as connection:
            old = _existing(connection, key)
            connection.execute(delete(comments).where(comments.c.key == key))
            _log(connection, old, None, Author(who, self._clock()))
        return old

    def of_attempt(self, attempt: int) -> tuple[Comment, ...]:
        """Those on an attempt, by place."""
        with reading(self._engine) as connection:
            return tuple(load_comments(connection, comments.c.attempt == attempt))

    def bank(self, assignment: str) -> tuple[BankEntry, ...]:
        """What was written in a homework so far, the most frequent first."""
        times = func.count().label("times")
        query = (
            select(comments.c.text, comments.c.points, times)
            .join_from(comments, attempts)
            .where(attempts.c.assignment == assignment)
            .group_by(comments.c.text, comments.c.points)
            .order_by(times.desc(), comments.c.text, comments.c.points)
            .limit(MOST_IN_BANK)
        )
        with reading(self._engine) as connection:
            return tuple(BankEntry(*row) for row in connection.execute(query))


def _existing(connection: Connection, key: int) -> Comment:
    found = load_comments(connection, comments.c.key == key)
    if not found:
        raise UsageError("this comment is not there any more; reload the page")
    return found[0]


def _checked(text: str) -> str:
    text = text.strip()
    if not text or len(text) > MOST_CHARACTERS:
        raise UsageError(f"a comment needs a text of at most {MOST_CHARACTERS} characters")
    return text


def _possible(points: float) -> float:
    if not (is_points(points) and abs(points) <= MOST_POINTS):
        raise UsageError(f"{points:g} points are not possible; give a number such as -1 or 0.5")
    return float(points)


def _log(connection: Connection, old: Comment | None, new: Comment | None, by: Author) -> None:
    either = new or old
    assert either is not None
    query = select(attempts.c.assignment, attempts.c.student, attempts.c.label)
    row = connection.execute(query.where(attempts.c.key == either.attempt)).one()
    place = CommentPlace(either.file, either.line, either.figure).words
    change = by.change(
        "commented",
        f"{place} in {row.label}",
        assignment=row.assignment,
        student=student_id(connection, row.student),
        before=_said(old),
        after=_said(new),
    )
    log(connection, [change])


def _said(comment: Comment | None) -> str:
    if comment is None:
        return ""
    return comment.text + (f" ({comment.points:+g} points)" if comment.points else "")
