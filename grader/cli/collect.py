"""`python -m grader collect`: copies submissions into one tidy folder."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import AssignmentOption, CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from grader.gradebook import Student
    from grader.submission.sources import Source


SourceArgument = Annotated[
    Path,
    typer.Argument(
        help="A folder of submissions, or a bulk download from Canvas, Moodle, Gradescope "
        "or Brightspace, as the zip or unpacked."
    ),
]
TimesOption = Annotated[
    Path | None,
    typer.Option(
        "--times",
        help="When each submission was handed in: Moodle's grading worksheet, or a CSV file "
        "with the columns student and received_at.",
        show_default=False,
    ),
]


def command(
    source: SourceArgument,
    to: Annotated[Path, typer.Option("--to", help="The folder to collect in.")],
    assignment: AssignmentOption = None,
    times: TimesOption = None,
    course: CourseOption = None,
) -> None:
    """Copy every attempt into one tidy folder, and say whose each one is.

    You can run it again with a newer download: only new attempts are added, and nothing is
    overwritten. Downloads from Canvas and Moodle do not tell when something was handed in; give
    --times.
    """
    from grader.api import open_book, sources_in, who_is
    from grader.cli import _terminal as show
    from grader.cli._grades import tell_enrolled
    from grader.cli._sources import tell_untimed

    home = find(course)
    if to.resolve().is_relative_to(source.resolve()):
        raise UsageError(
            f"--to is inside {source}, the folder to collect from; name another folder"
        )
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
        told = {name: table.email_of(name) if table else "" for name in whose}
        by_email = book.whose({email for email in told.values() if email})
        enrolled = any(student.on_roster for student in book.students())
    out.print(_table(found, whose, home.names))
    _tell_left(out, done.failed, others)
    _tell_unknown(out, found, home.names)
    tell_untimed(out, found, others, table)
    if enrolled:
        unmatched = [name for name, student in whose.items() if student is None]
        _tell_unmatched(out, unmatched)
        _tell_by_email(out, {name: by_email.get(told[name]) for name in unmatched})
    else:
        out.print("There is no roster: each name is taken as a student.")
    out.print(f"{done.new} of {len(found)} submissions are new: {to}", markup=False, soft_wrap=True)
    out.print(
        f"To grade them: python -m grader grade {to} --out REPORTS", markup=False, soft_wrap=True
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


def _tell_left(out: Console, failed: Sequence[tuple[Source, str]], others: Sequence[Path]) -> None:
    """What was not copied: submissions with which something went wrong, and all the rest."""
    for item, why in failed:
        out.print(f"not copied: {item.source or item.path}: {why}", markup=False, soft_wrap=True)
    for path in others:
        out.print(f"left out: {path} is not a submission", markup=False, soft_wrap=True)


def _tell_unknown(out: Console, found: Sequence[Source], names: Sequence[str]) -> None:
    unknown = [item for item in found if item.assignment not in names]
    if unknown:
        out.print("[yellow]It is not known which homework these belong to:[/]")
        for item in unknown:
            out.print(f"  {item.source or item.path}", markup=False, soft_wrap=True)
        out.print("Collect them separately with --assignment NAME.")


def _tell_unmatched(out: Console, names: Sequence[str]) -> None:
    """List the names that match no student; none is ever dropped."""
    if not names:
        return
    from grader._internal.text import printable

    out.print("[yellow]These names match nobody on the roster, or more than one student:[/]")
    for name in sorted(names):
        out.print(f"  {printable(name)}", markup=False, soft_wrap=True)
    out.print(
        "Their submissions are collected too. Grade them, then assign each to a student: "
        "python -m grader gradebook match HANDED-IN-AS STUDENT",
        soft_wrap=True,
    )


def _tell_by_email(out: Console, found: dict[str, tuple[Student, str] | None]) -> None:
    """For names that match nobody, whose they are by the email address in the table of times."""
    import shlex

    from grader._internal.text import printable

    matched = {name: student[0].id for name, student in found.items() if student is not None}
    if matched:
        out.print("By the email addresses in the table of times, these commands are right:")
    for name, student in sorted(matched.items()):
        line = f"  python -m grader gradebook match {shlex.quote(name)} {shlex.quote(student)}"
        out.print(printable(line), markup=False, soft_wrap=True)
