"""The command `demo`: makes a small class of submissions and grades it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.cli._grading import find_isolation, grade_and_show
from grader.cli._own_files import write_own_files
from grader.errors import UsageError


def command(
    to: Annotated[Path, typer.Option("--to", help="The folder to make it in.")] = Path("demo"),
    assignment: Annotated[
        str | None,
        typer.Option(help="The homework to make it for.", show_default="the course's first"),
    ] = None,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Run without isolation.")] = False,
    course: CourseOption = None,
) -> None:
    """Make a small class of submissions, grade it, and show where the reports are."""
    from grader.authoring.demo_class import class_files
    from grader.batch import Options
    from grader.cli import _terminal as show
    from grader.lms.discover import find_submissions
    from grader.sandbox.host.probe import Opening

    home = find(course)
    if to.exists() and not (to / "submissions").is_dir() and any(to.iterdir()):
        raise UsageError(f"{to} is not empty; name another folder with --to")
    chosen = home.assignment(home.names[0] if assignment is None else assignment)
    name = chosen.name
    submissions = class_files(chosen)
    write_own_files(to, {f"submissions/{path}": data for path, data in submissions.items()})
    found, others = find_submissions(to / "submissions", home.names, name)
    voice = show.Voice()
    with Opening(unsafe) as opening:
        opening.expect(len(found))
        launcher = find_isolation(opening, voice.out)
        options = Options(to / "reports", launcher.isolation, jobs=os.cpu_count() or 1)
        code = grade_and_show(home, found, others, options, voice, launcher)
    print(f"An example of a report: {to / 'reports' / name / 'ada.json'}")
    sys.exit(code)
