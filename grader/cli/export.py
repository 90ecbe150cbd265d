"""`python -m grader export`: fills grades into the table of another system."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.lms.protocol import Export

TableArgument = Annotated[
    Path | None,
    typer.Argument(
        help="The file to fill, as your system exported it; its header tells which system.",
        metavar="FILE",
        show_default=False,
    ),
]
CanvasOption = Annotated[
    Path | None, typer.Option("--canvas", help="The gradebook, as exported from Canvas.")
]
MoodleOption = Annotated[
    Path | None, typer.Option("--moodle", help="The grading worksheet, as saved from Moodle.")
]
BrightspaceOption = Annotated[
    Path | None, typer.Option("--brightspace", help="The grades, as exported from Brightspace.")
]
ColumnOption = Annotated[
    str | None,
    typer.Option("--column", help="The column to fill.", show_default="by its name"),
]
SoFarOption = Annotated[
    bool,
    typer.Option(
        "--so-far",
        help="Count anything that is still open as 0, except for students who have handed in "
        "nothing and still may.",
    ),
]

DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Only show what would change; write no file.")
]


def command(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The file to write.", show_default=False)
    ] = None,
    table: TableArgument = None,
    canvas: CanvasOption = None,
    moodle: MoodleOption = None,
    brightspace: BrightspaceOption = None,
    column: ColumnOption = None,
    so_far: SoFarOption = False,
    dry_run: DryRunOption = False,
    course: CourseOption = None,
) -> None:
    """Fill the grades into a file that you exported from Canvas, Moodle or Brightspace.

    Nothing else in the file changes. Name the file as FILE, or, if its header does not tell which
    system made it, with the option for that system.

    Points are rounded as the course's settings say. A grade that is not final is left out.
    """
    from grader.api import open_book
    from grader.cli import _terminal as show

    if to is None and not dry_run:
        raise UsageError("name the file to write with --to, or look first with --dry-run")
    home = find(course)
    named = {None: table, "canvas": canvas, "moodle": moodle, "brightspace": brightspace}
    system, path = _the_one(named)
    spec = home.spec(name)
    with open_book(home) as book:
        grades = book.grades(name)
    if not so_far and not any(grade.attempts or grade.adjustments for grade in grades):
        raise UsageError(
            f"nothing that was handed in for {name} is in the gradebook, so nothing was filled in; "
            "grade the submissions first, or give everybody 0 points with --so-far"
        )
    from grader.lms.exports import fill_table

    filled = fill_table(path, grades, (spec.title, name), column, so_far, system)
    if to is not None and not dry_run:
        _write(to, filled.data)
    _tell(show.console(), filled, name, max(grade.max_points for grade in grades), to, dry_run)


def _the_one(named: Mapping[str | None, Path | None]) -> tuple[str | None, Path]:
    """The file to fill, and the system whose option named it."""
    given = [(system, path) for system, path in named.items() if path is not None]
    if len(given) != 1:
        raise UsageError(
            "name the one file to fill: FILE, --canvas FILE, --moodle FILE or --brightspace FILE"
        )
    return given[0]


def _tell(
    out: Console, filled: Export, name: str, most: float, to: Path | None, dry_run: bool
) -> None:
    from grader.gradebook.grades.policy import count
    from grader.lms.exports import for_people

    if filled.worth is not None:
        out.print(
            f"[yellow]In the file, this column is worth {filled.worth:g} points, but {name} is "
            f"worth {most:g}: change the points there.[/]", soft_wrap=True,
        )  # fmt: skip
    if dry_run:
        for cell in filled.changes:
            told = f"{cell.student}: {cell.before or '–'} → {cell.after}"
            out.print(told, markup=False, soft_wrap=True)
    grades_filled = count(len(filled.cells), "grade")
    said = f"{grades_filled} would be" if dry_run else grades_filled
    out.print(
        f"{said} filled into column {filled.column!r}, of which {len(filled.changes)} "
        f"{'changes' if len(filled.changes) == 1 else 'change'} what it says"
        + (f": {to}" if to is not None and not dry_run else ""),
        markup=False,
        soft_wrap=True,
    )
    for why, names in for_people(filled).items():
        out.print(f"{why}: {names}", markup=False, soft_wrap=True)


def _write(to: Path, data: bytes) -> None:
    from grader._internal.files import write_atomically

    try:
        write_atomically(to, data)
    except OSError as exc:
        raise UsageError(f"cannot write {to}: {exc.strerror}; name another file") from None
