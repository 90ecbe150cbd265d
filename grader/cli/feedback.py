"""The command `feedback`: pages made from existing reports."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.errors import CourseError, UsageError

if TYPE_CHECKING:
    from grader.course.course import Course


def command(
    reports: Annotated[Path, typer.Argument(help="The folder that `grade` wrote to.")],
    submissions: Annotated[
        Path | None,
        typer.Option(
            "--submissions", help="The submissions, so that the pages can show their code."
        ),
    ] = None,
    moodle: Annotated[
        Path | None,
        typer.Option(
            "--moodle",
            help="Moodle's grading worksheet: also put the students' pages into a zip for Moodle.",
        ),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Make pages from existing reports, without grading anything.

    Students' reports of a grading run show what [tool.grader.feedback] allows now.

    With --moodle, moodle-NAME.zip in the folder is what "Upload multiple feedback files in a zip"
    in Moodle takes.
    """
    from grader.cli import _terminal as show
    from grader.gradebook.grades.policy import count
    from grader.reports.rebuild import make_pages_again
    from grader.submission.archives import opened

    out = show.console()
    home = _course(course, needed=submissions is not None)
    with contextlib.ExitStack() as stack:
        status = stack.enter_context(out.status("Making pages ..."))
        if submissions is not None:
            submissions = stack.enter_context(opened(submissions))
        made = make_pages_again(
            reports,
            home,
            submissions,
            lambda row: status.update(f"Making pages: {row.label}"),
            lambda names: _people(home, names),
            lambda name, names: _waiting(home, name, names),
        )
    for path in made.left_out:
        out.print(f"left out: {path} and student/{path.name} are not reports", markup=False)
    if made.without_code:
        remedy = "" if submissions is not None else "; name their folder with --submissions"
        out.print(
            f"{made.without_code} pages show no code, because the submission was not found{remedy}"
        )
    out.print(
        f"Pages of {count(len(made.rows), 'submission')}: {reports / 'index.html'}", soft_wrap=True
    )
    if moodle is not None:
        _for_moodle(find(course), reports, moodle, {row.assignment for row in made.rows})


def _people(home: Course | None, names: Iterable[str]) -> Mapping[str, str]:
    from grader.gradebook.people import people_of

    return {} if home is None else people_of(home, names)


def _waiting(home: Course | None, name: str, names: Iterable[str]) -> frozenset[str]:
    from grader.api import waiting_among

    if home is None or name not in home.names:
        return frozenset()
    return waiting_among(home, name, names)


def _course(course: Path | None, *, needed: bool) -> Course | None:
    """The course. Reports may lie anywhere: without one, pages bear the names in the reports."""
    try:
        return find(course)
    except CourseError:
        if needed or course is not None:
            raise
        return None


def _for_moodle(course: Course, reports: Path, worksheet: Path, names: set[str]) -> None:
    """Write the zip with the students' pages."""
    from grader._internal.files import write_atomically
    from grader.api import open_book
    from grader.gradebook.grades.policy import count

    if len(names) != 1:
        raise UsageError(
            f"{reports} has reports of several homeworks; a worksheet of Moodle is of one"
        )
    (name,) = names
    pages = {path.stem: path.read_bytes() for path in (reports / name / "student").glob("*.html")}
    with open_book(course) as book:
        from grader.lms.moodle_feedback import moodle_zip

        made = moodle_zip(worksheet, book.students(), pages)
    path = reports / f"moodle-{name}.zip"
    write_atomically(path, made.data)
    print(f"{path}: pages of {count(made.count, 'student')}, for Moodle")
    if made.missing:
        print(f"not in the worksheet: {', '.join(made.missing)}")
