"""Commands on the course's gradebook: `python -m grader gradebook ...`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.api import open_book, who_is
from grader.cli import _totals
from grader.cli._course import CourseOption, find
from grader.cli._gradebook_options import (
    AsOption,
    HomeworkArgument,
    NoteOption,
    StudentArgument,
    WhyOption,
    number,
    tell_now,
    zone_of,
)
from grader.cli._regrade import regrade
from grader.cli._releasing import release
from grader.errors import UsageError

if TYPE_CHECKING:
    pass

command = typer.Typer(
    help="Show and change grades in the course's gradebook; roster, history and backup.",
    no_args_is_help=True,
)
for name, function in _totals.COMMANDS.items():
    command.command(name)(function)


@command.command("show")
def show_grades(
    name: HomeworkArgument,
    csv: Annotated[
        bool, typer.Option("--csv", help="Print a CSV file with every part of every grade.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Show everybody's grade in a homework, and what is still open."""
    from grader.cli import _terminal as show
    from grader.cli._grades import grades_table, tell_how_many, tell_rubrics, tell_unmatched

    with open_book(find(course)) as book:
        grades, unmatched, changed = book.grades(name), book.unmatched(), book.rubric_changes(name)
    if csv:
        from grader.gradebook.table import grades_csv

        print(grades_csv(grades), end="")
        return
    out = show.console()
    out.print(grades_table(grades))
    tell_how_many(out, grades)
    tell_rubrics(out, name, changed)
    tell_unmatched(out, [each for each in unmatched if each.assignment == name])


@command.command("student")
def show_student(student: StudentArgument, course: CourseOption = None) -> None:
    """Show one student's grades with all reasons, and the history."""
    from grader.cli import _terminal as show
    from grader.cli._grades import tell_changes, tell_grade, tell_student
    from grader.gradebook.course_totals import homeworks_gone
    from grader.gradebook.grades.policy import count

    home = find(course)
    with open_book(home) as book:
        found = book.student(student)
        handed_in = book.attempts_of(found)
        grades = book.grades_of(found)
        gone = homeworks_gone(book, home)
        changes = sorted(book.history(student=found.id), key=lambda each: each.at)
    out, zone = show.console(), zone_of(home)
    tell_student(out, found)
    for grade in grades:
        theirs = [each for each in handed_in if each.assignment == grade.assignment]
        tell_grade(out, grade, theirs, zone)
    for name in gone:
        if theirs := [each for each in handed_in if each.assignment == name]:
            out.print(
                f"{name} was handed in {count(len(theirs), 'time')} and is no homework of the "
                "course now: it has no grade",
                style="yellow", markup=False, soft_wrap=True,
            )  # fmt: skip
    tell_changes(out, changes, zone)


@command.command("history")
def show_history(
    name: Annotated[
        str | None,
        typer.Option("--assignment", help="Only changes in this homework.", show_default="all"),
    ] = None,
    student: Annotated[
        str | None,
        typer.Option("--student", help="Only changes for this student.", show_default="all"),
    ] = None,
    last: Annotated[int, typer.Option("-n", min=1, help="How many changes to show.")] = 50,
    course: CourseOption = None,
) -> None:
    """List every change: when, who, what, before, after and why."""
    from grader.cli import _terminal as show
    from grader.cli._grades import tell_changes

    home = find(course)
    with open_book(home) as book:
        changes = book.history(assignment=name, student=student, last=last)
    tell_changes(show.console(), changes, zone_of(home))


@command.command("override")
def override(
    name: HomeworkArgument,
    student: StudentArgument,
    check: Annotated[str, typer.Argument(help="The check's id in the report.")],
    points: Annotated[str, typer.Argument(help="The points, or `auto` to undo an override.")],
    why: WhyOption,
    note: NoteOption = "",
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Set the points of one check by hand, in the attempt that counts.

    The student reads the reason with the check; a --note is for staff only.
    """
    value = None if points == "auto" else number(points)
    home = find(course)
    with open_book(home) as book:
        book.override(name, student, check, value, who=who_is(who), why=why, note=note)
        tell_now(book, name, student, zone_of(home), why)


@command.command("adjust")
def adjust(
    name: HomeworkArgument,
    student: StudentArgument,
    points: Annotated[
        str,
        typer.Argument(
            help="Points to add, such as 2, or `none` to take back what was added or taken off by "
            "hand. To take points off, write `-- -1.5`."
        ),
    ],
    why: WhyOption,
    note: NoteOption = "",
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Add points to a student's grade, or take points off.

    The student reads the reason with the grade; a --note is for staff only.
    """
    from grader.gradebook.standings import take_back_adjustment

    value = None if points == "none" else number(points)
    home, person = find(course), who_is(who)
    with open_book(home) as book:
        if value is None:
            take_back_adjustment(book, home, name, student, who=person, why=why, note=note)
        else:
            book.adjust(name, student, value, who=person, why=why, note=note)
        tell_now(book, name, student, zone_of(home), why)


@command.command("extend")
def extend(
    name: HomeworkArgument,
    student: StudentArgument,
    days: Annotated[
        int,
        typer.Argument(help="How many days in total, in addition to those on the roster.", min=0),
    ],
    why: WhyOption,
    note: NoteOption = "",
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Give a student more days for one homework. A later command replaces the number.

    The student reads the reason with the grade; a --note, such as a medical one, is for staff only.
    """
    home = find(course)
    with open_book(home) as book:
        book.extend(name, student, days, who=who_is(who), why=why, note=note)
        tell_now(book, name, student, zone_of(home), why)


@command.command("roster")
def load_roster(
    file: Annotated[
        Path | None,
        typer.Argument(help="A CSV file.", show_default="the roster of the course's settings"),
    ] = None,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Make the students of a CSV file the students of the course.

    The student of each submission is then looked up again.
    """
    from grader.cli import _terminal as show
    from grader.cli._grades import tell_enrolled, tell_unmatched

    home = find(course)
    if file is None:
        if home.settings.roster is None:
            raise UsageError("there is no roster; name a file, or set `roster` in [tool.grader]")
        file = home.root / home.settings.roster
    with open_book(home) as book:
        out = show.console()
        tell_enrolled(out, book, file, who_is(who))
        tell_unmatched(out, book.unmatched())


@command.command("match")
def match(
    name: Annotated[
        str,
        typer.Argument(
            help="The name under which submissions were handed in.", metavar="HANDED-IN-AS"
        ),
    ],
    student: StudentArgument,
    why: Annotated[str, typer.Option("--why", help="The reason.", show_default=False)] = "",
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Say which student the submissions under a name belong to."""
    with open_book(find(course)) as book:
        count = book.match(name, student, who=who_is(who), why=why)
        theirs = book.student(student)
    if count:
        print(f"Submissions under {name}: {count}, now assigned to {theirs.id}.")
    else:
        print(f"No submissions under {name} yet; they will be assigned to {theirs.id}.")


@command.command("reports")
def write_reports(
    name: HomeworkArgument,
    to: Annotated[Path, typer.Option("--to", help="A new folder; it is laid out as `grade` does.")],
    before_release: Annotated[
        bool,
        typer.Option(
            "--before-release",
            help="Write what students may see before the grades are released.",
        ),
    ] = False,
    course: CourseOption = None,
) -> None:
    """Write the reports that count, with the whole grade: this releases it to the students.

    The folder `student` has what students may see according to [tool.grader.feedback]: a report for
    each, and the grade alone as Markdown. `python -m grader feedback` makes pages from the reports.
    """
    from grader._internal.clock import now_utc
    from grader.cli._own_files import write_own_files
    from grader.gradebook.grades.policy import count

    if (to / "gradebook.csv").exists():
        raise UsageError(f"{to} contains the reports of a grading run; name another folder")
    home, now, released = find(course), now_utc(), not before_release
    written = still_open = 0
    files: dict[str, str] = {}
    with open_book(home) as book:
        from grader.gradebook.released import reported_comments, reports_of, student_sheet

        for grade in book.grades(name):
            sheet = student_sheet(book, home, grade, now, released=released)
            if sheet is not None:
                title = f"{home.spec(name).title}, {grade.student.name or grade.student.id}"
                said = [each.told for each in reported_comments(grade.comments)]
                files[f"{name}/student/{grade.student.id}.md"] = sheet.markdown(title, said)
            if grade.attempt is not None and grade.attempt.report is not None:
                staff, theirs = reports_of(book, home, grade, now, released=released)
                files[f"{name}/student/{grade.student.id}.json"] = theirs.to_json()
                files[f"{name}/{grade.student.id}.json"] = staff.to_json()
                written += 1
            still_open += sheet is not None and not grade.is_final
        write_own_files(to, {path: text.encode() for path, text in files.items()})
        if released:
            book.release(name, who=who_is(None))
    print(f"Reports of {count(written, 'student')} written to {to / name}")
    if still_open:
        print(f"Grades that are not final: {still_open}; their reports say so.")


command.command("release")(release)
command.command("regrade")(regrade)


@command.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="A new file, which becomes a SQLite database.")],
    course: CourseOption = None,
) -> None:
    """Write the gradebook to a file while others keep working."""
    with open_book(find(course)) as book:
        from grader.gradebook.backup import backup as write

        write(book.engine, file)
    print(f"Backup: {file}")


@command.command("restore")
def restore(
    file: Annotated[
        Path, typer.Argument(help="A file that `backup` wrote, from either kind of database.")
    ],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Do so even if the gradebook is not empty; the old one is kept."
        ),
    ] = False,
    who: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Replace the gradebook by a backup, completely or not at all."""
    from grader._internal.clock import now_utc

    home = find(course)
    now = now_utc()
    kept = home.root / ".grader" / f"gradebook-before-{now:%Y%m%dT%H%M%S}.sqlite"
    with open_book(home) as book:
        from grader.gradebook.backup import restore as put_back
        from grader.gradebook.grades.policy import count
        from grader.gradebook.history import Author

        done = put_back(book.engine, file, kept, Author(who_is(who), now), replace=replace)
    if kept.exists():
        print(f"The previous gradebook was kept as {kept}")
    print(f"Restored {count(done.rows, 'row')} from {file}")
    if done.undone:
        print(
            f"The backup lacks {count(done.undone, 'change')} of the previous gradebook. Two "
            "copies cannot be merged: to go back, restore the file that was kept."
        )
