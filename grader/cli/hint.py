"""The command `hint`: graded hints, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli._course import CourseOption, NameArgument, find, pick_name
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.engine.collection import Check


def command(
    name: NameArgument = None,
    which: Annotated[
        str | None,
        typer.Argument(
            metavar="[check]",
            help="A text in the check's name or title.",
            show_default="the first that does not pass",
        ),
    ] = None,
    course: CourseOption = None,
) -> None:
    """The next hint for a check; each time one more."""
    from grader.cli import _progress as views
    from grader.cli import _terminal as show
    from grader.engine.runner import collect_checks, matching

    found = find(course)
    assignment = found.assignment(pick_name(found, name))
    checks = collect_checks(assignment)
    meant = matching(checks, which)[0] if which else _first_open(found, assignment.name, checks)
    if meant is None:
        print("Every check has passed. There is nothing left to hint at.")
        return
    views.hints(found, assignment, meant, show.console())


def _first_open(course: Any, name: str, checks: list[Check]) -> Check | None:
    """The first check that did not pass when it was run last."""
    last = course.last_check(name)
    if last is None:
        raise UsageError(
            f"nothing of {name} was checked yet; run `python -m grader check {name}` first, "
            "or name a check"
        )
    return next((c for c in checks if last.outcomes.get(c.id) != "passed"), None)
