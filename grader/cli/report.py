"""`python -m grader report`: the class report of a homework, for staff."""

from __future__ import annotations

import contextlib
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader._internal.install_hint import install_hint
from grader.cli._course import CourseOption, find
from grader.cli._own_files import write_own_files
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.analytics.gather import ClassData
    from grader.course.course import Course


def command(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write to.")] = Path(
        "class-report"
    ),
    reports: Annotated[
        Path | None,
        typer.Option(
            "--reports", help="A folder that `grade` wrote to.", show_default="the gradebook"
        ),
    ] = None,
    submissions: Annotated[
        Path | None,
        typer.Option(
            "--submissions",
            help="The submissions, to show and compare their code.",
            show_default="where they were graded",
        ),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Report how a class did: scores, checks, frequent mistakes, costly and similar submissions.

    Writes a page, NAME.html, and two tables, NAME-checks.csv and NAME-mistakes.csv. It uses only
    the attempts that count, and grades nothing.
    """
    from grader.cli import _terminal as show

    home, out = find(course), show.console()
    home.spec(name)
    with contextlib.ExitStack() as stack:
        status = stack.enter_context(out.status("Reading reports ..."))
        if submissions is not None:
            from grader.submission.archives import opened

            submissions = stack.enter_context(opened(submissions))
        gathered = _gather(home, name, reports, submissions)
        status.update("Comparing submissions ...")
        files, alike = _made(gathered, home.zone)
    write_own_files(to, files)
    what = "submission" if len(gathered.entries) == 1 else "submissions"
    look = f"{alike} are similar, please compare them" if alike else "none are similar"
    out.print(f"{len(gathered.entries)} {what} of {name}; {look}.")
    if gathered.not_graded:
        out.print(
            f"{len(gathered.not_graded)} are not graded yet and are left out; grade them first."
        )
    if gathered.without_code:
        remedy = "" if submissions is not None else "; name their folder with --submissions"
        out.print(f"The code of {gathered.without_code} of them was not found{remedy}.")
    for file in files:
        out.print(str(to / file), markup=False, soft_wrap=True)


def _gather(home: Course, name: str, reports: Path | None, submissions: Path | None) -> ClassData:
    from grader.api import open_book

    if reports is not None and not reports.is_dir():
        raise UsageError(
            f"{reports} is not a folder of reports; name the one that `grade` wrote to"
        )
    with open_book(home) as book:
        from grader.analytics.gather import of_folder, of_gradebook

        if reports is not None:
            return of_folder(home, reports, name, submissions)
        return of_gradebook(home, book, name, submissions)


def _made(gathered: ClassData, zone: tzinfo | None) -> tuple[dict[str, bytes], int]:
    """The files by name, and how many submissions are alike."""
    try:
        from grader.analytics.study import study_of
    except ModuleNotFoundError as exc:
        raise UsageError(f"{exc.name} is not installed; run: {install_hint('staff')}") from None
    from grader.analytics.page import make_page
    from grader.analytics.tables import checks_csv, mistakes_csv

    study, name = study_of(gathered), gathered.assignment.name
    files = {
        f"{name}.html": make_page(study, zone),
        f"{name}-checks.csv": checks_csv(study.checks).encode(),
        f"{name}-mistakes.csv": mistakes_csv(study.mistakes).encode(),
    }
    return files, len({place for each in study.alike for place in (*each.left, *each.right)})
