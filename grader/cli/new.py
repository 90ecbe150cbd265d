"""The command `new`: a skeleton homework."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.errors import CourseError


def command(
    name: Annotated[str, typer.Argument(help="The homework's name: its module's, in Python.")],
    course: CourseOption = None,
) -> None:
    """Make a skeleton homework that validates from the first minute."""
    from grader.authoring.new import make_homework

    root = _root(course)
    for path in make_homework(root, name):
        print(path.relative_to(root).as_posix())
    print(f"Change them as you like, and try: python -m grader validate {name}")


def _root(course: Path | None) -> Path:
    """The course's folder, also where the first homework is still to come."""

    try:
        root: Path = find(course).root
    except CourseError:
        root = (course or Path.cwd()).resolve()
        settings = root / "pyproject.toml"
        has_settings = settings.is_file() and "[tool.grader" in settings.read_text("utf-8")
        if not has_settings and not (root / "assignments").is_dir():
            raise
    return root
