"""Whether accounts still say what the roster says."""

from __future__ import annotations

from sqlalchemy import Connection, func, or_, select

from grader.gradebook.models import accounts, students
from grader.server.records import Role


def is_outdated(connection: Connection) -> bool:
    """Whether any account differs from the roster."""
    right = (
        accounts.c.id == students.c.id,
        accounts.c.name == students.c.name,
        accounts.c.email == students.c.email,
        or_(accounts.c.active, accounts.c.blocked),
    )
    joined = select(func.count()).select_from(students)
    joined = joined.outerjoin(accounts, accounts.c.student == students.c.key)
    fine = connection.execute(joined.where(students.c.on_roster, *right)).scalar_one()
    there = select(func.count()).select_from(students).where(students.c.on_roster)
    left = joined.where(~students.c.on_roster, accounts.c.active, accounts.c.role == Role.STUDENT)
    return fine != connection.execute(there).scalar_one() or bool(connection.execute(left).scalar())
