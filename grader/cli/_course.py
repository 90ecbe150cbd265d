"""What the commands share: finding the course and the homework that are meant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.api import open_course
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.course import Course

CourseOption = Annotated[
    Path | None,
    typer.Option("--course", help="The course's folder.", show_default="the one you are in"),
]
NameArgument = Annotated[
    str | None,
    typer.Argument(help="The homework.", show_default="the one whose folder you are in"),
]
NotebookOption = Annotated[
    bool, typer.Option("--notebook", help="Use the notebook instead of the module.")
]


def find(course: Path | None) -> Course:
    """The course to work in."""
    return open_course(course)


def pick_name(course: Course, name: str | None) -> str:
    """The homework that is meant: by name, by path, or the one whose folder we are in."""
    if name is not None:
        return Path(name).name if "/" in name or "\\" in name else name
    here = course.enclosing_assignment(Path.cwd().resolve())
    if here is not None:
        return here
    if len(course.names) == 1:
        return course.names[0]
    raise UsageError(f"which homework? Name one of: {', '.join(course.names)}")
