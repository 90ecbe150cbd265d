"""How results look on a terminal: at most 80 columns, colour only where the terminal has it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader.report import CheckResult, Outcome, Report

if TYPE_CHECKING:
    from grader.bench import Measured
    from grader.bench_student import Waiting
    from grader.summary import Row

STYLES = {
    Outcome.PASSED: "green",
    Outcome.NOT_ATTEMPTED: "yellow",
    Outcome.BLOCKED: "yellow",
    Outcome.GRADER_ERROR: "magenta",
}
FEW = 3  # checks that end alike are named, of more the first ones
_PLAIN = {"✓": "+", "✗": "x", "–": "-", "█": "#", "░": "."}
_LABEL = re.compile(r"(  )(expected:|got:|where:|hint:|see:|likely:)")
_LABEL_STYLES = {"expected:": "green", "got:": "red", "likely:": "yellow", "hint:": "cyan"}


class _Console(Console):
    """Goes on where the reader of the output, such as `head`, has had enough of it."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def console(*, stderr: bool = False, quiet: bool = False) -> Console:
    """Standard output, or standard error; 80 columns where it is no terminal."""
    width = None if (sys.stderr if stderr else sys.stdout).isatty() else 80
    return _Console(width=width, highlight=False, emoji=False, stderr=stderr, quiet=quiet)


class Voice:
    """How a long command speaks.

    out: what everybody may read; silent with --quiet and --json. notices: what needs somebody's
    attention, always told. tell: prints JSON, the only thing on standard output with --json.
    """

    def __init__(self, *, quiet: bool = False, as_json: bool = False) -> None:
        self.as_json = as_json
        self.out = console(quiet=quiet or as_json)
        self.notices = console(stderr=True) if quiet or as_json else self.out

    def tell(self, value: object) -> None:
        """Print a value as JSON."""
        print(json.dumps(value, indent=2, ensure_ascii=False))

    @contextlib.contextmanager
    def progress(self, what: str, total: int) -> Iterator[Callable[[Row], None]]:
        """A bar with the time left and how many ended how; called for each submission."""
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        shown = self.out.is_terminal and not self.out.quiet
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeRemainingColumn(), TextColumn("{task.fields[counts]}"),
        )  # fmt: skip
        counts: Counter[str] = Counter()
        with Progress(*columns, console=self.out, disable=not shown) as bar:
            task = bar.add_task(what, total=total, counts="")

            def step(row: Row) -> None:
                counts[row.status] += 1
                told = ", ".join(f"{number} {status}" for status, number in counts.most_common(3))
                bar.update(task, advance=1, counts=told)

            yield step


def points(value: float) -> str:
    """A number of points without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def sign(outcome: Outcome) -> str:
    """One character for an outcome, with its colour."""
    style = STYLES.get(outcome, "red")
    return f"[{style}]{encodable(outcome.sign)}[/]"


def mark(good: bool) -> str:
    """One character for a thing that is as it should be, or not."""
    return sign(Outcome.PASSED if good else Outcome.FAILED)


def encodable(text: str) -> str:
    """The sign, or a letter where the terminal's encoding has no such sign."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return "".join(_PLAIN.get(char, "?") for char in text)
    return text


def result(title: str, report: Report, out: Console) -> None:
    """All that a finished check has to say."""
    out.print(f"[bold]{escape(title)}[/]: public checks")
    out.print(checks_table(report))
    for told in failures(report):
        failure(told, out)
    for warning in report.warnings:
        out.print("[yellow]note:[/]", escape(warning))
    out.print()
    got, most = points(report.score), points(report.max_score)
    out.print(f"[bold]{got} of {most} public points.[/]")
    if report.faults:
        out.print("Some checks failed through a fault of the grader, not of yours: tell staff.")


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
    """A message and the checks that ended with it."""

    message: str
    checks: tuple[CheckResult, ...]


def failures(report: Report) -> list[Failure]:
    """What is to be told of the checks that did not pass. The same message is told once."""
    told: dict[str, list[CheckResult]] = {}
    silent = (Outcome.PASSED, Outcome.NOT_ATTEMPTED)  # the table has said all there is to say
    for check in report.checks:
        if check.outcome not in silent and check.message:
            told.setdefault(check.message, []).append(check)
    found = []
    for message, checks in told.items():
        diagnosis = next((check.diagnosis for check in checks if check.diagnosis), None)
        if diagnosis:
            message += f"\n  {'likely:':9} {diagnosis}"
        found.append(Failure(message, tuple(checks)))
    return found


def failure(told: Failure, out: Console) -> None:
    """One failure: an empty line, the checks' titles, the message."""
    out.print()
    few = len(told.checks) <= FEW
    for check in told.checks[: FEW if few else FEW - 1]:
        out.print(f"{sign(check.outcome)} [bold]{escape(check.title)}[/]")
    if not few:
        out.print(f"  and {len(told.checks) - FEW + 1} more checks end like this:")
    for line in told.message.split("\n"):
        out.print(_coloured(escape(_hanging(line, out.width))))


def _hanging(line: str, width: int) -> str:
    """A line of a message, broken so that what goes on stands under what began."""
    indent = " " * 12 if line.startswith("  ") else ""
    pieces = textwrap.wrap(line, width, subsequent_indent=indent, drop_whitespace=True)
    return "\n".join(pieces)


def _coloured(line: str) -> str:
    """A line of a message with its label, such as `expected:`, in colour."""
    label = _LABEL.match(line)
    if label is None:
        return line
    style = _LABEL_STYLES.get(label[2], "dim")
    return f"{label[1]}[{style}]{label[2]}[/]{line[label.end() :]}"


def bench_table(measured: Measured) -> Table:
    """What `bench` found, one figure a line."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    floor, unsaved, saved = measured.floor, measured.unsaved, measured.saved

    def line(what: str, value: float, unit: str, digits: int = 1) -> None:
        table.add_row(what, f"{value:.{digits}f}", unit)

    def heading(text: str) -> None:
        table.add_row(f"[bold]{text}[/]", "", "")

    heading(f"{measured.assignment}: {measured.submissions} submissions, {measured.isolation}")
    line("start-up to the first worker", measured.start_up_s, "s", 2)
    line("remote call, 50x10 float64 both ways (median)", measured.round_trip_ms, "ms", 3)
    line("memory of a worker after a plot (PSS)", measured.worker_memory_mb, "MB")
    for title, run, base in (
        ("figures kept only where a check failed", unsaved, measured.floor_unsaved),
        ("every figure saved", saved, floor),
    ):
        heading(title)
        line("  submissions a second, one job", 1 / run.wall_s, "")
        line("  CPU of a submission", run.cpu_s * 1e3, "ms")
        line("    trusted process", run.trusted_cpu_s * 1e3, "ms")
        line("    fork server", run.server_cpu_s * 1e3, "ms")
        line("    worker", run.worker_cpu_s * 1e3, "ms")
        line("  floor: CPU", base.cpu_s * 1e3, "ms")
        line("    loading the module", base.load_s * 1e3, "ms")
        line("    calls of the student's functions", base.calls_s * 1e3, "ms")
        line("    drawing", base.drawing_s * 1e3, "ms")
        line("    saving", base.saving_s * 1e3, "ms")
        line("    pytest and checks", base.pytest_and_checks_s * 1e3, "ms")
        line("  CPU above the floor", (run.cpu_s - base.cpu_s) * 1e3, "ms")
        line("  wall time above the floor", (run.wall_s - base.wall_s) * 1e3, "ms")
        line("  CPU, times the floor", run.cpu_s / base.cpu_s, "x", 2)
        line("  nbgrader 0.9.6 on the same work, times this", measured.nbgrader_s / run.cpu_s, "x")
    if measured.growth is not None:
        growth = measured.growth
        heading(f"after a tenth of {growth.submissions} submissions, and at the end")
        for name, (first, last) in growth.pairs().items():
            table.add_row(f"  {name}", f"{first:g}", f"-> {last:g}")
    return table


def waiting_table(waiting: Waiting) -> Table:
    """What a student waits for, one figure a line."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_row("[bold]what a student waits for (medians)[/]", "", "")
    times = waiting.help_s / waiting.typer_s
    for what, value, digits, unit in (
        ('  python -c "import typer"', waiting.typer_s, 3, "s"),
        ("  python -m grader --help", waiting.help_s, 3, "s"),
        ("  the help, times importing typer", times, 2, "x"),
        ("  one check, from start to end", waiting.check_s, 2, "s"),
        ("    the student's code and the checks", waiting.judging_s, 2, "s"),
        ("  check --watch, from a save to its result", waiting.save_s, 2, "s"),
    ):
        table.add_row(what, f"{value:.{digits}f}", unit)
    return table
