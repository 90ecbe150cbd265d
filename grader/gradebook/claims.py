"""Claims: who is marking an answer, so that no two people mark the same one.

A claim is a row that runs out by itself: a marker whose program was killed blocks nobody for long.
It only decides who is shown an answer. That no mark is lost is decided when a mark is saved: it is
saved only over the mark that its marker saw. Everything here is within the caller's transaction, of
which only one at a time can write.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from grader.errors import MarkConflict
from grader.gradebook.models import claims
from grader.gradebook.records import Attempt, Claim, Mark

LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class Marker:
    """Somebody at work. holder: names the session, because one person may have two of them.

    takes_over: they have opened an answer by itself, so that it is theirs in this session even if
    another one of theirs, which may have been killed, has claimed it.
    """

    who: str
    holder: str
    takes_over: bool = False

    def yields_to(self, held: Claim | None) -> bool:
        """Whether a claim that holds keeps them from an answer."""
        if held is None or held.holder == self.holder:
            return False
        return not (self.takes_over and held.who == self.who)


def claim(
    connection: Connection, attempt: Attempt, question: str, marker: Marker, at: datetime
) -> Claim:
    """The claim that holds of an answer: the marker's, if nobody else has one.

    Everything that the marker has claimed besides is given back: nobody marks two at once.
    """
    give_back(connection, marker)
    held = _held(connection, attempt, question, at)
    if held is not None and marker.yields_to(held):
        return held
    mine = Claim(attempt.key, question, marker.holder, marker.who, at + LASTS)
    _drop(connection, attempt, question)
    connection.execute(insert(claims).values(**asdict(mine)))
    return mine


def give_back(connection: Connection, marker: Marker, until: datetime | None = None) -> None:
    """End every claim of a session. until: leave those that last longer, which are newer."""
    mine = delete(claims).where(claims.c.holder == marker.holder)
    connection.execute(mine if until is None else mine.where(claims.c.until <= until))


def require_free(
    connection: Connection, attempt: Attempt, question: str, marker: Marker, at: datetime
) -> None:
    """Raise MarkConflict if somebody else is marking the answer; end the marker's own claim."""
    held = _held(connection, attempt, question, at)
    if held is not None and held.holder != marker.holder:
        if held.who == marker.who:
            raise MarkConflict("you have opened this answer in another window since; mark it there")
        raise MarkConflict(
            f"{held.who} is marking this answer now, because your own claim of it ran out"
        )
    _drop(connection, attempt, question)


def require_seen(question: str, now: Mark | None, seen: Mark | None) -> None:
    """Raise MarkConflict if the mark is no longer the one that its marker saw."""
    if now == seen:
        return
    said = "the mark was removed" if now is None else f"{now.who} gave {now.points:g} points"
    raise MarkConflict(f"the mark of this answer to {question} was changed meanwhile: {said}")


def _held(connection: Connection, attempt: Attempt, question: str, at: datetime) -> Claim | None:
    """The claim of an answer that has not run out."""
    columns = (claims.c.attempt, claims.c.question, claims.c.holder, claims.c.who, claims.c.until)
    query = select(*columns).filter_by(attempt=attempt.key, question=question)
    row = connection.execute(query.where(claims.c.until > at)).first()
    return None if row is None else Claim(*row)


def _drop(connection: Connection, attempt: Attempt, question: str) -> None:
    connection.execute(delete(claims).filter_by(attempt=attempt.key, question=question))
