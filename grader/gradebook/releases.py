"""Releases: from when on students see their grades on the server. Within the caller's transaction.

A release is for everybody, a section or one student. Whatever is released to a student in any of
these ways, they see; taking one back ends that one alone.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from grader.errors import UsageError
from grader.gradebook.history import Author, log
from grader.gradebook.models import releases, students
from grader.gradebook.queries import find_student
from grader.gradebook.records import Student


def is_released(connection: Connection, assignment: str, student: Student) -> bool:
    """Whether a student sees their grade in a homework."""
    columns = releases.c.section, releases.c.student
    rows = connection.execute(select(*columns).where(releases.c.assignment == assignment)).all()
    theirs = {("", ""), (student.section, ""), ("", student.id)}
    return any((section, name) in theirs for section, name in rows)


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
        "released", _said(section), assignment=assignment, student=student, after="released"
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
            "released", _said(section), assignment=assignment, student=student,
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
