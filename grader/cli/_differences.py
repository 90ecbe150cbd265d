"""What `grade --diff` shows: who gains or loses points with the current checks, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from grader.reports import rich_text

if TYPE_CHECKING:
    from grader.batch.regrade import CheckChange, Difference
    from grader.reports.schema import CheckResult

NAMED = 8  # so many students are named for one change; the rest are counted


def show_differences(out: Console, differences: list[Difference], graded: int) -> None:
    """A line for each submission whose result differs, its changed checks, and a summary."""
    shown = [each for each in differences if each.gain or each.checks or each.before is None]
    for each in sorted(
        shown, key=lambda each: (each.after.assignment, -each.gain, each.after.label)
    ):
        before = "-" if each.before is None else rich_text.points(each.before.score)
        score = f"{before} -> {rich_text.points(each.after.score)}"
        colour = "green" if each.gain > 0 else "red" if each.gain < 0 else "yellow"
        why = f"  {each.why}" if each.why else ""
        name = f"{each.after.label} ({each.after.assignment})"
        out.print(f"[bold]{escape(name)}[/]  [{colour}]{score}[/]{escape(why)}")
        for change in each.checks:
            out.print(f"    {escape(_told(change))}")
    gains = sum(each.gain > 0 for each in differences)
    losses = sum(each.gain < 0 for each in differences)
    out.print(
        f"{graded} submissions: points gained in {gains}, lost in {losses}, unchanged in "
        f"{graded - gains - losses}."
    )


def _told(change: CheckChange) -> str:
    """A changed check in one line."""
    why = f"; {change.why}" if change.why else ""
    return f"{change.title}: {_state(change.before)} -> {_state(change.after)}{why}"


def _state(check: CheckResult | None) -> str:
    if check is None:
        return "none"
    points = f"{rich_text.points(check.points)}/{rich_text.points(check.max_points)}"
    return f"{check.outcome.words} {points}"


def as_json(differences: list[Difference], folder: Path) -> dict[str, Any]:
    """The same as JSON, for other programs."""
    return {
        "reports": str(folder),
        "differences": [
            {
                "assignment": each.after.assignment,
                "student": each.after.student,
                "label": each.after.label,
                "before": None if each.before is None else each.before.score,
                "after": each.after.score,
                "why": each.why,
                "checks": [
                    {
                        "id": change.id,
                        "before": None if change.before is None else change.before.outcome,
                        "after": None if change.after is None else change.after.outcome,
                        "why": change.why,
                    }
                    for change in each.checks
                ],
            }
            for each in differences
        ],
    }
