"""Tells what a corrected rubric means for earlier marks, and lets them follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.gradebook import Gradebook
    from grader.gradebook.rubrics import MarkChange, RubricChange


def tell_rubric(
    book: Gradebook, name: str, renamed: list[str], who: str | None, why: str, out: Console
) -> None:
    """Show who gains and loses. who: apply it, as this person; None changes nothing."""
    pairs = dict(_pair(text) for text in renamed)
    if who is None:
        changes = book.rubric_changes(name, pairs)
    else:
        changes = book.follow_rubric(name, who=who, why=why, renamed=pairs)
    if not changes:
        out.print(f"The rubrics of {name} are those by which its answers were marked.")
        return
    students = {student.key: student.id for student in book.students()}
    for change in changes:
        _tell(change, students, out)
    moved = [each for change in changes for each in change.marks if each.before != each.after]
    different = sum(each.before.points != each.after.points for each in moved)
    out.print(
        f"Marks that follow the rubric: {len(moved)}; marks whose points change: {different}."
    )
    if who is None:
        out.print(
            "Nothing was changed. To let them follow, run it again with --apply --why REASON."
        )


def _pair(text: str) -> tuple[str, str]:
    old, sign, new = text.partition("=")
    if not sign:
        raise UsageError(f"--renamed {text!r} has no `=`; write OLD=NEW")
    return old.strip(), new.strip()


def _tell(change: RubricChange, students: dict[int, str], out: Console) -> None:
    old, new = change.max_points
    if new is None:
        out.print(
            f"{change.question}: no longer a question; its {len(change.marks)} marks count for "
            "nothing. Give it its name back, or mark the new question.", markup=False,
            soft_wrap=True,
        )  # fmt: skip
        return
    most = f"{new:g} points" + (f", before {old:g}" if old != new else "")
    out.print(f"{change.question}: {most}", markup=False)
    for before, after in change.items:
        if before is None:
            said = f"added: {after} (no mark has it yet; to look again, use --again)"
        elif after is None:
            said = f"removed: {before}"
        else:
            said = f"{before} → {after}"
        out.print(f"  {said}", markup=False, soft_wrap=True)
    removed = {before for before, after in change.items if after is None}
    for each in change.marks:
        out.print(f"    {_said(each, students, new, removed)}", markup=False, soft_wrap=True)
    if change.typed:
        out.print(
            f"    {change.typed} more stay, because their points were typed in without items."
        )


def _said(
    change: MarkChange, students: dict[int, str], most: float, removed: set[str | None]
) -> str:
    who = students.get(change.attempt.student, change.attempt.handed_in_by)
    before, after = change.before.points, change.after.points
    said = f"{who}: {before:g} → {after:g}" if before != after else f"{who}: {before:g} as before"
    if change.by_hand:
        said += ", because the points were typed in"
    gone = [item for item in change.before.rubric if item in removed]
    said += f"; no longer ticked: {' | '.join(gone)}" if gone else ""
    if after > most:
        said += f"; more than the {most:g} that are possible: mark it again"
    return said
