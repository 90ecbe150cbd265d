"""The command `update`: installs a newer kit into a student's folder."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.errors import CourseError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.student.update import Update


def command(
    kit: Annotated[Path, typer.Argument(help="The newer kit: a folder or a zip.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Install a newer kit into your folder. Everything that you wrote stays as it is."""
    from grader.cli import _terminal as show
    from grader.student.update import apply_update, pip_commands, plan_update, remember_kit

    home = find(course)
    planned = plan_update(home, kit)
    out = show.console()
    if planned.is_older:
        out.print(
            "[yellow]note:[/] this kit is older than the one that is here: it was here before that"
        )
    if not dry_run:
        apply_update(home, planned)
        with contextlib.suppress(CourseError):  # it is installed, remembered or not
            remember_kit(home, planned)
    _tell(planned, dry_run, out)
    commands = pip_commands(home, planned)
    if commands:
        out.print("The kit contains a newer version of the grader. To install it, type:")
    for command in commands:
        out.print(f"  {command}", markup=False, soft_wrap=True)


def _tell(planned: Update, dry_run: bool, out: Console) -> None:
    """Say what became of each file, one line for each."""
    from grader._internal.text import printable

    for change in planned.changes:
        line = f"  {change.what:9} {printable(change.path)}"
        out.print(line, markup=False, soft_wrap=True)
        if change.note:
            out.print(f"            {printable(change.note)}", markup=False, soft_wrap=True)
    for name in planned.without:
        line = f"  kept      assignments/{printable(name)}"
        out.print(line, markup=False, soft_wrap=True)
        note = "this kit does not have it: ask your course's staff whether it is still to be done"
        out.print(f"            {note}", markup=False, soft_wrap=True)
    version = f"kit {planned.new.version[:8]}"
    if planned.old is not None and planned.old != planned.new.version:
        version += f" (it was {planned.old[:8]})"
    if not planned.changes:
        out.print(f"Nothing to do: this folder already has {version}.", markup=False)
    elif dry_run:
        out.print(f"Nothing was written. This would install {version}.", markup=False)
    else:
        kept = planned.unchanged
        out.print(f"This folder now has {version}; {kept} files are unchanged.", markup=False)
