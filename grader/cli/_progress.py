"""What the student commands show besides the results of checks: progress, hints, receipts."""

from __future__ import annotations

import os
import sys
import textwrap
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from grader._internal.clock import ago, due_in, now_utc
from grader.reports import rich_text

if TYPE_CHECKING:
    from grader.course.assignment import Assignment
    from grader.course.course import Course
    from grader.engine.collection import Check
    from grader.student.progress import Progress
    from grader.student.receipts import Receipt

BAR = 10
SOON = timedelta(days=2)


def bar(part: float, whole: float, width: int = BAR) -> str:
    """A progress bar for `part` of `whole`, as markup; full only if `part` equals `whole`."""
    full = min(width, int(width * part / whole)) if whole else 0
    rest = rich_text.encodable("░" * (width - full))
    return f"[green]{rich_text.encodable('█' * full)}[/][dim]{rest}[/]"


def path(file: Path) -> str:
    """A path as one would type it in the current folder."""
    file = file.resolve()
    try:
        return str(file.relative_to(Path.cwd().resolve()))
    except ValueError:
        return str(file)


def first_steps(assignment: Assignment, file: Path, out: Console) -> None:
    """Say what to read, where to write, and how to check at every save."""
    for word, text in (
        ("read", path(assignment.folder / "README.md")),
        ("write", path(file)),
        ("check", f"python -m grader check {assignment.name} --watch"),
    ):
        out.print(f"  {word:6} {text}", markup=False, soft_wrap=True)


def clock(time: datetime) -> str:
    """A time by this machine's clock, with the name of its zone: "2026-12-18 23:59 CET"."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M %Z")


def has_screen() -> bool:
    """Whether there is a screen on which a picture can be opened."""
    if not sys.stdout.isatty():
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def progress_line(due: datetime | None, done: Progress) -> str:
    """One homework at a glance, as markup: the points now, when it is due, what was done."""
    checked = done.checked
    if checked is None:
        points = " " * len("100 of 100")
        drawn = bar(0, 1)
    else:
        score, most = rich_text.points(checked.score), rich_text.points(checked.max_score)
        points = f"{score} of {most}".rjust(len("100 of 100"))
        drawn = bar(checked.score, checked.max_score)
    return f"  {drawn} {points}   {_due(due):<17} {_state(done)}"


def _due(due: datetime | None) -> str:
    if due is None:
        return "no due date"
    left = due - now_utc()
    text = f"due {due_in(due, now_utc())}"
    if left > SOON:
        return text
    return f"[{'yellow' if left > timedelta(0) else 'red'}]{text:<17}[/]"


def _state(done: Progress) -> str:
    if done.receipts:
        text = f"handed in {ago(done.receipts[-1].time, now_utc())}"
        return f"{text}, [yellow]changed[/]" if done.unsent else f"[green]{text}[/]"
    if done.checked is not None:
        if done.changed:
            return "changed since the last check"
        return "checked, not handed in" if done.answered else "checked, no answers written"
    return "started" if done.begun else "not started"


def hints(
    course: Course,
    assignment: Assignment,
    check: Check,
    out: Console,
    *,
    told: int = 0,
    again: str = "Run the command again",
) -> None:
    """Show the hints of a check, one more than the last time, and remember how many.

    told: how many of them can be read already, in the check's message. again: what brings the next.
    """
    from grader.course.handout import find_place

    known = max(course.hints_shown(assignment.name, check.id), told)
    shown = min(known + 1, len(check.hints))
    out.print(f"[bold]{escape(check.title)}[/]")
    for number, text in enumerate(check.hints[:shown], start=1):
        style = "" if number == shown else "dim"
        lead = f"  {number} of {len(check.hints)}  "
        lines = textwrap.wrap(text, out.width - len(lead), break_on_hyphens=False)
        text = lead + f"\n{' ' * len(lead)}".join(lines)
        out.print(text, style=style, markup=False)
    if not check.hints:
        out.print("  This check has no hints.")
    handout = assignment.folder / "README.md"
    if check.see is not None and handout.is_file():
        place = find_place(handout.read_text(encoding="utf-8", errors="replace"), check.see)
        if place is not None:
            out.print(f"  see     {path(handout)}:{place.line}  {place.text}", markup=False)
    if check.hints and len(check.hints) <= known:
        out.print("There are no more hints for this check.")
    if shown < len(check.hints):
        out.print(f"There {_left(len(check.hints) - shown)}. {again} to see the next one.")
    course.remember_hints(assignment.name, check.id, shown)


def _left(count: int) -> str:
    return "is one more" if count == 1 else f"are {count} more"


def handed_in(assignment: Assignment, done: Progress, out: Console) -> None:
    """Show the receipts of a homework, the latest first, and whether they are still valid."""
    out.print(f"[bold]{assignment.name}[/]  {escape(assignment.spec.title)}")
    due = assignment.spec.due
    if due is not None:
        out.print(f"  due {due_in(due, now_utc())}, {clock(due)}")
    for number, receipt in enumerate(reversed(done.receipts)):
        _receipt(receipt, counts=number == 0, out=out)
    for damaged in done.damaged:
        out.print(
            f"  [yellow]note:[/] the receipt {escape(path(damaged))} is damaged, so what it "
            "confirmed is not listed here; to be safe, hand in again",
            soft_wrap=True,
        )
    if not done.receipts:
        out.print("  nothing handed in" if not done.damaged else "  no receipt can be read")
    elif done.unsent:
        out.print("  [yellow]Your files have changed since your last submission.[/]")
    else:
        out.print("  Your files are the same as in your last submission.")


def _receipt(receipt: Receipt, *, counts: bool, out: Console) -> None:
    from grader.student.receipts import State, state_of

    state = state_of(receipt)
    words = {
        State.VALID: "valid: the archive is there and unchanged",
        State.SERVER: "signed by the course's server",
        State.GONE: "cannot be verified: the archive is missing or cannot be reached",
        State.CHANGED: "not valid: the archive was replaced or changed",
    }
    when = clock(receipt.time)
    last = "" if counts else " (an earlier submission)"
    out.print(
        f"  handed in {when}, {ago(receipt.time, now_utc())}, as {escape(receipt.makers)}{last}"
    )
    out.print(f"    {rich_text.mark(state in (State.VALID, State.SERVER))} receipt {words[state]}")
    out.print(f"    sha256  {receipt.sha256}", markup=False, soft_wrap=True)
    out.print(f"    file    {receipt.file}", markup=False, soft_wrap=True)
