"""Saves the marks that somebody entered in a table."""

from __future__ import annotations

from collections.abc import Sequence

from grader.errors import MarkConflict
from grader.gradebook import Gradebook
from grader.gradebook.marking.mark_tables import RowMark


def take_marks(
    book: Gradebook, marks: Sequence[RowMark], why: str, *, replace: bool
) -> tuple[list[RowMark], list[str]]:
    """Save marks. Returns those that were saved, and why each of the others was not.

    A mark that somebody else gave since the export is never replaced silently, only if `replace`.
    """
    saved, conflicts = [], []
    for mark in marks:
        old = mark.old
        if not mark.expected and not replace:
            now = "no mark" if old is None else f"{old.points:g} points by {old.who}"
            conflicts.append(
                f"{mark.row}: the table says {mark.points:g} points, but since the export there is "
                f"{now}"
            )
            continue
        try:
            book.mark(
                mark.sheet.attempt, mark.sheet.question.id, mark.points, who=mark.who,
                rubric=mark.rubric, comment=mark.comment, why=why, seen=old,
            )  # fmt: skip
        except MarkConflict as exc:
            conflicts.append(f"{mark.row}: {exc}")
        else:
            saved.append(mark)
    return saved, conflicts
