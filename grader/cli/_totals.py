"""Commands on the gradebook about the whole course: totals, and who is no part of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.api import open_book, who_is
from grader.cli._course import CourseOption, find
from grader.cli._gradebook_options import (
    AsOption,
    HomeworkArgument,
    NoteOption,
    StudentArgument,
    WhyOption,
    tell_now,
    zone_of,
)
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from grader.gradebook.grades.totals import CourseTotal
    from grader.gradebook.records import StandingKind

UndoOption = Annotated[bool, typer.Option("--undo", help="Take the decision back.")]


def _total(
    student: Annotated[
        str | None,
        typer.Argument(
            help="Explain the total of this student line by line.",
            metavar="STUDENT",
            show_default=False,
        ),
    ] = None,
    csv: Annotated[
        bool, typer.Option("--csv", help="Print a CSV file with every part of every total.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Show everybody's total over the course, as [tool.grader.total] defines it."""
    from grader.cli import _terminal as show
    from grader.gradebook.course_totals import course_totals, homeworks_gone, student_total
    from grader.gradebook.grades.totals import lines_of, totals_csv

    home, out = find(course), show.console()
    if student is not None and csv:
        raise UsageError("--csv has everybody's total; leave the student out")
    with open_book(home) as book:
        if student is not None:
            found = book.student(student)
            total = student_total(book, home, found)
            out.print(f"{found.id} {found.name}: {total.said}".rstrip(), markup=False, style="bold")
            if total.withdrawn is not None:
                why = f"withdrawn by {total.withdrawn.who}: {total.withdrawn.why}"
                out.print(why, markup=False, soft_wrap=True)
            for line in lines_of(total):
                name = "  " * (line.depth + 1) + line.name
                out.print(f"{name:<26}{line.value:>10}  {line.said}", markup=False, soft_wrap=True)
            tell_outdated(out, [total])
            return
        totals, gone = course_totals(book, home), homeworks_gone(book, home)
    if csv:
        print(totals_csv(totals), end="")
        return
    out.print(_table(totals))
    final = sum(total.percent is not None for total in totals)
    out.print(f"{final} of {len(totals)} totals are final; … marks those that are not.")
    if left := home.settings.total.left_out(home.names):
        out.print(f"Part of no group, and so of no total: {', '.join(left)}", soft_wrap=True)
    tell_gone(out, gone)
    tell_outdated(out, totals)


def tell_gone(out: Console, gone: Mapping[str, int]) -> None:
    """Say which homeworks were handed in and have no folder any more; by how many students."""
    from grader.gradebook.grades.policy import count

    for name, students in gone.items():
        out.print(
            f"{name} was handed in by {count(students, 'student')}, but assignments/{name} is not "
            "there, so it is part of no total and of no table; put the folder back if it counts",
            style="yellow", markup=False, soft_wrap=True,
        )  # fmt: skip


def tell_outdated(out: Console, totals: Iterable[CourseTotal]) -> None:
    """Name the points set by hand for checks that are worth something else by now."""
    for total in totals:
        for name, outdated in total.outdated.items():
            for each in outdated:
                said = f"{total.student.id}: {each.advice(name, total.student.id)}"
                out.print(said, style="yellow", markup=False, soft_wrap=True)


def _table(totals: tuple[CourseTotal, ...]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    groups = totals[0].groups if totals else ()
    for header in ("student", "name"):
        table.add_column(header, overflow="fold")
    for header in ("total", *(group.group.name for group in groups)):
        table.add_column(escape(header), overflow="fold", justify="right")
    table.add_column("open", overflow="fold")
    for total in totals:
        said = "withdrawn" if total.withdrawn else "–"
        if total.so_far is not None:
            said = f"{total.so_far:.10g} %" + ("…" if total.open else "")
        results = [
            "–" if each.percent is None else f"{each.percent:.4g} %" for each in total.groups
        ]
        waiting = "" if total.withdrawn else ", ".join(total.open)
        row = (total.student.id, total.student.name, said, *results, waiting)
        table.add_row(*map(escape, row))
    return table


def _excuse(
    name: HomeworkArgument,
    student: StudentArgument,
    why: WhyOption,
    note: NoteOption = "",
    undo: UndoOption = False,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Excuse a student from a homework: it is no part of their total, and they need not hand in.

    The student reads the reason with the grade; a --note, such as a medical one, is for staff only.
    """
    from grader.gradebook.records import StandingKind

    kind = None if undo else StandingKind.EXCUSED
    _decide(course, name, student, kind, who_is(who), why, note)


def _zero(
    name: HomeworkArgument,
    student: StudentArgument,
    why: WhyOption,
    note: NoteOption = "",
    undo: UndoOption = False,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Let a homework count as 0 for a student, whatever was handed in, and say so in the grade.

    Marks and checks stay as they are and show again with --undo. The student reads the reason.
    """
    from grader.gradebook.records import StandingKind

    kind = None if undo else StandingKind.ZERO
    _decide(course, name, student, kind, who_is(who), why, note)


def _decide(
    course: Path | None,
    name: str,
    student: str,
    kind: StandingKind | None,
    who: str,
    why: str,
    note: str,
) -> None:
    from grader.gradebook.standings import decide_standing

    home = find(course)
    with open_book(home) as book:
        decide_standing(book, home, student, kind, assignment=name, who=who, why=why, note=note)
        tell_now(book, name, student, zone_of(home), why)


def _withdraw(
    student: StudentArgument,
    why: WhyOption,
    note: NoteOption = "",
    undo: UndoOption = False,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Record that a student has left the course: no homework counts, and there is no total.

    What was handed in and graded stays, and counts again with --undo.
    """
    from grader.gradebook.records import StandingKind
    from grader.gradebook.standings import decide_standing

    home, kind = find(course), None if undo else StandingKind.WITHDRAWN
    with open_book(home) as book:
        decide_standing(book, home, student, kind, who=who_is(who), why=why, note=note)
        found = book.student(student)
    print(f"{found.id} is in the course again." if undo else f"{found.id} has withdrawn.")


def _export(
    to: Annotated[Path, typer.Option("--to", help="A new folder for the tables.")],
    anonymous: Annotated[
        bool,
        typer.Option("--anonymous", help="Pseudonyms for people, sections and groups; no times."),
    ] = False,
    texts: Annotated[
        bool,
        typer.Option(
            "--texts", help="Also what people wrote: comments and reasons. They may name people."
        ),
    ] = False,
    course: CourseOption = None,
) -> None:
    """Write the gradebook as CSV tables, such as for research: grades, attempts, checks, marks.

    Pseudonyms are the same each time, because they follow from the course's secret key; who has no
    key cannot tell whom they stand for.
    """
    from grader._internal.files import write_atomically
    from grader.gradebook.research import research_tables

    home = find(course)
    if to.exists() and any(to.iterdir() if to.is_dir() else [to]):
        raise UsageError(f"{to} is not an empty folder; name another one")
    with open_book(home) as book:
        tables = research_tables(book, home, anonymous=anonymous, texts=texts)
    try:
        for name, text in tables.items():
            write_atomically(to / name, text.encode())
    except OSError as exc:
        raise UsageError(f"cannot write to {to}: {exc.strerror}") from None
    print(f"{to}: {', '.join(tables)}")
    if anonymous and texts:
        print("Read the texts before you pass them on: people may be named in them.")


COMMANDS: dict[str, Callable[..., Any]] = {
    "total": _total,
    "excuse": _excuse,
    "zero": _zero,
    "withdraw": _withdraw,
    "export": _export,
}
