"""The command `data`: what is held of a person, to give it to them or to forget it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.api import open_book
from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.server.hand_ins.blobs import Blobs
    from grader.server.retention import Held

command = typer.Typer(help="Export or forget everything that is held of a person.")


@command.command("export")
def export(
    student: Annotated[str, typer.Argument(help="The student: id, login, email or full name.")],
    to: Annotated[Path, typer.Option("--to", help="The zip to write.")],
    course: CourseOption = None,
) -> None:
    """Write a zip with everything that is held of a student."""
    from grader._internal.files import write_atomically
    from grader.cli import _terminal as show
    from grader.server import retention

    found = find(course)
    if to.exists():
        raise UsageError(f"{to} exists already; name another file")
    with open_book(found) as book:
        data = retention.export(book.engine, _blobs(found), student)
    try:
        write_atomically(to, data)
        to.chmod(0o600)
    except OSError as exc:
        raise UsageError(f"cannot write {to}: {exc.strerror}; name another file") from None
    show.console().print(f"Wrote {to}", markup=False, soft_wrap=True)


@command.command("forget")
def forget(
    students: Annotated[
        list[str] | None,
        typer.Argument(help="The students to forget.", show_default=False),
    ] = None,
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than",
            help="Everybody who has handed in nothing since this date, such as 2026-09-01.",
            show_default=False,
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without this, only say what would be removed.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Remove everything that is held of students, for good."""
    from grader.cli import _terminal as show
    from grader.server import retention
    from grader.server.hand_ins.regrades import drop_results

    if bool(students) == (older_than is not None):
        raise UsageError("name the students to forget, or give a date with --older-than")
    found, out = find(course), show.console()
    since = None if older_than is None else _midnight(found, older_than)
    with open_book(found) as book:
        chosen = retention.held_of(book.engine, students or (), since)
        for held in chosen:
            out.print(_line(held), markup=False, soft_wrap=True)
        if not chosen:
            out.print("There is nothing to forget.")
        elif yes:
            retention.forget(book.engine, _blobs(found), chosen)
            drop_results(found)
            out.print(f"Forgot {len(chosen)}; lines of the history stay without their names.")
        else:
            out.print("Nothing was removed. Give --yes to remove it for good.")


def _line(held: Held) -> str:
    what = ", ".join(f"{name}: {count}" for name, count in held.rows.items())
    files = f"; stored files: {held.files}" if held.files else ""
    name = held.student.name and held.student.name != held.student.id
    called = f"{held.student.id} ({held.student.name})" if name else held.student.id
    return f"{called}: {what or 'a row of the roster alone'}{files}"


def _midnight(course: Course, text: str) -> datetime:
    """The begin of a day in the course's time zone."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text[:40]!r} is no date; write it as year, month and day, such as 2026-09-01"
        ) from None
    return datetime.combine(day, time(), course.zone or UTC)


def _blobs(course: Course) -> Blobs:
    from grader.server.hand_ins.blobs import Blobs

    return Blobs(course.root / course.settings.server.data / "blobs")
