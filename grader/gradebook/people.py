"""Who the people are behind the names under which something was handed in.

The roster of the course's settings tells, and the gradebook, which knows what staff said. Without a
gradebook the roster alone has to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from grader.course.course import Course
from grader.course.feedback import When
from grader.errors import UsageError
from grader.gradebook.records import Student
from grader.gradebook.roster import Matcher, read_roster
from grader.submission.sources import Source
from grader.submission.student_ids import folded

if TYPE_CHECKING:  # it needs SQLAlchemy, and a roster does not
    from grader.gradebook.store import Gradebook


def people_of(
    course: Course, names: Iterable[str], book: Gradebook | None = None
) -> dict[str, str]:
    """The names of people, by the names under which they handed in, as far as they are known."""
    found = _whose(course, names, book)
    return {name: person.name for name, person in found.items() if person.name not in ("", name)}


def known_students(course: Course) -> frozenset[str]:
    """Every name of the students on the roster that the course's settings name."""
    students = _roster_of(course)
    names = (name for each in students for name in (each.id, each.login, each.email, each.name))
    return frozenset(filter(None, names))


def of_students(
    course: Course, found: Sequence[Source], names: Sequence[str], book: Gradebook | None = None
) -> list[Source]:
    """The submissions of some students.

    names: of each the name in the download, or any name on the roster. Raises UsageError for a name
    under which nothing was found.
    """
    called = {item.student: {folded(item.student)} for item in found}
    for name, person in _whose(course, called, book).items():
        known = (person.id, person.name, person.login, person.email)
        called[name] |= set(map(folded, known))
    chosen = [item for item in found if called[item.student] & set(map(folded, names))]
    reached = set().union(*(called[item.student] for item in chosen))
    for name in names:
        if not name.strip() or folded(name) not in reached:
            there = ", ".join(sorted(called)[:10])
            raise UsageError(f"nothing by {name!r} was found; there are submissions by {there}")
    return chosen


def goes_by_due_date(course: Course, assignment: str, now: datetime) -> bool:
    """Whether the homework's due date is over and has brought students something to see.

    Raises SpecError for a homework that cannot be read.
    """
    due, when = course.spec(assignment).due, course.feedback(assignment)
    shown = (when.public_checks, when.hidden_outcomes, when.hidden_mistakes)
    return When.DUE in shown and due is not None and due < now


def waiting_students(
    course: Course, assignment: str, names: Iterable[str], book: Gradebook, now: datetime
) -> frozenset[str]:
    """Of the names under which somebody handed in, those whose own due date is later than now."""
    later = {
        grade.student.id
        for grade in book.grades(assignment)
        if grade.due is not None and grade.due >= now
    }
    found = _whose(course, names, book) if later else {}
    return frozenset(name for name, person in found.items() if person.id in later)


def _whose(course: Course, names: Iterable[str], book: Gradebook | None) -> dict[str, Student]:
    """The student for each name under which something was handed in, where there is one."""
    wanted = list(names)
    if not wanted:
        return {}
    roster = Matcher(_roster_of(course), {})
    whose = {name: roster.find(name) for name in wanted}
    if book is not None:
        whose |= {name: match for name, match in book.whose(wanted).items() if match}
    return {name: match[0] for name, match in whose.items() if match}


def _roster_of(course: Course) -> tuple[Student, ...]:
    """The students on the roster that the course's settings name; none if it cannot be read."""
    if course.settings.roster is None:
        return ()
    try:
        return read_roster(course.root / course.settings.roster).students
    except UsageError:  # told when the roster is loaded
        return ()
