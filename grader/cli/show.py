"""How results look on a terminal: at most 80 columns, colour only where the terminal has it."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader.report import CheckResult, Outcome, Report

SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_ATTEMPTED: "–"}
STYLES = {
    Outcome.PASSED: "green",
    Outcome.NOT_ATTEMPTED: "yellow",
    Outcome.BLOCKED: "yellow",
    Outcome.GRADER_ERROR: "magenta",
}


def console() -> Console:
    """Standard output; 80 columns where it is no terminal."""
    width = None if sys.stdout.isatty() else 80
    return Console(width=width, highlight=False)


def points(value: float) -> str:
    """A number of points without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def sign(outcome: Outcome) -> str:
    """One character for an outcome, with its colour."""
    style = STYLES.get(outcome, "red")
    return f"[{style}]{_encodable(SIGNS.get(outcome, '!'))}[/]"


def _encodable(text: str) -> str:
    """The sign, or a letter where the terminal's encoding has no such sign."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return {"✓": "+", "✗": "x", "–": "-"}.get(text, "?")
    return text


def checks_table(report: Report) -> Table:
    """Every check with its points."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    table.add_column(width=1)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    for check in report.checks:
        got = f"{points(check.points)}/{points(check.max_points)}"
        word = "" if check.outcome is Outcome.PASSED else check.outcome.words
        table.add_row(sign(check.outcome), escape(check.title), got, word)
    return table


def failures(report: Report, out: Console) -> None:
    """The message of each check that did not pass. The same message is told once."""
    told: dict[str, list[CheckResult]] = {}
    silent = (Outcome.PASSED, Outcome.NOT_ATTEMPTED)  # the table has said all there is to say
    for check in report.checks:
        if check.outcome not in silent and check.message:
            told.setdefault(check.message, []).append(check)
    for message, checks in told.items():
        out.print()
        for check in checks:
            out.print(f"{sign(check.outcome)} [bold]{escape(check.title)}[/]")
        out.print(escape(message), soft_wrap=False)
        diagnosis = next((check.diagnosis for check in checks if check.diagnosis), None)
        if diagnosis:
            out.print(f"  [bold]{'likely:':9}[/] {escape(diagnosis)}")


def due_in(due: datetime | None, now: datetime) -> str:
    """A due date as what is left: "in 3 days", "2 hours ago"."""
    if due is None:
        return "no due date"
    left = due - now
    text = _span(abs(left))
    return f"in {text}" if left > timedelta(0) else f"{text} ago"


def _span(span: timedelta) -> str:
    for seconds, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = int(span.total_seconds() // seconds)
        if count:
            return f"{count} {name}" + ("s" if count > 1 else "")
    return "less than a minute"
