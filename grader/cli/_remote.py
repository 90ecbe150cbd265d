"""Handing in to a course's server: whose token it is, the receipt, the checks as they end."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import typer

from grader.cli._course import person_is_here
from grader.errors import CourseError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.course.course import Course
    from grader.student.receipts import Receipt
    from grader.student.remote import CourseServer, RemoteReceipt
    from grader.student.submit import Package

WAITS_S = 15 * 60.0
TOKEN_VARIABLE = "GRADER_TOKEN"


def is_address(destination: str) -> bool:
    """Whether a destination is a server and not a folder."""
    return destination.lower().startswith(("http://", "https://"))


def server(course: Course, target: str, token: str | None) -> CourseServer:
    """The server, with the token that was given, kept or is asked for.

    Raises UsageError where there is none.
    """
    from grader.student.remote import CourseServer, checked_address, keep_token, kept_token

    address = checked_address(target)
    found = token or os.environ.get(TOKEN_VARIABLE) or kept_token(course, address)
    if not found:
        page = f"{address}/account"
        if not person_is_here():
            raise UsageError(
                f"your personal token for {address} is not known yet; make one at {page} and give "
                f"it once with --token, or set {TOKEN_VARIABLE}"
            )
        typer.echo(f"Make a personal token at {page} and paste it here.")
        found = typer.prompt("Token", hide_input=True).strip()
    remote = CourseServer(address, found)
    remote.who()
    if found != os.environ.get(TOKEN_VARIABLE):
        keep_token(course, address, found)
    return remote


def as_known(remote: CourseServer, student: str | None) -> str:
    """The student whose token it is. Raises UsageError if they gave another id."""
    who = remote.who()
    if student is not None and student.casefold() != who.casefold():
        raise UsageError(
            f"the token belongs to {who}, not to {student}; leave --student out, or give the token "
            f"of {student} with --token"
        )
    return who


def hand_in_remotely(
    course: Course, remote: CourseServer, package: Package, out: Console, *, wait: bool
) -> None:
    """Send the archive, show the receipt, and what the checks say as they end."""
    from grader.student.receipts import Receipt

    assignment = package.draft.assignment
    with out.status("Sending ..."):
        receipt = remote.hand_in(assignment.name, package.data)
    if receipt.sha256 != package.sha256:
        raise UsageError(
            f"{remote.address} received other bytes than were sent; hand in again, or on the "
            "course's page"
        )
    _show_receipt(assignment.spec.title, receipt, out)
    kept = Receipt(
        assignment=assignment.name,
        student=receipt.student,
        time=receipt.received_at,
        sha256=receipt.sha256,
        file=receipt.page,
        work=package.draft.work,
        partners=package.partners,
    )
    kept_or_told(course, kept, out, as_sent=receipt.text)
    with contextlib.suppress(CourseError):  # it is handed in, remembered or not
        course.remember(student=receipt.student, destination=remote.address)
        course.remember_partners(assignment.name, package.partners)
    if not wait:
        out.print(f"See the result at {receipt.page}", markup=False, soft_wrap=True)
        return
    try:
        _show_checks(remote, receipt, out)
    except KeyboardInterrupt:
        out.print(f"It is handed in. See the result at {receipt.page}", markup=False)


def kept_or_told(course: Course, receipt: Receipt, out: Console, *, as_sent: str = "") -> None:
    """Keep a receipt, which has been shown; say so where that is impossible, for it is handed in.

    as_sent: the server's own words, whose signature holds for exactly that text.
    """
    from rich.markup import escape

    from grader.student.receipts import keep_receipt, keep_text

    try:
        if as_sent:
            keep_text(course, receipt.assignment, receipt.sha256, as_sent)
        keep_receipt(course, receipt)
    except CourseError as exc:
        out.print(
            f"[yellow]note:[/] {escape(str(exc))}. Your work is handed in, but `status` will not "
            "know of it: keep a copy of the receipt above.",
            soft_wrap=True,
        )


def _show_receipt(title: str, receipt: RemoteReceipt, out: Console) -> None:
    from rich.markup import escape

    from grader.cli._progress import clock

    out.print(f"[bold]Handed in[/] {escape(title)} as {escape(receipt.student)}")
    out.print("Receipt", style="bold")
    out.print(f"  time     {clock(receipt.received_at)}", markup=False)
    out.print(f"  attempt  {receipt.number}", markup=False)
    out.print(f"  sha256   {receipt.sha256}", markup=False, soft_wrap=True)


def _show_checks(remote: CourseServer, receipt: RemoteReceipt, out: Console) -> None:
    from rich.markup import escape

    got = most = 0.0
    ended = ""
    with out.status("Waiting for the server ...") as status:
        for state in remote.follow(receipt.key, WAITS_S):
            if state.state == "waiting":
                before = f"{state.ahead} before yours" if state.ahead else "yours is next"
                status.update(f"Waiting to be graded: {before}")
            else:
                status.update("Being graded ...")
            for event in state.events:
                if event.kind != "check":
                    continue
                sign = "[green]✓[/]" if event.passed else "[red]✗[/]"
                out.print(f"  {sign} {escape(event.title)}")
                got += event.points or 0.0
                most += event.max_points or 0.0
            ended = state.state
    if ended == "open":
        out.print(
            "The grader failed, not your code. Your course staff have been told; this costs you "
            "nothing."
        )
    elif ended == "graded":
        out.print(f"[bold]Graded:[/] {got:.10g} of {most:.10g} points by the checks you may see")
    else:
        out.print("It is handed in, and not graded yet.")
    out.print(f"See the report at {receipt.page}", markup=False, soft_wrap=True)
