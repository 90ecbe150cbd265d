"""The command `check`: once, at every save, or under a debugger."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli._course import CourseOption, NameArgument, find, pick_name
from grader.engine.packages import require_packages
from grader.errors import StudentFault, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.course.assignment import Assignment
    from grader.engine.collection import Check
    from grader.reports.schema import Report


def command(
    name: NameArgument = None,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Run the checks again at every save; q quits.")
    ] = False,
    only: Annotated[
        str | None,
        typer.Option("--only", help="Run only the checks with this text in their name or title."),
    ] = None,
    figures: Annotated[
        bool, typer.Option("--figures", help="Keep the pictures that the checks look at.")
    ] = False,
    pdb: Annotated[
        bool, typer.Option("--pdb", help="Stop at breakpoint(), and where your code raises.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    path: Annotated[
        Path | None, typer.Option("--path", help="Check this file or folder instead.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Run the public checks on your file. The exit code is 0 only if all of them pass."""
    if sum((watch, pdb, as_json)) > 1:
        raise UsageError("--watch, --pdb and --json cannot be combined; give one of them")
    if figures and (watch or pdb):
        raise UsageError("--figures cannot be combined with --watch or --pdb; give one of them")
    from grader.sandbox.host.spare import SpareLauncher

    launcher = SpareLauncher()
    if not pdb:
        # It starts while we load numpy and pytest ourselves.
        launcher.prepare()
    try:
        found = find(course)
        assignment = found.assignment(pick_name(found, name))
        require_packages(assignment)
        launcher.serving(assignment.packages)
        if path is not None and not path.exists():
            raise UsageError(f"{path} does not exist")
        if watch:
            from grader.cli._watch import watch_and_show

            sys.exit(watch_and_show(found, assignment.name, path, only, launcher))
        if pdb:
            report = _debug(assignment, path, only)
        else:
            report = _check_once(found, assignment, path, only, figures, as_json, launcher)
    finally:
        launcher.close()
    sys.exit(0 if report.checks and all(c.outcome == "passed" for c in report.checks) else 1)


def _check_once(
    course: Any,
    assignment: Assignment,
    path: Path | None,
    only: str | None,
    figures: bool,
    as_json: bool,
    launcher: Any,
) -> Report:
    from rich.markup import escape

    from grader.cli import _progress as views
    from grader.cli import _terminal as show
    from grader.reports import rich_text
    from grader.student.check import breakpoints, check_locally
    from grader.student.progress import remember_check
    from grader.student.remaining import remaining
    from grader.student.work import misplaced_work, read_work

    target = path or assignment.folder
    # A check of an author's may print, and the JSON must stay one.
    with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
        result = check_locally(
            assignment,
            target,
            only=only,
            keep_figures="all" if figures else "none",
            launcher=launcher,
        )
    report = result.staff
    if only is None and path is None:
        remember_check(course, assignment, report)
    if as_json:
        print(show.json_text(result.student.to_json()), end="")
        return report
    out = show.console()
    rich_text.result(assignment.spec.title, report, out)
    if path is None and only is None:
        for text in remaining(assignment, read_work(assignment, target).files, report.max_score):
            out.print(escape(text))
    if path is None and only is None and all(c.outcome == "not_attempted" for c in report.checks):
        elsewhere = misplaced_work(assignment, (Path.cwd(), course.root, assignment.folder.parent))
        if elsewhere is None:
            out.print("You have not written anything yet.")
            views.first_steps(assignment, assignment.starter, out)
        else:
            out.print(
                f"[yellow]note:[/] {escape(views.path(elsewhere))} holds work, but only files in "
                f"{escape(views.path(assignment.folder))} count; move it there"
            )
    for place in breakpoints(assignment, read_work(assignment, target)):
        out.print(f"[yellow]note:[/] {place}: breakpoint() only stops with --pdb")
    if figures:
        _save(result.pictures, assignment, out)
    return report


def _save(pictures: Mapping[str, bytes], assignment: Assignment, out: Console) -> None:
    from grader._internal.files import write_atomically
    from grader.cli import _progress as views
    from grader.student.work import CHECK_FIGURES

    for name, data in pictures.items():
        file = assignment.folder / CHECK_FIGURES / Path(name).name
        try:
            write_atomically(file, data)
        except OSError as exc:
            raise UsageError(f"cannot write {file}: {exc.strerror}") from None
        out.print(f"figure: {views.path(file)}", markup=False, soft_wrap=True)
    if not pictures:
        out.print("No check drew a figure.")


def _debug(assignment: Assignment, path: Path | None, only: str | None) -> Report:
    """Run the checks with the student's code in this process; stop where it raises."""
    from rich.markup import escape

    from grader.cli import _terminal as show
    from grader.engine.debugger import students_part
    from grader.reports import rich_text
    from grader.student.check import debug_locally

    out = show.console()

    def stop(check: Check, raised: BaseException) -> None:
        trace = students_part(raised)
        if trace is None or not isinstance(raised, StudentFault):
            return
        out.print(f"\n{rich_text.mark(False)} [bold]{escape(check.title)}[/]")
        out.print(raised.summary, markup=False)
        out.print(
            "Debugger: p NAME prints a value, u and d move up and down, c continues, q quits."
        )
        _post_mortem(trace)

    report = debug_locally(assignment, path or assignment.folder, only=only, on_raise=stop)
    rich_text.result(assignment.spec.title, report, out)
    return report


def _post_mortem(trace: Any) -> None:
    import pdb

    debugger = pdb.Pdb()
    debugger.reset()
    debugger.interaction(None, trace)
    if debugger.quitting:
        raise KeyboardInterrupt
