"""The command `status`: shows what was handed in and whether it is still there."""

from __future__ import annotations

from pathlib import Path

from grader.cli._course import CourseOption, NameArgument, find, pick_name


def command(name: NameArgument = None, course: CourseOption = None) -> None:
    """Show what you handed in, and whether it is still there and the same as your files."""
    from grader.cli import _progress as views
    from grader.cli import _terminal as show
    from grader.student.progress import progress_of

    found = find(course)
    standing = found.enclosing_assignment(Path.cwd().resolve())
    names = [pick_name(found, name)] if name or standing else found.by_due_date
    out = show.console()
    for each in names:
        assignment = found.assignment(each)
        views.handed_in(assignment, progress_of(found, assignment), out)
