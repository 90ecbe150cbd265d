"""What staff should look at: one row for each thing, however often it happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select, update

from grader.gradebook.connect import reading, writing
from grader.gradebook.models import alerts
from grader.server.records import Alert


class Alerts:
    """The alerts of one course. clock: the present, aware and in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def raise_alert(self, kind: str, assignment: str, subject: str, text: str) -> None:
        """Have staff look at something. If they have been told already, nothing is added."""
        with writing(self._engine) as connection:
            raise_alert_in(connection, kind, assignment, subject, text, self._clock())

    def open_alerts(self) -> tuple[Alert, ...]:
        """Those that nobody has resolved, the newest first."""
        columns = alerts.c.key, alerts.c.kind, alerts.c.assignment, alerts.c.subject, alerts.c.text
        query = select(*columns, alerts.c.at).where(alerts.c.resolved_at.is_(None))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(alerts.c.at.desc(), alerts.c.key.desc()))
            return tuple(Alert(*row) for row in rows)

    def resolve(self, key: int) -> None:
        """Somebody has looked at it."""
        with writing(self._engine) as connection:
            same = update(alerts).where(alerts.c.key == key, alerts.c.resolved_at.is_(None))
            connection.execute(same.values(resolved_at=self._clock()))

    def settle(self, kind: str, assignment: str, subject: str | None = None) -> None:
        """The cause of these alerts is gone; of every subject if none is named."""
        with writing(self._engine) as connection:
            settle_in(connection, kind, assignment, subject, self._clock())


def raise_alert_in(
    connection: Connection, kind: str, assignment: str, subject: str, text: str, now: datetime
) -> None:
    """`Alerts.raise_alert` within the caller's transaction."""
    same = alerts.c.kind == kind, alerts.c.assignment == assignment, alerts.c.subject == subject
    row = connection.execute(select(alerts.c.key, alerts.c.resolved_at).where(*same)).one_or_none()
    if row is None:
        values = {"kind": kind, "assignment": assignment, "subject": subject}
        connection.execute(insert(alerts).values(**values, text=text, at=now))
    elif row.resolved_at is not None:
        again = {"text": text, "at": now, "resolved_at": None}
        connection.execute(update(alerts).where(alerts.c.key == row.key).values(**again))


def settle_in(
    connection: Connection, kind: str, assignment: str, subject: str | None, now: datetime
) -> None:
    """`Alerts.settle` within the caller's transaction."""
    where = [alerts.c.kind == kind, alerts.c.assignment == assignment]
    if subject is not None:
        where.append(alerts.c.subject == subject)
    where.append(alerts.c.resolved_at.is_(None))
    connection.execute(update(alerts).where(*where).values(resolved_at=now))
