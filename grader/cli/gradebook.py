"""Commands on the course's gradebook: `python -m grader gradebook ...`."""

from __future__ import annotations

from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.api import open_book, who_is
from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.course.course import Course
    from grader.gradebook import Gradebook

command = typer.Typer(
    help="The course's gradebook: grades, changes by hand, roster, backup.",
    no_args_is_help=True,
)

HomeworkArgument = Annotated[str, typer.Argument(help="The homework.", metavar="NAME")]
StudentArgument = Annotated[
    str, typer.Argument(help="Id, login, email or full name.", metavar="STUDENT")
]
WhyOption = Annotated[str, typer.Option("--why", help="The reason, for the history.")]
AsOption = Annotated[
    str | None, typer.Option("--as", help="Who you are.", show_default="your login")
]


@command.command("show")
def show_grades(
    name: HomeworkArgument,
    csv: Annotated[bool, typer.Option("--csv", help="Print a CSV file with every part.")] = False,
    course: CourseOption = None,
) -> None:
    """Everybody's grade in a homework, and what is still open."""
    from grader.cli import _terminal as show
    from grader.cli._grades import grades_table, tell_how_many, tell_unmatched

    with open_book(find(course)) as book:
        grades, unmatched = book.grades(name), book.unmatched()
    if csv:
        from grader.gradebook.table import grades_csv

        print(grades_csv(grades), end="")
        return
    out = show.console()
    out.print(grades_table(grades))
    tell_how_many(out, grades)
    tell_unmatched(out, [each for each in unmatched if each.assignment == name])


@command.command("student")
def show_student(student: StudentArgument, course: CourseOption = None) -> None:
    """One student: every homework with each part and its reason, and what was changed."""
    from grader.cli import _terminal as show
    from grader.cli._grades import tell_changes, tell_grade, tell_student

    home = find(course)
    with open_book(home) as book:
        found = book.student(student)
        handed_in = book.attempts_of(found)
        grades = book.grades_of(found)
        changes = book.history(student=found.id)
    out, zone = show.console(), _zone(home)
    tell_student(out, found)
    for grade in grades:
        theirs = [each for each in handed_in if each.assignment == grade.assignment]
        tell_grade(out, grade, theirs, zone)
    tell_changes(out, changes, zone)


def _zone(course: Course) -> tzinfo:
    """The zone to tell times in."""
    return course.zone or UTC


@command.command("history")
def show_history(
    name: Annotated[
        str | None, typer.Option("--assignment", help="Of one homework.", show_default="all")
    ] = None,
    student: Annotated[
        str | None, typer.Option("--student", help="Of one student.", show_default="all")
    ] = None,
    last: Annotated[int, typer.Option("-n", min=1, help="How many.")] = 50,
    course: CourseOption = None,
) -> None:
    """Every change: when, who, what, before, after, why."""
    from grader.cli import _terminal as show
    from grader.cli._grades import tell_changes

    home = find(course)
    with open_book(home) as book:
        changes = book.history(assignment=name, student=student, last=last)
    tell_changes(show.console(), changes, _zone(home))


@command.command("override")
def override(
    name: HomeworkArgument,
    student: StudentArgument,
    check: Annotated[str, typer.Argument(help="The check's id, as in the report.")],
    points: Annotated[str, typer.Argument(help="Its points, or `auto` for the checks' own.")],
    why: WhyOption,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Set the points of one check by hand, in the attempt that counts."""
    value = None if points == "auto" else _number(points)
    home = find(course)
    with open_book(home) as book:
        book.override(name, student, check, value, who=who_is(who), why=why)
        _tell_now(book, name, student, _zone(home))


@command.command("adjust")
def adjust(
    name: HomeworkArgument,
    student: StudentArgument,
    points: Annotated[str, typer.Argument(help="Such as +2 or -- -1.5.")],
    why: WhyOption,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Add points to a student's homework, or take some off."""
    home = find(course)
    with open_book(home) as book:
        book.adjust(name, student, _number(points), who=who_is(who), why=why)
        _tell_now(book, name, student, _zone(home))


@command.command("extend")
def extend(
    name: HomeworkArgument,
    student: StudentArgument,
    days: Annotated[int, typer.Argument(help="In all, on top of the roster's.", min=0)],
    why: WhyOption,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Give a student more days for one homework."""
    home = find(course)
    with open_book(home) as book:
        book.extend(name, student, days, who=who_is(who), why=why)
        _tell_now(book, name, student, _zone(home))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{text!r} is no number of points") from None


def _tell_now(book: Gradebook, name: str, student: str, zone: tzinfo) -> None:
    """The grade after a change, with each part."""
    from grader.cli import _terminal as show
    from grader.cli._grades import tell_grade

    tell_grade(show.console(), book.grade(name, student), (), zone)


@command.command("roster")
def load_roster(
    file: Annotated[
        Path | None, typer.Argument(help="A CSV file.", show_default="the course's setting")
    ] = None,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Make the students of a file the course's; find the student of each submission anew."""
    from grader.cli import _terminal as show
    from grader.cli._grades import tell_unmatched

    home = find(course)
    if file is None:
        if home.settings.roster is None:
            raise UsageError("which roster? Name a file, or set roster in [tool.grader]")
        file = home.root / home.settings.roster
    with open_book(home) as book:
        out = show.console()
        tell_enrolled(out, book, file, who_is(who))
        tell_unmatched(out, book.unmatched())


def tell_enrolled(out: Console, book: Gradebook, path: Path, who: str) -> None:
    """Load a roster and say what that changed."""
    from grader.gradebook.roster import read_roster

    roster = read_roster(path)
    done = book.enrol(roster, who=who, why=f"roster {path.name}")
    for note in roster.notes:
        out.print(f"roster: {note}", markup=False, soft_wrap=True)
    out.print(
        f"Roster: {len(roster.students)} students; {done.added} new, {done.changed} changed, "
        f"{done.left} no more on it; {done.matched} names of submissions found their student."
    )


@command.command("match")
def match(
    name: Annotated[
        str, typer.Argument(help="The name that submissions go by.", metavar="HANDED-IN-AS")
    ],
    student: StudentArgument,
    why: Annotated[str, typer.Option("--why", help="The reason.", show_default=False)] = "",
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Say whose the submissions are that go by a name which is not on the roster."""
    with open_book(find(course)) as book:
        count = book.match(name, student, who=who_is(who), why=why)
        theirs = book.student(student)
    said = f"{count}, now {theirs.id}'s." if count else f"nothing yet; it will be {theirs.id}'s."
    print(f"Handed in as {name}: {said}")


@command.command("reports")
def write_reports(
    name: HomeworkArgument,
    to: Annotated[Path, typer.Option("--to", help="A new folder, laid out as `grade` does.")],
    course: CourseOption = None,
) -> None:
    """Write everybody's reports of the attempt that counts, with what was set by hand.

    `python -m grader feedback` makes pages of them.
    """
    from grader._internal.files import write_atomically

    if (to / "gradebook.csv").exists():
        raise UsageError(f"{to} holds the reports of a run as they were; name another folder")
    count = 0
    with open_book(find(course)) as book:
        for grade in book.grades(name):
            if grade.attempt is None or grade.attempt.report is None:
                continue
            for folder, for_student in ((to / name, False), (to / name / "student", True)):
                report = book.report(grade.attempt, for_student=for_student)
                try:
                    path = folder / f"{grade.student.id}.json"
                    write_atomically(path, report.to_json().encode())
                except OSError as exc:
                    raise UsageError(f"cannot write to {folder}: {exc.strerror}") from None
            count += 1
    print(f"Reports of {count} students: {to / name}")


@command.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="A new file: it will be a SQLite database.")],
    course: CourseOption = None,
) -> None:
    """Write the gradebook as it is now to a file, while others go on working."""
    with open_book(find(course)) as book:
        from grader.gradebook.backup import backup as write

        write(book.engine, file)
    print(f"Backup: {file}")


@command.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote, from whatever engine.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also if the gradebook holds something: keep that.")
    ] = False,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Put a backup in the place of the gradebook, whole or not at all."""
    from grader._internal.clock import now_utc

    home = find(course)
    now = now_utc()
    kept = home.root / ".grader" / f"gradebook-before-{now:%Y%m%dT%H%M%S}.sqlite"
    with open_book(home) as book:
        from grader.gradebook.backup import restore as put_back
        from grader.gradebook.history import Author

        rows = put_back(book.engine, file, kept, Author(who_is(who), now), replace=replace)
    if kept.exists():
        print(f"The gradebook that was there: {kept}")
    print(f"Restored {rows} rows from {file}")
