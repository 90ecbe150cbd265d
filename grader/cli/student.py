"""Commands for students: list, check, submit."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from grader.errors import CourseError, UsageError

CourseOption = Annotated[
    Path | None,
    typer.Option("--course", help="The course's folder.", show_default="where you stand, upwards"),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("list", rich_help_panel="For students")(list_assignments)
    app.command("check", rich_help_panel="For students")(check)
    app.command("submit", rich_help_panel="For students")(submit)


def find(course: Path | None) -> Any:
    """The course to work in."""
    from grader.course import find_course

    return find_course(course or Path.cwd())


def pick_name(course: Any, name: str | None) -> str:
    """The homework meant: by name, by path, or the one whose folder one stands in."""
    if name is not None:
        return Path(name.rstrip("/")).name if "/" in name else name
    here = course.enclosing_assignment(Path.cwd().resolve())
    if here is not None:
        return str(here)
    if len(course.names) == 1:
        return str(course.names[0])
    raise UsageError(f"which homework? Name one of: {', '.join(course.names)}")


def list_assignments(course: CourseOption = None) -> None:
    """The homeworks, their points and due dates, and what you have done."""
    from rich.markup import escape
    from rich.table import Table

    from grader.cli import show
    from grader.report import now_utc
    from grader.submission import read_submission
    from grader.submit import progress_of

    found = find(course)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for header in ("homework", "title", "points", "due", "yours"):
        table.add_column(header, overflow="fold", justify="right" if header == "points" else "left")
    for name in found.names:
        assignment = found.assignment(name)
        spec = assignment.spec
        total = "" if spec.points is None else show.points(spec.points)
        done = progress_of(found, assignment, read_submission(assignment.folder))
        table.add_row(
            name, escape(spec.title), total, show.due_in(spec.due, now_utc()), escape(done)
        )
    out = show.console()
    out.print(escape(found.settings.name), style="bold")
    out.print(table)
    out.print("\npython -m grader check NAME   runs the public checks on your file")


def check(
    name: Annotated[str | None, typer.Argument(help="The homework.", show_default=False)] = None,
    path: Annotated[
        Path | None, typer.Option("--path", help="Check this file or folder instead.")
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", help="Only checks whose name holds this text.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    course: CourseOption = None,
) -> None:
    """Run the public checks on your file. Exit code 0 only if all passed."""
    from rich.markup import escape

    from grader.cli import show
    from grader.submit import check_locally

    found = find(course)
    assignment = found.assignment(pick_name(found, name))
    if path is not None and not path.exists():
        raise UsageError(f"{path} does not exist")
    report = check_locally(assignment, path or assignment.folder, only)
    if only is None and path is None:
        found.remember_check(assignment.name, report.score, report.max_score)
    if as_json:
        print(report.to_json(), end="")
    else:
        out = show.console()
        out.print(f"[bold]{escape(assignment.spec.title)}[/]: public checks")
        out.print(show.checks_table(report))
        show.failures(report, out)
        for warning in report.warnings:
            out.print("[yellow]note:[/]", escape(warning))
        out.print()
        got, most = show.points(report.score), show.points(report.max_score)
        out.print(f"[bold]{got} of {most} public points.[/]")
        if report.faults:
            out.print("Some checks failed through a fault of the grader, not of yours: tell staff.")
    sys.exit(0 if report.checks and all(c.outcome == "passed" for c in report.checks) else 1)


def submit(
    name: Annotated[str | None, typer.Argument(help="The homework.", show_default=False)] = None,
    student: Annotated[
        str | None, typer.Option("--student", help="Your student id. Remembered.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="The folder to deliver to. Remembered.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Hand in an untouched starter.")] = False,
    course: CourseOption = None,
) -> None:
    """Pack your work with its figures into one zip and hand it in. Prints a receipt."""
    from rich.markup import escape

    from grader.cli import show
    from grader.discover import valid_id
    from grader.submit import deliver, pack

    found = find(course)
    assignment = found.assignment(pick_name(found, name))
    kept = found.remembered()
    who = student or kept.get("student") or _ask("Your student id", "--student")
    problem = valid_id(who)
    if problem is not None:
        raise UsageError(f"the student id {who[:40]!r} {problem}; give another with --student")
    target = str(to or kept.get("destination") or found.settings.destination or "")
    target = target or _ask("The folder to deliver to", "--to")
    folder = Path(target).expanduser()
    # Relative to where the user stands when typed, to the course when it is the course's setting.
    folder = folder if folder.is_absolute() else (Path.cwd() if to else found.root) / folder
    out = show.console()
    with out.status("Running your code: checks and figures ..."):
        package = pack(assignment, assignment.folder, who, force=force)
    receipt = deliver(found, package, folder.resolve())
    with contextlib.suppress(CourseError):  # it is handed in, remembered or not
        found.remember(student=who, destination=str(folder.resolve()))
    out.print(f"[bold]Handed in[/] {escape(assignment.spec.title)} as {escape(who)}")
    for entry in package.names:
        out.print(f"  {entry}", markup=False)
    for warning in package.warnings:
        out.print("[yellow]note:[/]", escape(warning))
    got, most = show.points(package.report.score), show.points(package.report.max_score)
    out.print(f"Public checks: {got} of {most} points on this machine.")
    out.print("Receipt", style="bold")
    out.print(f"  time     {receipt.time}")
    out.print(f"  sha256   {receipt.sha256}", soft_wrap=True)
    out.print(f"  file     {receipt.file}", soft_wrap=True)


def _ask(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(f"{question.lower()} is not known yet; give it once with {option}")
    answer: str = typer.prompt(question)
    return answer.strip()
