"""Which visits still hold, for answers that go on after the request that began them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import Engine, select

from grader.gradebook.connect import reading
from grader.gradebook.models import accounts, sessions
from grader.server.records import Visit


class OpenVisits:
    """Looks visits up together. clock: the present, aware and in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def still(self, visits: Collection[Visit]) -> frozenset[Visit]:
        """Those of `visits` whose session neither was ended nor ran out, and whose account may
        still sign in, as the same student and in the same role."""
        columns = sessions.c.secret_hash, accounts.c.role, accounts.c.student
        query = select(*columns).join_from(sessions, accounts)
        query = query.where(
            sessions.c.secret_hash.in_({visit.session for visit in visits}),
            sessions.c.expires_at > self._clock(),
            accounts.c.active,
        )
        with reading(self._engine) as connection:
            now = {hashed: (role, student) for hashed, role, student in connection.execute(query)}
        return frozenset(
            visit
            for visit in visits
            if now.get(visit.session) == (visit.account.role, visit.account.student)
        )
