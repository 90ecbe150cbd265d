"""Who sends grades to a column of a platform: one push at a time, so that no column is made twice.

A claim is a row that runs out by itself: a push whose program was killed blocks the next for
LASTS. Each method is one transaction, of which only one at a time can write.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from grader.errors import UsageError
from grader.gradebook.connect import writing
from grader.gradebook.models import lti_pushes
from grader.server.keys import ServerKeys
from grader.server.lti.protocol.records import PlatformCourse

# Longer than a platform may take to make a column, with a token before it: see `outbound`.
LASTS = timedelta(minutes=2)


class ColumnClaim:
    """The right to write to a homework's column, for the length of a `with` block.

    who: sends now. clock: the present, aware and in UTC.
    """

    def __init__(
        self,
        engine: Engine,
        course: PlatformCourse,
        assignment: str,
        who: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        # Not the course's row: a platform may name one course, and its columns, by two deployments.
        self._column = ServerKeys.hashed(f"{course.line_items_url}\n{assignment}")
        self._who = who
        self._clock = clock
        self._holder = secrets.token_hex(16)
        self._until = clock()

    def __enter__(self) -> ColumnClaim:
        """Raises UsageError if somebody else has the claim."""
        now = self._clock()
        with writing(self._engine) as connection:
            connection.execute(delete(lti_pushes).where(lti_pushes.c.until <= now))
            query = select(lti_pushes.c.who).where(lti_pushes.c.column_hash == self._column)
            held = connection.execute(query).one_or_none()
            if held is not None:
                raise UsageError(
                    f"these grades are being sent to the LMS already, by {held.who}; try again "
                    "when that has ended"
                )
            self._until = now + LASTS
            row = {"column_hash": self._column, "holder": self._holder, "who": self._who}
            connection.execute(insert(lti_pushes).values(**row, until=self._until))
        return self

    def __exit__(self, *_: object) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(lti_pushes).where(lti_pushes.c.holder == self._holder))

    def renew(self) -> bool:
        """Have it for LASTS again. False if it ran out and somebody else took it."""
        self._until = self._clock() + LASTS
        mine = update(lti_pushes).where(lti_pushes.c.holder == self._holder)
        with writing(self._engine) as connection:
            return connection.execute(mine.values(until=self._until)).rowcount == 1

    def keep(self) -> bool:
        """The same, but only if it would run out soon."""
        return self._until - self._clock() > LASTS / 2 or self.renew()
