"""The handout of a homework as a page, and the files that come with it."""

from __future__ import annotations

from pathlib import Path

from grader._internal.markdown_html import markdown_html
from grader.course.course import Course
from grader.sandbox.protocol.packages import in_words

HANDOUT = "README.md"
# Beside the handout as a page, it and the specification are no use to anybody here.
_NOT_OFFERED = frozenset({HANDOUT, "assignment.toml"})


def handout_files(course: Course, name: str) -> dict[str, Path]:
    """What students get of a homework, by file name: the starter, the public checks, the data.

    Raises SpecError for a homework that cannot be read.
    """
    assignment = course.assignment(name)
    found = {
        path.name: path
        for path in assignment.folder.iterdir()
        if path.is_file() and not path.name.startswith(".") and path.name not in _NOT_OFFERED
    }
    return found | {data: path for data, path in assignment.data.items() if path.is_file()}


def handout_html(course: Course, name: str) -> str | None:
    """The handout as HTML with formulas as MathML; None without one.

    HTML in the handout itself stays text.
    """
    try:
        assignment = course.assignment(name)
        text = (assignment.folder / HANDOUT).read_text(encoding="utf-8")
    except OSError:
        return None
    return markdown_html(text.replace("{{packages}}", in_words(assignment.packages)))
