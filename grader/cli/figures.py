"""The command `figures`: draws and opens the figures of a main block."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from grader.cli._course import CourseOption, NameArgument, find, pick_name
from grader.errors import UsageError


def command(
    name: NameArgument = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="The folder for the pictures.", show_default="the homework's figures/"
        ),
    ] = None,
    open_them: Annotated[
        bool, typer.Option("--open/--no-open", help="Open them, if there is a screen.")
    ] = True,
    course: CourseOption = None,
) -> None:
    """Draw the figures of your file's main block, as `submit` does."""
    from rich.markup import escape

    from grader._internal.files import write_atomically
    from grader._internal.text import size
    from grader.cli import _progress as views
    from grader.cli import _terminal as show
    from grader.sandbox.host.spare import SpareLauncher
    from grader.student.submit import draw
    from grader.student.work import read_work

    found = find(course)
    assignment = found.assignment(pick_name(found, name))
    out = show.console()
    launcher = SpareLauncher()
    with out.status("Running your code ..."):
        try:
            drawn = draw(assignment, read_work(assignment, assignment.folder), launcher)
        finally:
            launcher.close()
    if drawn.problem:
        out.print(escape(drawn.problem))
        sys.exit(1)
    folder = to or assignment.folder / "figures"
    paths = []
    for inner, data in drawn.pictures.items():
        path = folder / Path(inner).name
        try:
            write_atomically(path, data)
        except OSError as exc:
            raise UsageError(
                f"cannot write {path}: {exc.strerror}; name another folder with --to"
            ) from None
        out.print(f"{views.path(path)}  {size(len(data))}", markup=False, soft_wrap=True)
        paths.append(path)
    if drawn.stopped:
        out.print(f"[yellow]note:[/] not every figure may be there: {escape(drawn.stopped)}")
    if open_them and views.has_screen():
        for path in paths:
            typer.launch(str(path))
