"""The command `submit`."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import CourseOption, NameArgument, find, pick_name
from grader.errors import CourseError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.course.course import Course
    from grader.student.receipts import Receipt
    from grader.student.submit import Draft


def command(
    name: NameArgument = None,
    student: Annotated[
        str | None, typer.Option("--student", help="Your student id. Remembered.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="The folder to deliver to. Remembered.")
    ] = None,
    partners: Annotated[
        list[str] | None,
        typer.Option("--with", help="The id of who made it with you; once for each. Remembered."),
    ] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Not with whom it was last time.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before it goes.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Hand in an untouched starter.")] = False,
    course: CourseOption = None,
) -> None:
    """Pack your work with its figures into one zip and hand it in. Prints a receipt."""
    from grader.sandbox.host.spare import SpareLauncher

    launcher = SpareLauncher()
    launcher.prepare()
    try:
        found = find(course)
        assignment = found.assignment(pick_name(found, name))
        who = _who(found, student)
        others = _partners(found, assignment.name, who, partners or [], alone)
        folder = _destination(found, to)

        from grader.cli import _terminal as show
        from grader.student.receipts import makers
        from grader.student.submit import deliver, draft, seal

        out = show.console()
        with out.status("Running your code: checks and figures ..."):
            drafted = draft(assignment, launcher, force=force)
    finally:
        launcher.close()
    _show(drafted, makers(who, others), out)
    if others:
        out.print("[yellow]note:[/] whether it counts for the others too is the course's to say")
    # A script has nobody to ask.
    if (
        not yes
        and sys.stdin.isatty()
        and not typer.confirm(f"Hand this in as {makers(who, others)}?", default=True)
    ):
        out.print("Nothing was handed in.")
        sys.exit(1)
    receipt = deliver(found, seal(drafted, who, others), folder)
    with contextlib.suppress(CourseError):  # it is handed in, remembered or not
        found.remember(student=who, destination=str(folder))
        found.remember_partners(assignment.name, others)
    _show_receipt(assignment.spec.title, receipt, out)


def _who(course: Course, student: str | None) -> str:
    who = student or course.remembered().get("student") or _ask("Your student id", "--student")
    return _checked(str(who), "--student")


def _partners(course: Course, name: str, who: str, given: list[str], alone: bool) -> list[str]:
    """With whom: those given, else those of the last time, each once."""
    from grader.submission.sources import MAX_MEMBERS

    if alone and given:
        raise UsageError("--alone and --with do not go together; give one of them")
    told = [] if alone else [each.strip() for each in given] or course.partners(name)
    once: dict[str, str] = {}
    for each in told:
        once.setdefault(each.casefold(), _checked(each, "--with"))
    if who.casefold() in once:
        raise UsageError(f"{who} is you; name the others with --with")
    if len(once) >= MAX_MEMBERS:
        raise UsageError(f"at most {MAX_MEMBERS - 1} may be named with --with")
    return list(once.values())


def _checked(student: str, option: str) -> str:
    from grader.submission.student_ids import valid_id

    problem = valid_id(student)
    if problem is not None:
        raise UsageError(f"the student id {student[:40]!r} {problem}; give another with {option}")
    return student


def _destination(course: Course, to: Path | None) -> Path:
    kept = course.remembered().get("destination") or course.settings.destination
    target = str(to or kept or "") or _ask("The folder to deliver to", "--to")
    folder = Path(target).expanduser()
    # Relative to where the user stands when typed, to the course when it is the course's setting.
    return ((Path.cwd() if to else course.root) / folder).resolve()


def _ask(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(f"{question.lower()} is not known yet; give it once with {option}")
    answer: str = typer.prompt(question)
    return answer.strip()


def _show(drafted: Draft, makers: str, out: Console) -> None:
    """What goes in, and what a student may have forgotten."""
    from rich.markup import escape

    from grader.cli import _progress as views
    from grader.cli import _terminal as show

    out.print(f"[bold]{escape(drafted.assignment.spec.title)}[/]: what goes in")
    widest = max(len(entry) for entry in drafted.files)
    for entry, data in sorted(drafted.files.items()):
        out.print(f"  {entry:{min(widest, 50)}}  {views.size(len(data))}", markup=False)
    out.print(f"As {makers}.", markup=False)
    got, most = show.points(drafted.report.score), show.points(drafted.report.max_score)
    out.print(f"Public checks: {got} of {most} points on this machine.")
    for warning in drafted.warnings:
        out.print("[yellow]note:[/]", escape(warning))


def _show_receipt(title: str, receipt: Receipt, out: Console) -> None:
    from rich.markup import escape

    out.print(f"[bold]Handed in[/] {escape(title)} as {escape(receipt.makers)}")
    out.print("Receipt", style="bold")
    out.print(f"  time     {receipt.time.isoformat()}")
    out.print(f"  sha256   {receipt.sha256}", markup=False, soft_wrap=True)
    out.print(f"  file     {receipt.file}", markup=False, soft_wrap=True)
