"""Marking a group at once: each of it gets the mark, and each can be taken out again. What a
correction of a check gave to many is such a group, too.

What each had before is kept with the group, so that the whole can be undone later, also after the
server was started again. What somebody has changed meanwhile is left as it is, and told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from grader.course.course import Course
from grader.errors import MarkConflict, UsageError
from grader.gradebook.claims import Marker
from grader.gradebook.connect import reading, writing
from grader.gradebook.decisions import set_mark, set_override, take_mark
from grader.gradebook.grades.grades import grades_of
from grader.gradebook.grades.policy import count
from grader.gradebook.grades.pools import grouped
from grader.gradebook.grades.rules import rules_of
from grader.gradebook.history import Author
from grader.gradebook.models import attempts, group_members, mark_groups
from grader.gradebook.queries import load_attempts, load_facts
from grader.gradebook.records import Attempt, Grade, Mark

CORRECTION = "correction"  # the points of a check that was wrong, for whom a rule names


@dataclass(frozen=True)
class GroupMember:
    """One attempt of a group. taken_out: its mark is again what it was before."""

    attempt: Attempt
    taken_out: bool


@dataclass(frozen=True)
class MarkGroup:
    """What was marked at once. kind: "question", "check", or CORRECTION; item: the id of
    the question or check."""

    key: int
    assignment: str
    kind: str
    item: str
    why: str
    who: str
    at: datetime
    members: tuple[GroupMember, ...] = ()

    @property
    def act(self) -> str:
        """What was done, by whom and why."""
        done = "marked it together" if self.kind == "question" else f"set {self.item} together"
        return f"{self.who} had {done}" + (f": {self.why}" if self.why else "")

    @property
    def left(self) -> int:
        """How many have not been taken out."""
        return sum(not each.taken_out for each in self.members)


@dataclass(frozen=True)
class GroupOutcome:
    """What became of a group: how many were changed, and why each of the others was not."""

    changed: int
    refused: tuple[str, ...] = ()


class MarkGroups:
    """The groups of one course. clock: the present, aware and in UTC."""

    def __init__(self, engine: Engine, course: Course, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._course = course
        self._clock = clock

    def mark(
        self,
        question: str,
        members: Sequence[tuple[Attempt, Mark | None]],
        given: tuple[float, Sequence[str], str],
        marker: Marker,
        why: str,
    ) -> GroupOutcome:
        """Mark answers of one homework alike: each with the mark that was seen of it.

        given: points, items and comment. why: what they have in common. Raises UsageError for a
        mark that is not possible, and for nobody.
        """
        if not members:
            raise UsageError("nobody is chosen; tick those who are to get the mark")
        points, rubric, comment = given
        assignment, now = members[0][0].assignment, self._clock()
        spec = self._course.spec(assignment)
        author = Author(marker.who, now, _said(why, len(members)))
        refused = []
        with writing(self._engine) as connection:
            rows = []
            for attempt, seen in members:
                mark = Mark(attempt.key, question, points, tuple(rubric), comment, marker.who, now)
                try:
                    old = set_mark(
                        connection, attempt, mark, spec, author, seen=seen, marker=marker
                    )
                except MarkConflict as exc:
                    refused.append(f"{attempt.label}: {exc}")
                else:
                    rows.append((attempt.key, _mark_json(old), _mark_json(mark)))
            keep_group(connection, assignment, "question", question, why, author, rows)
        return GroupOutcome(len(rows), tuple(refused))

    def of(self, assignment: str, kind: str, item: str | None = None) -> list[MarkGroup]:
        """The groups of a homework that were marked, the newest first; of one item, if named."""
        query = _groups().where(mark_groups.c.assignment == assignment, mark_groups.c.kind == kind)
        if item is not None:
            query = query.where(mark_groups.c.item == item)
        with reading(self._engine) as connection:
            found = [MarkGroup(*row) for row in connection.execute(query)]
            return [replace(each, members=_members(connection, each.key)) for each in found]

    def group(self, key: int) -> MarkGroup | None:
        """One group by its key."""
        with reading(self._engine) as connection:
            row = connection.execute(_groups().where(mark_groups.c.key == key)).one_or_none()
            if row is None:
                return None
            return replace(MarkGroup(*row), members=_members(connection, key))

    def undo(
        self, group: MarkGroup, *, who: str, only: int | None = None, why: str = ""
    ) -> GroupOutcome:
        """Give back what was there before, to all of a group or to the attempt `only`.

        The history's lines are by who undoes it, and name who had marked the group and why.
        """
        what = "taken out of a group" if only is not None else "undone for a whole group"
        author = Author(who, self._clock(), "; ".join(filter(None, (what, group.act, why))))
        table, refused, changed = group_members.c, [], 0
        query = select(table.attempt, table.before, table.given).where(
            table.mark_group == group.key, table.taken_out.is_(False)
        )
        if only is not None:
            query = query.where(table.attempt == only)
        made = {each.attempt.key: each.attempt for each in group.members}
        with writing(self._engine) as connection:
            asked = group.kind == "question"
            counted = {} if asked else self._counted(connection, group.assignment)
            for key, before, given in connection.execute(query).all():
                try:
                    if asked:
                        self._undo_mark(connection, group, made[key], before, given, author)
                    else:
                        _undo_override(
                            connection, group, counted.get(key, ()), before, given, author
                        )
                except MarkConflict as exc:
                    refused.append(f"{made[key].label}: {exc}")
                    continue
                changed += 1
                same = update(group_members).where(table.mark_group == group.key)
                connection.execute(same.where(table.attempt == key).values(taken_out=True))
        return GroupOutcome(changed, tuple(refused))

    def _undo_mark(
        self,
        connection: Connection,
        group: MarkGroup,
        attempt: Attempt,
        before: str,
        given: str,
        author: Author,
    ) -> None:
        old, now = (
            _mark_from(before, attempt.key, group.item),
            _mark_from(given, attempt.key, group.item),
        )
        if old is None:
            take_mark(connection, attempt, group.item, author, now)
            return
        spec = self._course.spec(group.assignment)
        set_mark(connection, attempt, replace(old, at=author.at), spec, author, seen=now)

    def _counted(self, connection: Connection, assignment: str) -> dict[int, list[Grade]]:
        """The grades by the attempt that counts; of work done together, several."""
        rules = rules_of(self._course, assignment)
        grades = grades_of(assignment, load_facts(connection, tuple(rules.specs)), rules)
        return grouped((each.attempt.key, each) for each in grades if each.attempt is not None)


def _groups() -> Any:
    table = mark_groups.c
    columns = (table.key, table.assignment, table.kind, table.item, table.why, table.who, table.at)
    return select(*columns).order_by(table.key.desc())


def _members(connection: Connection, key: int) -> tuple[GroupMember, ...]:
    table = group_members.c
    query = select(table.attempt, table.taken_out).where(table.mark_group == key)
    taken: dict[int, bool] = {row[0]: row[1] for row in connection.execute(query)}
    found = load_attempts(connection, attempts.c.key.in_(taken))
    return tuple(GroupMember(each, taken[each.key]) for each in found)


def keep_group(
    connection: Connection,
    assignment: str,
    kind: str,
    item: str,
    why: str,
    author: Author,
    rows: Sequence[tuple[int, str, str]],
) -> None:
    """Keep what was done at once, so that it can be undone.

    rows: for each attempt its key, and what was there before and what was given, as JSON; "" for
    nothing.
    """
    if not rows:
        return
    group = {"assignment": assignment, "kind": kind, "item": item, "why": why}
    made = connection.execute(insert(mark_groups).values(**group, who=author.who, at=author.at))
    key = int(made.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted
    names = ("attempt", "before", "given")
    connection.execute(
        insert(group_members),
        [
            {"mark_group": key, "taken_out": False, **dict(zip(names, row, strict=True))}
            for row in rows
        ],
    )


def set_together(
    connection: Connection,
    assignment: str,
    check: str,
    points: float,
    theirs: Mapping[int, Sequence[Grade]],
    *,
    who: str,
    at: datetime,
    why: str,
) -> None:
    """Set a check's points for several attempts, and keep them as one group.

    theirs: by the attempt's key, the grades of those for whom it counts. Raises UsageError for
    points that are not possible.
    """
    author = Author(who, at, why, _said("", len(theirs)))
    rows = []
    for key, (grade, *others) in theirs.items():
        before = _override_of(grade, check)
        partners = [each.student.id for each in others]
        set_override(connection, grade, check, points, author, partners=partners)
        rows.append((key, json.dumps(before) if before else "", json.dumps(points)))
    keep_group(connection, assignment, "check", check, why, author, rows)


def _undo_override(
    connection: Connection,
    group: MarkGroup,
    grades: Sequence[Grade],
    before: str,
    given: str,
    author: Author,
) -> None:
    if not grades:
        raise MarkConflict("a later attempt counts by now, so there is nothing to give back")
    grade, partners = grades[0], [each.student.id for each in grades[1:]]
    now = _override_of(grade, group.item)
    if now is None or now["points"] != json.loads(given) or now["why"] != group.why.strip():
        raise MarkConflict(f"the points of {group.item} were changed meanwhile")
    old: Mapping[str, Any] | None = json.loads(before) if before else None
    if old is None:
        set_override(connection, grade, group.item, None, author, partners=partners)
        return
    # It is again whose it was; an older row of a group says only the points and the reason.
    signed = Author(old.get("who", author.who), author.at, old["why"], old.get("note", ""))
    set_override(
        connection, grade, group.item, old["points"], author, signed=signed, partners=partners
    )


def _override_of(grade: Grade, check: str) -> dict[str, Any] | None:
    for each in grade.automatic.overrides:
        if each.check == check:
            return {
                "points": each.points, "why": each.why, "who": each.who, "note": each.note
            }  # fmt: skip
    return None


def _said(why: str, number: int) -> str:
    others = count(number - 1, "other")
    return f"marked together with {others}" + (f": {why}" if why else "")


def _mark_json(mark: Mark | None) -> str:
    if mark is None:
        return ""
    return json.dumps({**asdict(mark), "at": mark.at.isoformat()})


def _mark_from(text: str, attempt: int, question: str) -> Mark | None:
    if not text:
        return None
    row = json.loads(text)
    return Mark(
        attempt, question, row["points"], tuple(row["rubric"]), row["comment"], row["who"],
        datetime.fromisoformat(row["at"]),
    )  # fmt: skip
