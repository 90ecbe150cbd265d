"""Releases: from when on students see their grades on the server. Within the caller's transaction.

A release is for everybody, a section or one student. Whatever is released to a student in any of
these ways, they see; taking one back ends that one alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select

from grader.errors import UsageError
from grader.gradebook.connect import reading
from grader.gradebook.history import Author, log
from grader.gradebook.models import history, releases, students
from grader.gradebook.queries import find_student, load_history
from grader.gradebook.records import HistoryEntry, Student

ACTION = "released"  # of a release in the history, also of one that is taken back


@dataclass(frozen=True)
class Release:
    """A release that is in force. section, student: "" for everybody; one of both at most."""

    section: str
    student: str
    at: datetime
    who: str

    def reaches(self, student: Student) -> bool:
        """Whether a student sees their grade by it."""
        theirs = ("", ""), (student.section, ""), ("", student.id)
        return (self.section, self.student) in theirs


class Releases:
    """The releases of one course, to look at. To change them, use the gradebook's methods."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, assignment: str) -> tuple[Release, ...]:
        """Those of a homework that are in force, everybody's first."""
        with reading(self._engine) as connection:
            return load_releases(connection, assignment)

    def history(self, assignment: str, actions: Iterable[str] = (ACTION,)) -> list[HistoryEntry]:
        """When what of a homework was released and taken back, and by whom; the newest first."""
        query = select(history).where(
            history.c.assignment == assignment, history.c.action.in_(tuple(actions))
        )
        with reading(self._engine) as connection:
            return list(load_history(query.order_by(history.c.key.desc()), connection))


def load_releases(connection: Connection, assignment: str) -> tuple[Release, ...]:
    """The releases of a homework that are in force, everybody's first."""
    columns = releases.c.section, releases.c.student, releases.c.at, releases.c.who
    query = select(*columns).where(releases.c.assignment == assignment)
    rows = connection.execute(query.order_by(releases.c.student, releases.c.section))
    return tuple(Release(*row) for row in rows)


def is_released(connection: Connection, assignment: str, student: Student) -> bool:
    """Whether a student sees their grade in a homework."""
    return any(each.reaches(student) for each in load_releases(connection, assignment))


def release(
    connection: Connection, assignment: str, section: str, student: str, author: Author
) -> None:
    """Release grades; once more is the same."""
    section, student = _whom(connection, section, student)
    if connection.execute(select(releases).where(*_same(assignment, section, student))).first():
        return
    row = {"assignment": assignment, "section": section, "student": student}
    connection.execute(insert(releases).values(**row, at=author.at, who=author.who))
    said = author.change(
        ACTION, _said(section), assignment=assignment, student=student, after="released"
    )
    log(connection, [said])


def take_back(
    connection: Connection, assignment: str, section: str, student: str, author: Author
) -> bool:
    """End a release. Returns whether there was one."""
    section, student = _whom(connection, section, student)
    gone = connection.execute(delete(releases).where(*_same(assignment, section, student))).rowcount
    if gone:
        said = author.change(
            ACTION, _said(section), assignment=assignment, student=student,
            before="released", after="taken back",
        )  # fmt: skip
        log(connection, [said])
    return bool(gone)


def _whom(connection: Connection, section: str, student: str) -> tuple[str, str]:
    if section and student:
        raise UsageError("name a section or a student, not both")
    if student:
        return "", find_student(connection, student).id
    if section:
        there = set(connection.execute(select(students.c.section).distinct()).scalars()) - {""}
        if section not in there:
            known = ", ".join(sorted(there)) or "none"
            raise UsageError(f"nobody is in the section {section!r}; the sections are: {known}")
    return section, ""


def _same(assignment: str, section: str, student: str) -> tuple[ColumnElement[bool], ...]:
    return (
        releases.c.assignment == assignment,
        releases.c.section == section,
        releases.c.student == student,
    )


def _said(section: str) -> str:
    return f"grades of section {section}" if section else "grades"
