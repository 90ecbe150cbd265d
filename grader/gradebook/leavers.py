"""Those who have left the roster with work, and who they may be under a new id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from grader.gradebook.models import attempts
from grader.gradebook.queries import load_students
from grader.gradebook.records import Student
from grader.gradebook.roster import name_key

_ALIKE = (("login", "login"), ("email", "email address"), ("name", "name"))


@dataclass(frozen=True)
class Leaver:
    """Somebody whom a roster left out. handed_in: how many submissions stay with them.

    alike, by: the id of somebody whom it added, and which of their login, email address and name is
    the leaver's too; "" if there is no such person.
    """

    id: str
    name: str
    handed_in: int
    alike: str = ""
    by: str = ""


def all_leavers(connection: Connection) -> tuple[Leaver, ...]:
    """Everybody who has left the roster with work, which counts for nobody on it."""
    people = load_students(connection)
    gone = [student for student in people if student.left]
    found = leavers_of(connection, gone, [student for student in people if student.on_roster])
    return tuple(each for each in found if each.handed_in)


def leavers_of(
    connection: Connection, gone: Sequence[Student], there: Sequence[Student]
) -> tuple[Leaver, ...]:
    """Those of `gone` with work, or who may be one of `there` under an older id."""
    return tuple(_leavers(connection, gone, there)) if gone else ()


def _leavers(
    connection: Connection, gone: Sequence[Student], there: Sequence[Student]
) -> Iterator[Leaver]:
    counted = select(attempts.c.student, func.count().label("number")).group_by(attempts.c.student)
    handed_in = {row.student: row.number for row in connection.execute(counted)}
    indexes = [(field, word, _ids_by(there, field)) for field, word in _ALIKE]
    for student in gone:
        same = (
            (ids[0], word)
            for field, word, index in indexes
            if len(ids := index.get(name_key(getattr(student, field)), [])) == 1
        )
        alike, by = next(same, ("", ""))
        number = handed_in.get(student.key, 0)
        if alike or number:
            yield Leaver(student.id, student.name, number, alike, by)


def _ids_by(people: Sequence[Student], field: str) -> dict[str, list[str]]:
    """The ids of those who share a login, an email address or a name."""
    found: dict[str, list[str]] = {}
    for student in people:
        if value := name_key(getattr(student, field)):
            found.setdefault(value, []).append(student.id)
    return found
