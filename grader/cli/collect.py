"""`python -m grader collect`: what was handed in, into one tidy folder."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from grader.gradebook import Student
    from grader.submission.sources import Source


def command(
    source: Annotated[
        Path,
        typer.Argument(
            help="A folder of submissions, or a bulk download of Canvas, Moodle, Gradescope "
            "or Brightspace: the zip itself or its folder."
        ),
    ],
    to: Annotated[Path, typer.Option("--to", help="The folder to collect in.")],
    assignment: Annotated[
        str | None, typer.Option("--assignment", help="The homework of all of them.")
    ] = None,
    times: Annotated[
        Path | None,
        typer.Option(
            "--times",
            help="When each was handed in: Moodle's grading worksheet, or a CSV file with the "
            "columns student and received_at.",
            show_default=False,
        ),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Copy what was handed in into one tidy folder, every attempt, and say whose it is.

    Do it again with a newer download: only what is new is added, and nothing written over.
    Downloads of Canvas and Moodle do not tell when something was handed in: give --times.
    """
    from grader.api import open_book, sources_in, who_is
    from grader.cli import _terminal as show
    from grader.cli._sources import tell_untimed
    from grader.cli.gradebook import tell_enrolled

    home = find(course)
    if to.resolve().is_relative_to(source.resolve()):
        raise UsageError(f"--to is in the folder to collect from, {source}; name another one")
    out = show.console()
    with open_book(home) as book:
        from grader.lms import collect as collecting
        from grader.lms.times import read_times

        table = read_times(times, home.zone) if times is not None else None
        with (
            sources_in(home, source, assignment, to, table) as (found, others),
            out.status("Collecting ..."),
        ):
            done = collecting.collect(found, home.names, to, lambda _: None)
        if home.settings.roster is not None:
            tell_enrolled(out, book, home.root / home.settings.roster, who_is(None))
        whose = book.whose({item.student for item in found})
        enrolled = any(student.on_roster for student in book.students())
    out.print(_table(found, whose, home.names))
    for item, why in done.failed:
        out.print(f"not copied: {item.source or item.path}: {why}", markup=False, soft_wrap=True)
    for path in others:
        out.print(f"left out: {path} is no submission", markup=False, soft_wrap=True)
    _tell_unknown(out, found, home.names)
    tell_untimed(out, found, table)
    if enrolled:
        _tell_unmatched(out, [name for name, student in whose.items() if student is None])
    else:
        out.print("There is no roster: each name stands for a student.")
    out.print(f"{done.new} of {len(found)} are new: {to}", markup=False, soft_wrap=True)
    out.print(
        f"Grade them: python -m grader grade {to} --out REPORTS", markup=False, soft_wrap=True
    )
    if done.failed:
        sys.exit(1)


def _table(
    found: Sequence[Source], whose: dict[str, tuple[Student, str] | None], names: Sequence[str]
) -> Table:
    """A line for each student and homework."""
    from rich.markup import escape
    from rich.table import Table

    from grader._internal.text import printable

    table = Table(box=None, pad_edge=False)
    for header in ("handed in as", "student", "matched by", "homework", "attempts"):
        table.add_column(
            header, overflow="fold", justify="right" if header == "attempts" else "left"
        )
    counts = Counter(
        (item.student, item.assignment if item.assignment in names else None) for item in found
    )
    for (name, homework), count in sorted(counts.items(), key=lambda each: str(each[0])):
        student = whose[name]
        who = f"{student[0].id} {student[0].name}".strip() if student else "?"
        matched = (who, student[1]) if student else (who, "nobody")
        cells = (name, *matched, homework or "unknown")
        table.add_row(*(escape(printable(cell)) for cell in cells), str(count))
    return table


def _tell_unknown(out: Console, found: Sequence[Source], names: Sequence[str]) -> None:
    unknown = [item for item in found if item.assignment not in names]
    if unknown:
        out.print("[yellow]Nothing tells which homework these are:[/]")
        for item in unknown:
            out.print(f"  {item.source or item.path}", markup=False, soft_wrap=True)
        out.print("Collect them on their own with --assignment NAME.")


def _tell_unmatched(out: Console, names: Sequence[str]) -> None:
    """Names that are not on the roster: listed, never dropped."""
    if not names:
        return
    from grader._internal.text import printable

    out.print("[yellow]On the roster nobody, or more than one, goes by these names:[/]")
    for name in sorted(names):
        out.print(f"  {printable(name)}", markup=False, soft_wrap=True)
    out.print(
        "They are collected too. Grade them, then say whose they are: "
        "python -m grader gradebook match HANDED-IN-AS STUDENT",
        soft_wrap=True,
    )
