"""The command `new`: makes a skeleton homework."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.errors import CourseError


def command(
    name: Annotated[
        str, typer.Argument(help="The homework's name, which is also its Python module's.")
    ],
    classes: Annotated[
        bool, typer.Option("--classes", help="A homework made of classes, not of functions.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Make a skeleton homework that passes validation at once."""
    from grader.authoring.new import make_homework

    root = course_folder(course)
    for path in make_homework(root, name, classes=classes):
        print(path.relative_to(root).as_posix())
    print(f"Change these files as you like, then run: python -m grader validate {name}")


def course_folder(course: Path | None) -> Path:
    """The course's folder, even if the course has no homework yet."""

    try:
        root: Path = find(course).root
    except CourseError:
        root = (course or Path.cwd()).resolve()
        settings = root / "pyproject.toml"
        has_settings = settings.is_file() and "[tool.grader" in settings.read_text("utf-8")
        if not has_settings and not (root / "assignments").is_dir():
            raise
    return root
