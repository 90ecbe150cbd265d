"""The command `list`: lists the homeworks with points and due dates."""

from __future__ import annotations

from grader.cli._course import CourseOption, find


def command(course: CourseOption = None) -> None:
    """List the homeworks with your points, the due dates and what you have done."""
    from rich.markup import escape

    from grader.cli import _progress as views
    from grader.cli import _terminal as show
    from grader.reports import rich_text
    from grader.student.progress import progress_of

    found = find(course)
    out = show.console()
    out.print(escape(found.settings.name), style="bold")
    for name in found.by_due_date:
        assignment = found.assignment(name)
        total = assignment.spec.points
        worth = "" if total is None else f" ({rich_text.points(total)} points)"
        out.print(f"\n[bold]{name}[/]  {escape(assignment.spec.title)}{worth}")
        out.print(views.progress_line(assignment.spec.due, progress_of(found, assignment)))
    out.print(
        "\nThe bars show the public checks; others run when your work is graded.\n"
        "To run the public checks: python -m grader check NAME"
    )
