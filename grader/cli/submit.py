"""The command `submit`: packs a student's work and hands it in."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._asking import Questioner
from grader.cli._course import CourseOption, NameArgument, find, pick_name
from grader.cli._remote import as_known, hand_in_remotely, is_address, kept_or_told, server
from grader.errors import CourseError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.course.assignment import Assignment
    from grader.course.course import Course
    from grader.sandbox.host.launch import Launcher
    from grader.student.receipts import Receipt
    from grader.student.remote import CourseServer
    from grader.student.submit import Draft


StudentOption = Annotated[
    str | None, typer.Option("--student", help="Your student id; it is remembered.")
]
ToOption = Annotated[
    str | None,
    typer.Option(
        "--to",
        help="The folder to deliver to, or the address of the course's server; it is remembered.",
    ),
]
TokenOption = Annotated[
    str | None,
    typer.Option(
        "--token",
        help="Your personal token for the server; it is remembered. The variable GRADER_TOKEN "
        "works, too.",
    ),
]
WaitOption = Annotated[
    bool,
    typer.Option("--wait/--no-wait", help="Wait until the server has graded your work."),
]
PartnersOption = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        help="A partner's id; give the option once for each partner. They are remembered.",
    ),
]
AloneOption = Annotated[
    bool, typer.Option("--alone", help="Without the partners of the last time.")
]
YesOption = Annotated[
    bool, typer.Option("--yes", "-y", help="Do not ask before the archive is delivered.")
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Hand in a starter that you have not changed.")
]


def command(
    name: NameArgument = None,
    student: StudentOption = None,
    to: ToOption = None,
    token: TokenOption = None,
    wait: WaitOption = True,
    partners: PartnersOption = None,
    alone: AloneOption = False,
    yes: YesOption = False,
    force: ForceOption = False,
    course: CourseOption = None,
) -> None:
    """Pack your work with its figures into one zip and hand it in. Prints a receipt."""
    from grader.cli import _terminal as show
    from grader.sandbox.host.spare import SpareLauncher

    launcher = SpareLauncher()
    launcher.prepare()
    try:
        found = find(course)
        assignment = found.assignment(pick_name(found, name))
        launcher.serving(assignment.packages)
        ask = Questioner(yes=yes)
        options = SubmitOptions(student, to, token, tuple(partners or ()), alone, force, wait)
        is_handed_in = hand_in(found, assignment, options, ask, launcher, show.console())
    finally:
        launcher.close()
    if not is_handed_in:
        sys.exit(1)


@dataclass(frozen=True)
class SubmitOptions:
    """How a student wants to hand in: see the options of the command."""

    student: str | None = None
    to: str | None = None
    token: str | None = None
    partners: tuple[str, ...] = ()
    alone: bool = False
    force: bool = False
    wait: bool = True


def hand_in(
    course: Course,
    assignment: Assignment,
    options: SubmitOptions,
    ask: Questioner,
    launcher: Launcher,
    out: Console,
) -> bool:
    """Run the student's work, show what would be handed in, ask, and hand it in.

    Returns whether it was.
    """
    ask.require_answer()
    who, target, remote = _who_and_where(course, options, ask)
    others = _partners(course, assignment.name, who, [*options.partners], options.alone)
    folder = None if remote is not None else _destination(course, target, options.to)

    from grader._internal.clock import clock_note
    from grader.student.progress import remember_check
    from grader.student.receipts import makers
    from grader.student.submit import deliver, draft, seal

    with out.status("Running your code: checks and figures ..."):
        drafted = draft(assignment, launcher, force=options.force)
    remember_check(course, assignment, drafted.report)
    _show(drafted, makers(who, others), out)
    _note(remote.clock_note if remote is not None else "", out)
    if others:
        out.print("[yellow]note:[/] the course decides whether this counts for your partners too")
    if not ask.agrees(f"Hand this in as {makers(who, others)}, to {folder or target}?"):
        out.print("Nothing was handed in.")
        return False
    package = seal(drafted, who, others)
    if remote is not None:
        hand_in_remotely(course, remote, package, out, wait=options.wait)
        return True
    assert folder is not None, "there is a folder where there is no server"
    receipt = deliver(package, folder)
    _show_receipt(assignment.spec.title, receipt, out)
    there = datetime.fromtimestamp(Path(receipt.file).stat().st_mtime, UTC)
    _note(clock_note(receipt.time, there, f"the folder {folder}"), out)
    kept_or_told(course, receipt, out)
    with contextlib.suppress(CourseError):  # it is handed in, remembered or not
        course.remember(student=package.student, destination=str(folder))
        course.remember_partners(assignment.name, list(package.partners))
    return True


def _who_and_where(
    course: Course, options: SubmitOptions, ask: Questioner
) -> tuple[str, str, CourseServer | None]:
    """The student's id, where to hand in, and the server if it is one; asks for what is unknown."""
    target = _known_target(course, options.to)
    remote = server(course, target, options.token) if is_address(target) else None
    who = (
        _who(course, options.student, ask) if remote is None else as_known(remote, options.student)
    )
    if not target:
        target = ask.text("The folder to deliver to, or the address of the course's server", "--to")
        if is_address(target):
            remote = server(course, target, options.token)
            who = as_known(remote, who)
    return who, target, remote


def _who(course: Course, student: str | None, ask: Questioner) -> str:
    known = student or course.remembered().get("student")
    return _checked(str(known or ask.text("Your student id", "--student")), "--student")


def _partners(course: Course, name: str, who: str, given: list[str], alone: bool) -> list[str]:
    """The partners: those given, else those of the last time, each once."""
    from grader.submission.sources import MAX_MEMBERS

    if alone and given:
        raise UsageError("--alone and --with cannot be combined; give one of them")
    told = [] if alone else [each.strip() for each in given] or course.partners(name)
    once: dict[str, str] = {}
    for each in told:
        once.setdefault(each.casefold(), _checked(each, "--with"))
    if who.casefold() in once:
        raise UsageError(f"{who} is your own id; name only your partners with --with")
    if len(once) >= MAX_MEMBERS:
        raise UsageError(f"too many partners; name at most {MAX_MEMBERS - 1} with --with")
    return list(once.values())


def _checked(student: str, option: str) -> str:
    from grader.submission.student_ids import valid_id

    problem = valid_id(student)
    if problem is not None:
        raise UsageError(
            f"the student id {student[:40]!r} {problem}; give a different one with {option}"
        )
    return student


def _known_target(course: Course, to: str | None) -> str:
    """Where to hand in: a folder or the address of a server; "" if nobody has said so yet."""
    kept = course.remembered().get("destination") or course.settings.destination
    return str(to or kept or "")


def _destination(course: Course, target: str, to: str | None) -> Path:
    """The folder to deliver to. Raises UsageError if it is not there."""
    from grader.student.submit import require_folder

    # A typed path is relative to the current folder, the course's setting to the course.
    folder = ((Path.cwd() if to else course.root) / Path(target).expanduser()).resolve()
    require_folder(folder)
    return folder


def _show(drafted: Draft, makers: str, out: Console) -> None:
    """Show what goes into the archive, and what the student may have forgotten."""
    from rich.markup import escape

    from grader._internal.text import size
    from grader.reports import rich_text

    out.print(f"[bold]{escape(drafted.assignment.spec.title)}[/]: contents of the archive")
    widest = max(len(entry) for entry in drafted.files)
    for entry, data in sorted(drafted.files.items()):
        out.print(f"  {entry:{min(widest, 50)}}  {size(len(data))}", markup=False)
    out.print(f"Submitting as {makers}.", markup=False)
    got, most = rich_text.points(drafted.report.score), rich_text.points(drafted.report.max_score)
    out.print(f"Public checks: {got} of {most} points on this machine.")
    for warning in drafted.warnings:
        out.print("[yellow]note:[/]", escape(warning))


def _note(text: str, out: Console) -> None:
    from rich.markup import escape

    if text:
        out.print("[yellow]note:[/]", escape(text), soft_wrap=True)


def _show_receipt(title: str, receipt: Receipt, out: Console) -> None:
    from rich.markup import escape

    from grader.cli._progress import clock

    out.print(f"[bold]Handed in[/] {escape(title)} as {escape(receipt.makers)}")
    out.print("Receipt", style="bold")
    out.print(f"  time     {clock(receipt.time)}", markup=False)
    out.print(f"  sha256   {receipt.sha256}", markup=False, soft_wrap=True)
    out.print(f"  file     {receipt.file}", markup=False, soft_wrap=True)
