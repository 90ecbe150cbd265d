"""The roster in the gradebook, and whose each submission is. Within the caller's transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update

from grader.errors import MarkConflict
from grader.gradebook.history import Author, log
from grader.gradebook.leavers import Leaver, leavers_of
from grader.gradebook.models import (
    accounts,
    adjustments,
    aliases,
    attempts,
    extensions,
    hand_ins,
    standings,
    students,
)
from grader.gradebook.queries import find_student, load_matcher, load_students
from grader.gradebook.records import Student
from grader.gradebook.roster import Matcher, name_key

_ROSTER_FIELDS = (
    "id", "name", "email", "login", "section", "group", "extension_days", "on_roster", "extra",
)  # fmt: skip


@dataclass(frozen=True)
class Enrolment:
    """What a roster changed. matched: names of submissions that found another student.

    leavers: those whom it left out, and who have handed in something or may have a new id.
    """

    added: int
    changed: int
    left: int
    matched: int
    leavers: tuple[Leaver, ...] = ()


@dataclass(frozen=True)
class RosterChange:
    """What a roster changes about one student. what: "added", "changed" or "left".

    student: as they are from then on. key: of their row, 0 if they are new.
    """

    what: str
    student: Student
    key: int
    before: str = ""
    after: str = ""


def roster_changes(connection: Connection, roster: Sequence[Student]) -> tuple[RosterChange, ...]:
    """What setting this roster would change: in its order, then those who are no longer on it."""
    known = {name_key(student.id): student for student in load_students(connection)}
    found: list[RosterChange] = []
    for student in roster:
        old = known.pop(name_key(student.id), None)
        difference = None if old is None else _difference(old, student)
        if old is None or not old.on_roster:
            key = 0 if old is None else old.key
            found.append(RosterChange("added", student, key, after="on the roster"))
        elif difference is not None:
            found.append(RosterChange("changed", student, old.key, *difference))
    left = [student for student in known.values() if student.on_roster]
    return *found, *(
        RosterChange("left", student, student.key, "on the roster", "not on the roster")
        for student in left
    )


def stamp_of(changes: Sequence[RosterChange]) -> str:
    """The same text for the same changes."""
    said = [[each.what, each.student.id, each.before, each.after] for each in changes]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def enrol(
    connection: Connection,
    roster: Sequence[Student],
    author: Author,
    looked_at: str | None = None,
) -> Enrolment:
    """Set the roster. Students who are no longer on it are kept and marked as off the roster.

    looked_at: the stamp of the changes that somebody agreed to, if somebody did.
    """
    changes = roster_changes(connection, roster)
    if looked_at is not None and stamp_of(changes) != looked_at:
        raise MarkConflict(
            "somebody has changed the roster since you looked at it; look at the changes again"
        )
    staying = [each for each in changes if each.what != "left"]
    left = [each.key for each in changes if each.what == "left"]
    fresh = [_student_row(each.student) for each in staying if not each.key]
    changed = [{**_student_row(each.student), "row": each.key} for each in staying if each.key]
    if fresh:
        connection.execute(insert(students), fresh)
    same = update(students).where(students.c.key == bindparam("row"))
    if changed:
        connection.execute(same, changed)
    if left:
        connection.execute(same, [{"row": key, "on_roster": False} for key in left])
    told = [
        author.change(
            "roster", each.what, student=each.student.id, before=each.before, after=each.after
        )
        for each in changes
    ]
    log(connection, told)
    matched = rematch(connection, author)
    added = sum(each.what == "added" for each in changes)
    gone = leavers_by(connection, changes)
    return Enrolment(added, len(staying) - added, len(left), matched, gone)


def leavers_by(connection: Connection, changes: Sequence[RosterChange]) -> tuple[Leaver, ...]:
    """Those whom these changes take off, and of whom staff should hear."""
    gone = [each.student for each in changes if each.what == "left"]
    return leavers_of(connection, gone, [each.student for each in changes if each.what == "added"])


def _student_row(student: Student) -> dict[str, Any]:
    row = {name: getattr(student, name) for name in _ROSTER_FIELDS}
    row["group_name"] = row.pop("group")
    return {**row, "extra": dict(student.extra), "id_key": name_key(student.id)}


def _difference(old: Student, new: Student) -> tuple[str, str] | None:
    """What changed about a student, before and after; None if nothing did."""
    names = [name for name in _ROSTER_FIELDS if getattr(old, name) != getattr(new, name)]
    if not names:
        return None
    before, after = (
        ", ".join(f"{name}={getattr(student, name)}" for name in names) for student in (old, new)
    )
    return before, after


def match(connection: Connection, name: str, student: str, author: Author) -> int:
    """Assign everything handed in as `name` to `student`. Returns how many attempts there are."""
    target, key = find_student(connection, student), name_key(name)
    said = select(students.c.id).join_from(aliases, students).where(aliases.c.name_key == key)
    before = connection.execute(said).scalar()
    connection.execute(delete(aliases).where(aliases.c.name_key == key))
    row = {"name_key": key, "name": name, "student": target.key}
    row |= {"why": author.why, "who": author.who}
    connection.execute(insert(aliases).values(**row, at=author.at))
    change = author.change(
        "matched", f"the name {name}", student=target.id, before=before, after=target.id
    )
    log(connection, [change])
    rematch(connection, author)
    theirs = select(attempts.c.handed_in_by).where(attempts.c.student == target.key)
    return sum(name_key(each) == key for each in connection.execute(theirs).scalars())


def rematch(connection: Connection, author: Author) -> int:
    """Look up the student of every submission again. Returns how many names changed student.

    A student who is known only from a submission, and turns out to be somebody on the roster, is
    merged into them, with everything that was decided about them.
    """
    finder = Finder(connection)
    columns = (attempts.c.key, attempts.c.handed_in_by, attempts.c.student, attempts.c.matched_by)
    moves, lines = [], {}
    for key, name, student, way in connection.execute(select(*columns)).all():
        found = finder.find(name)
        if found != (student, way):
            moves.append({"row": key, "student": found[0], "matched_by": found[1]})
        if found[0] != student:
            before, after = finder.id_of(student), finder.id_of(found[0])
            lines[name] = author.change(
                "matched", f"submissions of {name}", student=after, before=before, after=after
            )
    if moves:
        connection.execute(update(attempts).where(attempts.c.key == bindparam("row")), moves)
    log(connection, lines.values())
    for student in finder.off_roster():
        target = finder.find(student.id)[0]
        if target != student.key:
            _merge(connection, student, target, finder.id_of(target), author)
    used = [
        exists().where(table.c.student == students.c.key)
        for table in (attempts, adjustments, extensions, standings, aliases, hand_ins, accounts)
    ]
    connection.execute(
        delete(students).where(students.c.on_roster.is_(False), *(~each for each in used))
    )
    return len(lines)


def _merge(
    connection: Connection, student: Student, target: int, target_id: str, author: Author
) -> None:
    """Move what was decided about `student` to `target`.

    Of two extensions, and of two standings, of one homework the target's stays.
    """
    for table, action, value in (
        (extensions, "extend", extensions.c.days),
        (standings, "standing", standings.c.kind),
    ):
        taken = select(table.c.assignment).where(table.c.student == target)
        doubled = (table.c.student == student.key, table.c.assignment.in_(taken))
        rows = connection.execute(select(table.c.assignment, value).where(*doubled)).all()
        log(
            connection,
            [
                author.change(
                    action,
                    f"{value.name} of {student.id}",
                    assignment=name,
                    student=target_id,
                    before=before,
                )
                for name, before in rows
            ],
        )
        connection.execute(delete(table).where(*doubled))
    for table in (extensions, standings, adjustments, aliases):
        moved = update(table).where(table.c.student == student.key).values(student=target)
        connection.execute(moved)
    _move_hand_ins(connection, student.key, target)
    _move_account(connection, student.key, target)


def _move_hand_ins(connection: Connection, student: int, target: int) -> None:
    """Make the server's hand-ins those of another row, numbered after the ones it has."""
    table = hand_ins.alias()
    most = select(func.coalesce(func.max(table.c.number), 0)).where(
        table.c.student == target, table.c.assignment == hand_ins.c.assignment
    )
    moved = update(hand_ins).where(hand_ins.c.student == student)
    connection.execute(
        moved.values(student=target, number=hand_ins.c.number + most.scalar_subquery())
    )


def _move_account(connection: Connection, student: int, target: int) -> None:
    """Let who could sign in still do so. Of two accounts the target's stays; the other ends."""
    taken = select(accounts.c.key).where(accounts.c.student == target)
    old = update(accounts).where(accounts.c.student == student)
    if connection.execute(taken).first() is None:
        connection.execute(old.values(student=target))
    else:
        connection.execute(old.values(student=None, active=False, blocked=True))


class Finder:
    """Finds the student for a submission's name; creates one if nobody on the roster has it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        everybody = load_students(connection)
        self._students = {student.key: student for student in everybody}
        self._matcher = load_matcher(connection, everybody)
        # Whoever left is still found by their names, but after all who are there.
        self._leavers = Matcher(
            [replace(student, on_roster=True) for student in everybody if student.left], {}
        )
        self._off = {
            name_key(student.id): student.key for student in everybody if not student.on_roster
        }
        self._found: dict[str, tuple[int, str]] = {}

    def find(self, name: str) -> tuple[int, str]:
        """The key of the student, and the way they were found: "" for not on the roster."""
        if name not in self._found:
            found = self._matcher.find(name)
            if found:
                self._found[name] = found[0].key, found[1]
            else:
                leaver = self._leavers.find(name)
                self._found[name] = leaver[0].key if leaver else self._made_up(name), ""
        return self._found[name]

    def _made_up(self, name: str) -> int:
        key = name_key(name)
        if key not in self._off:
            student = Student(0, name, on_roster=False)
            result = self._connection.execute(insert(students).values(_student_row(student)))
            made = int(result.inserted_primary_key[0])  # type: ignore[index]
            self._off[key] = made
            self._students[made] = student
        return self._off[key]

    def id_of(self, key: int) -> str:
        return self._students[key].id

    def off_roster(self) -> list[Student]:
        return [each for each in self._students.values() if not each.on_roster and each.key]


@dataclass(frozen=True)
class OneStudent:
    """A finder for a caller who knows whose everything is, without looking at everybody."""

    key: int
    id: str

    def find(self, _: str) -> tuple[int, str]:
        """See Finder."""
        return self.key, "id"

    def id_of(self, _: int) -> str:
        """See Finder."""
        return self.id


def one_student(connection: Connection, key: int) -> OneStudent | None:
    """A finder for what a student hands in under their own id.

    None if the id is not enough: off the roster, or if staff said that it means somebody else.
    """
    row = connection.execute(select(students).where(students.c.key == key)).one()
    said = select(aliases.c.student).where(aliases.c.name_key == row.id_key)
    if not row.on_roster or connection.execute(said).first() is not None:
        return None
    return OneStudent(row.key, row.id)
