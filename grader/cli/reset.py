"""The command `reset`: puts the starter back."""

from __future__ import annotations

from grader.cli._course import CourseOption, NameArgument, NotebookOption, find, pick_name


def command(
    name: NameArgument = None, notebook: NotebookOption = False, course: CourseOption = None
) -> None:
    """Put the starter back. What you wrote is kept beside it."""
    from grader.cli import _progress as views
    from grader.cli import _terminal as show
    from grader.student.reset import reset as put_back

    found = find(course)
    assignment = found.assignment(pick_name(found, name))
    placed = put_back(found, assignment, notebook=notebook)
    out = show.console()
    if not placed.written:
        text = f"{views.path(placed.path)} is the unchanged starter; there is nothing to reset"
        other = placed.path.with_suffix(".py" if notebook else ".ipynb")
        if other.exists():
            option = "leave out --notebook" if notebook else "add --notebook"
            text += f" in it. For {other.name}, {option}"
    else:
        text = f"{views.path(placed.path)} is the starter again"
    out.print(text, markup=False, soft_wrap=True)
    if placed.backup is not None:
        kept = f"Your version is kept as {views.path(placed.backup)}"
        out.print(kept, markup=False, soft_wrap=True)
