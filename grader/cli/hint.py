"""The command `hint`: shows hints one at a time, the mildest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import CourseOption, NameArgument, find, pick_name
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.course.assignment import Assignment
    from grader.course.course import Course
    from grader.engine.collection import Check


def command(
    name: NameArgument = None,
    which: Annotated[
        str | None,
        typer.Argument(
            metavar="[check]",
            help="Some text from the check's name or title.",
            show_default="the first that does not pass",
        ),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Show the next hint for a check, one more each time."""
    from grader.cli import _terminal as show

    found = find(course)
    assignment = found.assignment(pick_name(found, name))
    if which is None:
        _require_news(found, assignment)
    show_hint(found, assignment, which, show.console())


def show_hint(
    course: Course,
    assignment: Assignment,
    which: str | None,
    out: Console,
    *,
    again: str = "Run the command again",
) -> None:
    """Show the next hint. again: what brings the one after it, in words."""
    from grader.cli import _progress as views
    from grader.engine.runner import collect_checks, matching

    checks = collect_checks(assignment)
    meant = matching(checks, which)[0] if which else _first_open(course, assignment.name, checks)
    if meant is None:
        out.print("All checks pass; no hint is needed.")
        return
    views.hints(course, assignment, meant, out, again=again)


def _first_open(course: Course, name: str, checks: list[Check]) -> Check | None:
    """The first check that did not pass in the last run."""
    last = course.last_check(name)
    if last is None:
        raise UsageError(
            f"{name} has not been checked yet; run `python -m grader check {name}` first, "
            "or name a check"
        )
    return next((c for c in checks if last.outcomes.get(c.id) != "passed"), None)


def _require_news(course: Course, assignment: Assignment) -> None:
    """Raise UsageError if all checks passed before the files changed."""
    from grader.student.progress import progress_of

    progress = progress_of(course, assignment)
    if progress.changed and progress.checked and progress.checked.passed_all:
        raise UsageError(
            f"{assignment.name} has changed since all its checks passed; run `python -m grader "
            f"check {assignment.name}` again, or name a check"
        )
