"""The course's rules for grades, read again each time, because a due date may have moved."""

from __future__ import annotations

from collections.abc import Mapping

from grader.course.assignment import Spec
from grader.course.course import Course
from grader.gradebook.grades.grades import Rules


def rules_of(course: Course, assignment: str) -> Rules:
    """The rules for a homework, and for those due before it if they share free late days.

    Raises CourseError and SpecError.
    """
    specs = {assignment: course.spec(assignment)}
    if course.settings.late.free_days:
        specs = {**_due_before(course, assignment, specs[assignment]), **specs}
    return _with_specs(course, specs)


def all_rules(course: Course) -> Rules:
    """The rules for all homeworks that are known of a course. Raises as `rules_of`."""
    if course.settings.late.free_days:
        _require_all(course)
    return _with_specs(course, {name: course.spec(name) for name in course.by_due_date})


def _require_all(course: Course) -> None:
    """Raises SpecError for a homework that is not known: it may have used up free late days, so
    that no grade of those after it is certain."""
    for name in set(course.names) - set(course.known_names):
        course.spec(name)


def _with_specs(course: Course, specs: Mapping[str, Spec]) -> Rules:
    settings = course.settings
    return Rules(
        specs=specs,
        late=settings.late,
        attempts=settings.attempts,
        zone=course.zone,
        rounding=settings.rounding,
        claimed_members=settings.claimed_members,
    )


def _due_before(course: Course, assignment: str, spec: Spec) -> dict[str, Spec]:
    """The homeworks due before it, in the order of their due dates; by name if they are equal."""
    if spec.due is None:
        return {}
    others = {name: course.spec(name) for name in course.names if name != assignment}
    dated = [(other.due, name) for name, other in others.items() if other.due is not None]
    return {
        name: others[name] for due, name in sorted(dated) if (due, name) < (spec.due, assignment)
    }
