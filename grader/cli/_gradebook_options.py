"""What several commands on the gradebook have in common."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.gradebook import Gradebook

HomeworkArgument = Annotated[str, typer.Argument(help="The homework.", metavar="NAME")]
StudentArgument = Annotated[
    str,
    typer.Argument(help="A student's id, login, email address or full name.", metavar="STUDENT"),
]
WhyOption = Annotated[
    str,
    typer.Option("--why", help="The reason. The student reads it; the history keeps it."),
]
NoteOption = Annotated[
    str,
    typer.Option(
        "--note",
        help="For staff only; the history keeps it, and the student never sees it.",
        show_default=False,
    ),
]
AsOption = Annotated[
    str | None, typer.Option("--as", help="Who you are.", show_default="your login")
]


def zone_of(course: Course) -> tzinfo:
    """The time zone in which to show times."""
    return course.zone or UTC


def number(text: str) -> float:
    """Points that somebody typed. Raises UsageError."""
    from grader.gradebook.grades.policy import typed_points

    points = typed_points(text)
    if points is None:
        raise UsageError(f"{text!r} is not a number of points; give a number such as 2 or -1.5")
    return points


def tell_now(book: Gradebook, name: str, student: str, zone: tzinfo, why: str) -> None:
    """The grade after a change, with each part, and what the student will read."""
    from grader.cli import _terminal as show
    from grader.cli._grades import tell_grade

    out = show.console()
    tell_grade(out, book.grade(name, student), (), zone)
    out.print(f"The student will read: {why}", markup=False, soft_wrap=True)
