"""The command `feedback`: pages made from existing reports."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from grader.cli._course import CourseOption, find


def command(
    reports: Annotated[Path, typer.Argument(help="The folder that `grade` wrote to.")],
    submissions: Annotated[
        Path | None,
        typer.Option(
            "--submissions", help="The submissions, so that the pages can show their code."
        ),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Make pages from existing reports, without grading anything."""
    from grader.cli import _terminal as show
    from grader.reports.rebuild import make_pages_again
    from grader.submission.archives import opened

    out = show.console()
    home = find(course) if submissions is not None else None
    with contextlib.ExitStack() as stack:
        status = stack.enter_context(out.status("Making pages ..."))
        if submissions is not None:
            submissions = stack.enter_context(opened(submissions))
        made = make_pages_again(
            reports, home, submissions, lambda row: status.update(f"Making pages: {row.label}")
        )
    for path in made.left_out:
        out.print(f"left out: {path} and student/{path.name} are not reports", markup=False)
    if made.without_code:
        remedy = "" if submissions is not None else "; name their folder with --submissions"
        out.print(
            f"{made.without_code} pages show no code, because the submission was not found{remedy}"
        )
    out.print(f"Pages of {len(made.rows)} submissions: {reports / 'index.html'}", soft_wrap=True)
