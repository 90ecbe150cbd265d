"""What the commands share: finding the course and the homework that are meant."""

from __future__ import annotations

import os
import sys
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

AssignmentOption = Annotated[
    str | None, typer.Option("--assignment", help="The homework of all submissions.")
]
AT_A_TIME = os.cpu_count() or 1  # submissions that are graded at the same time, by default


def find(course: Path | None) -> Course:
    """The course to work in."""
    return open_course(course)


def person_is_here() -> bool:
    """Whether somebody at a terminal can answer a question.

    A notebook's `!command` has a terminal on which nobody can type. Jupyter tells its kernels, and
    so what they start, the number of its own process, and a kernel the drawing inline.
    """
    if any(os.environ.get(name) for name in ("CI", "JPY_PARENT_PID", "COLAB_RELEASE_TAG")):
        return False
    if "inline" in os.environ.get("MPLBACKEND", ""):
        return False
    return sys.stdin is not None and sys.stdin.isatty()


def pick_name(course: Course, name: str | None) -> str:
    """The homework that is meant: by name, by the path of its folder or of the file in it, or the
    one whose folder we are in."""
    if name is not None:
        file = Path(name)
        if file.suffix in (".py", ".ipynb") and file.stem in course.names:
            folder = course.root / "assignments" / file.stem
            if file.resolve().parent == folder.resolve() or not (
                file.exists() or file.name != name
            ):
                return file.stem
        return file.name if "/" in name or "\\" in name else name
    here = course.enclosing_assignment(Path.cwd().resolve())
    if here is not None:
        return here
    if len(course.names) == 1:
        return course.names[0]
    raise UsageError(f"which homework? Name one of: {', '.join(course.names)}")
