"""A report in words with colours, for whatever rich writes to: a terminal, a notebook, a page."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader._internal.message_lines import CANNOT_BE_RUN, Line
from grader.reports.schema import CheckResult, Message, Outcome, Report

STYLES = {
    Outcome.PASSED: "green",
    Outcome.NOT_ATTEMPTED: "yellow",
    Outcome.BLOCKED: "yellow",
    Outcome.GRADER_ERROR: "magenta",
}
MOST_PRINTED = 10  # lines of what was printed in one check
FEW = 3  # of checks that end with the same message, at most so many are named
_PLAIN = {"✓": "+", "✗": "x", "–": "-", "█": "#", "░": "."}
_LABEL_STYLES = {"expected": "green", "got": "red", "likely": "yellow", "hint": "cyan"}


def points(value: float) -> str:
    """A number of points without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def sign(outcome: Outcome) -> str:
    """One character for an outcome, with its colour."""
    style = STYLES.get(outcome, "red")
    return f"[{style}]{encodable(outcome.sign)}[/]"


def mark(good: bool) -> str:
    """One character for something that is as it should be, or is not."""
    return sign(Outcome.PASSED if good else Outcome.FAILED)


def encodable(text: str) -> str:
    """The sign, or a plain character if the terminal's encoding lacks it."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return "".join(_PLAIN.get(char, "?") for char in text)
    return text


def result(title: str, report: Report, out: Console) -> None:
    """Show everything that a finished check has to say."""
    out.print(f"[bold]{escape(title)}[/]: public checks")
    out.print(checks_table(report))
    for told in failures(report):
        failure(told, out)
    for warning in report.warnings:
        if not _is_told(warning, report):
            out.print("[yellow]note:[/]", escape(warning))
    out.print()
    got, most = points(report.score), points(report.max_score)
    out.print(f"[bold]{got} of {most} public points.[/]")
    if report.faults:
        out.print(
            "Some checks failed because of a fault of the grader, not yours: tell the course staff."
        )


def _is_told(warning: str, report: Report) -> bool:
    """Whether a failure says it already, as that of a file that cannot be run does."""
    said = {check.message.summary for check in report.checks if check.message}
    return any(warning.startswith(text.removeprefix(CANNOT_BE_RUN)) for text in said if text)


def checks_table(report: Report, checks: Sequence[CheckResult] | None = None) -> Table:
    """Every check with its points; or those given."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    table.add_column(width=1)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    for check in report.checks if checks is None else checks:
        got = f"{points(check.points)}/{points(check.max_points)}"
        word = "" if check.outcome is Outcome.PASSED else check.outcome.words
        table.add_row(sign(check.outcome), escape(check.title), got, word)
    return table


@dataclass(frozen=True)
class Failure:
    """A message and the checks that ended with it. diagnosis: the mistake by name, if known.

    The output in it is that of the first of the checks that printed something. A check that passes
    has only that.
    """

    message: Message
    diagnosis: str | None
    checks: tuple[CheckResult, ...]


def failures(report: Report) -> list[Failure]:
    """What to show for the checks that did not pass, each message once; then for those that passed
    and printed something."""
    told: dict[Message, list[CheckResult]] = {}
    silent = (Outcome.PASSED, Outcome.NOT_ATTEMPTED)  # the table has said all there is to say
    for check in report.checks:
        if check.outcome not in silent and check.message:
            told.setdefault(check.message.without_output, []).append(check)
    found = []
    for message, checks in told.items():
        diagnosis = next((check.diagnosis for check in checks if check.diagnosis), None)
        outputs = (check.message.output for check in checks if check.message)
        shown = message.model_copy(update={"output": next(filter(None, outputs), None)})
        found.append(Failure(shown, diagnosis, tuple(checks)))
    passed = [check for check in report.checks if check.outcome is Outcome.PASSED]
    return found + [Failure(c.message, None, (c,)) for c in passed if c.message]


def failure(told: Failure, out: Console) -> None:
    """One failure: an empty line, the checks' titles, the message."""
    out.print()
    few = len(told.checks) <= FEW
    for check in told.checks[: FEW if few else FEW - 1]:
        out.print(f"{sign(check.outcome)} [bold]{escape(check.title)}[/]")
    if not few:
        out.print(f"  and {len(told.checks) - FEW + 1} more checks fail with the same message:")
    lines = told.message.lines(told.diagnosis)
    if told.checks[0].outcome is Outcome.PASSED:
        lines = told.message.output_lines
    begins = len(lines) - max(len(told.message.output_lines) - 1, 0)
    for line in (*lines[:begins], *_shortened(lines[begins:])):
        out.print(_coloured(line, out.width))


def _shortened(printed: Sequence[Line]) -> Sequence[Line]:
    """What was printed, in so many lines as do not drown the rest."""
    if len(printed) <= MOST_PRINTED:
        return printed
    left = len(printed) - MOST_PRINTED + 1
    middle = Line(None, f"  | ... {left} more lines")
    return [*printed[: MOST_PRINTED // 2], middle, *printed[left + MOST_PRINTED // 2 :]]


def _coloured(line: Line, width: int) -> str:
    """A line of a message as markup: broken to the width, its label in colour."""
    text = escape(_hanging(str(line), width))
    if line.label is None:
        return text
    style = _LABEL_STYLES.get(line.label, "dim")
    return text.replace(f"{line.label}:", f"[{style}]{line.label}:[/]", 1)


def _hanging(line: str, width: int) -> str:
    """A line of a message, wrapped with a hanging indent."""
    indent = " " * 12 if line.startswith("  ") else ""
    indent = "  | " if line.startswith("  | ") else indent
    pieces = textwrap.wrap(line, width, subsequent_indent=indent, drop_whitespace=True)
    return "\n".join(pieces)
