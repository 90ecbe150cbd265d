"""The command `start`: puts a starter in place if it is missing."""

from __future__ import annotations

from grader.cli._course import CourseOption, NameArgument, NotebookOption, find, pick_name


def command(
    name: NameArgument = None, notebook: NotebookOption = False, course: CourseOption = None
) -> None:
    """Begin a homework: put its starter in place if it is missing, and say what to read."""
    from grader.cli import _progress as views
    from grader.cli import _terminal as show
    from grader.student.reset import start as lay_out

    found = find(course)
    assignment = found.assignment(pick_name(found, name))
    placed = lay_out(found, assignment, notebook=notebook)
    out = show.console()
    there = "now in place" if placed.written else "already there and left unchanged"
    out.print(f"{views.path(placed.path)}: {there}", markup=False, soft_wrap=True)
    views.first_steps(assignment, placed.path, out)
