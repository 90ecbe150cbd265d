"""The command `validate`: tests whether a homework is fit to be handed out."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.errors import GraderError, PackagesMissing

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from grader.authoring.graders import Graders
    from grader.authoring.validate import Verdict
    from grader.course.course import Course


def command(
    name: Annotated[
        str | None, typer.Argument(help="The homework.", show_default="every one")
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", help="Draw the hidden checks' inputs from this seed.")
    ] = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run the variants without isolation.")
    ] = False,
    thorough: Annotated[
        bool,
        typer.Option(
            "--thorough", help="Run every check on every variant, even where it cannot differ."
        ),
    ] = False,
    draws: Annotated[
        int,
        typer.Option(
            "--draws",
            help="Then grade the reference and the alternatives with so many other seeds.",
            min=0,
        ),
    ] = 0,
    course: CourseOption = None,
) -> None:
    """Test a homework with its own starter, reference, alternatives and mistakes."""
    from grader.authoring.graders import Graders
    from grader.authoring.validate import SEED
    from grader.cli import _terminal as show

    # The reference is imported here, and it must not open a window.
    os.environ.setdefault("MPLBACKEND", "Agg")
    home, out = find(course), show.console()
    if name is not None:
        name = Path(name.rstrip("/")).name
        if name not in home.names:
            home.assignment(name)  # raises, with the name that was probably meant
    findings: list[str] = []
    began = time.perf_counter()
    names = _with_packages(home, out) if name is None else [name]
    with (
        Graders(home.root, unsafe, thorough) as graders,
        contextlib.closing(verdicts(home, names, graders, seed or SEED, out)) as found,
    ):
        sound: list[str] = []
        for verdict in found:
            say(verdict, out)
            findings += verdict.findings
            sound += [verdict.name] if not verdict.findings else []
        for each in sound if draws else ():
            findings += _draw_again(home, each, graders, draws, seed or SEED, out)
    if name is None:
        findings += _look_around(home, findings, out)
        seconds = time.perf_counter() - began
        out.print(f"{_count(len(names), 'homework')} in {seconds:.1f} s")
    sys.exit(1 if findings else 0)


def _look_around(home: Course, known: Sequence[str], out: Console) -> list[str]:
    """What is wrong in the course beside its homeworks, told and returned. known: told already."""
    from grader.authoring.validate import stray_folders, validate_datasets

    found = [*stray_folders(home), *validate_datasets(home)]
    fresh = [line for line in found if line not in known]
    if fresh:
        out.print("[bold]course[/]: [red]problems[/]")
    _tell(fresh, out)
    return fresh


def _with_packages(home: Course, out: Console) -> list[str]:
    """The homeworks whose packages are installed here; of the others it is said why not."""
    from rich.markup import escape

    from grader.engine.packages import require_packages

    names = []
    for name in home.names:
        try:
            require_packages(home.assignment(name))
        except PackagesMissing as exc:
            out.print(f"[bold]{name}[/]: [yellow]skipped[/]: {escape(str(exc))}")
            continue
        except GraderError:
            pass  # told where it is examined
        names.append(name)
    return names


def verdicts(
    home: Course, names: Sequence[str], graders: Graders, seed: str, out: Console
) -> Generator[Verdict, None, None]:
    """Validate homeworks, with a bar for each that is being graded."""
    from grader.authoring.validate import validate

    with _bars(out) as bar:
        bars: dict[str, TaskID] = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in bars:
                bars[name] = bar.add_task(name)
            bar.update(bars[name], completed=done, total=total)

        for verdict in validate(home, names, graders, seed=seed, progress=progress):
            if verdict.name in bars:
                bar.remove_task(bars[verdict.name])
            yield verdict


def _bars(out: Console) -> Progress:
    """Bars of how much of a task is done, on a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=out, transient=True, disable=not out.is_terminal)


def _draw_again(
    home: Course, name: str, graders: Graders, count: int, seed: str, out: Console
) -> Sequence[str]:
    """Grade what is right in a homework with more draws, and tell what was found."""
    from grader.authoring.draws import draw_again

    with _bars(out) as bar:
        task = bar.add_task(f"{name}: draws", total=count)
        drawn = draw_again(
            home, name, graders, count, seed=seed,
            progress=lambda name, done, total: bar.update(task, completed=done),
        )  # fmt: skip
    word = "[red]problems[/]" if drawn.findings else "[green]ok[/]"
    out.print(
        f"[bold]{name}[/]: {word}. {_count(drawn.gradings, 'grading')} of what is right with "
        f"{_count(count, 'draw')}; {drawn.duration_s:.1f} s",
        soft_wrap=True,
    )
    _tell(drawn.findings, out)
    return drawn.findings


def say(verdict: Verdict, out: Console) -> None:
    """Print what validating one homework found."""
    word = "[red]problems[/]" if verdict.findings else "[green]ok[/]"
    out.print(f"[bold]{verdict.name}[/]: {word}. {_summary(verdict)}", soft_wrap=True)
    _tell(verdict.findings, out)
    for line in verdict.notes:
        out.print(f"  note: {line}", markup=False, soft_wrap=True)


def _summary(verdict: Verdict) -> str:
    """What was run, in one line."""
    if not verdict.checks:
        return f"Its variants were not run; {verdict.duration_s:.1f} s"
    counted = verdict.mistakes - verdict.pictures
    parts = [
        _count(verdict.checks, "check"),
        _count(verdict.alternatives, "alternative"),
        f"{_count(verdict.mistakes, 'mistake')}, {verdict.named} of {counted} named"
        + (f" and {verdict.pictures} visible only in figures" if verdict.pictures else ""),
        *([_count(verdict.mutants, "mutant")] if verdict.mutants else []),
        _count(verdict.examples, "example"),
        f"{verdict.duration_s:.1f} s",
    ]
    return "; ".join(parts)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _tell(lines: Iterable[str], out: Console) -> None:
    for line in lines:
        out.print(f"  - {line}", markup=False, soft_wrap=True)
