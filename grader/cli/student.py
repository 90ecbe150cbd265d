"""Commands for students, with `check` in checking.py and `submit` in handing_in.py."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli.checking import check
from grader.cli.common import PANEL, CourseOption, NameArgument, find, pick_name
from grader.cli.handing_in import submit
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.plugin import Check


def register(app: typer.Typer) -> None:
    """Add the students' commands, in the order in which one meets them."""
    app.command("list", rich_help_panel=PANEL)(list_assignments)
    for command in (start, check, hint, figures, submit, status, reset):
        app.command(rich_help_panel=PANEL)(command)


def list_assignments(course: CourseOption = None) -> None:
    """The homeworks: your points, when they are due, what you have done."""
    from rich.markup import escape

    from grader.cli import show, views
    from grader.student.progress import progress_of

    found = find(course)
    out = show.console()
    out.print(escape(found.settings.name), style="bold")
    for name in found.by_due_date:
        assignment = found.assignment(name)
        total = assignment.spec.points
        worth = "" if total is None else f" ({show.points(total)} points)"
        out.print(f"\n[bold]{name}[/]  {escape(assignment.spec.title)}{worth}")
        out.print(views.progress_line(assignment.spec.due, progress_of(found, assignment)))
    out.print("\nThe points are those of the public checks: python -m grader check NAME")


NotebookOption = Annotated[
    bool, typer.Option("--notebook", help="The notebook and not the module.")
]


def start(
    name: NameArgument = None, notebook: NotebookOption = False, course: CourseOption = None
) -> None:
    """Begin a homework: lay out its starter where it is missing, say where to read on."""
    from grader.cli import show, views
    from grader.student.starters import start as lay_out

    found = find(course)
    assignment = found.assignment(pick_name(found, name))
    placed = lay_out(found, assignment, notebook=notebook)
    out = show.console()
    there = "laid out" if placed.written else "there already, and left as it is"
    out.print(f"{views.path(placed.path)}: {there}", markup=False, soft_wrap=True)
    views.first_steps(assignment, placed.path, out)


def reset(
    name: NameArgument = None, notebook: NotebookOption = False, course: CourseOption = None
) -> None:
    """Put the starter back. What you wrote is kept beside it."""
    from grader.cli import show, views
    from grader.student.starters import reset as put_back

    found = find(course)
    assignment = found.assignment(pick_name(found, name))
    placed = put_back(found, assignment, notebook=notebook)
    out = show.console()
    if not placed.written:
        text = f"{views.path(placed.path)} is the starter; there is nothing to put back"
    else:
        text = f"{views.path(placed.path)} is the starter again"
    out.print(text, markup=False, soft_wrap=True)
    if placed.backup is not None:
        kept = f"What was there is now {views.path(placed.backup)}"
        out.print(kept, markup=False, soft_wrap=True)


def hint(
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
    from grader.cli import show, views
    from grader.runner import collect_checks, matching

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


def figures(
    name: NameArgument = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="The folder for them.", show_default="the homework's figures/"),
    ] = None,
    open_them: Annotated[
        bool, typer.Option("--open/--no-open", help="Open them, where there is a screen.")
    ] = True,
    course: CourseOption = None,
) -> None:
    """Draw the figures of your file's main block, as `submit` would."""
    from rich.markup import escape

    from grader.cli import show, views
    from grader.report import write_atomically
    from grader.sandbox.spare import SpareLauncher
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
            raise UsageError(f"cannot write {path}: {exc.strerror}; give another --to") from None
        out.print(f"{views.path(path)}  {views.size(len(data))}", markup=False, soft_wrap=True)
        paths.append(path)
    if open_them and views.has_screen():
        for path in paths:
            typer.launch(str(path))


def status(name: NameArgument = None, course: CourseOption = None) -> None:
    """What you have handed in, and whether it is still there and still what you have."""
    from grader.cli import show, views
    from grader.student.progress import progress_of

    found = find(course)
    standing = found.enclosing_assignment(Path.cwd().resolve())
    names = [pick_name(found, name)] if name or standing else found.by_due_date
    out = show.console()
    for each in names:
        assignment = found.assignment(each)
        views.handed_in(assignment, progress_of(found, assignment), out)
