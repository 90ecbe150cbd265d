"""The totals of a course's students, read from its gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from grader.course.course import Course
from grader.gradebook import Gradebook
from grader.gradebook.connect import reading
from grader.gradebook.grades.grades import every_grade
from grader.gradebook.grades.rules import all_rules
from grader.gradebook.grades.totals import CourseTotal, total_of
from grader.gradebook.models import attempts
from grader.gradebook.queries import load_facts
from grader.gradebook.records import Grade, Student
from grader.gradebook.released import shown_of


def course_totals(book: Gradebook, course: Course) -> tuple[CourseTotal, ...]:
    """Everybody's total, by id. Raises CourseError and SpecError."""
    by_rules = all_rules(course)
    names = names_in(course)
    with reading(book.engine) as connection:
        facts = load_facts(connection, list(by_rules.specs))
    grades: dict[str, dict[str, Grade]] = {}
    students: dict[str, Student] = {}
    for name, found in every_grade(facts, by_rules).items():
        for grade in found:
            students[grade.student.id] = grade.student
            grades.setdefault(grade.student.id, {})[name] = grade
    rules = course.settings.total
    return tuple(total_of(students[id], grades[id], rules, names) for id in sorted(students))


def student_total(book: Gradebook, course: Course, student: Student) -> CourseTotal:
    """One student's total, as staff see it. Raises as `course_totals`."""
    grades = {grade.assignment: grade for grade in book.grades_of(student)}
    return total_of(student, grades, course.settings.total, names_in(course))


def homeworks_gone(book: Gradebook, course: Course) -> Mapping[str, int]:
    """The homeworks that were handed in and are in the course no longer; by how many students.

    No total and no table of grades knows of them.
    """
    columns = attempts.c.assignment, func.count(attempts.c.student.distinct())
    query = select(*columns).where(attempts.c.assignment.not_in(course.names))
    with reading(book.engine) as connection:
        rows = connection.execute(query.group_by(attempts.c.assignment)).all()
    return dict(sorted(map(tuple, rows)))


def shown_total(book: Gradebook, course: Course, student: Student, now: datetime) -> CourseTotal:
    """One student's total from the grades that they see now. Raises as `course_totals`."""
    grades = {grade.assignment: grade for grade in book.grades_of(student)}
    hidden = {
        name: "the grade is not released yet"
        for name, grade in grades.items()
        if not shown_of(course, grade, now, released=book.is_released(name, student)).grade
    }
    return total_of(student, grades, course.settings.total, names_in(course), hidden)


def names_in(course: Course) -> list[str]:
    """The homeworks by due date. One of which nothing is known comes last: it leaves each total
    open, as if nobody had decided on it."""
    known = course.by_due_date
    return [*known, *(name for name in course.names if name not in known)]
