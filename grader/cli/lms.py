"""`python -m grader lms`: what goes to a learning-management system that is connected (LTI 1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.cli._gradebook_options import AsOption
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.server.lti.grades.pushing import PushPlan, PushResult
    from grader.server.lti.platforms.store import Platforms
    from grader.server.lti.protocol.records import PlatformCourse

command = typer.Typer(help="Send grades to the learning-management system that is connected.")


@command.callback()
def lms() -> None:
    """Send grades to the learning-management system that is connected."""


@command.command()
def push(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be sent; send nothing.")
    ] = False,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            help="The title or id of the course in the LMS.",
            show_default="the only one that is used",
        ),
    ] = None,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Send the grades of a homework to the LMS. What the LMS refuses is listed with its reason.

    Only what changed is sent. A grade that was changed in the LMS is left as it is; the server's
    page "Grades to the LMS" sends it nevertheless. The exit code is 1 if anything was refused.
    """
    _require_extra()
    from grader._internal.clock import now_utc
    from grader.api import open_book, who_is
    from grader.cli import _terminal as show
    from grader.server.lti.grades.pushing import ScorePush
    from grader.server.lti.platforms.store import Platforms
    from grader.server.lti.protocol.records import PlatformFault

    home = find(course)
    home.spec(name)
    with open_book(home) as book:
        platforms = Platforms(book.engine, now_utc)
        sender = ScorePush(home, book, _course_of(platforms, to), now_utc, who_is(who))
        try:
            planned = sender.plan(name)
            _tell_plan(show.console(), planned)
            if dry_run:
                show.console().print("Nothing was sent.")
                return
            done = sender.push(name)
        except PlatformFault as exc:
            raise UsageError(f"nothing was sent: {exc}") from None
    _tell_result(show.console(), done)
    if done.refused or done.left:
        raise typer.Exit(1)


def _require_extra() -> None:
    from grader._internal.install_hint import install_hint

    try:
        import httpx2  # noqa: F401  # only whether it is there
        import joserfc  # noqa: F401
    except ModuleNotFoundError as exc:
        raise UsageError(
            f"sending to an LMS needs {exc.name}, which is not installed; run: "
            f"{install_hint('server')}"
        ) from None


def _course_of(platforms: Platforms, named: str | None) -> PlatformCourse:
    """The course in the LMS to which grades go. Raises UsageError."""
    used = [each for each in platforms.courses() if each.used]
    found = [each for each in used if named in (None, each.title, each.context)]
    if len(found) == 1:
        return found[0]
    if not used:
        raise UsageError(
            'no course of an LMS is used; connect yours on the server\'s page "Platforms", and use '
            "its course there"
        )
    there = ", ".join(each.title or each.context for each in used)
    raise UsageError(f"name one of these courses with --to: {there}")


def _tell_plan(out: Console, planned: PushPlan) -> None:
    from rich.markup import escape

    from grader.server.lti.grades.pushing import shown
    from grader.server.lti.grades.scores import ScoreAction

    column = f"column {planned.column}" if planned.column else "a new column"
    where = planned.course.title or planned.course.context
    out.print(
        f"To {escape(where)} in {escape(planned.platform.called)}, {escape(column)}", soft_wrap=True
    )
    for action in ScoreAction:
        found = planned.of(action)
        if not found:
            continue
        out.print(f"{action.words}: {len(found)}", soft_wrap=True)
        if action is ScoreAction.SAME:
            continue
        for each in found:
            points = "to be marked" if each.handed_in else "–"
            points = points if each.points is None else f"{each.points:g}"
            line = f"  {each.student.id}: {shown(each)} there, {points} here"
            out.print(escape(line + (f" (refused: {each.refused})" if each.refused else "")))


def _tell_result(out: Console, done: PushResult) -> None:
    from rich.markup import escape

    out.print(f"{len(done.sent)} sent, {len(done.refused)} refused")
    for each in done.refused:
        out.print(escape(f"  {each.score.student.id}: {each.why}"), soft_wrap=True)
    if done.left:
        out.print(f"{done.left} not tried: {done.stopped}", soft_wrap=True)
